// SPDX-License-Identifier: Apache-2.0
// Drawings of circuits, exactly; made by the compiler they are the same.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/circuit_text.hpp>
#include <qvit/circuit/draw.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <reference/random_circuit.hpp>

using namespace qvit;

namespace {
constexpr auto projection = circuit<3>(encode<ry>, rotate<ry>, entangle<cnot>(ring), measure<z>);
constexpr std::string_view picture_of_projection =
    "0: ─RY(x0)─RY(w0)─●───X─<Z>\n"
    "1: ─RY(x1)─RY(w1)─X─●─│─<Z>\n"
    "2: ─RY(x2)─RY(w2)───X─●─<Z>\n";

constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
constexpr unitary_matrix exchange{2, {{{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}}}};
constexpr auto one_wire_gates =
    circuit<2>(apply<h>, apply<s, 0>, apply<sdg, 0>, apply<t, 0>, apply<tdg, 0>, apply<sx, 0>, apply<sxdg, 0>,
               apply<id, 0>, apply<y, 0>, apply<z, 0>, apply<x, 0>, rotate<rot, 1>, apply<p, 1>(-input(1)),
               apply<u3, 1>(0.5, 3 - weight(2), 2.5e-7), measure<x, 1>);
constexpr auto wide_gates =
    circuit<4>(apply<ccx, 3, 0, 1>, apply<cswap, 1, 0, 3>, apply<swap, 0, 1>, apply<iswap, 2, 3>, apply<cz, 0, 2>,
               apply<cy, 3, 2>, apply<ch, 0, 1>, rotate<crx, 1, 2>, apply<cp, 3, 2>(input(0) / 2),
               apply<rzz, 0, 2>(input(0) * input(1)), apply<rbs, 3, 2>(2 * weight(0) + pi / 4),
               apply_matrix<root_of_z, 0>(), apply_matrix<exchange, 3, 0>(), measure<z, 0, 1>, measure<y, 0>);

std::string number(double value) {
    fixed_drawing<64> text;
    circuit_text::number(text, value);
    return std::string(text.view());
}
}  // namespace

TEST_CASE("a drawing has a line per wire") {
    CHECK(draw(projection) == picture_of_projection);
    CHECK(draw(runtime_circuit(projection)) == picture_of_projection);
    static_assert(drawn<projection>.view() == picture_of_projection);
}

TEST_CASE("gates of one wire in a drawing") {
    CHECK(draw(one_wire_gates) ==
          "0: ─H─S─────────────S†─────T────────────────────T†─SX─SX†─I─Y─Z─X─\n"
          "1: ─H─Rot(w0,w1,w2)─P(-x1)─U3(0.5,-w2+3,2.5e-7)───────────────────<X>\n");
}

TEST_CASE("gates of several wires in a drawing") {
    CHECK(draw(wide_gates) ==
          "0: ─●─×─×─────●─●──────────────────RZZ(x0*x1)─U0──────────────U1:1─<Z><Y>\n"
          "1: ─X─●─×─────│─H─●────────────────│──────────────────────────│────<Z>\n"
          "2: ─│─│─iSWAP─●─Y─RX(w0)─P(0.5*x0)─RZZ────────RBS─────────────│────\n"
          "3: ─●─×─iSWAP───●────────●────────────────────RBS(2*w0+0.785)─U1:0─\n");
}

TEST_CASE("outputs of several Paulis stand below a drawing") {
    runtime_circuit measured(12);
    measured.gates.push_back({h, {10}, {}, 0});
    auto add_string = [&](bool negative, auto... paulis) {
        pauli_string<runtime_circuit::max_width> string;
        string.negative = negative;
        (string.set(paulis.first, paulis.second), ...);
        measured.strings.push_back(string);
        return static_cast<std::uint16_t>(measured.strings.size() - 1);
    };
    using on = std::pair<std::size_t, operation>;
    const auto zz = add_string(false, on{0, z}, on{11, z});
    const auto minus_x = add_string(true, on{2, x});
    const auto y3 = add_string(false, on{3, y});
    const auto nothing = add_string(false);
    measured.terms = {{1, zz, 0.5}, {0, y3, 1}, {1, minus_x, 1}, {2, minus_x, 1}, {3, nothing, -2.25}, {1, y3, 3}};
    measured.outputs = 4;
    for (int bits = 0; bits < 4; ++bits) {
        const auto string = add_string(false);
        if ((bits & 1) != 0) measured.strings[string].set(5, z);
        if ((bits & 2) != 0) measured.strings[string].set(1, z);
    }
    measured.probabilities = {{4, 4, 2}};
    measured.outputs += 4;
    const std::string picture = draw(measured);
    CHECK(picture.substr(0, picture.find("output")) ==
          " 0: ───\n 1: ───\n 2: ───\n 3: ───<Y>\n 4: ───\n 5: ───\n 6: ───\n 7: ───\n 8: ───\n 9: ───\n10: ─H─\n11: "
          "───\n");
    CHECK(picture.substr(picture.find("output")) ==
          "output 1 = 0.5*<Z0 Z11>-<X2>+3*<Y3>\n"
          "output 2 = -<X2>\n"
          "output 3 = -2.25*<1>\n"
          "outputs 4..7 = probabilities of wires 5, 1\n");
}

TEST_CASE("a register that starts in its inputs says so") {
    runtime_circuit loaded(1);
    loaded.amplitude_input = true;
    loaded.measure_all_z();
    CHECK(draw(loaded) == "0: |x>─<Z>\n");
}

TEST_CASE("numbers in drawings are short") {
    CHECK(number(0) == "0");
    CHECK(number(-2) == "-2");
    CHECK(number(pi / 4) == "0.785");
    CHECK(number(0.5) == "0.5");
    CHECK(number(1.04) == "1.04");
    CHECK(number(-0.001) == "-0.001");
    CHECK(number(0.00012346) == "1.235e-4");
    CHECK(number(0.9999) == "1");
    CHECK(number(123456.7891) == "123456.789");
    CHECK(number(1e6) == "1e6");
    CHECK(number(9.9999e20) == "1e21");
    CHECK(number(1.5e300) == "1.5e300");
}

TEST_CASE("every circuit can be drawn, each line as wide as the others") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        runtime_circuit drawn_circuit = reference::random_circuit(seed);
        drawn_circuit.terms.clear();
        drawn_circuit.probabilities.clear();
        const std::string picture = draw(drawn_circuit);
        std::size_t lines = 0;
        std::size_t widest = 0;
        std::size_t narrowest = static_cast<std::size_t>(-1);
        for (std::size_t begin = 0; begin < picture.size(); ++lines) {
            const std::size_t end = picture.find('\n', begin);
            text_meter meter;
            meter.put(std::string_view(picture).substr(begin, end - begin));
            widest = std::max(widest, meter.columns);
            narrowest = std::min(narrowest, meter.columns);
            begin = end + 1;
        }
        CHECK(lines == drawn_circuit.width);
        CHECK(widest == narrowest);
    }
}
