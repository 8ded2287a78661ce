// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/kd/distillation_loss.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/train/worker_pool.hpp>

namespace qvit::inline QVIT_ABI {

/// Runs a model over lists of images, a block of W images at a time, on the workers of a pool.
///
/// Every block has its own gradient vector, and they are added in block order: the result has the same bits for any
/// number of workers. All memory is taken by the constructor; `gradients` and `probabilities` allocate nothing.
template <class Model, class S>
class block_runner {
    using R = real_of<S>;
    static constexpr std::size_t width = lane_count<S>;

  public:
    /// `distilled` makes room for a teacher's logits.
    block_runner(const Model& model, worker_pool& pool, std::size_t largest_batch, bool distilled = false)
        : model_(model),
          pool_(pool),
          parameters_(parameter_count(model)),
          block_gradients_(blocks_of(largest_batch) * parameters_),
          block_losses_(blocks_of(largest_batch)) {
        const std::size_t bytes = plan_for(model, distilled).bytes;
        for (std::size_t worker = 0; worker < pool.workers(); ++worker) arenas_.emplace_back(bytes);
    }

    /// What a training pass over one block takes: its bytes are one worker's arena.
    static pass_plan plan_for(const Model& model, bool distilled = false) {
        return plan<S, true>([&](auto& tape) {
            const auto images = images_of(tape);
            const S* const targets = lanes_per_class(model, tape).value;
            if (distilled)
                tape.apply(distillation_loss<S>{{}, targets, lanes_per_class(model, tape).value, S(R(0))},
                           model(tape, images));
            else
                tape.apply(cross_entropy<S>{targets, S(R(0))}, model(tape, images));
        });
    }

    /// Mean cross entropy of a batch against labels smoothed by `smoothing`; writes its gradient to `total`.
    /// `views` says how each image is shown, or is empty; mixed images have mixed targets. With a teacher the loss is
    /// distillation_loss.
    double gradients(const R* weights, const ordered_images& images, std::span<const std::uint32_t> batch,
                     std::span<const image_view> views, double smoothing, R* total,
                     const teacher_signal* teacher = nullptr) {
        const std::size_t blocks = blocks_of(batch.size());
        auto run_block = [&](std::size_t worker, std::size_t block) {
            const auto chosen = part_of(batch, block);
            R* const gradient = block_gradients_.data() + block * parameters_;
            std::fill_n(gradient, parameters_, R(0));
            training_tape<S> tape(arenas_[worker], weights, gradient);
            const auto input = images_of(tape);
            const auto shown = views.empty() ? views : part_of(views, block);
            images.load(chosen, shown, input.value);
            const auto targets = lanes_per_class(model_, tape);
            const S weight = fill_targets(images, chosen, shown, smoothing, batch.size(), targets.value);
            const auto loss = [&] {
                if (teacher == nullptr) return tape.apply(cross_entropy<S>{targets.value, weight}, model_(tape, input));
                const auto lesson = lanes_per_class(model_, tape);
                fill_teacher(*teacher, chosen, lesson.value);
                return tape.apply(distillation_loss<S>{teacher->options, targets.value, lesson.value, weight},
                                  model_(tape, input));
            }();
            block_losses_[block] = static_cast<double>(simd::sum(loss(0)));
            std::move(tape).backward(loss);
        };
        pool_.run(blocks, run_block);
        double loss = 0;
        std::copy_n(block_gradients_.data(), parameters_, total);
        for (std::size_t block = 0; block < blocks; ++block) {
            loss += block_losses_[block];
            if (block > 0)
                for (std::size_t i = 0; i < parameters_; ++i) total[i] += block_gradients_[block * parameters_ + i];
        }
        return loss;
    }

    /// Softmax of the logits of all images, N x classes, row-major.
    void probabilities(const R* weights, const ordered_images& images, std::span<double> out) {
        evaluate(weights, images, out, [](S* logits, std::size_t classes) { softmax_forward(logits, classes); });
    }
    /// The logits themselves, N x classes: what a teacher says.
    void logits(const R* weights, const ordered_images& images, std::span<double> out) {
        evaluate(weights, images, out, [](S*, std::size_t) {});
    }

  private:
    void evaluate(const R* weights, const ordered_images& images, std::span<double> out, auto&& finish) {
        const std::size_t classes = model_.classes();
        pool_.run(blocks_of(images.count()), [&](std::size_t worker, std::size_t block) {
            const std::size_t first = block * width;
            const std::size_t count = std::min(width, images.count() - first);
            std::uint32_t chosen[width];
            for (std::size_t i = 0; i < count; ++i) chosen[i] = static_cast<std::uint32_t>(first + i);
            inference_tape<S> tape(arenas_[worker], weights);
            const auto input = images_of(tape);
            images.load(std::span<const std::uint32_t>(chosen, count), {}, input.value);
            const auto logits = model_(tape, input);
            finish(logits.value, classes);
            for (std::size_t k = 0; k < classes; ++k) {
                R lane[width];
                simd::store(lane, logits(0, k));
                for (std::size_t i = 0; i < count; ++i) out[(first + i) * classes + k] = static_cast<double>(lane[i]);
            }
        });
    }

    static constexpr std::size_t blocks_of(std::size_t images) { return (images + width - 1) / width; }
    template <class T>
    static std::span<const T> part_of(std::span<const T> all, std::size_t block) {
        return all.subspan(block * width, std::min(width, all.size() - block * width));
    }
    static auto images_of(auto& tape) { return tape.create_constant(typename Model::input_shape{}); }
    static auto lanes_per_class(const Model& model, auto& tape) {
        return tape.create_constant(shape<dynamic>(model.classes()));
    }
    void fill_teacher(const teacher_signal& teacher, std::span<const std::uint32_t> chosen, S* logits) const {
        const std::size_t classes = model_.classes();
        for (std::size_t k = 0; k < classes; ++k) {
            R lane[width]{};
            for (std::size_t i = 0; i < chosen.size(); ++i)
                lane[i] = static_cast<R>(teacher.logits[chosen[i] * classes + k]);
            logits[k] = simd::load<S>(lane);
        }
    }
    /// Smoothed targets; returns each lane's weight, 1 / batch size, and zero where no image is.
    S fill_targets(const ordered_images& images, std::span<const std::uint32_t> chosen,
                   std::span<const image_view> views, double smoothing, std::size_t batch_size, S* targets) const {
        const std::size_t classes = model_.classes();
        const R rest = static_cast<R>(smoothing / static_cast<double>(classes)), own = static_cast<R>(1 - smoothing);
        for (std::size_t k = 0; k < classes; ++k) {
            R lane[width];
            for (std::size_t i = 0; i < width; ++i)
                lane[i] = i >= chosen.size()
                              ? R(0)
                              : own * static_cast<R>(views.empty() ? images.target(chosen[i], k)
                                                                   : images.target(chosen[i], k, views[i])) +
                                    rest;
            targets[k] = simd::load<S>(lane);
        }
        R weight[width];
        for (std::size_t i = 0; i < width; ++i)
            weight[i] = i < chosen.size() ? static_cast<R>(1.0 / static_cast<double>(batch_size)) : R(0);
        return simd::load<S>(weight);
    }

    Model model_;
    worker_pool& pool_;
    std::size_t parameters_;
    std::vector<arena> arenas_;
    std::vector<R> block_gradients_;
    std::vector<double> block_losses_;
};

}  // namespace qvit::inline QVIT_ABI
