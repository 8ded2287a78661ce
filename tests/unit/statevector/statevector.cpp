// SPDX-License-Identifier: Apache-2.0
// The parts of the engines that can be looked at one by one; the engines as a whole are in tests/laws.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/measure_strings.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/amplitude_input.hpp>
#include <qvit/statevector/any_step.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/readout.hpp>
#include <qvit/statevector/slots.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/dense_program.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using reference::ry_ring;

// ---- the door ----
template <const auto& Circuit, class S>
using whole_engine = lane_statevector_engine<Circuit, S, whole_layout<Circuit>>;
template <const auto& Circuit, class S>
using cone_engine = lane_statevector_engine<Circuit, S, light_cone_layout<Circuit>>;
static_assert(std::is_same_v<evaluator<ry_ring<4, 1>, float>::engine_type, closed_form_engine<ry_ring<4, 1>, float>>);
static_assert(std::is_same_v<evaluator<ry_ring<5, 3>, float>::engine_type, whole_engine<ry_ring<5, 3>, float>>);
static_assert(std::is_same_v<evaluator<ry_ring<4, 1>, double, engine::lane_statevector>::engine_type,
                             whole_engine<ry_ring<4, 1>, double>>);
static_assert(std::is_same_v<evaluator<reference::separate_registers, float, engine::light_cone>::engine_type,
                             cone_engine<reference::separate_registers, float>>);
// A token keeps a sine and a cosine per angle that sees data, its inputs where angles are products of them or
// amplitudes come from them, and, as the engine likes, states.
static_assert(evaluator<ry_ring<4, 1>, float>::saved_per_token == 2 * 4);
static_assert(evaluator<reference::input_products, float, engine::lane_statevector>::saved_per_token >=
              2 * slots<reference::input_products>::token_count + reference::input_products.inputs);
static_assert(evaluator<reference::no_inputs, float, engine::closed_form>::saved_per_token == 0);
static_assert(evaluator<ry_ring<4, 2>, float, engine::lane_statevector>::saved_per_token >= 2 * 4);
static_assert(evaluator<reference::amplitudes_in, double>::saved_per_token >= 8);

// ---- slots ----
static_assert(slots<ry_ring<4, 2>>::count == 8 && slots<ry_ring<4, 2>>::token_count == 4);
static_assert(slots<reference::reuploading>::token_count == 8);
static_assert(slots<reference::no_inputs>::token_count == 0);
static_assert(slots<reference::input_products>::has_products && !slots<ry_ring<4, 2>>::has_products);
template <const auto& Circuit>
constexpr bool ranks_count_each_kind() {
    using table = slots<Circuit>;
    std::size_t next[2] = {0, 0};
    bool right = true;
    for (std::size_t slot = 0; slot < table::count; ++slot) {
        const bool uniform = program<Circuit>.uniform[slot] != 0;
        right = right && table::rank[slot] == next[uniform ? 1 : 0];
        if (!uniform) right = right && table::token_slot[next[0]] == slot;
        ++next[uniform ? 1 : 0];
    }
    return right && next[0] == table::token_count;
}
static_assert(ranks_count_each_kind<ry_ring<5, 3>>() && ranks_count_each_kind<reference::reuploading>());
static_assert(ranks_count_each_kind<reference::input_products>() && ranks_count_each_kind<reference::no_angles>());

// ---- readout ----
static_assert(reads_strings_directly(ry_ring<4, 1>) && reads_strings_directly(reference::selected_wires));
static_assert(!reads_strings_directly(reference::parity_score) &&
              !reads_strings_directly(reference::all_probabilities));
static_assert(!reads_strings_directly(reference::one_energy));

using complex_double = complex_lanes<double>;
std::complex<double> standard(complex_double a) { return {a.re, a.im}; }
constexpr std::complex<double> powers_of_i[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
}  // namespace

TEST_CASE("amplitude: complex arithmetic over lanes, at every quarter turn") {
    using field = amplitude<complex_double>;
    const complex_double a{2, 3};
    const complex_double b{-5, 7};
    CHECK((a - b).re == 7);
    CHECK((a + b).im == 10);
    CHECK((-a).im == -3);
    CHECK(field::real(4).re == 4);
    CHECK(field::real(4).im == 0);
    CHECK(field::scale(2, a).im == 6);
    unsigned turned = 0;
    for (unsigned quarters = 0; quarters < 8; ++quarters)
        with_quarters<complex_double>(quarters, [&](auto constant) {
            ++turned;
            CHECK(constant() == quarters % 4);
            const auto power = powers_of_i[constant()];
            // Small integers: exact.
            CHECK(standard(field::add_turned<constant()>(3, a, b)) == 3.0 * power * standard(a) + standard(b));
            CHECK(field::add_inner<constant()>(a, b, 1) == (std::conj(standard(a)) * power * standard(b)).real() + 1);
        });
    CHECK(turned == 8);
}

TEST_CASE("amplitude: real amplitudes know half turns") {
    using field = amplitude<double>;
    for (const unsigned quarters : {0U, 2U, 4U, 6U})
        with_quarters<double>(quarters, [&](auto constant) {
            const double sign = quarters % 4 == 0 ? 1 : -1;
            CHECK(field::add_turned<constant()>(3, 2, 5) == sign * 6 + 5);
            CHECK(field::add_inner<constant()>(3, 2, 1) == sign * 6 + 1);
        });
    CHECK(field::scale(3, -2) == -6);
    CHECK(field::real(3) == 3);
}

namespace {
/// Random amplitudes of a register.
reference::state random_state(std::size_t width, random_stream& draw, bool real) {
    reference::state psi(std::size_t{1} << width);
    for (auto& entry : psi) entry = {draw.normal(), real ? 0 : draw.normal()};
    return psi;
}
template <class A>
std::vector<A> lanes_of(const reference::state& psi) {
    std::vector<A> result;
    for (const auto& entry : psi) {
        if constexpr (amplitude<A>::is_real)
            result.push_back(entry.real());
        else
            result.push_back({entry.real(), entry.imag()});
    }
    return result;
}
template <class A>
double difference(const std::vector<A>& found, const reference::state& exact) {
    double largest = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        std::complex<double> entry;
        if constexpr (amplitude<A>::is_real)
            entry = found[i];
        else
            entry = standard(found[i]);
        largest = std::max(largest, std::abs(entry - exact[i]));
    }
    return largest;
}

/// A rotation about a string on all amplitudes of three wires, and its way back with its gradient.
template <class A>
void check_any_step(const pauli_string<3>& p, bool uniform, random_stream& draw) {
    lane_step step{};
    step.pauli.mask = static_cast<std::uint32_t>(p.x.words[0]);
    step.pauli.row = static_cast<std::uint32_t>(p.z.words[0]);
    step.pauli.quarter = static_cast<std::uint8_t>(p.y_count() % 4);
    step.bits = 3;
    step.uniform = uniform;
    const double angle = draw.uniform(-1.5, 1.5);
    const double tangent = std::tan(angle / 2);
    const double cosine = std::cos(angle / 2);
    const double sine = std::sin(angle / 2);
    const double one = 1;
    const std::uint16_t rank = 0;
    const lane_angles<double> angles{&tangent, &cosine, &one, &cosine, &sine, &rank};

    auto rotated = [&](const reference::state& psi) {
        reference::state result = reference::apply_pauli(p, 3, psi);
        for (auto& entry : result) entry *= reference::complex(0, -sine);
        reference::add_to(result, cosine, psi);
        return result;
    };
    const reference::state psi = random_state(3, draw, amplitude<A>::is_real);
    const reference::state lambda = random_state(3, draw, amplitude<A>::is_real);
    auto found = lanes_of<A>(psi);
    run_any_step(step, angles, found.data());
    CHECK(difference(found, rotated(psi)) < 1e-14);

    auto other = lanes_of<A>(rotated(lambda));
    std::vector<double> gradient{0.5};
    undo_any_step(step, angles, found.data(), other.data(), gradient.data());
    CHECK(difference(found, psi) < 1e-14);
    CHECK(difference(other, lambda) < 1e-14);
    reference::state turned = reference::apply_pauli(p, 3, rotated(psi));
    for (auto& entry : turned) entry *= reference::complex(0, -1);
    CHECK(std::abs(gradient[0] - 0.5 - reference::inner(rotated(lambda), turned).real()) < 1e-13);
}
}  // namespace

TEST_CASE("any_step: every Pauli string is its rotation, undone with its gradient") {
    random_stream draw(21);
    constexpr std::array paulis{id, x, y, z};
    for (std::size_t code = 0; code < 64; ++code) {
        pauli_string<3> p;
        for (std::size_t wire = 0; wire < 3; ++wire) p.set(wire, paulis[(code >> (2 * wire)) & 3]);
        for (const bool uniform : {false, true}) {
            check_any_step<complex_double>(p, uniform, draw);
            if (p.y_count() % 2 == 1) check_any_step<double>(p, uniform, draw);
        }
    }
}

TEST_CASE("amplitude_input: amplitudes are the inputs over their norm, and zeros stay zeros") {
    const double x[4] = {3, 0, -4, 12};
    double psi[4];
    load_amplitudes(x, 4, psi);
    for (std::size_t k = 0; k < 4; ++k) CHECK(std::abs(psi[k] - x[k] / 13) < 1e-16);
    complex_double state[4];
    load_amplitudes(x, 4, state);
    for (std::size_t k = 0; k < 4; ++k) CHECK((state[k].re == psi[k] && state[k].im == 0));
    const double zeros[4] = {};
    load_amplitudes(zeros, 4, psi);
    for (const double entry : psi) CHECK(entry == 0);
}

TEST_CASE("amplitude_input: the gradient is that of the normalised vector, added") {
    // f = <psi| O |psi> for a symmetric O: lambda = O psi.
    const double o[3][3] = {{0.3, -1, 0.5}, {-1, 0.8, 0.2}, {0.5, 0.2, -0.6}};
    auto value = [&](const std::vector<double>& x) {
        double squares = 0;
        double sum = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            squares += x[i] * x[i];
            for (std::size_t j = 0; j < 3; ++j) sum += x[i] * o[i][j] * x[j];
        }
        return sum / squares;
    };
    std::vector<double> x{0.7, -1.4, 2.1};
    double psi[3];
    load_amplitudes(x.data(), 3, psi);
    for (const double scale : {1.0, 4.0}) {
        double lambda[3] = {};
        complex_double complex_lambda[3] = {};
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) lambda[i] += o[i][j] * psi[j] / scale;
            complex_lambda[i] = {lambda[i], 9.0};  // the imaginary part does not count
        }
        double gradient[3] = {10, 10, 10};
        double by_complex[3] = {10, 10, 10};
        add_amplitude_gradient(x.data(), 3, scale, lambda, gradient);
        add_amplitude_gradient(x.data(), 3, scale, complex_lambda, by_complex);
        for (std::size_t i = 0; i < 3; ++i) {
            std::vector<double> up = x;
            std::vector<double> down = x;
            up[i] += 1e-5;
            down[i] -= 1e-5;
            CHECK(std::abs(gradient[i] - 10 - (value(up) - value(down)) / 2e-5) < 1e-9);
            CHECK(gradient[i] == by_complex[i]);
        }
    }
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

namespace {
/// Angles of token slots, and their transpose as a Jacobian times a vector by finite differences.
template <const auto& Circuit>
void check_slots() {
    using table = slots<Circuit>;
    const reference::numbers with(Circuit, 6);
    const auto exact = reference::angles_of(program<Circuit>, with);
    const auto constant = table::weight_angles(with.weights.data());
    auto token_angles = [&](const std::vector<double>& inputs) {
        std::vector<double> angles(table::token_count);
        table::template for_each_token_angle<double>(constant.data(), inputs.data(),
                                                     [&](std::size_t k, double angle) { angles[k] = angle; });
        return angles;
    };
    const auto angles = token_angles(with.inputs);
    for (std::size_t slot = 0; slot < table::count; ++slot) {
        const double found = program<Circuit>.uniform[slot] ? constant[slot] : angles[table::rank[slot]];
        CHECK(std::abs(found - exact[slot]) < 1e-13);
    }
    random_stream draw(22);
    std::vector<double> gradient;
    for (std::size_t k = 0; k < table::token_count; ++k) gradient.push_back(draw.uniform(-1, 1));
    std::vector<double> by_input(Circuit.inputs, 3.0);
    table::add_input_gradient([&](std::size_t k) { return gradient[k]; }, with.inputs.data(), by_input.data());
    for (std::size_t i = 0; i < Circuit.inputs; ++i) {
        auto up = with.inputs;
        auto down = with.inputs;
        up[i] += 1e-4;
        down[i] -= 1e-4;
        const auto high = token_angles(up);
        const auto low = token_angles(down);
        double slope = 0;  // exact but for rounding: angles are quadratic at most
        for (std::size_t k = 0; k < table::token_count; ++k) slope += gradient[k] * (high[k] - low[k]) / 2e-4;
        CHECK(std::abs(by_input[i] - 3 - slope) < 1e-9);
    }
}
/// 48 token slots: more than are unrolled.
constexpr auto many_slots = circuit<4>(
    repeat<12>(encode<ry>, entangle<cnot>(ring), rotate<rx, 0>, apply<rz, 1>(2 * input(0) + 0.5)), measure<z>);
static_assert(slots<many_slots>::token_count > 32);
}  // namespace

TEST_CASE("slots: angles are what the program's sources say, and input gradients are their transpose") {
    check_slots<ry_ring<4, 2>>();
    check_slots<reference::scaled_angles>();
    check_slots<reference::shifted_angles>();
    check_slots<reference::shared_weights>();
    check_slots<reference::input_products>();
    check_slots<reference::input_squared>();
    check_slots<reference::one_number_everywhere>();
    check_slots<reference::gaps_in_weights>();
    check_slots<many_slots>();
}

namespace {
/// Outputs from strings are the oracle's, and scatter_gradient is the transpose of gather_outputs.
template <const auto& Circuit>
void check_readout() {
    const reference::dense_circuit dense = reference::dense(Circuit);
    const reference::numbers with(Circuit, 8);
    const auto psi = reference::run(dense, with.inputs.data(), with.weights.data());
    std::vector<double> strings;
    for (const auto& string : dense.strings)
        strings.push_back(reference::inner(psi, reference::apply_string(string, psi)).real());
    std::vector<double> outputs(Circuit.outputs), scratch(readout_scratch(Circuit));
    gather_outputs(Circuit, Circuit.outputs, strings.data(), outputs.data(), scratch.data());
    const auto exact = reference::expectations(dense, psi);
    for (std::size_t o = 0; o < exact.size(); ++o) CHECK(std::abs(outputs[o] - exact[o]) < 1e-13);

    random_stream draw(23);
    std::vector<double> upstream;
    for (std::size_t o = 0; o < exact.size(); ++o) upstream.push_back(draw.uniform(-1, 1));
    std::vector<double> by_string(strings.size(), 99);
    scatter_gradient(Circuit, strings.size(), upstream.data(), by_string.data(), scratch.data());
    for (std::size_t k = 0; k < strings.size(); ++k) {  // column k of a linear map
        std::vector<double> unit(strings.size());
        unit[k] = 1;
        gather_outputs(Circuit, Circuit.outputs, unit.data(), outputs.data(), scratch.data());
        double expected = 0;
        for (std::size_t o = 0; o < outputs.size(); ++o) expected += upstream[o] * outputs[o];
        CHECK(std::abs(by_string[k] - expected) < 1e-14);
    }
}
/// A sum that reads a string of a probability block.
constexpr auto string_read_twice = [] {
    auto table = reference::some_probabilities;
    table.terms[0].string = static_cast<std::uint16_t>(table.probabilities[0].first_string + 3);
    return table;
}();
}  // namespace

TEST_CASE("readout: sums and probabilities of strings, and their transpose") {
    check_readout<ry_ring<4, 1>>();
    check_readout<reference::strings>();
    check_readout<reference::one_energy>();
    check_readout<reference::real_sums>();
    check_readout<reference::signed_strings>();
    check_readout<reference::all_probabilities>();
    check_readout<reference::some_probabilities>();
    check_readout<reference::repeated_outputs>();
    check_readout<string_read_twice>();
}
