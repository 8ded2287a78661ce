// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What a label asks of the other classes: nothing; where classes are grades, a share that falls with their distance,
/// exp(-fall |i - j|) normalised (SORD, Diaz and Marathe, CVPR 2019); or, of a model with K - 1 logits for K grades, an
/// answer to each "is it above grade k?" (coral_loss; probabilities by ordinal_probabilities).
enum class ordinal_targets : std::uint8_t { none, distances, levels };

/// How labels become targets of the loss.
struct target_options {
    ordinal_targets ordinal = ordinal_targets::none;
    double ordinal_fall = 2;              ///< of `distances`: one grade off has exp(-2) = .14 of the label's share
    std::vector<double> class_weights{};  ///< one per class, as torch's cross_entropy(weight=), of a multi-label
                                          ///< set as BCEWithLogitsLoss(pos_weight=); empty: all 1
};

}  // namespace qvit::inline QVIT_ABI
