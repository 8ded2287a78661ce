// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qvit/autodiff/plan.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/optimizer.hpp>
#include <qvit/train/worker_pool.hpp>
#include <qvit/vit/patch_order.hpp>

/// Images of random bytes and a model ready to train on them: RetinaMNIST's shape, 28 x 28 x 3 and 5 classes.
namespace qvit_benchmarks {

inline constexpr std::size_t image_side = 28;
inline constexpr std::size_t image_colours = 3;
inline constexpr std::size_t class_count = 5;
inline constexpr std::size_t batch_size = 128;

inline qvit::image_split random_images(std::size_t count) {
    qvit::random_stream random(2503, 11);
    qvit::image_split split;
    split.pixels.resize(count * image_side * image_side * image_colours);
    split.labels.resize(count);
    for (auto& byte : split.pixels) byte = static_cast<std::uint8_t>(random.below(256));
    for (auto& label : split.labels) label = static_cast<std::uint8_t>(random.below(class_count));
    return split;
}

/// One model with weights, images in its order and an optimiser.
template <class Model>
class training_setup {
    using S = qvit::lanes<float>;

  public:
    explicit training_setup(std::size_t images, std::size_t threads = 1)
        : split_(random_images(images)),
          ordered_(split_, image_side, image_colours, qvit::patch_order(Model::config)),
          pool_(threads),
          runner_(model_, pool_, batch_size),
          optimiser_(model_),
          weights_(parameter_count(model_)),
          gradients_(weights_.size()),
          scores_(images * class_count) {
        initialize(model_, 1, weights_.data());
        for (std::size_t i = 0; i < images; ++i) batch_.push_back(static_cast<std::uint32_t>(i));
    }

    /// Loss and gradients of the first batch_size images, and a step. It is too short to move the weights: the work
    /// stays that of a fresh model however often it is repeated.
    double step() {
        const double loss =
            runner_
                .gradients(weights_.data(), ordered_, {std::span<const std::uint32_t>(batch_).first(batch_size)},
                           gradients_.data())
                .loss;
        optimiser_.step(weights_.data(), gradients_.data(), 1e-9, 0);
        return loss;
    }
    /// Probabilities of all images.
    const double* infer() {
        runner_.probabilities(weights_.data(), ordered_, scores_);
        return scores_.data();
    }

  private:
    Model model_{class_count};
    qvit::image_split split_;
    qvit::ordered_images ordered_;
    qvit::worker_pool pool_;
    qvit::block_runner<Model, S> runner_;
    qvit::optimizer<float> optimiser_;
    std::vector<float> weights_;
    std::vector<float> gradients_;
    std::vector<double> scores_;
    std::vector<std::uint32_t> batch_;
};

/// Nanoseconds per image of a training step, measured once per process: what a stage's share is a share of.
double measured_qvit4_step();
double measured_teacher_step();

}  // namespace qvit_benchmarks
