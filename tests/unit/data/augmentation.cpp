// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/default_augmentation.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/data/show_image.hpp>
#include <qvit/data/symmetric_beta.hpp>
#include <qvit/simd/lanes.hpp>

using namespace qvit;

namespace {

using bytes = std::vector<std::uint8_t>;
using numbers = std::vector<float>;

numbers shown(const bytes& image, std::size_t side, std::size_t channels, const image_view& view,
              const bytes& partner = {}, const normalisation& norm = {}) {
    numbers scratch(image.size(), -7), out(image.size(), -7);
    show_image(image, partner, side, channels, view, norm, scratch, out);
    return out;
}

/// Bytes without a pattern.
bytes noise(std::size_t count, std::uint64_t seed) {
    random_stream draw(seed);
    bytes result(count);
    for (std::uint8_t& byte : result) byte = static_cast<std::uint8_t>(draw.below(256));
    return result;
}

double largest_difference(const numbers& a, const numbers& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
    return largest;
}

const bytes three_by_three{10, 20, 30,  //
                           40, 50, 60,  //
                           70, 80, 90};

/// Everything at once.
const augmentation strong{.symmetries = symmetry::dihedral,
                          .shift = 3,
                          .rotation = 20,
                          .brightness = 0.3,
                          .contrast = 0.4,
                          .cutout = 6,
                          .mixup = 0.5};

std::uint8_t orientation_of(const augmentation& kind, std::uint64_t seed, std::size_t epoch, std::uint32_t image) {
    return augmented_view(kind, seed, epoch, image, 28, 1080).orientation;
}

}  // namespace

TEST_CASE("augmentation: an orientation per seed, epoch and image") {
    const auto drawn = [](const augmentation& kind) {
        std::array<int, 8> times{};
        for (std::uint32_t image = 0; image < 100; ++image)
            for (std::size_t epoch = 1; epoch <= 16; ++epoch) ++times[orientation_of(kind, 5, epoch, image)];
        return times;
    };
    CHECK(drawn(augmentation::none) == std::array<int, 8>{1600});
    const auto flips = drawn(augmentation::flips);
    const auto dihedral = drawn(augmentation::dihedral);
    for (std::size_t o = 0; o < 8; ++o) {
        CHECK((o < 4 ? flips[o] > 300 : flips[o] == 0));
        CHECK(dihedral[o] > 130);
    }
    CHECK(orientation_of(augmentation::dihedral, 5, 2, 9) == orientation_of(augmentation::dihedral, 5, 2, 9));
    const auto sequence = [](std::uint64_t seed, std::size_t epoch, std::uint32_t first) {
        std::string text;
        for (std::uint32_t image = first; image < first + 32; ++image)
            text += static_cast<char>('0' + orientation_of(augmentation::dihedral, seed, epoch, image));
        return text;
    };
    CHECK(sequence(0, 1, 0) != sequence(1, 1, 0));
    CHECK(sequence(0, 1, 0) != sequence(0, 2, 0));
    CHECK(sequence(0, 1, 0) != sequence(0, 1, 32));
}

TEST_CASE("augmentation: by default all orientations where images have no up, none elsewhere") {
    const auto chosen = [](const char* name, bool drawn = false) {
        dataset data;
        data.known_as = name;
        data.synthetic = drawn;
        return default_augmentation(data);
    };
    for (const char* name : {"pathmnist", "dermamnist", "retinamnist", "bloodmnist", "tissuemnist"})
        CHECK(chosen(name) == augmentation::dihedral);
    for (const char* name : {"octmnist", "pneumoniamnist", "breastmnist", "organamnist", "organcmnist", "organsmnist",
                             "my_own_images", ""})
        CHECK(chosen(name) == augmentation::none);
    CHECK(chosen("synthetic-lesions", true) == augmentation::none);
    dataset named;  // a name proves nothing; what the reader recognised does
    named.name = "retinamnist";
    CHECK(default_augmentation(named) == augmentation::none);
}

TEST_CASE("augmentation: each kind has a stream of its own, keyed by seed, epoch and image") {
    const auto view = [](const augmentation& how, std::uint64_t seed = 1, std::size_t epoch = 2,
                         std::uint32_t image = 3) { return augmented_view(how, seed, epoch, image, 28, 1000); };
    const image_view all = view(strong);
    CHECK(view(strong) == all);
    CHECK(view(strong, 2) != all);
    CHECK(view(strong, 1, 3) != all);
    CHECK(view(strong, 1, 2, 4) != all);
    // Taking one away leaves the others where they were.
    const auto without = [&](auto change, auto undo) {
        augmentation weaker = strong;
        change(weaker);
        image_view expected = all;
        undo(expected);
        CHECK(view(weaker) == expected);
    };
    without([](augmentation& a) { a.symmetries = symmetry::none; }, [](image_view& v) { v.orientation = 0; });
    without([](augmentation& a) { a.shift = 0; }, [](image_view& v) { v.down = v.right = 0; });
    without([](augmentation& a) { a.rotation = 0; }, [](image_view& v) { v.rotation = 0; });
    without([](augmentation& a) { a.brightness = 0; }, [](image_view& v) { v.brightness = 1; });
    without([](augmentation& a) { a.contrast = 0; }, [](image_view& v) { v.contrast = 1; });
    without([](augmentation& a) { a.cutout = 0; },
            [](image_view& v) { v.cover_row = v.cover_column = v.cover_side = 0; });
    without([](augmentation& a) { a.mixup = 0; },
            [](image_view& v) {
                v.partner = 0;
                v.share = 1;
            });
    CHECK(view(augmentation::none) == image_view{});
    CHECK(view(augmentation::dihedral).only_turns());
}

TEST_CASE("augmentation: what is drawn lies in its range and fills it") {
    std::array<int, 7> down{}, right{};
    std::array<int, 4> orientation{};
    std::array<double, 3> least{9, 9, 9}, most{-9, -9, -9};
    int first_row = 99, last_row = -99;
    std::uint32_t largest_partner = 0;
    for (std::uint32_t image = 0; image < 2000; ++image) {
        augmentation how = strong;
        how.symmetries = symmetry::flips;
        const image_view view = augmented_view(how, 5, 1, image, 28, 300);
        REQUIRE(std::abs(view.down) <= 3);
        REQUIRE(std::abs(view.right) <= 3);
        ++down[static_cast<std::size_t>(view.down + 3)];
        ++right[static_cast<std::size_t>(view.right + 3)];
        ++orientation[view.orientation];
        const double found[] = {static_cast<double>(view.rotation) * 180 / std::numbers::pi,
                                static_cast<double>(view.brightness), static_cast<double>(view.contrast)};
        for (std::size_t i = 0; i < 3; ++i) {
            least[i] = std::min(least[i], found[i]);
            most[i] = std::max(most[i], found[i]);
        }
        first_row = std::min<int>(first_row, view.cover_row);
        last_row = std::max<int>(last_row, view.cover_row);
        CHECK(view.cover_side == 6);
        CHECK(view.partner < 300);
        largest_partner = std::max(largest_partner, view.partner);
        CHECK((view.share >= 0 && view.share <= 1));
    }
    for (const auto& counts : {down, right})
        for (const int count : counts) CHECK(count > 220);   // of 286
    for (const int count : orientation) CHECK(count > 420);  // of 500
    const double lowest[] = {-20, 0.7, 0.6}, highest[] = {20, 1.3, 1.4};
    for (std::size_t i = 0; i < 3; ++i) {
        const double slack = 0.01 * (highest[i] - lowest[i]);
        CHECK((least[i] >= lowest[i] - 1e-6 && least[i] < lowest[i] + slack));
        CHECK((most[i] <= highest[i] + 1e-6 && most[i] > highest[i] - slack));
    }
    CHECK(first_row == -3);  // centres on rows 0 to 27
    CHECK(last_row == 24);
    CHECK(largest_partner > 290);
}

TEST_CASE("symmetric_beta: mean 1/2, variance 1 / (4 (2 alpha + 1)), no NaN at small alpha") {
    for (const double alpha : {0.001, 0.2, 1.0, 4.0}) {
        random_stream draw(3);
        const int count = 20000;
        double sum = 0, squares = 0;
        for (int i = 0; i < count; ++i) {
            const double x = symmetric_beta(draw, alpha);
            REQUIRE((x >= 0 && x <= 1));
            sum += x;
            squares += x * x;
        }
        const double mean = sum / count, variance = squares / count - mean * mean;
        CAPTURE(alpha);
        CHECK(std::abs(mean - 0.5) < 0.015);  // 4 standard errors of the widest
        CHECK(std::abs(variance * 4 * (2 * alpha + 1) - 1) < 0.05);
    }
}

TEST_CASE("show_image: a view at strength 0 is the image") {
    for (const std::size_t channels : {1u, 3u}) {
        const bytes image = noise(7 * 7 * channels, 1), partner = noise(7 * 7 * channels, 2);
        const numbers plain(image.begin(), image.end());
        CHECK(shown(image, 7, channels, {}) == plain);
        CHECK(shown(image, 7, channels, {.partner = 5}, partner) == plain);  // a share of 1: the partner has none
        const numbers other(partner.begin(), partner.end());
        CHECK(shown(image, 7, channels, {.share = 0}, partner) == other);
    }
}

TEST_CASE("show_image: orientations are those of oriented_index, bit for bit") {
    for (const std::size_t side : {4u, 7u})
        for (std::uint8_t o = 0; o < 8; ++o) {
            const bytes image = noise(side * side * 3, 4);
            const numbers out = shown(image, side, 3, {.orientation = o});
            for (std::size_t i = 0; i < image.size(); ++i)
                REQUIRE(out[i] == static_cast<float>(image[oriented_index(i, side, 3, o)]));
        }
}

TEST_CASE("show_image: a move repeats the border") {
    CHECK(shown(three_by_three, 3, 1, {.down = 1}) == numbers{10, 20, 30, 10, 20, 30, 40, 50, 60});
    CHECK(shown(three_by_three, 3, 1, {.right = -1}) == numbers{20, 30, 30, 50, 60, 60, 80, 90, 90});
    CHECK(shown(three_by_three, 3, 1, {.down = -2, .right = 2}) == numbers{70, 70, 70, 70, 70, 70, 70, 70, 70});
    CHECK(shown(three_by_three, 3, 1, {.down = 9}) == numbers{10, 20, 30, 10, 20, 30, 10, 20, 30});
    // Oriented first, then moved.
    CHECK(shown(three_by_three, 3, 1, {.orientation = 1, .right = 1}) == numbers{30, 30, 20, 60, 60, 50, 90, 90, 80});
}

TEST_CASE("show_image: a rotation is anticlockwise, bilinear, about the centre") {
    const auto turn = [](double degrees) { return static_cast<float>(degrees * std::numbers::pi / 180); };
    for (const std::size_t side : {3u, 8u}) {
        const bytes image = side == 3 ? three_by_three : noise(64, 9);
        numbers quarter(image.size());
        for (std::size_t row = 0; row < side; ++row)
            for (std::size_t column = 0; column < side; ++column)
                quarter[row * side + column] = image[column * side + side - 1 - row];
        CHECK(largest_difference(shown(image, side, 1, {.rotation = turn(90)}), quarter) < 1e-3);
        numbers half(image.rbegin(), image.rend());
        CHECK(largest_difference(shown(image, side, 1, {.rotation = turn(180)}), half) < 1e-3);
    }
    // 10 20 30 is 50 + 10 x + 30 y: what is linear stays so, away from the border.
    const numbers out = shown(three_by_three, 3, 1, {.rotation = turn(30)});
    CHECK(std::abs(out[4] - 50) < 1e-4f);
    // The pixel right of the centre, (1, 0), shows (cos 30, sin 30) (rows go down).
    CHECK(std::abs(out[5] - static_cast<float>(50 + 10 * std::cos(turn(30)) + 30 * std::sin(turn(30)))) < 1e-4f);
}

TEST_CASE("show_image: brightness, contrast, the covered square") {
    CHECK(shown(three_by_three, 3, 1, {.brightness = 0.5f}) == numbers{5, 10, 15, 20, 25, 30, 35, 40, 45});
    CHECK(shown(three_by_three, 3, 1, {.brightness = 3}) == numbers{30, 60, 90, 120, 150, 180, 210, 240, 255});
    CHECK(shown(three_by_three, 3, 1, {.contrast = 0}) == numbers(9, 50));
    CHECK(shown(three_by_three, 3, 1, {.contrast = 0.5f}) == numbers{30, 35, 40, 45, 50, 55, 60, 65, 70});
    CHECK(shown(three_by_three, 3, 1, {.contrast = 2}) == numbers{0, 0, 10, 30, 50, 70, 90, 110, 130});
    // Twice as bright, then the distance to the new mean doubled.
    CHECK(shown(three_by_three, 3, 1, {.brightness = 2, .contrast = 2})[5] == 140);
    CHECK(shown(three_by_three, 3, 1, {.cover_row = 1, .cover_column = 1, .cover_side = 1}) ==
          numbers{10, 20, 30, 40, 127.5f, 60, 70, 80, 90});
    CHECK(shown(three_by_three, 3, 1, {.cover_row = -1, .cover_column = 2, .cover_side = 2}) ==
          numbers{10, 20, 127.5f, 40, 50, 60, 70, 80, 90});
    // The mean of each channel, which a model sees as 0.
    const normalisation norm{{0.2, 0.4, 0.6}, {1, 1, 1}};
    CHECK(shown(bytes(12, 9), 2, 3, {.cover_row = 0, .cover_column = 1, .cover_side = 1}, {}, norm) ==
          numbers{9, 9, 9, 51, 102, 153, 9, 9, 9, 9, 9, 9});
}

TEST_CASE("show_image: a mixed image is the weighted mean of both in the same view") {
    const bytes image = noise(25, 1), partner = noise(25, 2);
    for (const image_view view :
         {image_view{.share = 0.25f}, image_view{.orientation = 5, .down = 1, .share = 0.25f}}) {
        image_view alone = view;
        alone.share = 1;
        const numbers a = shown(image, 5, 1, alone), b = shown(partner, 5, 1, alone);
        numbers expected(25);
        for (std::size_t i = 0; i < 25; ++i) expected[i] = 0.25f * a[i] + 0.75f * b[i];
        CHECK(shown(image, 5, 1, view, partner) == expected);
    }
}

TEST_CASE("targets: one class, several labels, mixtures") {
    const std::vector<std::uint32_t> order{0};
    const image_split single{bytes(3), {0, 2, 1}};
    const ordered_images one(single, 1, 1, order);
    CHECK(one.count() == 3);
    CHECK(one.target(1, 2) == 1);
    CHECK(one.target(1, 1) == 0);
    const image_view mixed{.partner = 2, .share = 0.25f};
    CHECK(one.target(1, 2, mixed) == 0.25);
    CHECK(one.target(1, 1, mixed) == 0.75);
    CHECK(one.target(1, 0, mixed) == 0);
    CHECK(one.target(2, 1, mixed) == 1);  // with itself
    const image_split several{bytes(3), {0, 0, 1, 0, 1, 1}, 2};
    const ordered_images many(several, 1, 1, order);
    CHECK(many.count() == 3);
    CHECK(many.target(0, 0) == 0);
    CHECK(many.target(1, 0) == 1);
    CHECK(many.target(1, 1) == 0);
    CHECK(many.target(2, 1) == 1);
    CHECK(many.target(0, 1, mixed) == 0.75);
    CHECK(many.target(1, 0, mixed) == 1);
}

TEST_CASE("normalisation_of: mean and deviation of each channel") {
    // Channel 0: 0 255; 1: 51 153; 2: constant.
    const normalisation norm = normalisation_of({{0, 51, 7, 255, 153, 7}, {0, 0}}, 3);
    CHECK(norm.mean[0] == doctest::Approx(0.5));
    CHECK(norm.deviation[0] == doctest::Approx(0.5));
    CHECK(norm.mean[1] == doctest::Approx(0.4));
    CHECK(norm.deviation[1] == doctest::Approx(0.2));
    CHECK(norm.mean[2] == doctest::Approx(7 / 255.0));
    CHECK(norm.deviation[2] == 1);
    CHECK(normalisation_of({{0, 255}, {0, 0}}, 1).mean[2] == 0.5);
}

TEST_CASE_TEMPLATE("load: any views, the same numbers in any lane and beside any others", S, float, double,
                   lanes<float>, lanes<double>) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    const std::size_t side = 9, count = 40;
    for (const std::size_t channels : {1u, 3u}) {
        const image_split split{noise(count * side * side * channels, 7), bytes(count)};
        std::vector<std::uint32_t> order(side * side * channels - 2);
        for (std::size_t k = 0; k < order.size(); ++k)
            order[k] = static_cast<std::uint32_t>(k * 5 % (side * side * channels));
        const normalisation norm{{0.25, 0.5, 0.75}, {0.5, 0.25, 0.125}};
        const ordered_images images(split, side, channels, order, norm);
        std::vector<image_view> views;
        for (std::uint32_t i = 0; i < count; ++i) {
            // Every kind, and images shown as they are and only turned between them.
            views.push_back(i % 5 == 0 ? image_view{} : augmented_view(strong, 1, 1, i, side, count));
            if (i % 5 == 1) views.back() = {.orientation = views.back().orientation};
        }
        const auto loaded = [&](std::vector<std::uint32_t> chosen) {
            std::vector<S> block(order.size());
            std::vector<image_view> shown;
            for (const std::uint32_t i : chosen) shown.push_back(views[i]);
            images.load(chosen, shown, block.data());
            std::vector<std::vector<R>> result(width, std::vector<R>(order.size()));
            for (std::size_t k = 0; k < order.size(); ++k) {
                R lane[width];
                simd::store(lane, block[k]);
                for (std::size_t l = 0; l < width; ++l) result[l][k] = lane[l];
            }
            return result;
        };
        std::vector<std::vector<R>> alone;
        double error = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            alone.push_back(loaded({i})[0]);
            const auto bytes_of = [&](std::size_t image) {
                const std::size_t length = side * side * channels;
                return bytes(split.pixels.begin() + static_cast<std::ptrdiff_t>(image * length),
                             split.pixels.begin() + static_cast<std::ptrdiff_t>((image + 1) * length));
            };
            const numbers expected = shown(bytes_of(i), side, channels, views[i], bytes_of(views[i].partner), norm);
            for (std::size_t k = 0; k < order.size(); ++k) {
                const std::size_t c = order[k] % channels;
                const double value = (static_cast<double>(expected[order[k]]) / 255 - norm.mean[c]) / norm.deviation[c];
                error = std::max(error, std::abs(static_cast<double>(alone[i][k]) - value));
            }
        }
        CHECK(error < (sizeof(R) == 4 ? 2e-6 : 1e-14));
        for (const std::size_t first : {0u, 3u, 11u}) {
            std::vector<std::uint32_t> chosen(std::max<std::size_t>(1, width - 1));
            for (std::size_t l = 0; l < chosen.size(); ++l)
                chosen[l] = static_cast<std::uint32_t>((first + 7 * l) % count);
            const auto together = loaded(chosen);
            for (std::size_t l = 0; l < chosen.size(); ++l) REQUIRE(together[l] == alone[chosen[l]]);
            for (std::size_t l = chosen.size(); l < width; ++l)
                for (std::size_t k = 0; k < order.size(); ++k) {
                    const std::size_t c = order[k] % channels;
                    REQUIRE(std::abs(static_cast<double>(together[l][k]) + norm.mean[c] / norm.deviation[c]) < 1e-6);
                }
        }
    }
}
