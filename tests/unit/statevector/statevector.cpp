// SPDX-License-Identifier: Apache-2.0
// The parts of the engines that can be looked at one by one; the engines as a whole are in tests/laws.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/schedule.hpp>
#include <qvit/statevector/slots.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using reference::ry_ring;

// ---- the door ----
static_assert(std::is_same_v<evaluator<ry_ring<4, 1>, float>::engine_type, closed_form_engine<ry_ring<4, 1>, float>>);
static_assert(std::is_same_v<evaluator<ry_ring<5, 3>, float>::engine_type, lane_statevector_engine<ry_ring<5, 3>, float>>);
static_assert(std::is_same_v<evaluator<ry_ring<4, 1>, double, engine::lane_statevector>::engine_type,
                             lane_statevector_engine<ry_ring<4, 1>, double>>);
// A token keeps a sine and a cosine per angle that sees data, whatever the engine.
static_assert(evaluator<ry_ring<4, 1>, float>::saved_per_token == 2 * 4);
static_assert(evaluator<ry_ring<4, 2>, float, engine::lane_statevector>::saved_per_token == 2 * 4);
static_assert(evaluator<reference::no_inputs, float>::saved_per_token == 0);

// ---- slots ----
static_assert(slots<ry_ring<4, 2>>::count == 8 && slots<ry_ring<4, 2>>::token_count == 4);
static_assert(slots<reference::reuploading>::token_count == 8);
static_assert(slots<reference::no_inputs>::token_count == 0);

// ---- schedule: CNOT and X cost nothing, the first gate of each wire neither ----
static_assert(schedule<ry_ring<4, 1>, 4>.stage_count == 0);
static_assert(schedule<ry_ring<4, 3>, 4>.stage_count == 2);  // a stage for each later layer: four wires at once
static_assert(schedule<ry_ring<5, 2>, 4>.stage_count == 2);  // four wires and one
constexpr auto cnots_only = circuit<3>(encode<ry>, entangle<cnot>(ring), apply<x>, entangle<cnot>(chain), measure<z>);
static_assert(schedule<cnots_only, 4>.stage_count == 0);
constexpr auto x_within = circuit<2>(apply<h>, rotate<ry>, apply<x>, rotate<rx>, measure<z>);
static_assert(schedule<x_within, 4>.stage_count == 1);
constexpr auto cz_between = circuit<2>(apply<h>, apply<cz, 0, 1>, rotate<ry>, measure<z>);
static_assert(schedule<cz_between, 4>.stage_count == 2 && schedule<cz_between, 4>.stages[0].is_cz);

/// Parity of the bits that two words share.
constexpr bool parity(std::uint32_t a, std::uint32_t b) { return (std::popcount(a & b) & 1) != 0; }
/// Wire v's bit changes along mask(w) exactly where v = w: the rows and masks are inverse to each other.
template <const auto& Circuit>
constexpr bool rows_invert_masks() {
    constexpr const auto& plan = schedule<Circuit, 4>;
    for (std::size_t v = 0; v < Circuit.width; ++v)
        for (std::size_t w = 0; w < Circuit.width; ++w)
            if (parity(plan.rows[v], plan.masks[w]) != (v == w)) return false;
    return true;
}
static_assert(rows_invert_masks<ry_ring<5, 3>>() && rows_invert_masks<reference::all_gates>());
static_assert(rows_invert_masks<reference::real_flips>());

/// Every amplitude belongs to exactly one group of a stage: bases and axes together span all indices.
template <const auto& Circuit>
bool stages_cover_all() {
    const auto& plan = schedule<Circuit, 3>;
    for (std::size_t s = 0; s < plan.stage_count; ++s) {
        const auto& stage = plan.stages[s];
        if (stage.is_cz) continue;
        std::vector<int> seen(std::size_t{1} << Circuit.width);
        const std::size_t free = Circuit.width - stage.axes;
        for (std::size_t group = 0; group < (std::size_t{1} << free); ++group)
            for (std::size_t local = 0; local < (std::size_t{1} << stage.axes); ++local) {
                std::size_t index = 0;
                for (std::size_t i = 0; i < free; ++i) index ^= ((group >> i) & 1) != 0 ? stage.base[i] : 0;
                for (std::size_t i = 0; i < stage.axes; ++i) {
                    if (parity(static_cast<std::uint32_t>(index), stage.rows[i])) return false;
                }
                for (std::size_t i = 0; i < stage.axes; ++i) index ^= ((local >> i) & 1) != 0 ? stage.masks[i] : 0;
                ++seen[index];
            }
        for (const int times : seen)
            if (times != 1) return false;
    }
    return true;
}

// ---- gates on one pair of amplitudes ----
using complex_double = complex_lanes<double>;

template <operation Kind>
void check_pair(double angle) {
    const reference::state psi{{0.3, -0.8}, {-0.5, 0.2}};
    const reference::state expected = reference::apply_matrix(reference::matrix_of(Kind, angle), 0, psi);
    complex_double a0{psi[0].real(), psi[0].imag()};
    complex_double a1{psi[1].real(), psi[1].imag()};
    apply_to_pair<Kind>(std::cos(angle / 2), std::sin(angle / 2), a0, a1);
    CHECK(std::abs(std::complex<double>(a0.re, a0.im) - expected[0]) < 1e-15);
    CHECK(std::abs(std::complex<double>(a1.re, a1.im) - expected[1]) < 1e-15);
    // The inverse of a rotation has the opposite sine, a fixed gate is its own.
    apply_to_pair<Kind>(std::cos(angle / 2), -std::sin(angle / 2), a0, a1);
    CHECK(std::abs(std::complex<double>(a0.re, a0.im) - psi[0]) < 1e-15);
    CHECK(std::abs(std::complex<double>(a1.re, a1.im) - psi[1]) < 1e-15);
    if constexpr (is_real(Kind)) {
        double r0 = 0.3;
        double r1 = -0.5;
        apply_to_pair<Kind>(std::cos(angle / 2), std::sin(angle / 2), r0, r1);
        CHECK(std::abs(r0 - expected[0].real()) < 1e-15);
        CHECK(std::abs(r1 - expected[1].real()) < 1e-15);
    }
}

/// -i G psi is twice the derivative of the rotation at angle 0.
template <operation Kind>
void check_generator() {
    const reference::state psi{{0.3, -0.8}, {-0.5, 0.2}};
    const double step = 1e-5;
    const reference::state up = reference::apply_matrix(reference::matrix_of(Kind, step), 0, psi);
    const reference::state down = reference::apply_matrix(reference::matrix_of(Kind, -step), 0, psi);
    complex_double a0{psi[0].real(), psi[0].imag()};
    complex_double a1{psi[1].real(), psi[1].imag()};
    apply_generator<Kind>(a0, a1);
    CHECK(std::abs(std::complex<double>(a0.re, a0.im) - (up[0] - down[0]) / step) < 1e-9);
    CHECK(std::abs(std::complex<double>(a1.re, a1.im) - (up[1] - down[1]) / step) < 1e-9);
}
}  // namespace

TEST_CASE("amplitude: every gate on a pair is its matrix, and its inverse undoes it") {
    for (const double angle : {0.0, 0.7, -2.9, 3.14159, 6.0}) {
        check_pair<rx>(angle);
        check_pair<ry>(angle);
        check_pair<rz>(angle);
    }
    check_pair<x>(0);
    check_pair<y>(0);
    check_pair<z>(0);
    check_pair<h>(0);
}

TEST_CASE("amplitude: generators are the derivatives of rotations") {
    check_generator<rx>();
    check_generator<ry>();
    check_generator<rz>();
}

TEST_CASE("amplitude: complex arithmetic over lanes") {
    const complex_double a{2, 3};
    const complex_double b{-5, 7};
    const complex_double product = a * b;
    CHECK(product.re == -31);
    CHECK(product.im == -1);
    using field = amplitude<complex_double>;
    CHECK(field::add_inner(a, b, 1.0) == 12);  // Re(conj(a) b) + 1
    CHECK(field::conjugate(a).im == -3);
    CHECK(field::times_minus_i(a).re == 3);
    CHECK(field::times_minus_i(a).im == -2);
    CHECK(field::add_scaled(2.0, a, b).im == 13);
    CHECK((a - b).re == 7);
    CHECK((a + b).im == 10);
    CHECK((-a).im == -3);
}

TEST_CASE("schedule: the groups of a stage cover every amplitude once") {
    CHECK(stages_cover_all<ry_ring<5, 3>>());
    CHECK(stages_cover_all<ry_ring<3, 2>>());
    CHECK(stages_cover_all<reference::all_gates>());
    CHECK(stages_cover_all<reference::real_flips>());
    CHECK(stages_cover_all<reference::reuploading>());
}

TEST_CASE("slots: angles are sums of weights, gradients go the same way back and are added") {
    using table = slots<reference::merged_reuploading>;  // 3 wires, 6 weights, slots shared by inputs and weights
    const double weights[6] = {1, 2, 4, 8, 16, 32};
    const auto angles = table::weight_angles(weights);
    double total = 0;
    for (std::size_t slot = 0; slot < table::count; ++slot) total += angles[slot];
    CHECK(total == 63);
    std::vector<double> slot_gradient(table::count, 1);
    double gradient[6] = {10, 10, 10, 10, 10, 10};
    table::add_weight_gradient(slot_gradient.data(), gradient);
    for (const double g : gradient) CHECK(g == 11);
}
