// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/ordinal_logits.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/train/clip_norm.hpp>
#include <qvit/train/evaluation.hpp>
#include <qvit/train/objective.hpp>
#include <qvit/train/worker_pool.hpp>

namespace qvit::inline QVIT_ABI {

/// What a batch came to, besides its gradient.
struct batch_outcome {
    double loss = 0;          ///< the mean that is minimised
    double right = 0;         ///< answers, as the evaluator counts them: images, or labels of images / K
    double squared_norm = 0;  ///< of the gradient
};

/// A batch to learn from: which images, how each is shown, and what dropout is keyed by.
struct training_batch {
    std::span<const std::uint32_t> images;  ///< their numbers in the split
    std::span<const image_view> views{};    ///< one each, or none: upright
    std::uint64_t seed = 0;
    std::uint32_t epoch = 0;
};

/// Runs a model over lists of images, a block of W images at a time, on the workers of a pool.
///
/// Every block has its own gradient vector, and they are added in block order, a range of parameters per task: the
/// result has the same bits for any number of workers. All memory is taken by the constructor; nothing else allocates.
template <class Model, class S>
class block_runner {
    using R = real_of<S>;
    static constexpr std::size_t width = lane_count<S>;
    /// Parameters of one task of a sum or an optimiser's step: 32 kB, and a small model is one task without a thread.
    static constexpr std::size_t range = 32768 / sizeof(R);

  public:
    block_runner(const Model& model, worker_pool& pool, std::size_t largest_batch, objective towards)
        : model_(model),
          pool_(pool),
          objective_(std::move(towards)),
          labels_alone_{objective_.targets.plain()},
          parameters_(parameter_count(model)),
          block_gradients_(blocks_of(largest_batch) * parameters_),
          block_outcomes_(blocks_of(largest_batch)),
          range_norms_(ranges()) {
        const std::size_t bytes = plan_for(model, objective_).bytes;
        for (std::size_t worker = 0; worker < pool.workers(); ++worker) arenas_.emplace_back(bytes);
    }
    /// Towards plain labels, one per image.
    block_runner(const Model& model, worker_pool& pool, std::size_t largest_batch)
        : block_runner(model, pool, largest_batch, objective{label_targets(task::multi_class, model.classes())}) {}

    /// What a training pass over one block takes: its bytes are one worker's arena.
    static pass_plan plan_for(const Model& model, const objective& towards) {
        return plan<S, true>([&](auto& tape) {
            towards.template run<S>(tape, model, tape.create_constant(typename Model::input_shape{}), nullptr);
        });
    }
    static pass_plan plan_for(const Model& model) {
        return plan_for(model, objective{label_targets(task::multi_class, model.classes())});
    }

    /// The loss of a batch and its gradient, written to `total`.
    batch_outcome gradients(const R* weights, const ordered_images& images, const training_batch& batch, R* total) {
        const std::size_t blocks = blocks_of(batch.images.size());
        const std::span<const std::uint8_t> labels = images.split().labels;
        const double total_weight = objective_.targets.total_weight(labels, batch.images, batch.views);
        pool_.run(blocks, [&](std::size_t worker, std::size_t block) {
            const auto chosen = part_of(batch.images, block);
            R* const gradient = block_gradients_.data() + block * parameters_;
            std::fill_n(gradient, parameters_, R(0));
            pass_context<S> context{.seed = batch.seed, .epoch = batch.epoch};
            std::copy(chosen.begin(), chosen.end(), context.images.begin());
            training_tape<S> tape(arenas_[worker], weights, gradient, &context);
            const auto input = tape.create_constant(typename Model::input_shape{});
            const auto shown = batch.views.empty() ? batch.views : part_of(batch.views, block);
            images.load(chosen, shown, input.value);
            const block_labels asked{labels, chosen, shown, total_weight};
            const auto [loss, logits] = objective_.template run<S>(tape, model_, input, &asked);
            block_outcomes_[block] = {static_cast<double>(simd::sum(loss(0))), right_answers(labels, chosen, logits)};
            std::move(tape).backward(loss);
        });
        for_each_range([&](std::size_t first, std::size_t count) {
            std::copy_n(block_gradients_.data() + first, count, total + first);
            for (std::size_t block = 1; block < blocks; ++block) {
                const R* const part = block_gradients_.data() + block * parameters_ + first;
                for (std::size_t i = 0; i < count; ++i) total[first + i] += part[i];
            }
            range_norms_[first / range] = squared_norm(std::span<const R>(total + first, count));
        });
        batch_outcome result;
        for (std::size_t block = 0; block < blocks; ++block) {
            result.loss += block_outcomes_[block].loss;
            result.right += block_outcomes_[block].right;
        }
        for (const double norm : range_norms_) result.squared_norm += norm;
        return result;
    }

    /// Calls task(first, count) for ranges that make up all parameters, on the workers; the ranges are always the same.
    void for_each_range(auto&& task) {
        pool_.run(ranges(), [&](std::size_t, std::size_t index) {
            task(index * range, std::min(range, parameters_ - index * range));
        });
    }

    /// Scores of images, N x classes, row-major: softmax of the logits, sigmoids where every class is a question of its
    /// own, ordinal_probabilities of levels; see evaluation. With `losses` (N) also each image's loss against its label
    /// alone, upright: no smoothing, no class weights, no teacher.
    void evaluate(const R* weights, const ordered_images& images, const evaluation& how, std::span<double> out,
                  std::span<double> losses = {}) {
        const std::size_t columns = how.logits ? model_.classes() : labels_alone_.targets.classes();
        const std::size_t all = how.images ? how.images->size() : images.count();
        const std::size_t orientations = orientations_of(how.shown);
        pool_.run(blocks_of(all), [&](std::size_t worker, std::size_t block) {
            const std::size_t first = block * width;
            const std::size_t count = std::min(width, all - first);
            std::uint32_t numbers[width];
            for (std::size_t i = 0; i < count; ++i)
                numbers[i] = how.images ? (*how.images)[first + i] : static_cast<std::uint32_t>(first + i);
            const std::span<const std::uint32_t> chosen(numbers, count);
            double* const rows = out.data() + first * columns;
            std::fill_n(rows, count * columns, 0.0);
            for (std::size_t orientation = 0; orientation < orientations; ++orientation) {
                image_view views[width];
                std::fill_n(views, width, image_view{.orientation = static_cast<std::uint8_t>(orientation)});
                inference_tape<S> tape(arenas_[worker], weights);
                const auto input = tape.create_constant(typename Model::input_shape{});
                images.load(chosen, std::span<const image_view>(views, count), input.value);
                const auto logits = model_(tape, input);
                R lane[width];
                if (orientation == 0 && !losses.empty()) {
                    const double one_image = labels_alone_.targets.independent() ? static_cast<double>(columns) : 1;
                    const block_labels asked{images.split().labels, chosen, {}, one_image};
                    const auto loss = labels_alone_.template loss<S>(tape, &asked, logits);
                    simd::store(lane, loss(0));
                    for (std::size_t i = 0; i < count; ++i) losses[first + i] = static_cast<double>(lane[i]);
                }
                const S* const answers = how.logits ? logits.value : probabilities_of(tape, logits);
                for (std::size_t k = 0; k < columns; ++k) {
                    simd::store(lane, answers[k]);
                    for (std::size_t i = 0; i < count; ++i) rows[i * columns + k] += static_cast<double>(lane[i]);
                }
            }
            if (orientations > 1)  // a power of two: the mean of one is the one itself to the bit
                for (std::size_t i = 0; i < count * columns; ++i) rows[i] /= static_cast<double>(orientations);
        });
    }
    /// Probabilities of all images, upright.
    void probabilities(const R* weights, const ordered_images& images, std::span<double> out) {
        evaluate(weights, images, {}, out);
    }

  private:
    const S* probabilities_of(auto& tape, auto logits) const {
        const label_targets& labels = labels_alone_.targets;
        if (labels.levels()) return tape.apply(ordinal_probabilities{}, logits).value;
        if (!labels.independent())
            softmax_forward(logits.value, labels.classes());
        else
            for (std::size_t k = 0; k < labels.classes(); ++k)
                logits.value[k] = S(R(1)) / (S(R(1)) + simd::exp(-logits.value[k]));
        return logits.value;
    }
    /// Images whose label has the largest logit, the first of equal ones, or is the number of levels passed; or the
    /// mean over questions of right signs.
    double right_answers(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> chosen,
                         auto logits) const {
        const std::size_t classes = model_.classes();
        const bool independent = objective_.targets.independent();
        const bool levels = objective_.targets.levels();
        R lane[width];
        R largest[width];
        std::size_t answer[width]{};
        std::size_t right = 0;
        for (std::size_t k = 0; k < classes; ++k) {
            simd::store(lane, logits(0, k));
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                if (independent) {
                    right += (lane[i] > 0) == (labels[chosen[i] * classes + k] == 1) ? 1 : 0;
                } else if (levels) {
                    answer[i] += lane[i] > 0 ? 1 : 0;
                } else if (k == 0 || lane[i] > largest[i]) {
                    largest[i] = lane[i];
                    answer[i] = k;
                }
            }
        }
        if (independent) return static_cast<double>(right) / static_cast<double>(classes);
        for (std::size_t i = 0; i < chosen.size(); ++i) right += labels[chosen[i]] == answer[i] ? 1 : 0;
        return static_cast<double>(right);
    }

    static constexpr std::size_t blocks_of(std::size_t images) { return (images + width - 1) / width; }
    std::size_t ranges() const { return (parameters_ + range - 1) / range; }
    template <class T>
    static std::span<const T> part_of(std::span<const T> all, std::size_t block) {
        return all.subspan(block * width, std::min(width, all.size() - block * width));
    }

    Model model_;
    worker_pool& pool_;
    objective objective_;
    objective labels_alone_;
    std::size_t parameters_;
    std::vector<arena> arenas_;
    std::vector<R> block_gradients_;
    std::vector<batch_outcome> block_outcomes_;
    std::vector<double> range_norms_;
};

}  // namespace qvit::inline QVIT_ABI
