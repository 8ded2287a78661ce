// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/simd/lanes.hpp>

using namespace qvit;

namespace {

std::vector<std::uint32_t> orientation(std::size_t o, std::size_t side, std::size_t channels) {
    std::vector<std::uint32_t> order(side * side * channels);
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<std::uint32_t>(oriented_index(i, side, channels, o));
    return order;
}

/// Images whose bytes take all values and differ from each other.
image_split some_images(std::size_t count, std::size_t bytes) {
    image_split split;
    for (std::size_t i = 0; i < count * bytes; ++i)
        split.pixels.push_back(static_cast<std::uint8_t>(i * 151 + i / 256));
    for (std::size_t i = 0; i < count; ++i) split.labels.push_back(static_cast<std::uint8_t>(i % 3));
    return split;
}

/// What load has to write, element by element: lane l of entry k is byte order[k] of image chosen[l], turned.
template <class S>
void check_load(const image_split& split, std::size_t side, std::size_t channels,
                const std::vector<std::uint32_t>& order, const std::vector<std::uint32_t>& chosen,
                const std::vector<image_view>& turns) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    const ordered_images images(split, side, channels, order);
    std::vector<R> out(order.size() * width + width, R(77));
    // The caller's block lies on a cache line.
    std::size_t shift = 0;
    while (reinterpret_cast<std::uintptr_t>(out.data() + shift) % sizeof(S) != 0) ++shift;
    REQUIRE(shift < width);
    images.load(chosen, turns, reinterpret_cast<S*>(out.data() + shift));
    double error = 0;
    for (std::size_t k = 0; k < order.size(); ++k)
        for (std::size_t lane = 0; lane < width; ++lane) {
            double expected = -1;
            if (lane < chosen.size()) {
                const std::size_t turn = turns.empty() ? 0 : turns[lane].orientation;
                const std::size_t place = oriented_index(order[k], side, channels, turn);
                const int byte = split.pixels[chosen[lane] * side * side * channels + place];
                expected = (byte / 255.0 - 0.5) / 0.5;
            }
            error = std::max(error, std::abs(static_cast<double>(out[shift + k * width + lane]) - expected));
        }
    INFO(side << " pixels, " << channels << " channels, " << order.size() << " entries, " << chosen.size()
              << " images");
    CHECK(error <= (sizeof(R) == 4 ? 2e-7 : 4e-16));
    for (std::size_t lane = 0; lane < width - shift; ++lane) CHECK(out[shift + order.size() * width + lane] == R(77));
}

/// The order reversed and cut to `length`: not a multiple of four unless asked.
std::vector<std::uint32_t> some_order(std::size_t bytes, std::size_t length) {
    std::vector<std::uint32_t> order(bytes);
    std::iota(order.rbegin(), order.rend(), 0u);
    order.resize(length);
    return order;
}

}  // namespace

TEST_CASE("orientations: eight different permutations, closed under composition") {
    for (const std::size_t side : {2u, 3u, 4u, 7u})
        for (const std::size_t channels : {1u, 3u}) {
            std::set<std::vector<std::uint32_t>> all;
            for (std::size_t o = 0; o < orientation_count; ++o) {
                const auto order = orientation(o, side, channels);
                auto sorted = order;
                std::sort(sorted.begin(), sorted.end());
                std::vector<std::uint32_t> identity(order.size());
                std::iota(identity.begin(), identity.end(), 0u);
                CHECK(sorted == identity);
                if (o == 0) CHECK(order == identity);
                for (std::size_t i = 0; i < order.size(); ++i) REQUIRE(order[i] % channels == i % channels);
                all.insert(order);
            }
            CHECK(all.size() == 8);
            for (std::size_t a = 0; a < orientation_count; ++a)
                for (std::size_t b = 0; b < orientation_count; ++b) {
                    const auto first = orientation(a, side, channels), second = orientation(b, side, channels);
                    std::vector<std::uint32_t> both(first.size());
                    for (std::size_t i = 0; i < both.size(); ++i) both[i] = second[first[i]];
                    CHECK(all.contains(both));
                }
        }
}

TEST_CASE("orientations: bit 0 mirrors columns, bit 1 rows, bit 2 exchanges them") {
    // 0 1
    // 2 3
    using order = std::vector<std::uint32_t>;
    CHECK(orientation(1, 2, 1) == order{1, 0, 3, 2});
    CHECK(orientation(2, 2, 1) == order{2, 3, 0, 1});
    CHECK(orientation(3, 2, 1) == order{3, 2, 1, 0});
    CHECK(orientation(4, 2, 1) == order{0, 2, 1, 3});
}

TEST_CASE_TEMPLATE("load equals a plain loop", S, float, double, lanes<float>, lanes<double>) {
    constexpr std::size_t width = lane_count<S>;
    for (const std::size_t channels : {1u, 3u})
        for (const std::size_t cut : {0u, 1u, 2u, 3u}) {
            const std::size_t side = 5, bytes = side * side * channels;
            const auto split = some_images(40, bytes);
            const auto order = some_order(bytes, bytes - cut);
            for (const std::size_t count : {std::size_t{1}, width / 2 + 1, width}) {
                std::vector<std::uint32_t> chosen(std::min(count, width));
                std::vector<image_view> turns(chosen.size());
                for (std::size_t i = 0; i < chosen.size(); ++i) {
                    chosen[i] = static_cast<std::uint32_t>((39 + 37 * i) % 40);  // the last image is the first lane
                    turns[i].orientation = static_cast<std::uint8_t>((i + cut) % 8);
                }
                check_load<S>(split, side, channels, order, chosen, {});
                check_load<S>(split, side, channels, order, chosen, turns);
                check_load<S>(split, side, channels, order, chosen, std::vector<image_view>(chosen.size()));
            }
        }
}

TEST_CASE("load: black is -1, white is 1, the middle is symmetric") {
    image_split split{{0, 255, 127, 128}, {0}};
    const std::vector<std::uint32_t> order = {0, 1, 2, 3};
    const ordered_images images(split, 2, 1, order);
    double out[4];
    const std::uint32_t chosen[] = {0};
    images.load<double>(chosen, {}, out);
    CHECK(out[0] == -1);
    CHECK(std::abs(out[1] - 1) < 3e-16);
    CHECK(std::abs(out[2] + out[3]) < 3e-16);
    CHECK(images.count() == 1);
    CHECK(images.target(0, 0) == 1);
    CHECK(images.target(0, 1) == 0);
}

TEST_CASE_TEMPLATE("load: unused lanes are -1 after a larger image set was loaded too", S, lanes<float>,
                   lanes<double>) {
    constexpr std::size_t width = lane_count<S>;
    if (width == 1) return;  // no lane is ever unused
    const auto large = some_images(width, 27 * 27 * 3);
    std::vector<std::uint32_t> all(width);
    std::iota(all.begin(), all.end(), 0u);
    check_load<S>(large, 27, 3, some_order(27 * 27 * 3, 27 * 27 * 3), all,
                  std::vector<image_view>(width, {.orientation = 3}));
    const auto small = some_images(2, 25);
    check_load<S>(small, 5, 1, some_order(25, 25), {1}, {});
}
