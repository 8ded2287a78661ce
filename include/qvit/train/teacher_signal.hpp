// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/kd/distillation_terms.hpp>
#include <qvit/train/teacher_features.hpp>

namespace qvit::inline QVIT_ABI {

/// A teacher as a student sees it: a row per training image of what the teacher says, and what is learnt from it.
///
/// Logits may come from a file (read_logits), an ensemble (mean_of_teachers) or a model; features come from `teach`.
/// With one orientation an augmented image is taught what the upright one is; with more there is a row for each (image
/// i in orientation o: row i * orientations + o), and an image is taught as the student sees it. The logits of a mixed
/// image are both images' by their shares.
///
///     const teacher_signal signal{.logits = read_logits(file, data), .terms = {.labels = 0.5, .soft = 0.5}};
struct teacher_signal {
    std::vector<double> logits;  ///< rows x classes
    distillation_terms terms{};
    std::size_t orientations = 1;
    teacher_features features{};
};

}  // namespace qvit::inline QVIT_ABI
