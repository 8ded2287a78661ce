// SPDX-License-Identifier: Apache-2.0
// Products of matrices at sizes that meet every path: tiles of all heights, transposed and copied strips, several rounds
// of tokens, a run-time number of outputs. Against plain loops, or one image, in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/linear_map.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>

using namespace qvit;

namespace {
/// Random tensors and the plain products of single images.
struct products {
    arena memory{std::size_t{8} << 20};
    random_stream random{7, 3000};

    template <class E>
    E* numbers(std::size_t n) {
        using R = real_of<E>;
        E* const result = memory.allocate<E>(n);
        auto* const lane = reinterpret_cast<R*>(result);
        for (std::size_t i = 0; i < n * lane_count<E>; ++i) lane[i] = static_cast<R>(random.uniform(-1, 1));
        return result;
    }
};

/// max |found - expected| / max |expected|
double relative_error(const std::vector<double>& found, const std::vector<double>& expected) {
    double difference = 0;
    double largest = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        difference = std::max(difference, std::abs(found[i] - expected[i]));
        largest = std::max(largest, std::abs(expected[i]));
    }
    return difference / largest;
}

template <class S>
double lane_of(const S& x, std::size_t l) {
    real_of<S> lane[lane_count<S>];
    simd::store(lane, x);
    return static_cast<double>(lane[l]);
}

template <class S, std::size_t T, std::size_t I, class WeightShape, class BiasShape>
void check_linear(WeightShape weight_shape, BiasShape bias_shape) {
    products make;
    const std::size_t O = weight_shape.extent(0);
    using R = real_of<S>;
    const variable<S, shape<T, I>> x{make.numbers<S>(T * I), make.numbers<S>(T * I), {}};
    const variable<const R, WeightShape> w{make.numbers<R>(O * I), make.numbers<R>(O * I), weight_shape};
    const variable<const R, BiasShape> b{make.numbers<R>(O), make.numbers<R>(O), bias_shape};
    const auto extents = linear_map::output_shape(x.extents, w.extents, b.extents);
    const variable<S, std::remove_const_t<decltype(extents)>> y{make.numbers<S>(T * O), make.numbers<S>(T * O), extents};

    std::vector<double> ey, ex, ew, eb, fy, fx, fw, fb;
    for (std::size_t o = 0; o < O; ++o) {
        double bias_sum = static_cast<double>(b.gradient[o]);
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t l = 0; l < lane_count<S>; ++l) bias_sum += lane_of(y.d(t, o), l);
        eb.push_back(bias_sum);
        for (std::size_t i = 0; i < I; ++i) {
            double sum = static_cast<double>(w.gradient[o * I + i]);
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t l = 0; l < lane_count<S>; ++l) sum += lane_of(y.d(t, o), l) * lane_of(x(t, i), l);
            ew.push_back(sum);
        }
    }
    const std::size_t l = lane_count<S> - 1;
    for (std::size_t t = 0; t < T; ++t) {
        for (std::size_t o = 0; o < O; ++o) {
            double sum = static_cast<double>(b(o));
            for (std::size_t i = 0; i < I; ++i) sum += static_cast<double>(w(o, i)) * lane_of(x(t, i), l);
            ey.push_back(sum);
        }
        for (std::size_t i = 0; i < I; ++i) {
            double sum = lane_of(x.d(t, i), l);
            for (std::size_t o = 0; o < O; ++o) sum += static_cast<double>(w(o, i)) * lane_of(y.d(t, o), l);
            ex.push_back(sum);
        }
    }
    linear_map::forward(y, static_cast<S*>(nullptr), x, w, b);
    linear_map::backward(y, static_cast<const S*>(nullptr), x, w, b);
    for (std::size_t i = 0; i < T * O; ++i) fy.push_back(lane_of(y.value[i], l));
    for (std::size_t i = 0; i < T * I; ++i) fx.push_back(lane_of(x.gradient[i], l));
    for (std::size_t i = 0; i < O * I; ++i) fw.push_back(static_cast<double>(w.gradient[i]));
    for (std::size_t i = 0; i < O; ++i) fb.push_back(static_cast<double>(b.gradient[i]));
    const double tolerance = std::is_same_v<R, float> ? 3e-6 : 1e-14;
    CHECK(relative_error(fy, ey) < tolerance);
    CHECK(relative_error(fx, ex) < tolerance);
    CHECK(relative_error(fw, ew) < tolerance);
    CHECK(relative_error(fb, eb) < tolerance);
}

/// Attention of W images against that of the last of them alone.
template <class S, std::size_t Heads, std::size_t T, std::size_t C>
void check_attention() {
    products make;
    using op = scaled_dot_product<Heads>;
    using tokens = shape<T, C>;
    constexpr std::size_t saved = Heads * T * T;
    auto make_all = [&]<class E>(E*) {
        std::vector<variable<E, tokens>> all;
        for (int i = 0; i < 4; ++i) all.push_back({make.numbers<E>(T * C), make.numbers<E>(T * C), {}});
        return all;
    };
    const auto all = make_all(static_cast<S*>(nullptr));  // q, k, v, o
    const auto one = make_all(static_cast<double*>(nullptr));
    for (std::size_t k = 0; k < 4; ++k)
        for (std::size_t i = 0; i < T * C; ++i) {
            one[k].value[i] = lane_of(all[k].value[i], lane_count<S> - 1);
            one[k].gradient[i] = lane_of(all[k].gradient[i], lane_count<S> - 1);
        }
    auto run = [&]<class E>(const std::vector<variable<E, tokens>>& v) {
        E* const kept = make.numbers<E>(saved);
        op::forward(v[3], kept, v[0], v[1], v[2]);
        op::backward(v[3], static_cast<const E*>(kept), v[0], v[1], v[2]);
    };
    run(all);
    run(one);
    const double tolerance = std::is_same_v<real_of<S>, float> ? 3e-6 : 1e-13;
    for (std::size_t k = 0; k < 4; ++k) {
        std::vector<double> found, expected, found_gradient, expected_gradient;
        for (std::size_t i = 0; i < T * C; ++i) {
            found.push_back(lane_of(all[k].value[i], lane_count<S> - 1));
            expected.push_back(one[k].value[i]);
            found_gradient.push_back(lane_of(all[k].gradient[i], lane_count<S> - 1));
            expected_gradient.push_back(one[k].gradient[i]);
        }
        CHECK(relative_error(found, expected) < tolerance);
        CHECK(relative_error(found_gradient, expected_gradient) < tolerance);
    }
}
}  // namespace

TEST_CASE("products: a linear map, every path") {
    check_linear<lanes<float>, 26, 35>(shape<36, 35>{}, shape<36>{});  // transposed strips, 35 = 32 + 3
    check_linear<lanes<double>, 25, 32>(shape<68, 32>{}, shape<68>{});  // outputs beyond one strip
    check_linear<lanes<float>, 7, 6>(shape<5, 6>{}, shape<5>{});
    check_linear<lanes<float>, 1, 9>(shape<dynamic, 9>(11), shape<dynamic>(11));
    check_linear<float, 3, 5>(shape<2, 5>{}, shape<2>{});
}

TEST_CASE("products: attention of more tokens than one round of queries") {
    auto attention = [](auto& tape, auto q, auto k, auto v) { return tape.apply(scaled_dot_product<2>{}, q, k, v); };
    // 40 tokens: rounds of 12, 12, 12 and 4
    CHECK(gradient_check(attention, shape<40, 6>{}, shape<40, 6>{}, shape<40, 6>{}).largest_error < 1e-8);
    CHECK(gradient_check(attention, shape<3, 4>{}, shape<3, 4>{}, shape<3, 4>{}).largest_error < 1e-8);
}

TEST_CASE("products: attention of images on lanes is that of each image") {
    check_attention<lanes<float>, 4, 17, 64>();  // a head's columns are copied
    check_attention<lanes<double>, 2, 5, 6>();
}
