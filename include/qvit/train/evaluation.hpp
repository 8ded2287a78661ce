// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <qvit/data/augmentation.hpp>
#include <qvit/data/normalisation.hpp>

namespace qvit::inline QVIT_ABI {

/// What is asked of a trained model: which images, and how they are shown.
///
/// With a symmetry each image is shown in all its orientations, and its row is the mean of the probabilities (of the
/// logits where those are asked for) over them; the cost grows with their number.
///
///     predict<lanes<float>>(model, weights, set.test, set.kind, {.shown = symmetry::flips});
struct evaluation {
    std::optional<std::span<const std::uint32_t>> images{};  ///< their numbers in the split; none given: all of them
    symmetry shown = symmetry::none;                         ///< at test time
    bool levels = false;        ///< the model was trained with ordinal_targets::levels; of `predict`
    bool logits = false;        ///< instead of probabilities
    normalisation normalise{};  ///< as the model was trained with; of `predict`
};

}  // namespace qvit::inline QVIT_ABI
