// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/simd/lanes.hpp>

#include "ops_golden.hpp"

// Compares an operation's values and all its gradients with torch's numbers.

/// max |found - factor expected| / max |expected|: 0 for equal numbers, not a number where one is not.
inline double difference(const std::vector<double>& found, const std::vector<double>& expected, double factor = 1) {
    REQUIRE(found.size() == expected.size());
    double largest = 0;
    double scale = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double error = std::abs(found[i] - factor * expected[i]);
        if (!(error <= largest)) largest = error;
        scale = std::max(scale, std::abs(factor * expected[i]));
    }
    return scale > 0 ? largest / scale : largest;
}

/// An input that is a parameter: one real for all images.
template <class Shape>
struct shared {
    Shape extents;
};
template <class Shape>
shared(Shape) -> shared<Shape>;

namespace detail {
/// Every lane of every element, lane by lane.
template <class S>
std::vector<std::vector<double>> lanes_of(const S* from, std::size_t count) {
    std::vector<std::vector<double>> result(qvit::lane_count<S>, std::vector<double>(count));
    for (std::size_t i = 0; i < count; ++i) {
        qvit::real_of<S> numbers[qvit::lane_count<S>];
        qvit::simd::store(numbers, from[i]);
        for (std::size_t l = 0; l < qvit::lane_count<S>; ++l) result[l][i] = static_cast<double>(numbers[l]);
    }
    return result;
}

/// Memory of one input, with torch's values; the same image on every lane.
template <class S, class Shape>
struct input_memory {
    std::vector<S> values;
    std::vector<S> gradients;
    Shape extents;

    input_memory(Shape shape, const std::vector<double>& numbers) : gradients(numbers.size()), extents(shape) {
        REQUIRE(shape.size() == numbers.size());
        for (S& g : gradients) g = S(qvit::real_of<S>(0));
        for (const double v : numbers) values.push_back(S(static_cast<qvit::real_of<S>>(v)));
    }
    auto variable() { return qvit::variable<S, Shape>{values.data(), gradients.data(), extents}; }
    double error(const std::vector<double>& expected) const {
        double worst = 0;
        for (const auto& lane : lanes_of(gradients.data(), gradients.size())) {
            const double e = difference(lane, expected);
            if (!(e <= worst)) worst = e;
        }
        return worst;
    }
};
template <class S, class Shape>
struct input_memory<S, shared<Shape>> {
    input_memory<qvit::real_of<S>, Shape> reals;

    input_memory(shared<Shape> shape, const std::vector<double>& numbers) : reals(shape.extents, numbers) {}
    auto variable() {
        return qvit::variable<const qvit::real_of<S>, Shape>{reals.values.data(), reals.gradients.data(),
                                                             reals.extents};
    }
    double error(const std::vector<double>& expected) const {
        return difference({reals.gradients.begin(), reals.gradients.end()}, expected,
                          static_cast<double>(qvit::lane_count<S>));
    }
};
}  // namespace detail

/// The largest difference between a function of a tape and inputs of these shapes, and torch's numbers, relative to the
/// largest number of the tensor.
template <class S = double, class Function, class... Inputs>
double error_of_function(const Function& function, const op_case& golden, Inputs... shapes) {
    REQUIRE(golden.inputs.size() == sizeof...(Inputs));
    auto inputs = [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple<detail::input_memory<S, Inputs>...>(
            detail::input_memory<S, Inputs>(shapes, golden.inputs[I])...);
    }
    (std::index_sequence_for<Inputs...>{});
    auto run = [&](auto& tape) {
        return std::apply([&](auto&... input) { return function(tape, input.variable()...); }, inputs);
    };
    qvit::arena memory(qvit::plan<S, true>([&](auto& tape) { run(tape); }).bytes);
    qvit::training_tape<S> tape(memory, nullptr, nullptr);
    const auto y = run(tape);
    double worst = 0;
    auto include = [&](double error) {
        if (!(error <= worst)) worst = error;
    };
    for (const auto& lane : detail::lanes_of(y.value, y.size())) include(difference(lane, golden.output));
    for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = S(static_cast<qvit::real_of<S>>(golden.upstream[i]));
    std::move(tape).backward();
    std::size_t next = 0;
    std::apply([&](const auto&... input) { (include(input.error(golden.gradients[next++])), ...); }, inputs);
    return worst;
}

/// The same for one operation.
template <class S = double, class Op, class... Inputs>
double error_of(const Op& op, const op_case& golden, Inputs... shapes) {
    return error_of_function<S>([&](auto& tape, auto... x) { return tape.apply(op, x...); }, golden, shapes...);
}
