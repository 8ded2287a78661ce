// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/train/optimizer_options.hpp>
#include <qvit/train/schedule_options.hpp>
#include <qvit/train/target_options.hpp>
#include <qvit/train/weight_average.hpp>

namespace qvit::inline QVIT_ABI {

/// What makes an epoch the best one on the validation split: the largest AUC or accuracy, or the smallest loss.
enum class selection : std::uint8_t { auc, accuracy, loss };

/// Everything that decides a training run besides the model and the data.
struct training_options {
    std::size_t epochs = 100;
    std::size_t batch = 128;
    double learning_rate = 1e-3;
    double weight_decay = 0;  ///< as the optimiser takes it; decoupled for adamw, where 0 is Adam
    optimizer_options optimizer{};
    double clip_norm = 0;  ///< gradients are scaled down to this global norm; 0: never
    average_options average{};
    schedule_kind schedule = schedule_kind::step;
    schedule_options scheduling{};
    double label_smoothing = 0;  ///< share of the target spread evenly over all classes
    target_options targets{};
    augmentation augment{};
    normalisation normalise{};  ///< what a model sees of a byte
    selection select = selection::auc;
    std::size_t patience = 0;  ///< a run ends after so many epochs without a better one; 0: never before its time
    std::uint64_t seed = 0;
    std::size_t threads = 1;
};

}  // namespace qvit::inline QVIT_ABI
