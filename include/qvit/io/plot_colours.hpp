// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <qvit/core/config.hpp>
#include <qvit/io/rgb_image.hpp>

namespace qvit::inline QVIT_ABI {

/// The colour of the i-th line or bar: seven that people with any kind of colour vision tell apart, then again.
/// Source: Okabe and Ito, "Color Universal Design" (2008), without the yellow, which is too light on white.
[[nodiscard]] constexpr rgb series_colour(std::size_t i) {
    constexpr std::array<rgb, 7> colours{
        {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233}, {90, 90, 90}}};
    return colours[i % colours.size()];
}

namespace detail {
template <std::size_t N>
constexpr rgb colour_between(const std::array<rgb, N>& anchors, double share) {
    const double at = std::clamp(share, 0.0, 1.0) * (N - 1);
    const auto i = std::min(static_cast<std::size_t>(at), N - 2);
    return mixed(anchors[i], anchors[i + 1], at - static_cast<double>(i));
}
}  // namespace detail

/// White to dark blue for a share in [0, 1]; lightness falls evenly, so it also reads in grey.
[[nodiscard]] constexpr rgb share_colour(double share) {
    constexpr std::array<rgb, 4> anchors{{{255, 255, 255}, {178, 207, 230}, {74, 137, 190}, {8, 48, 107}}};
    return detail::colour_between(anchors, share);
}

/// Black over purple and orange to light yellow for a share in [0, 1]: heat over a grey image.
[[nodiscard]] constexpr rgb heat_colour(double share) {
    constexpr std::array<rgb, 6> anchors{
        {{10, 5, 40}, {80, 15, 110}, {150, 40, 105}, {220, 80, 60}, {250, 165, 20}, {252, 250, 160}}};
    return detail::colour_between(anchors, share);
}

}  // namespace qvit::inline QVIT_ABI
