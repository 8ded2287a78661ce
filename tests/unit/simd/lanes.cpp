// SPDX-License-Identifier: Apache-2.0
// Every function of simd/lanes.hpp against the same in a wider or the standard's arithmetic, for a real and for lanes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lane_sums.hpp>
#include <qvit/simd/lane_transpose.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>

using namespace qvit;

namespace {
/// |value - exact| in units of the last place of `exact`.
template <class R>
double ulps(R value, long double exact) {
    const R nearest = static_cast<R>(exact);
    const R next = std::nextafter(std::abs(nearest), std::numeric_limits<R>::infinity());
    const long double unit = static_cast<long double>(next) - static_cast<long double>(std::abs(nearest));
    return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / unit);
}

template <class R>
std::vector<R> numbers(std::size_t count, double low, double high, std::uint32_t seed = 1) {
    random_stream draw(seed, 2000);
    std::vector<R> result(count);
    for (R& x : result) x = static_cast<R>(draw.uniform(low, high));
    return result;
}

/// Applies f(S) to every number, through load and store; the count is a multiple of every lane count in use.
template <class S, class R>
std::vector<R> map(const std::vector<R>& x, auto&& f) {
    std::vector<R> result(x.size());
    for (std::size_t i = 0; i < x.size(); i += lane_count<S>) simd::store(&result[i], f(simd::load<S>(&x[i])));
    return result;
}

template <class R>
double largest_ulps(const std::vector<R>& value, const std::vector<R>& x, auto&& exact) {
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = ulps(value[i], exact(static_cast<long double>(x[i])));
        if (!(error <= largest)) largest = error;
    }
    return largest;
}

constexpr std::size_t count = 4096;

static_assert(std::is_same_v<real_of<float>, float> && std::is_same_v<real_of<lanes<float>>, float>);
static_assert(std::is_same_v<real_of<lanes<double>>, double>);
static_assert(lane_count<float> == 1 && lane_count<double> == 1);
static_assert(lane_count<lanes<float>> * sizeof(float) == sizeof(lanes<float>));
static_assert(lane_count<lanes<double>> * sizeof(double) == sizeof(lanes<double>));
static_assert(count % lane_count<lanes<float>> == 0);
}  // namespace

#define EVERY_SCALAR float, double, lanes<float>, lanes<double>

TEST_CASE_TEMPLATE("lanes: load and store, at any address, in order", S, EVERY_SCALAR) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    std::vector<R> from(width + 3);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<R>(i) + R(0.5);
    for (std::size_t offset = 0; offset < 3; ++offset) {
        std::vector<R> to(width + 5, R(-1));
        simd::store(&to[offset], simd::load<S>(&from[offset]));
        for (std::size_t i = 0; i < to.size(); ++i)
            CHECK(to[i] == (i >= offset && i < offset + width ? from[i] : R(-1)));
    }
}

TEST_CASE_TEMPLATE("lanes: sum over lanes", S, EVERY_SCALAR) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    R powers[width];
    for (std::size_t i = 0; i < width; ++i) powers[i] = static_cast<R>(std::size_t{1} << i);  // every lane counts once
    CHECK(simd::sum(simd::load<S>(powers)) == static_cast<R>((std::size_t{1} << width) - 1));
    CHECK(simd::sum(S(R(0.25))) == R(0.25) * R(width));
}

TEST_CASE_TEMPLATE("lanes: maximum", S, EVERY_SCALAR) {
    using R = real_of<S>;
    const auto a = numbers<R>(count, -2, 2, 1);
    const auto b = numbers<R>(count, -2, 2, 2);
    std::vector<R> result(count);
    for (std::size_t i = 0; i < count; i += lane_count<S>)
        simd::store(&result[i], simd::maximum(simd::load<S>(&a[i]), simd::load<S>(&b[i])));
    for (std::size_t i = 0; i < count; ++i) CHECK(result[i] == (a[i] < b[i] ? b[i] : a[i]));
    CHECK(simd::sum(simd::maximum(S(R(-3)), S(R(-3)))) == R(-3) * R(lane_count<S>));
}

TEST_CASE_TEMPLATE("lanes: square root is the nearest number", S, EVERY_SCALAR) {
    using R = real_of<S>;
    const auto x = numbers<R>(count, 0, 100);
    const auto root = map<S>(x, [](S v) { return simd::sqrt(v); });
    CHECK(largest_ulps(root, x, [](long double v) { return std::sqrt(v); }) <= 0.5001);
    CHECK(simd::sum(simd::sqrt(S(R(0)))) == R(0));
}

TEST_CASE_TEMPLATE("lanes: exp within 2 ulp where softmax uses it", S, EVERY_SCALAR) {
    using R = real_of<S>;
    const auto x = numbers<R>(count, -80, 80);
    const auto result = map<S>(x, [](S v) { return simd::exp(v); });
    CHECK(largest_ulps(result, x, [](long double v) { return std::exp(v); }) <= 2);
    CHECK(simd::sum(simd::exp(S(R(0)))) == R(lane_count<S>));
    CHECK(simd::sum(simd::exp(S(R(-1000)))) == R(0));
}

TEST_CASE_TEMPLATE("lanes: log within 2 ulp", S, EVERY_SCALAR) {
    using R = real_of<S>;
    auto x = numbers<R>(count, -40, 40);
    for (R& v : x) v = std::exp(v);
    const auto result = map<S>(x, [](S v) { return simd::log(v); });
    CHECK(largest_ulps(result, x, [](long double v) { return std::log(v); }) <= 2);
    CHECK(simd::sum(simd::log(S(R(1)))) == R(0));
}

TEST_CASE_TEMPLATE("lanes: erf within 4 ulp, lanes of double within 1e-14", S, EVERY_SCALAR) {
    using R = real_of<S>;
    const auto x = numbers<R>(count, -5, 5);
    const auto result = map<S>(x, [](S v) { return simd::erf(v); });
    // xsimd 8.1 loses 7e-15 near |x| = 2.2 in double.
    const double tolerance = std::is_same_v<S, lanes<double>> ? 1e-14 / 1.2e-16 : 4;
    CHECK(largest_ulps(result, x, [](long double v) { return std::erf(v); }) <= tolerance);
    CHECK(simd::sum(simd::erf(S(R(0)))) == R(0));
}

TEST_CASE_TEMPLATE("lanes: sine and cosine of angles up to 100", S, EVERY_SCALAR) {
    using R = real_of<S>;
    for (const double reach : {1.0, 10.0, 100.0}) {
        auto x = numbers<R>(count, -reach, reach);
        x[0] = R(0);
        for (std::size_t i = 1; i < 40; ++i)
            x[i] = static_cast<R>(static_cast<double>(i) * std::acos(-1.0) / 8) * (i % 2 == 0 ? R(1) : R(-1));
        const auto sines = map<S>(x, [](S v) {
            S sine, cosine;
            simd::sine_cosine(v, sine, cosine);
            return sine;
        });
        const auto cosines = map<S>(x, [](S v) {
            S sine, cosine;
            simd::sine_cosine(v, sine, cosine);
            return cosine;
        });
        CHECK(map<S>(x, [](S v) { return simd::cosine(v); }) == cosines);
        // Absolute: near the zeros of sine and cosine only that is promised.
        constexpr double tolerance = std::is_same_v<R, float> ? 2e-7 : 2.3e-16;
        double largest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto exact = static_cast<long double>(x[i]);
            largest =
                std::max(largest, static_cast<double>(std::abs(static_cast<long double>(sines[i]) - std::sin(exact))));
            largest = std::max(largest,
                               static_cast<double>(std::abs(static_cast<long double>(cosines[i]) - std::cos(exact))));
            CHECK(std::isfinite(sines[i]));
            CHECK(std::isfinite(cosines[i]));
        }
        CHECK(largest <= tolerance);
        CHECK(sines[0] == R(0));
        CHECK(cosines[0] == R(1));
    }
}

TEST_CASE_TEMPLATE("lanes: sine and cosine in single precision, up to 8192 and beyond", S, float, lanes<float>) {
    auto error = [](const std::vector<float>& x) {
        double largest = 0;
        for (std::size_t i = 0; i < x.size(); i += lane_count<S>) {
            S sine, cosine;
            simd::sine_cosine(simd::load<S>(&x[i]), sine, cosine);
            float sines[lane_count<S>];
            float cosines[lane_count<S>];
            simd::store(sines, sine);
            simd::store(cosines, cosine);
            CHECK(simd::sum(simd::cosine(simd::load<S>(&x[i]))) == simd::sum(cosine));
            for (std::size_t l = 0; l < lane_count<S>; ++l) {
                const double exact = x[i + l];
                for (const double e : {sines[l] - std::sin(exact), cosines[l] - std::cos(exact)})
                    if (!(std::abs(e) <= largest)) largest = std::abs(e);
            }
        }
        return largest;
    };
    CHECK(error(numbers<float>(16 * count, -100, 100, 6)) <= 2e-7);
    CHECK(error(numbers<float>(16 * count, -8192, 8192, 7)) <= 1e-6);
    CHECK(error(numbers<float>(count, 8000, 9000, 8)) <= 1e-6);  // both ways, often in one vector
    CHECK(error(numbers<float>(count, -1e5, 1e5, 9)) <= 1e-6);
    auto mixed = numbers<float>(count, -1, 1, 10);  // one large angle does not spoil its neighbours
    for (std::size_t i = 0; i < count; i += 7) mixed[i] *= 3e4F;
    CHECK(error(mixed) <= 1e-6);
    S sine, cosine;
    simd::sine_cosine(S(std::numeric_limits<float>::quiet_NaN()), sine, cosine);
    CHECK(std::isnan(simd::sum(sine)));
    CHECK(std::isnan(simd::sum(cosine)));
    CHECK(std::isnan(simd::sum(simd::cosine(S(std::numeric_limits<float>::quiet_NaN())))));
}

TEST_CASE_TEMPLATE("lanes: fma and fnma, a * b + c and c - a * b", S, EVERY_SCALAR) {
    using R = real_of<S>;
    CHECK(simd::sum(simd::fma(S(R(3)), S(R(5)), S(R(7)))) == R(22) * R(lane_count<S>));
    CHECK(simd::sum(simd::fnma(S(R(3)), S(R(5)), S(R(7)))) == R(-8) * R(lane_count<S>));
    const auto a = numbers<R>(count, -2, 2, 3);
    const auto b = numbers<R>(count, -2, 2, 4);
    const auto c = numbers<R>(count, 5, 9, 5);  // |a b| <= 4 < c: no cancellation
    for (std::size_t i = 0; i < count; i += lane_count<S>) {
        R added[lane_count<S>];
        R subtracted[lane_count<S>];
        simd::store(added, simd::fma(simd::load<S>(&a[i]), simd::load<S>(&b[i]), simd::load<S>(&c[i])));
        simd::store(subtracted, simd::fnma(simd::load<S>(&a[i]), simd::load<S>(&b[i]), simd::load<S>(&c[i])));
        for (std::size_t l = 0; l < lane_count<S>; ++l) {
            const long double product = static_cast<long double>(a[i + l]) * static_cast<long double>(b[i + l]);
            const auto addend = static_cast<long double>(c[i + l]);
            CHECK(ulps(added[l], addend + product) <= 3);  // 0.5 where fused
            CHECK(ulps(subtracted[l], addend - product) <= 3);
        }
    }
}

TEST_CASE_TEMPLATE("lanes: exp at its ends", S, float, lanes<float>) {
    auto exponential = [](float x) { return simd::sum(simd::exp(S(x))) / static_cast<float>(lane_count<S>); };
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(exponential(-infinity) == 0);
    CHECK(exponential(-110) == 0);
    CHECK(exponential(0) == 1);
    CHECK(exponential(89) == infinity);
    CHECK(exponential(infinity) == infinity);
    CHECK(std::isnan(exponential(std::numeric_limits<float>::quiet_NaN())));
    double largest = 0;
    for (float x : numbers<float>(count, -87.3, 88.7, 9)) {
        float lane[lane_count<S>];
        simd::store(lane, simd::exp(S(x)));
        largest = std::max(largest, std::abs(static_cast<double>(lane[0]) / std::exp(static_cast<double>(x)) - 1));
    }
    CHECK(largest <= 1.2e-7);
}

TEST_CASE_TEMPLATE("lanes: lane_sums sums W values at once", S, EVERY_SCALAR) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    const auto x = numbers<R>(width * width, -1, 1, 10);
    S values[width];
    R sums[width];
    for (std::size_t k = 0; k < width; ++k) values[k] = simd::load<S>(&x[k * width]);
    simd::lane_sums(values, sums);
    for (std::size_t k = 0; k < width; ++k) {
        long double exact = 0;
        for (std::size_t l = 0; l < width; ++l) exact += static_cast<long double>(x[k * width + l]);
        CHECK(std::abs(static_cast<double>(sums[k]) - static_cast<double>(exact)) <=
              4 * static_cast<double>(std::numeric_limits<R>::epsilon()));
    }
}

TEST_CASE_TEMPLATE("lanes: lane_transpose exchanges lanes and indices", S, EVERY_SCALAR) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    const auto x = numbers<R>(width * width, -1, 1, 13);
    S values[width];
    for (std::size_t k = 0; k < width; ++k) values[k] = simd::load<S>(&x[k * width]);
    simd::lane_transpose(values);
    for (std::size_t k = 0; k < width; ++k) {
        R lane[width];
        simd::store(lane, values[k]);
        for (std::size_t l = 0; l < width; ++l) CHECK(lane[l] == x[l * width + k]);
    }
}

#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
TEST_CASE_TEMPLATE("lanes: fma rounds once on this machine", S, EVERY_SCALAR) {
    using R = real_of<S>;
    // (1 + e)^2 - (1 + 2 e) is e^2; a product rounded on its own loses it and leaves 0. The numbers are not constants
    // for the compiler, which would otherwise round as it likes.
    volatile R epsilon = std::numeric_limits<R>::epsilon();
    const R e = epsilon;
    const S factor(R(1) + e);
    const S addend(-(R(1) + 2 * e));
    CHECK(simd::sum(simd::fma(factor, factor, addend)) == e * e * R(lane_count<S>));
    CHECK(simd::sum(simd::fnma(factor, factor, -addend)) == -(e * e) * R(lane_count<S>));
}
#endif

TEST_CASE("lanes: the names of the instruction set and the library") {
    const std::string isa = isa_name;
    const std::string library = simd_library;
#if defined(QVIT_SCALAR)
    CHECK(isa == "scalar");
    CHECK(library == "none");
    CHECK(lane_count<lanes<float>> == 1);
#else
    CHECK_FALSE(isa.empty());
    CHECK(isa.find("scalar") == std::string::npos);
    CHECK(library.starts_with("xsimd "));
    CHECK(lane_count<lanes<float>> == 2 * lane_count<lanes<double>>);
#if defined(__AVX512F__) && defined(__AVX512BW__)
    CHECK(isa == "avx512");
    CHECK(lane_count<lanes<float>> == 16);
#endif
#endif
}
