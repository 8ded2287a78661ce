// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/data/augmentation.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/kd/distillation_terms.hpp>

namespace qvit::inline QVIT_ABI {

/// What is asked of a teacher, see teach.
struct lesson {
    distillation_terms terms{};                 ///< what a student will learn decides what is kept
    symmetry shown = symmetry::none;            ///< a row for each of its orientations, see teacher_signal
    std::size_t student_width = 0;              ///< of hint_projection::fixed
    std::uint64_t seed = 0;                     ///< of that projection
    std::size_t memory = std::size_t{1} << 30;  ///< bytes that the rows may take; more is refused
    normalisation normalise{};                  ///< as the teacher was trained with
};

}  // namespace qvit::inline QVIT_ABI
