// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/data/edit_distance.hpp>

namespace qvit::inline QVIT_ABI {

/// Of a range that is not empty, the element whose name is fewest edits away from a mistyped one; the first of several.
///
/// `name_of`: an element's name, the element itself where it is left out. For "did you mean"; cost: an edit_distance
/// for each element. Nothing fails.
///
///     qvit::nearest_name("retinamnits", std::array{"pathmnist", "retinamnist"});   // "retinamnist"
template <class Range, class NameOf>
[[nodiscard]] const auto& nearest_name(std::string_view name, const Range& known, NameOf&& name_of) {
    return *std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
        return edit_distance(name_of(a), name) < edit_distance(name_of(b), name);
    });
}
template <class Range>
[[nodiscard]] const auto& nearest_name(std::string_view name, const Range& known) {
    return nearest_name(name, known, [](const auto& one) { return std::string_view(one); });
}

}  // namespace qvit::inline QVIT_ABI
