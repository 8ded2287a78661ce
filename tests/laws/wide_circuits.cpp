// SPDX-License-Identifier: Apache-2.0
// Two layers of bricks on 32 wires, and one ring layer on 256: shallow circuits no statevector holds.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include <qvit/circuit/topology.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

template <std::size_t Width>
constexpr auto bricks = circuit<Width>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(brick)), measure<z>);
constexpr std::size_t width = 32;
constexpr std::size_t window = 12;

/// The same circuit on `window` wires from `first` (even, so that bricks meet bricks): far from its borders it is the
/// same circuit, for an output depends on few neighbours.
struct narrow_case {
    std::vector<double> inputs, weights, upstream;
};
narrow_case cut(const batch& b, std::size_t first, std::size_t output) {
    narrow_case result;
    for (std::size_t w = 0; w < window; ++w) result.inputs.push_back(b.inputs[first + w]);
    for (std::size_t layer = 0; layer < 2; ++layer)
        for (std::size_t w = 0; w < window; ++w) result.weights.push_back(b.weights[layer * width + first + w]);
    result.upstream.assign(window, 0);
    result.upstream[output - first] = b.upstream[output];
    return result;
}

void check_bricks(const engine_subject& subject) {
    const batch b = random_batch(subject.circuit, 1, 11);
    const batch_result found = subject.run(b);
    const dense_circuit narrow = dense(bricks<window>);
    for (std::size_t output = 5; output + 7 <= width; output += 7) {
        const std::size_t first = (output - 5) / 2 * 2;
        const narrow_case n = cut(b, first, output);
        const auto expected = outputs(narrow, n.inputs.data(), n.weights.data());
        CHECK(close(found.outputs[output], expected[output - first], 0, 1e-13));
        batch one = b;
        one.upstream.assign(width, 0);
        one.upstream[output] = b.upstream[output];
        const batch_result alone = subject.run(one);
        const auto slope = gradient(narrow, n.inputs.data(), n.weights.data(), n.upstream.data());
        double largest = 0;
        for (std::size_t w = 0; w < width; ++w) {
            const bool inside = w >= first && w < first + window;
            CHECK(close(alone.input_gradient[w], inside ? slope.inputs[w - first] : 0, 0, 1e-13));
            for (std::size_t layer = 0; layer < 2; ++layer)
                CHECK(close(alone.weight_gradient[layer * width + w],
                            inside ? slope.weights[layer * window + w - first] : 0, 0, 1e-13));
            largest = std::max(largest, std::abs(alone.input_gradient[w]));
        }
        CHECK(largest > 1e-4);
    }
}
}  // namespace

TEST_CASE("32 wires, two layers of bricks: closed form") {
    check_bricks(subject<bricks<width>, double, engine::closed_form>("bricks"));
}
TEST_CASE("32 wires, two layers of bricks: light cones") {
    check_bricks(subject<bricks<width>, double, engine::light_cone>("bricks"));
}

TEST_CASE("256 wires, one layer: the product formula") {
    static_assert(closed_form<ry_ring<256, 1>>.multiply_adds() <= 2 * 256);
    const engine_subject wide = subject<ry_ring<256, 1>, double, engine::closed_form>("ry_ring<256, 1>");
    batch b = random_batch(wide.circuit, 1, 3);
    for (double& weight : b.weights) weight /= 64;
    for (double& x : b.inputs) x /= 128;
    const batch_result found = wide.run(b);
    std::vector<double> angle(256);
    for (std::size_t i = 0; i < 256; ++i) angle[i] = b.inputs[i] + b.weights[i];
    double product = 1;
    for (std::size_t j = 0; j < 256; ++j) {
        product *= std::cos(angle[j]);
        if (j > 0) CHECK(close(found.outputs[j], product, 1e-12, 0));
    }
    CHECK(close(found.outputs[0], product / std::cos(angle[0]), 1e-12, 0));
    CHECK(std::abs(product) > 1e-3);
    // Every output j >= 1 with j >= k has the factor c_k; d c_k = -tan c_k. Output 0 has all but c_0.
    // Every weight is added to an input, so that their gradients are the same.
    for (std::size_t k = 0; k < 256; ++k) {
        double expected = k == 0 ? 0 : b.upstream[0] * found.outputs[0];
        for (std::size_t j = k == 0 ? 1 : k; j < 256; ++j) expected += b.upstream[j] * found.outputs[j];
        CHECK(close(found.input_gradient[k], -std::tan(angle[k]) * expected, 1e-10, 1e-13));
        CHECK(close(found.weight_gradient[k], -std::tan(angle[k]) * expected, 1e-10, 1e-13));
    }
}
