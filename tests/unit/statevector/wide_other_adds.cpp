// SPDX-License-Identifier: Apache-2.0
// Rotations as on the machines that this one is not: QVIT_FREE_ADDS the other way round. The namespace of the ABI
// differs, so that both are in one program.
#if defined(__znver1__) || defined(__znver2__) || defined(__znver3__) || defined(__znver4__) || defined(__znver5__)
#define QVIT_FREE_ADDS 0
#else
#define QVIT_FREE_ADDS 1
#endif

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/wide_lower.hpp>
#include <qvit/statevector/wide_statevector.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>

int free_adds_of_this_machine();  // wide_instances.cpp

TEST_CASE("wide: layers of rotations and rings with additions of the other price") {
    CHECK(QVIT_FREE_ADDS != free_adds_of_this_machine());
    constexpr std::size_t width = 12;
    for (std::uint32_t round = 0; round < 12; ++round) {
        INFO("round ", round);
        qvit::random_stream draw(21, round);
        auto state = qvit::wide_statevector<float>::make(width, true);
        REQUIRE(state);
        reference::state expected(std::size_t{1} << width);
        expected[0] = 1;
        std::vector<qvit::wide_primitive> factors;
        const auto add = [&](const qvit::gate& g, double angle) {
            expected = reference::apply_matrix(reference::matrix_of(g.kind, angle), reference::wires_of(g), expected);
            qvit::lower_gate(g, {angle}, nullptr, [&](const qvit::wide_primitive& p) { factors.push_back(p); });
        };
        const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % width); };
        for (std::size_t layer = 0; layer < 3; ++layer) {
            for (std::size_t i = 0; i < width; ++i) add({qvit::ry, {wire(i)}, {}, 0}, draw.uniform(-3, 3));
            const std::size_t range = 1 + draw.below(width - 1);
            for (std::size_t i = 0; i < width; ++i) add({qvit::cnot, {wire(i), wire(i + range)}, {}, 0}, 0);
        }
        for (const qvit::wide_options& cut : {qvit::wide_options{0, 0, 1}, qvit::wide_options{}}) {
            state->reset();
            REQUIRE(state->run(factors, cut));
            std::vector<double> found, wanted;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                found.push_back(state->amplitude(i).re);
                wanted.push_back(expected[i].real());
            }
            CHECK(reference::largest_difference(found, wanted) < 2e-6);
        }
    }
}
