// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

/// Adam (arXiv:1412.6980) with decoupled weight decay (arXiv:1711.05101) over a model's flat vector; torch.optim.AdamW.
///
/// Betas .9 and .999, epsilon 1e-8. Only parameters that say so decay. Cost: one pass over four vectors per step.
///
///     adam<float> optimiser(model);  optimiser.step(weights, gradients, learning_rate, weight_decay);
template <class R>
class adam {
  public:
    template <class Module>
    explicit adam(const Module& model) : mean_(parameter_count(model)), square_(mean_.size()), decays_(mean_.size()) {
        for_each_parameter(model, [&](const auto& p) {
            for (std::size_t i = 0; i < p.size(); ++i) decays_[p.offset + i] = p.decays ? R(1) : R(0);
        });
    }

    void step(R* weights, const R* gradients, double learning_rate, double weight_decay) {
        ++steps_;
        const double t = static_cast<double>(steps_);
        const R mean_scale = static_cast<R>(learning_rate / (1 - std::pow(0.9, t)));
        const R square_scale = static_cast<R>(1 / (1 - std::pow(0.999, t)));
        const R decay = static_cast<R>(learning_rate * weight_decay);
        for (std::size_t i = 0; i < mean_.size(); ++i) {
            const R g = gradients[i];
            mean_[i] = R(0.9) * mean_[i] + R(0.1) * g;
            square_[i] = R(0.999) * square_[i] + R(0.001) * g * g;
            weights[i] -= decay * decays_[i] * weights[i];
            weights[i] -= mean_scale * mean_[i] / (std::sqrt(square_[i] * square_scale) + R(1e-8));
        }
    }

  private:
    std::vector<R> mean_;
    std::vector<R> square_;
    std::vector<R> decays_;
    std::size_t steps_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
