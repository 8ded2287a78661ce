// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <qvit/circuit/angle.hpp>
#include <qvit/meta/constant_math.hpp>

using namespace qvit;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr bool within(double a, double b, double tolerance) { return a - b <= tolerance && b - a <= tolerance; }
static_assert(constant_math::sqrt(0) == 0 && constant_math::sqrt(4) == 2 && constant_math::sqrt(1e-320) > 0);
static_assert(constant_math::sqrt(2) == 1.4142135623730951 && constant_math::sqrt(0.5) == 0.7071067811865476);
static_assert(constant_math::sqrt(infinity) == infinity);
static_assert(constant_math::sin(0) == 0 && constant_math::sin(pi / 2) == 1 && constant_math::cos(pi) == -1);
static_assert(within(constant_math::sin(pi), 1.2246467991473532e-16, 1e-30));
static_assert(within(constant_math::cos(pi / 8), 0.92387953251128674, 2e-16));
static_assert(within(constant_math::tan(pi / 4), 1, 2.3e-16));
static_assert(constant_math::exp(0) == 1 && within(constant_math::exp(1), 2.718281828459045, 4.5e-16));
static_assert(constant_math::exp(1000) == infinity && constant_math::exp(-1000) == 0);
static_assert(constant_math::log(1) == 0 && constant_math::log(2) == 0.6931471805599453);
static_assert(constant_math::log(0) == -infinity);
static_assert(constant_math::atan2(0, 0) == 0 && constant_math::atan2(0, -1) == pi);
static_assert(constant_math::atan2(-0.0, -1) == -pi && constant_math::atan2(-1, 0) == -pi / 2);
static_assert(constant_math::atan2(1, 1) == pi / 4 && constant_math::atan2(1, -1) == 3 * pi / 4);
static_assert(constant_math::atan2(1e308, 1e308) == pi / 4);
static_assert(constant_math::acos(1) == 0 && constant_math::acos(-1) == pi && constant_math::acos(0) == pi / 2);

/// |got - exact| in units of exact's last place.
double ulps(double got, long double exact) {
    int exponent = 0;
    std::frexp(static_cast<double>(exact), &exponent);
    const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
    return static_cast<double>(std::abs((static_cast<long double>(got) - exact) / ulp));
}

/// The largest error over a grid of 20 001 points and as many random ones; infinite where a value is not a number.
double worst_ulps(double from, double to, auto function, auto exact) {
    double worst = 0;
    const auto look_at = [&](double x) {
        const double error = ulps(function(x), exact(static_cast<long double>(x)));
        worst = error <= worst ? worst : std::isnan(error) ? infinity : error;
    };
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> between(from, to);
    for (int i = 0; i <= 20000; ++i) {
        look_at(from + (to - from) * i / 20000);
        look_at(between(random));
    }
    return worst;
}
constexpr auto sine = [](double x) { return constant_math::sin(x); };
constexpr auto cosine = [](double x) { return constant_math::cos(x); };
constexpr auto tangent = [](double x) { return constant_math::tan(x); };
}  // namespace

TEST_CASE("constant_math: sin, cos and tan against <cmath>, up to a million") {
    for (const double reach : {0.01, 1.0, 10.0, 1000.0, 1e6}) {
        CAPTURE(reach);
        CHECK(worst_ulps(-reach, reach, sine, [](long double x) { return std::sin(x); }) < 1);
        CHECK(worst_ulps(-reach, reach, cosine, [](long double x) { return std::cos(x); }) < 1);
        CHECK(worst_ulps(-reach, reach, tangent, [](long double x) { return std::tan(x); }) < 2.5);
    }
}

TEST_CASE("constant_math: sin, cos and tan where they nearly vanish") {
    double sine_error = 0, cosine_error = 0, tangent_error = 0;
    for (int quarters = 1; quarters < 600000; quarters += 7) {
        const double x = quarters * (pi / 2);
        sine_error = std::max(sine_error, ulps(constant_math::sin(x), std::sin(static_cast<long double>(x))));
        cosine_error = std::max(cosine_error, ulps(constant_math::cos(x), std::cos(static_cast<long double>(x))));
        tangent_error = std::max(tangent_error, ulps(constant_math::tan(x), std::tan(static_cast<long double>(x))));
    }
    CHECK(sine_error < 1);
    CHECK(cosine_error < 1);
    CHECK(tangent_error < 2.5);
}

TEST_CASE("constant_math: sqrt is rounded as the machine's") {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> exponents(-1074, 1023);
    int different = 0;
    for (int i = 0; i < 100000; ++i) {
        const double x = std::exp2(exponents(random));
        different += constant_math::sqrt(x) != std::sqrt(x) ? 1 : 0;
    }
    CHECK(different == 0);
    CHECK(std::isnan(constant_math::sqrt(-1)));
}

TEST_CASE("constant_math: exp and log against <cmath>") {
    const auto exponential = [](double x) { return constant_math::exp(x); };
    const auto exact_exponential = [](long double x) { return std::exp(x); };
    CHECK(worst_ulps(-1, 1, exponential, exact_exponential) < 1);
    CHECK(worst_ulps(-708, 709.78, exponential, exact_exponential) < 1);
    CHECK(worst_ulps(-744, -708, exponential, exact_exponential) < 1);
    const auto logarithm = [](double x) { return constant_math::log(x); };
    const auto exact_logarithm = [](long double x) { return std::log(x); };
    CHECK(worst_ulps(0.9, 1.1, logarithm, exact_logarithm) < 1);
    CHECK(worst_ulps(0.01, 10, logarithm, exact_logarithm) < 1);
    CHECK(worst_ulps(1e-320, 1e-310, logarithm, exact_logarithm) < 1);
    CHECK(worst_ulps(1, 1e300, logarithm, exact_logarithm) < 1);
    CHECK(std::isnan(constant_math::log(-1)));
    CHECK(constant_math::exp(std::log(std::numeric_limits<double>::max())) < infinity);
}

TEST_CASE("constant_math: atan2 in all octants, and acos") {
    for (const double x : {-1e200, -3.0, -1e-3, 1e-3, 1.0, 3.0, 1e300}) {
        CAPTURE(x);
        const auto angle = [x](double y) { return constant_math::atan2(y, x); };
        const auto exact = [x](long double y) { return std::atan2(y, static_cast<long double>(x)); };
        CHECK(worst_ulps(-4 * std::abs(x), 4 * std::abs(x), angle, exact) < 2.5);
        CHECK(worst_ulps(-1, 1, angle, exact) < 2.5);
    }
    const auto arc_cosine = [](double x) { return constant_math::acos(x); };
    CHECK(worst_ulps(-1, 1, arc_cosine, [](long double x) { return std::acos(x); }) < 2.5);
    CHECK(std::isnan(constant_math::acos(1.1)));
}

TEST_CASE("constant_math: what is not a number stays so, and huge angles are refused") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto function : {&constant_math::sqrt, &constant_math::sin, &constant_math::cos, &constant_math::tan,
                                &constant_math::exp, &constant_math::log, &constant_math::acos})
        CHECK(std::isnan(function(nan)));
    CHECK(std::isnan(constant_math::atan2(nan, 1)));
    CHECK(std::isnan(constant_math::atan2(1, nan)));
    CHECK(std::isnan(constant_math::sin(1e10)));
    CHECK(std::isnan(constant_math::cos(-infinity)));
}
