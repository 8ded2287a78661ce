// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <qvit/kd/options.hpp>

namespace qvit::inline QVIT_ABI {

/// A teacher as a student sees it: its logits for every training image, images x classes, row-major, and the loss.
///
/// The logits are those of the upright image; an augmented one is taught the same.
struct teacher_signal {
    std::vector<double> logits;
    distillation_options options{};
};

}  // namespace qvit::inline QVIT_ABI
