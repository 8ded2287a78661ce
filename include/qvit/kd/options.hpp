// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What a student learns from a teacher's logits t: the softened distribution softmax(t / T) (arXiv:1503.02531); the
/// class the teacher would answer (arXiv:2012.12877, eq. 3); or the logits themselves, by squared error.
enum class distillation_target : std::uint8_t { soft, hard, logits };

/// How a term over K classes becomes a number per image: their sum, or their mean (the two are in use; they differ by
/// K).
enum class class_reduction : std::uint8_t { sum, mean };

/// The distillation loss of an image is (1 - share) cross_entropy(labels) + share * distance(teacher, student).
struct distillation_options {
    distillation_target target = distillation_target::soft;
    class_reduction reduction = class_reduction::sum;  ///< of the soft and the logits distance
    double share = 1;                                  ///< of the teacher; 1 ignores the labels
    double temperature = 2;                            ///< T of the soft target
};

}  // namespace qvit::inline QVIT_ABI
