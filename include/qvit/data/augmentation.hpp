// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/symmetric_beta.hpp>
#include <qvit/nn/initialize.hpp>

namespace qvit::inline QVIT_ABI {

/// Which orientations of an image mean the same: upright alone, also mirrored left to right, mirrored either way, all.
enum class symmetry : std::uint8_t { none, mirror, flips, dihedral };

/// A symmetry's orientations (see oriented_index) are 0 to this number less one; for training and for test-time views.
[[nodiscard]] constexpr std::size_t orientations_of(symmetry kind) { return std::size_t{1} << static_cast<int>(kind); }

/// How training images are varied: the largest change of each kind. All zero shows them as they are.
///
///     training_options options{.augment = {.symmetries = symmetry::flips, .shift = 2, .mixup = 0.2}};
struct augmentation {
    symmetry symmetries = symmetry::none;  ///< each orientation with the same probability
    std::size_t shift = 0;                 ///< pixels, along each axis either way; whole ones
    double rotation = 0;                   ///< degrees, either way
    double brightness = 0;                 ///< factor of [1 - brightness, 1 + brightness]; at most 1
    double contrast = 0;                   ///< factor of [1 - contrast, 1 + contrast]; at most 1
    std::size_t cutout = 0;                ///< side in pixels of a covered square with its centre anywhere
    double mixup = 0;                      ///< alpha of the Beta distribution of an image's share; at most 4

    static const augmentation none, flips, dihedral;
    constexpr bool operator==(const augmentation&) const = default;
};
inline constexpr augmentation augmentation::none{};
inline constexpr augmentation augmentation::flips{.symmetries = symmetry::flips};
inline constexpr augmentation augmentation::dihedral{.symmetries = symmetry::dihedral};

/// The view of an image of a split of `images`, side x side pixels, that an epoch shows.
///
/// Depends on its arguments alone; each kind of change has a stream of its own (seed, augmentation, epoch, image,
/// kind), so that one can be switched on without moving the others. Cost: one philox block per kind in use.
/// Sources: cutout, DeVries and Taylor (1708.04552); mixup, Zhang et al. (1710.09412), with a partner from the whole
/// split, so that a view does not depend on the batch, shown in the same view; brightness and contrast as
/// torchvision's ColorJitter, in this order.
///
///     const image_view view = augmented_view(options.augment, seed, epoch, image, 28, train.count());
[[nodiscard]] inline image_view augmented_view(const augmentation& how, std::uint64_t seed, std::size_t epoch,
                                               std::uint32_t image, std::size_t side, std::size_t images) {
    const auto draw = [&](std::uint32_t kind) {
        return random_stream(seed, static_cast<std::uint32_t>(stream::augmentation), static_cast<std::uint32_t>(epoch),
                             image, kind);
    };
    const auto below = [](random_stream& random, std::size_t bound) {
        return static_cast<std::int16_t>(random.below(static_cast<std::uint32_t>(bound)));
    };
    const auto factor = [](random_stream random, double most) {
        return static_cast<float>(random.uniform(1 - most, 1 + most));
    };
    image_view view;
    if (how.symmetries != symmetry::none)
        view.orientation =
            static_cast<std::uint8_t>(draw(0).below(static_cast<std::uint32_t>(orientations_of(how.symmetries))));
    if (how.shift > 0) {
        random_stream random = draw(1);
        view.down = static_cast<std::int16_t>(below(random, 2 * how.shift + 1) - static_cast<int>(how.shift));
        view.right = static_cast<std::int16_t>(below(random, 2 * how.shift + 1) - static_cast<int>(how.shift));
    }
    if (how.rotation > 0)
        view.rotation = static_cast<float>(draw(2).uniform(-how.rotation, how.rotation) * std::numbers::pi / 180);
    if (how.brightness > 0) view.brightness = factor(draw(3), how.brightness);
    if (how.contrast > 0) view.contrast = factor(draw(4), how.contrast);
    if (how.cutout > 0) {
        random_stream random = draw(5);
        const int half = static_cast<int>(how.cutout / 2);
        view.cover_row = static_cast<std::int16_t>(below(random, side) - half);
        view.cover_column = static_cast<std::int16_t>(below(random, side) - half);
        view.cover_side = static_cast<std::int16_t>(how.cutout);
    }
    if (how.mixup > 0) {
        random_stream random = draw(6);
        view.partner = random.below(static_cast<std::uint32_t>(images));
        view.share = static_cast<float>(symmetric_beta(random, how.mixup));
    }
    return view;
}

}  // namespace qvit::inline QVIT_ABI
