// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/data/augmentation.hpp>

namespace qvit::inline QVIT_ABI {

/// How the learning rate changes over a run: not at all; x 0.1 at 50 % and 75 % of the epochs (MedMNIST's recipe); or
/// along half a cosine to zero, step by step.
enum class schedule_kind : std::uint8_t { constant, step, cosine };

/// Everything that decides a training run besides the model and the data.
struct training_options {
    std::size_t epochs = 100;
    std::size_t batch = 128;
    double learning_rate = 1e-3;
    double weight_decay = 0;  ///< decoupled (AdamW); 0 is Adam
    schedule_kind schedule = schedule_kind::step;
    double label_smoothing = 0;  ///< share of the target spread evenly over all classes
    augmentation augment{};
    std::uint64_t seed = 0;
    std::size_t threads = 1;
};

}  // namespace qvit::inline QVIT_ABI
