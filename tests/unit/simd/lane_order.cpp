// SPDX-License-Identifier: Apache-2.0
// Orders of lanes that are known at run time only.
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>

using namespace qvit;

TEST_CASE_TEMPLATE("lane_order: any order, and all its numbers exclusive-or bits", S, float, double, lanes<float>,
                   lanes<double>) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    random_stream draw(3, 9, width);
    std::array<R, width> in{};
    for (std::size_t i = 0; i < width; ++i) in[i] = static_cast<R>(i + 1);
    for (int round = 0; round < 50; ++round) {
        std::array<std::uint8_t, 64> numbers{};  // not only permutations
        for (std::uint8_t& number : numbers) number = static_cast<std::uint8_t>(draw.below(width));
        const auto bits = static_cast<std::uint32_t>(draw.below(width));
        const auto order = simd::make_lane_order<S>(numbers);
        std::array<R, width> out{};
        std::array<R, width> changed{};
        simd::store(out.data(), simd::reorder(simd::load<S>(in.data()), order));
        simd::store(changed.data(), simd::reorder(simd::load<S>(in.data()), order ^ bits));
        for (std::size_t i = 0; i < width; ++i) {
            CHECK(out[i] == in[numbers[i]]);
            CHECK(changed[i] == in[numbers[i] ^ bits]);
        }
    }
}
