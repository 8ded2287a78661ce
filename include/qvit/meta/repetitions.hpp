// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How many of the values stand in the list before already: 0 where all differ. Cost: count^2 comparisons.
///
///     static_assert(repetitions<3, 1, 3> == 1);
template <std::size_t... Values>
inline constexpr std::size_t repetitions = [] {
    constexpr std::array<std::size_t, sizeof...(Values)> values{Values...};
    std::size_t found = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (values[i] == values[j]) {
                ++found;
                break;
            }
    return found;
}();

}  // namespace qvit::inline QVIT_ABI
