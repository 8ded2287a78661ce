// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/nn/visit.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/optimizer_options.hpp>

namespace qvit::inline QVIT_ABI {

/// SGD with momentum, Adam or AdamW over a model's flat vector; equal to torch.optim's to rounding.
///
/// The kind is chosen at run time. Only parameters that say so decay. `begin` opens a step, after which `update` may be
/// called for ranges of parameters, in any order and on any threads, once for each parameter; `step` does both.
/// `scale` multiplies the gradients (see clip_scale). State: two vectors and the number of steps, all that is needed to
/// go on to the same bits. Cost: one pass over five vectors, W reals at a time. Allocates only when constructed.
/// Source: arXiv:1412.6980, arXiv:1711.05101; torch.optim.{SGD, Adam, AdamW} of torch 1.13.
///
///     optimizer<float> rule(model, {.kind = optimizer_kind::sgd, .momentum = 0.9});
///     rule.step(weights, gradients, learning_rate, weight_decay);
template <class R>
class optimizer {
  public:
    template <class Module>
    explicit optimizer(const Module& model, const optimizer_options& options = {})
        : options_(options), decays_(parameter_count(model)) {
        for_each_parameter(model, [&](const auto& p) {
            for (std::size_t i = 0; i < p.size(); ++i) decays_[p.offset + i] = p.decays ? R(1) : R(0);
        });
        const bool sgd = options.kind == optimizer_kind::sgd;
        if (!sgd || options.momentum != 0) first_.resize(size());
        if (!sgd) second_.resize(size());
    }

    std::size_t size() const { return decays_.size(); }
    const optimizer_options& options() const { return options_; }

    void step(R* weights, const R* gradients, double learning_rate, double weight_decay, double scale = 1) {
        begin(learning_rate, weight_decay, scale);
        update(0, size(), weights, gradients);
    }
    void begin(double learning_rate, double weight_decay, double scale = 1) {
        ++steps_;
        const double t = static_cast<double>(steps_);
        rate_ = static_cast<R>(learning_rate);
        decay_ = static_cast<R>(options_.kind == optimizer_kind::adamw ? learning_rate * weight_decay : weight_decay);
        scale_ = static_cast<R>(scale);
        mean_scale_ = static_cast<R>(learning_rate / (1 - std::pow(options_.beta1, t)));
        square_scale_ = static_cast<R>(1 / (1 - std::pow(options_.beta2, t)));
    }
    /// Parameters first, ..., first + count - 1 of the step that `begin` opened.
    void update(std::size_t first, std::size_t count, R* weights, const R* gradients) {
        using S = lanes<R>;
        std::size_t i = first;
        for (; i + lane_count<S> <= first + count; i += lane_count<S>) update_at<S>(i, weights, gradients);
        for (; i < first + count; ++i) update_at<R>(i, weights, gradients);
    }

    /// The state: the momentum (sgd) or the mean gradient; the mean squared gradient; each empty where there is none.
    std::vector<R>& first_moment() { return first_; }
    std::vector<R>& second_moment() { return second_; }
    const std::vector<R>& first_moment() const { return first_; }
    const std::vector<R>& second_moment() const { return second_; }
    std::uint64_t steps() const { return steps_; }
    void set_steps(std::uint64_t steps) { steps_ = steps; }

  private:
    template <class S>
    QVIT_INLINE void update_at(std::size_t i, R* weights, const R* gradients) {
        S w = simd::load<S>(weights + i);
        S g = S(scale_) * simd::load<S>(gradients + i);
        const S decay = S(decay_) * simd::load<S>(decays_.data() + i);
        if (options_.kind == optimizer_kind::adamw)
            w = w - decay * w;
        else
            g = g + decay * w;
        if (options_.kind == optimizer_kind::sgd) {
            if (options_.momentum != 0) {
                const S inertia(static_cast<R>(options_.momentum));
                // torch's first step takes the gradient itself: the momentum before it is zero.
                const S velocity = inertia * simd::load<S>(first_.data() + i) + g;
                simd::store(first_.data() + i, velocity);
                g = options_.nesterov ? g + inertia * velocity : velocity;
            }
            w = w - S(rate_) * g;
        } else {
            const S mean = S(static_cast<R>(options_.beta1)) * simd::load<S>(first_.data() + i) +
                           S(static_cast<R>(1 - options_.beta1)) * g;
            const S square = S(static_cast<R>(options_.beta2)) * simd::load<S>(second_.data() + i) +
                             S(static_cast<R>(1 - options_.beta2)) * g * g;
            simd::store(first_.data() + i, mean);
            simd::store(second_.data() + i, square);
            const S root = simd::sqrt(square * S(square_scale_)) + S(static_cast<R>(options_.epsilon));
            w = w - S(mean_scale_) * mean / root;
        }
        simd::store(weights + i, w);
    }

    optimizer_options options_;
    std::vector<R> decays_;
    std::vector<R> first_;
    std::vector<R> second_;
    std::uint64_t steps_ = 0;
    R rate_{}, decay_{}, scale_{1}, mean_scale_{}, square_scale_{};
};

}  // namespace qvit::inline QVIT_ABI
