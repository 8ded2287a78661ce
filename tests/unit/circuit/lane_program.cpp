// SPDX-License-Identifier: Apache-2.0
// How a normal form is laid out on amplitudes: how many, in which stages, with which signs.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/lane_layout.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/runtime_lane_program.hpp>
#include <qvit/circuit/runtime_pauli_program.hpp>
#include <reference/dense_program.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/random_circuit.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
runtime_lane_program laid_out(const auto& program) {
    return make_lane_program<runtime_lane_program>(
        program, [](std::size_t) { return true; }, [](std::size_t) { return true; });
}

/// The rank of the X parts of a program's rotations over GF(2), by elimination; that of all wires for a given state.
std::size_t rank_of_x_parts(const runtime_pauli_program& program) {
    if (program.amplitude_input) return program.width;
    std::vector<std::uint64_t> rows;
    for (const auto& axis : program.rotations) rows.push_back(axis.x.words[0]);
    std::size_t rank = 0;
    for (std::size_t wire = 0; wire < 64; ++wire) {
        const auto pivot = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(rank), rows.end(),
                                        [wire](std::uint64_t row) { return ((row >> wire) & 1) != 0; });
        if (pivot == rows.end()) continue;
        std::swap(*pivot, rows[rank]);
        for (std::size_t i = rank + 1; i < rows.size(); ++i)
            if (((rows[i] >> wire) & 1) != 0) rows[i] ^= rows[rank];
        ++rank;
    }
    return rank;
}

constexpr reference::complex powers_of_i[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
double sign_of(std::size_t bits) { return parity(static_cast<std::uint32_t>(bits)) ? -1 : 1; }

/// P psi on the first 2^bits amplitudes, by the definition of amplitude_pauli; the others become zero.
reference::state apply_amplitude_pauli(const amplitude_pauli& p, std::size_t bits, const reference::state& psi) {
    reference::state result(psi.size());
    for (std::size_t k = 0; k < (std::size_t{1} << bits); ++k)
        result[k ^ p.mask] = powers_of_i[p.quarter % 4] * sign_of(p.row & k) * psi[k];
    return result;
}
/// Every rotation of a layout, one after the other.
reference::state run_steps(const auto& lane, const std::vector<double>& angles, reference::state psi) {
    for (const lane_step& step : lane.steps) {
        const auto image = apply_amplitude_pauli(step.pauli, step.bits, psi);
        const double angle = step.turned ? -angles[step.slot] : angles[step.slot];
        for (auto& amplitude : psi) amplitude *= std::cos(angle / 2);
        reference::add_to(psi, {0, -std::sin(angle / 2)}, image);
    }
    return psi;
}

/// The layout's own expectation values are those of the program on the whole register.
void check_values(const runtime_circuit& circuit, const runtime_pauli_program& program, const auto& lane) {
    const reference::numbers with(circuit, 9);
    const auto angles = reference::angles_of(program, with);
    const auto start = reference::initial_state(reference::dense(circuit), with.inputs.data());
    const auto whole = reference::apply_rotations(program, angles, start);
    reference::state psi = start;
    if (!lane.amplitude_input) psi = reference::zero_state(lane.bits);
    psi = run_steps(lane, angles, psi);
    REQUIRE(lane.observables.size() == program.strings.size());
    for (const lane_observable& o : lane.observables) {
        const double exact = reference::expectation(program.strings[o.string], program.width, whole);
        const double found =
            o.vanishes ? 0.0 : reference::inner(psi, apply_amplitude_pauli(o.pauli, lane.bits, psi)).real();
        CHECK(std::abs((o.negative ? -found : found) - exact) < 1e-12);
    }
    if (!lane.real) return;
    for (const auto& amplitude : psi) CHECK(std::abs(amplitude.imag()) < 1e-13);
}

/// Stages hold all steps in order; growing ones stand alone; bits never shrink.
void check_order(const auto& lane) {
    std::size_t next = 0;
    std::size_t bits = lane.amplitude_input ? lane.bits : 0;
    for (const lane_stage& stage : lane.stages) {
        REQUIRE(stage.first == next);
        REQUIRE(stage.last > stage.first);
        next = stage.last;
        const bool grows = lane.steps[stage.first].grows;
        if (grows) ++bits;
        CHECK((stage.axes == 0) == grows);
        CHECK(stage.last - stage.first <= (grows ? 1u : most_stage_steps));
        CHECK(stage.axes <= (lane.real ? 4 : 3));
        CHECK(stage.bits == bits);
        for (std::size_t i = stage.first; i < stage.last; ++i) {
            CHECK(lane.steps[i].bits == bits);
            CHECK(lane.steps[i].grows == grows);
            if (grows) CHECK(lane.steps[i].pauli.mask == std::uint32_t{1} << (bits - 1));
            CHECK((lane.steps[i].pauli.mask | lane.steps[i].pauli.row) < std::uint32_t{1} << bits);
        }
    }
    CHECK(next == lane.steps.size());
    CHECK(bits == lane.bits);
}

/// The base of a group by its number.
std::uint32_t base_of(const lane_stage& stage, std::size_t group) {
    std::uint32_t base = 0;
    for (std::size_t b = 0; b + stage.axes < stage.bits; ++b)
        if (((group >> b) & 1) != 0) base ^= stage.base[b];
    return base;
}
/// base ^ offset is every amplitude of a stage exactly once, and the shape says what each step does to base ^ offset.
void check_stages(const auto& lane) {
    for (const lane_stage& stage : lane.stages) {
        if (stage.axes == 0) continue;
        const std::size_t groups = std::size_t{1} << (stage.bits - stage.axes);
        const std::size_t size = std::size_t{1} << stage.axes;
        std::vector<int> seen(std::size_t{1} << stage.bits);
        for (std::size_t group = 0; group < groups; ++group)
            for (std::size_t l = 0; l < size; ++l) ++seen.at(base_of(stage, group) ^ stage.offset[l]);
        CHECK(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));

        const stage_shape& shape = lane.shapes[stage.shape];
        CHECK(shape.axes == stage.axes);
        REQUIRE(shape.steps == stage.last - stage.first);
        bool commuting = true;
        for (std::size_t i = 0; i < shape.steps; ++i) {
            const stage_shape::step& local = shape.at[i];
            const lane_step& step = lane.steps[stage.first + i];
            CHECK(local.quarter == step.pauli.quarter);
            CHECK(local.uniform == step.uniform);
            bool varies = false;
            bool right = true;
            for (std::size_t group = 0; group < groups; ++group) {
                const std::uint32_t base = base_of(stage, group);
                varies = varies || parity(step.pauli.row & base);
                for (std::size_t l = 0; l < size; ++l) {
                    const std::uint32_t p = base ^ stage.offset[l];
                    right = right && (p ^ step.pauli.mask) == (base ^ stage.offset[l ^ local.mask]);
                    const bool odd = parity(local.row & static_cast<std::uint32_t>(l)) != parity(step.pauli.row & base);
                    right = right && parity(step.pauli.row & p) == odd;
                }
            }
            CHECK(right);
            CHECK(local.varies == varies);
            for (std::size_t j = 0; j < i; ++j) {
                const amplitude_pauli& a = step.pauli;
                const amplitude_pauli& b = lane.steps[stage.first + j].pauli;
                if (parity(a.mask & b.row) != parity(a.row & b.mask)) commuting = false;
            }
        }
        CHECK(shape.commuting == commuting);
    }
    for (std::size_t a = 0; a < lane.shapes.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) CHECK_FALSE(lane.shapes[a] == lane.shapes[b]);
}

/// Norms are put right before 40 uniform rotations more than the stage that brings the 40th have been done.
void check_renormalised(const auto& lane) {
    std::size_t since = 0;
    for (const lane_stage& stage : lane.stages) {
        for (std::size_t i = stage.first; i < stage.last; ++i)
            since += lane.steps[i].uniform && !lane.steps[i].grows ? 1 : 0;
        CHECK(since <= 40 + most_stage_steps);
        if (stage.renormalise) {
            CHECK(since > 20);  // not without need
            since = 0;
        }
    }
}
void check_layout(const auto& lane) {
    check_order(lane);
    check_stages(lane);
    check_renormalised(lane);
}

/// The sign of every diagonal observable by its one reordering of amplitudes.
void check_diagonal(const runtime_lane_program& lane) {
    runtime_lane_diagonal diagonal;
    diagonal.position.resize(std::size_t{1} << lane.bits);
    diagonal.stored.resize(std::size_t{1} << lane.bits);
    diagonal.index.resize(lane.observables.size());
    make_lane_diagonal(lane, diagonal);
    bool inverse = true;
    for (std::size_t p = 0; p < diagonal.position.size(); ++p)
        inverse = inverse && diagonal.stored.at(diagonal.position[p]) == p;
    CHECK(inverse);
    std::size_t count = 0;
    bool singles = true;
    for (std::size_t o = 0; o < lane.observables.size(); ++o) {
        if (!is_diagonal(lane.observables[o])) continue;
        ++count;
        singles = singles && (diagonal.index[o] & (diagonal.index[o] - 1)) == 0;
        CHECK(diagonal.index[o] < (1u << diagonal.rank));
        bool right = true;
        for (std::uint32_t p = 0; p < diagonal.position.size(); ++p)
            right = right && parity(std::uint32_t{diagonal.index[o]} & diagonal.position[p]) ==
                                 parity(lane.observables[o].pauli.row & p);
        CHECK(right);
    }
    CHECK(diagonal.count == count);
    CHECK(diagonal.singles == singles);
}
}  // namespace

TEST_CASE("lane_program: random circuits have the values of their programs on 2^rank amplitudes") {
    std::size_t smaller = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_gates = 40});
        const runtime_pauli_program program = lower(circuit);
        const runtime_lane_program lane = laid_out(program);
        REQUIRE(lane.feasible);
        CHECK(lane.bits == rank_of_x_parts(program));
        smaller += lane.bits < circuit.width ? 1 : 0;
        check_values(circuit, program, lane);
        check_layout(lane);
        check_diagonal(lane);
    }
    CHECK(smaller > 50);
}

TEST_CASE("lane_program: deep circuits on eight wires") {
    for (std::uint64_t seed = 0; seed < 14; ++seed) {
        CAPTURE(seed);
        const auto program =
            lower(reference::random_circuit(seed, {.least_width = 8, .most_width = 8, .most_gates = 300}));
        check_layout(laid_out(program));
    }
    // 15 layers of uniform rotations: norms have to be put right on the way.
    const auto lane = laid_out(lower(runtime_circuit(reference::ry_ring<8, 15>)));
    check_layout(lane);
    CHECK(std::any_of(lane.stages.begin(), lane.stages.end(), [](const lane_stage& s) { return s.renormalise; }));
}

namespace {
// ---- fewer amplitudes than the register has ----
/// cos |0..0> + sin |1..1> on 16 wires, then angles along it.
constexpr auto ghz =
    circuit<16>(encode<ry, 0>, entangle<cnot>(chain), rotate<rz>, entangle<rzz>(ring), measure<z>, measure<x, 0>);
static_assert(whole_layout<ghz>::feasible && whole_layout<ghz>::lane<0>().bits == 1);
/// Three of 20 wires are turned, all are entangled with them.
constexpr auto few_turned = circuit<20>(encode<ry, 3, 8, 17>, entangle<cnot>(ring), entangle<cnot>(chain), rotate<rz>,
                                        rotate<ry, 0>, measure<z>);
static_assert(whole_layout<few_turned>::feasible && whole_layout<few_turned>::lane<0>().bits <= 4);
static_assert(whole_layout<reference::ry_ring<10, 1>>::feasible &&
              whole_layout<reference::ry_ring<10, 1>>::lane<0>().bits == 10);
static_assert(!whole_layout<reference::ry_ring<11, 1>>::feasible);
static_assert(whole_layout<reference::no_gates>::lane<0>().bits == 0);
static_assert(whole_layout<reference::amplitudes_in>::lane<0>().bits == 3);
// X on GHZ-like states leads out of what can be reached; <Y> of real amplitudes is zero.
static_assert(whole_layout<ghz>::lane<0>().observables[16].vanishes);
static_assert(whole_layout<reference::zero_output>::lane<0>().real &&
              whole_layout<reference::zero_output>::lane<0>().observables[0].vanishes &&
              !whole_layout<reference::zero_output>::lane<0>().observables[2].vanishes);
// Real where every rotation has an odd number of Ys.
static_assert(whole_layout<reference::real_flips>::lane<0>().real &&
              !whole_layout<reference::mixed<4>>::lane<0>().real);

// ---- few functions however many gates ----
static_assert(reference::ry_ring<8, 15>.gate_count == 248);
constexpr const auto& deep = whole_layout<reference::ry_ring<8, 15>>::lane<0>();
static_assert(deep.steps.size() == 8 * 15 && deep.stages.size() < 50 && deep.shapes.size() <= 6);
/// Complex amplitudes: layers share no stage where they do not commute, and the signs of few rotations vary.
constexpr auto deep_rotations = circuit<8>(encode<ry>, repeat<15>(rotate<rot>, entangle<cnot>(ring)), measure<z>);
constexpr const auto& deep_complex = whole_layout<deep_rotations>::lane<0>();
static_assert(deep_rotations.gate_count == 248 && deep_complex.steps.size() == 360);
static_assert(deep_complex.stages.size() < 60 && deep_complex.shapes.size() <= 5);
/// A layer of RZ is one stage in which one rotation each has its sign on an axis; layers of RY have two kinds.
constexpr auto deep_phases =
    circuit<8>(encode<ry>, repeat<10>(rotate<ry>, rotate<rz>, entangle<cnot>(ring)), measure<z>);
constexpr const auto& phases = whole_layout<deep_phases>::lane<0>();
static_assert(phases.stages.size() < 50 && phases.shapes.size() == 3);
constexpr bool has_a_stage_of_phases = [] {
    for (const stage_shape& shape : phases.shapes) {
        bool found = shape.steps == 8 && shape.axes == 3 && shape.commuting;
        for (std::size_t i = 0; i < 8 && found; ++i)
            found =
                shape.at[i].mask == 0 && shape.at[i].row == (i < 3 ? 1u << i : 0u) && shape.at[i].varies == (i >= 3);
        if (found) return true;
    }
    return false;
}();
static_assert(has_a_stage_of_phases);
constexpr std::size_t growing_steps(const auto& lane) {
    std::size_t count = 0;
    for (const lane_step& step : lane.steps) count += step.grows ? 1 : 0;
    return count;
}
static_assert(growing_steps(deep) == 8 && growing_steps(whole_layout<ghz>::lane<0>()) == 1);
static_assert(growing_steps(whole_layout<reference::amplitudes_in>::lane<0>()) == 0);

// ---- one statevector per light cone ----
constexpr auto bricks = circuit<12>(encode<ry>, entangle<cz>(brick), rotate<rx>, measure<z>);
static_assert(!whole_layout<bricks>::feasible && light_cone_layout<bricks>::feasible);
static_assert(!light_cone_layout<reference::ry_ring<12, 3>>::feasible);

/// Every string stands in exactly one part, and a part does no rotation outside its cone.
template <const auto& Circuit>
constexpr bool parts_share_out_strings() {
    using layout = light_cone_layout<Circuit>;
    std::array<int, Circuit.strings.size()> seen{};
    bool right = true;
    unroll<layout::parts>([&](auto part) {
        constexpr const auto& lane = layout::template lane<part()>();
        for (const lane_observable& o : lane.observables) {
            ++seen[o.string];
            right = right && light_cones<Circuit>.cone_of[o.string] == part();
        }
        for (const lane_step& step : lane.steps)
            right = right && light_cones<Circuit>.cones[part()].contains(step.slot);
    });
    for (const int times : seen) right = right && times == 1;
    return right;
}
static_assert(parts_share_out_strings<bricks>() && parts_share_out_strings<reference::separate_registers>());
static_assert(parts_share_out_strings<reference::seven_wires>());
}  // namespace

TEST_CASE("lane_program: what the compiler lays out is what is laid out at run time") {
    auto check = [](const auto& constant, const runtime_circuit& circuit) {
        const auto program = lower(circuit);
        const auto lane = laid_out(program);
        CHECK(constant.bits == lane.bits);
        CHECK(constant.real == lane.real);
        REQUIRE(constant.steps.size() == lane.steps.size());
        for (std::size_t i = 0; i < lane.steps.size(); ++i) CHECK(constant.steps[i].pauli == lane.steps[i].pauli);
        REQUIRE(constant.shapes.size() == lane.shapes.size());
        for (std::size_t i = 0; i < lane.shapes.size(); ++i) CHECK(constant.shapes[i] == lane.shapes[i]);
        REQUIRE(constant.stages.size() == lane.stages.size());
        check_values(circuit, program, constant);
        check_layout(constant);
    };
    check(whole_layout<reference::every_gate>::lane<0>(), reference::every_gate);
    check(whole_layout<reference::ry_ring<5, 3>>::lane<0>(), reference::ry_ring<5, 3>);
    check(whole_layout<reference::seven_wires>::lane<0>(), reference::seven_wires);
    check(whole_layout<reference::amplitudes_in>::lane<0>(), reference::amplitudes_in);
    check(whole_layout<reference::no_gates>::lane<0>(), reference::no_gates);
    check(deep_complex, deep_rotations);
    check(phases, deep_phases);
}

TEST_CASE("lane_program: GHZ-like states of 16 wires have the right values on two amplitudes") {
    const auto& lane = whole_layout<ghz>::lane<0>();
    REQUIRE(lane.steps.size() == 2);  // all phases that <X_0> could see are one
    const auto psi = run_steps(lane, {1.2, 0.7}, reference::zero_state(1));
    for (const lane_observable& o : lane.observables) {
        if (o.vanishes) continue;
        const double value = reference::inner(psi, apply_amplitude_pauli(o.pauli, 1, psi)).real();
        CHECK(std::abs((o.negative ? -value : value) - std::cos(1.2)) < 1e-15);
    }
}

TEST_CASE("lane_program: more than 10 bits are refused, however wide the register is") {
    for (const std::size_t width : {9U, 10U, 11U, 64U}) {
        runtime_circuit circuit(width);
        circuit.inputs = 1;
        for (std::uint16_t wire = 0; wire < width; ++wire) circuit.gates.push_back({ry, {wire}, {input(0)}, 0});
        circuit.measure_all_z();
        CHECK(laid_out(lower(circuit)).feasible == (width <= 10));
        runtime_circuit amplitudes(width);
        amplitudes.amplitude_input = true;
        amplitudes.measure_all_z();
        CHECK(laid_out(lower(amplitudes)).feasible == (width <= 10));
    }
}

TEST_CASE("lane_program: only what is asked for is laid out") {
    const auto program = lower(runtime_circuit(reference::ry_ring<4, 2>));
    const auto lane = make_lane_program<runtime_lane_program>(
        program, [](std::size_t rotation) { return rotation % 2 == 1; },
        [](std::size_t string) { return string == 2; });
    REQUIRE(lane.steps.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(lane.steps[i].slot == 2 * i + 1);
    REQUIRE(lane.observables.size() == 1);
    CHECK(lane.observables[0].string == 2);
    check_layout(lane);
}
