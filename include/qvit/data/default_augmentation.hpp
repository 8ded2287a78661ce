// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include <qvit/data/augmentation.hpp>
#include <qvit/data/dataset.hpp>

namespace qvit::inline QVIT_ABI {

/// The augmentation that leaves a data set's labels true: all eight orientations for photographs and micrographs that
/// have no up (path, derma, retina, blood, tissue), none for the rest.
///
/// Organ sets tell left from right, X-ray, ultrasound and OCT images have an up, the synthetic set's classes are
/// directions, and of an unknown set nothing is known. Decided by dataset::known_as.
inline augmentation default_augmentation(const dataset& data) {
    constexpr std::array<std::string_view, 5> without_an_up{"pathmnist", "dermamnist", "retinamnist", "bloodmnist",
                                                            "tissuemnist"};
    for (std::string_view flag : without_an_up)
        if (data.known_as == flag) return augmentation::dihedral;
    return augmentation::none;
}

}  // namespace qvit::inline QVIT_ABI
