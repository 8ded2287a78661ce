// SPDX-License-Identifier: Apache-2.0
// OpenQASM out and in: exact texts, round trips over many circuits, mistakes with their places, and arbitrary bytes.
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/qasm.hpp>
#include <qvit/circuit/qasm_number.hpp>
#include <qvit/circuit/qasm_parse.hpp>
#include <qvit/circuit/qasm_write.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>

using namespace qvit;

namespace {
const std::string start = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";

/// A circuit with its angles as numbers.
runtime_circuit bound(runtime_circuit circuit, const std::vector<double>& inputs, const std::vector<double>& weights) {
    for (gate& g : circuit.gates)
        for (std::size_t i = 0; i < angles_of(g.kind); ++i)
            g.angles[i] = g.angles[i].value(inputs.data(), weights.data());
    circuit.inputs = circuit.parameters = 0;
    return circuit;
}

/// 1 - |tr(A^dagger B)| / dimension: 0 where two unitaries agree up to a global phase.
double distance_up_to_phase(const reference::matrix& a, const reference::matrix& b) {
    if (a.dimension != b.dimension) return 1;
    reference::complex trace = 0;
    for (std::size_t j = 0; j < a.dimension; ++j)
        for (std::size_t k = 0; k < a.dimension; ++k) trace += std::conj(a(j, k)) * b(j, k);
    return std::abs(1 - std::abs(trace) / static_cast<double>(a.dimension));
}
reference::matrix unitary_of(const runtime_circuit& circuit) {
    return reference::unitary_of(reference::dense(circuit), nullptr, nullptr);
}

/// The gates of a program body over `qubits` wires of register q.
runtime_circuit program(const std::string& body, std::size_t qubits = 3) {
    const parsed_qasm read = parse_qasm(start + "qreg q[" + std::to_string(qubits) + "];\n" + body);
    REQUIRE_MESSAGE(read, read.message() << " in " << body);
    return read.circuit;
}
double value_of(const std::string& expression) {
    const runtime_circuit circuit = program("rx(" + expression + ") q[0];", 1);
    REQUIRE(circuit.gates.size() == 1);
    return circuit.gates[0].angles[0].offset;
}
gate made(operation kind, qvit::fixed_array<std::uint16_t, 3> wires, qvit::fixed_array<angle, 3> angles = {}) {
    return {kind, wires, angles, 0};
}

bool reads_back(const gate& g) {
    return g.kind != ryy && g.kind != rot && g.kind != iswap && g.kind != rbs && !is_user_matrix(g.kind);
}

std::vector<double> numbers(random_stream& stream, std::size_t count) {
    std::vector<double> result(count);
    for (double& number : result) number = stream.uniform(-4, 4);
    return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
constexpr auto small = circuit<2>(encode<ry>, apply<rx, 1>(2 * input(0) - 0.5), rotate<rz, 0>, apply<cnot, 0, 1>,
                                  apply<rbs, 1, 0>(-weight(0)), apply<rzz, 0, 1>(input(0) * input(1)),
                                  apply_matrix<root_of_z, 1>(), measure<z>);
}  // namespace

TEST_CASE("OpenQASM 3 text of a circuit with parameters") {
    const qasm_text written = to_qasm3(small);
    REQUIRE(written);
    CHECK(written.text == R"(OPENQASM 3.0;
include "stdgates.inc";
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
gate rbs(theta) a, b { cx a, b; cry(-2*theta) b, a; cx a, b; }
gate unitary_0 a { u3(0.0, 1.5707963267948966, 0.0) a; }
input float[64] x0;
input float[64] x1;
input float[64] w0;
qubit[2] q;
ry(x0) q[0];
ry(x1) q[1];
rx(2.0*x0 - 0.5) q[1];
rz(w0) q[0];
cx q[0], q[1];
rbs(-w0) q[1], q[0];
rzz(x0*x1) q[0], q[1];
unitary_0 q[1];
// output 0 = <Z0>
// output 1 = <Z1>
)");
}

TEST_CASE("OpenQASM text of a circuit with values") {
    const std::vector<double> inputs{0.25, 4};
    const std::vector<double> weights{1e-7};
    const qasm_text three = to_qasm3(small, inputs, weights);
    REQUIRE(three);
    CHECK(three.text.find("input") == std::string::npos);
    CHECK(three.text.find("rx(0.0) q[1];\nrz(1.0e-07) q[0];\n") != std::string::npos);

    const qasm_text two = to_qasm2(small, inputs, weights);
    REQUIRE(two);
    CHECK(two.text == R"(OPENQASM 2.0;
include "qelib1.inc";
gate rbs(theta) a, b { cx a, b; cry(-2*theta) b, a; cx a, b; }
gate unitary_0 a { u3(0.0, 1.5707963267948966, 0.0) a; }
qreg q[2];
ry(0.25) q[0];
ry(4.0) q[1];
rx(0.0) q[1];
rz(1.0e-07) q[0];
cx q[0], q[1];
rbs(-1.0e-07) q[1], q[0];
rzz(1.0) q[0], q[1];
unitary_0 q[1];
// output 0 = <Z0>
// output 1 = <Z1>
)");
}

TEST_CASE("a gate is defined where its library lacks it, and only there") {
    // Absent from stdgates.inc: all of these. Absent from qelib1.inc as Qiskit ships it: those with true.
    const std::pair<operation, bool> rare[] = {{sxdg, false}, {rot, true},   {rxx, false}, {ryy, true},
                                               {rzz, false},  {iswap, true}, {rbs, true}};
    for (std::size_t i = 0; i < operation_count; ++i) {
        const auto kind = static_cast<operation>(i);
        if (is_user_matrix(kind)) continue;
        runtime_circuit one(3);
        one.gates.push_back(made(kind, {0, 1, 2}, {0.1, 0.2, 0.3}));
        bool defined_in_two = false;
        bool defined_in_three = false;
        for (const auto& [rare_kind, lacks_two] : rare)
            if (rare_kind == kind) {
                defined_in_two = lacks_two;
                defined_in_three = true;
            }
        CAPTURE(name_of(kind));
        const std::string definition = std::string("\ngate ") + name_of(kind);
        CHECK((to_qasm2(one).text.find(definition) != std::string::npos) == defined_in_two);
        CHECK((to_qasm3(one).text.find(definition) != std::string::npos) == defined_in_three);
        CHECK((to_qasm3(one).text.find("\ngate ") != std::string::npos) == defined_in_three);
    }
}

TEST_CASE("what OpenQASM cannot say is refused with a reason") {
    const std::vector<double> two{1, 2};
    const std::vector<double> one{1};
    CHECK(to_qasm2(small).error == "OpenQASM 2 has no parameters: give values for the 2 inputs and 1 weights");
    CHECK(to_qasm2(small, one, one).error == "the circuit has 2 inputs, not 1");
    CHECK(to_qasm3(small, two, two).error == "the circuit has 1 weights, not 2");
    const std::vector<double> endless{std::numeric_limits<double>::infinity()};
    CHECK(to_qasm2(small, two, endless).error == "an angle is infinite or not a number");
    runtime_circuit loaded = small;
    loaded.amplitude_input = true;
    CHECK(to_qasm3(loaded).error == "OpenQASM cannot say that inputs are amplitudes of the first state");
    CHECK(!to_qasm3(loaded));
    constexpr auto without_angles = circuit<2>(apply<h, 0>, apply<cnot, 0, 1>, measure<z>);
    CHECK(to_qasm2(without_angles));
}

TEST_CASE("circuits of gates that qelib1 has come back from OpenQASM 2 as the same table") {
    random_stream stream(31);
    std::size_t gates = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        runtime_circuit drawn = reference::random_circuit(seed, {.amplitude_input = false});
        std::erase_if(drawn.gates, [](const gate& g) { return !reads_back(g); });
        const auto inputs = numbers(stream, drawn.inputs);
        const auto weights = numbers(stream, drawn.parameters);
        const qasm_text written = to_qasm2(drawn, inputs, weights);
        REQUIRE(written);
        const parsed_qasm read = parse_qasm(written.text);
        REQUIRE_MESSAGE(read, read.message() << "\n" << written.text);
        CHECK(read.circuit.width == drawn.width);
        CHECK(read.circuit.outputs == drawn.width);
        CHECK_MESSAGE(read.circuit.gates == bound(drawn, inputs, weights).gates, written.text);
        gates += drawn.gates.size();
    }
    CHECK(gates > 2000);
}

TEST_CASE("every circuit comes back from either language as the same unitary up to a phase") {
    random_stream stream(32);
    std::size_t matrices = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const runtime_circuit drawn =
            reference::random_circuit(seed, {.most_width = 4, .most_gates = 12, .amplitude_input = false});
        const auto inputs = numbers(stream, drawn.inputs);
        const auto weights = numbers(stream, drawn.parameters);
        const reference::matrix wanted = unitary_of(bound(drawn, inputs, weights));
        const std::string two = to_qasm2(drawn, inputs, weights).text;
        std::string three = to_qasm3(drawn, inputs, weights).text;
        // With the declarations of OpenQASM 2 the rest is OpenQASM 2, too.
        const std::string size = '[' + std::to_string(drawn.width) + ']';
        three = replaced(replaced(replaced(three, "3.0", "2.0"), "stdgates", "qelib1"), "qubit" + size + " q",
                         "qreg q" + size);
        for (const std::string& text : {two, three}) {
            const parsed_qasm read = parse_qasm(text);
            REQUIRE_MESSAGE(read, read.message() << "\n" << text);
            CHECK_MESSAGE(distance_up_to_phase(unitary_of(read.circuit), wanted) < 1e-12, text);
        }
        matrices += drawn.matrices.size();
    }
    CHECK(matrices > 50);
}

TEST_CASE("gates of qelib1 that become several") {
    using reference::complex;
    auto u3_matrix = [](double theta, double phi, double lambda) {
        return reference::matrix_of(operation::u3, theta, phi, lambda);
    };
    // Controlled by wire 0: the identity where index bit 0 is 0.
    auto controlled = [](const reference::matrix& m, complex phase) {
        reference::matrix result = reference::identity_matrix(4);
        for (std::size_t j = 0; j < 2; ++j)
            for (std::size_t k = 0; k < 2; ++k) result(2 * j + 1, 2 * k + 1) = phase * m(j, k);
        return result;
    };
    auto close_to = [](const std::string& body, const reference::matrix& wanted) {
        const std::size_t qubits = wanted.dimension == 2 ? 1 : 2;
        return distance_up_to_phase(unitary_of(program(body, qubits)), wanted) < 1e-14;
    };
    CHECK(close_to("u2(0.3, -1.1) q[0];", u3_matrix(pi / 2, 0.3, -1.1)));
    CHECK(close_to("cu3(0.7, 0.3, -1.1) q[0], q[1];", controlled(u3_matrix(0.7, 0.3, -1.1), 1)));
    CHECK(close_to("cu(0.7, 0.3, -1.1, 0.4) q[0], q[1];",
                   controlled(u3_matrix(0.7, 0.3, -1.1), std::exp(complex(0, 0.4)))));
    CHECK(close_to("csx q[0], q[1];", controlled(reference::matrix_of(operation::sx), 1)));
    CHECK(!close_to("csx q[1], q[0];", controlled(reference::matrix_of(operation::sx), 1)));
    CHECK(program("u0(1) q[0]; U(1, 2, 3) q[1]; CX q[0], q[1]; u1(0.5) q[0]; cu1(0.25) q[1], q[0];").gates ==
          std::vector{made(id, {0}), made(u3, {1}, {1.0, 2.0, 3.0}), made(cnot, {0, 1}), made(p, {0}, {0.5}),
                      made(cp, {1, 0}, {0.25})});
}

TEST_CASE("registers are numbered in order and gates run over whole ones") {
    const parsed_qasm read = parse_qasm(start +
                                        "qreg a[2]; creg c[3]; qreg rather_long_name[3]; qreg rather_long_mame[1];\n"
                                        "h rather_long_name; // a comment; x a;\n"
                                        "cx a[1], rather_long_name;\nx rather_long_mame; barrier a, rather_long_name;\n"
                                        "measure rather_long_name -> c; measure a[0] -> c[0]; y a[1];");
    REQUIRE_MESSAGE(read, read.message());
    CHECK(read.circuit.width == 6);
    CHECK(read.circuit.gates == std::vector{made(h, {2}), made(h, {3}), made(h, {4}), made(cnot, {1, 2}),
                                            made(cnot, {1, 3}), made(cnot, {1, 4}), made(x, {5}), made(y, {1})});
    REQUIRE(read.circuit.outputs == 6);
    CHECK(read.circuit.strings[read.circuit.terms[5].string].at(5) == operation::z);
}

TEST_CASE("definitions are inlined where they are used") {
    const std::string definitions =
        "gate turn(a, b) left, right { rx(a - b) right; barrier left, right; cx right, left; }\n"
        "gate twice(a) p0, p1 { turn(a, -a/2) p1, p0; turn(2*a, 1) p0, p1; }\n"
        "gate nothing() n { }\n";
    CHECK(program(definitions + "nothing q[0]; nothing() q; twice(1) q[2], q[0]; turn(pi, pi) q[1], q[0];").gates ==
          std::vector{made(rx, {2}, {1.5}), made(cnot, {2, 0}), made(rx, {0}, {1.0}), made(cnot, {0, 2}),
                      made(rx, {0}, {0.0}), made(cnot, {0, 1})});
    // A definition hides qelib1's gate of the same name, from there on.
    CHECK(program("h q[0]; gate h a { x a; } h q[0];").gates == std::vector{made(h, {0}), made(x, {0})});
}

TEST_CASE("expressions have the usual values") {
    CHECK(value_of("1+2*3") == 7);
    CHECK(value_of("(1+2)*3") == 9);
    CHECK(value_of("8/4/2-1-1") == -1);
    CHECK(value_of("2^3^2") == 512);
    CHECK(value_of("-2^2") == -4);
    CHECK(value_of("2^-1*4") == 2);
    CHECK(value_of("--3") == 3);
    CHECK(value_of("pi") == pi);
    CHECK(value_of("-pi/2") == -pi / 2);
    CHECK(value_of(".5e1") == 5);
    CHECK(value_of("5.") == 5);
    CHECK(value_of("1E+2") == 100);
    CHECK(value_of("0^0") == 1);
    CHECK(value_of("0^2.5") == 0);
    CHECK(value_of("1e-320") == 0);
    CHECK(value_of("123456789012345678901234567890") == 123456789012345678901234567890.0);
    const std::pair<const char*, double> cases[] = {
        {"sin(1.25)", std::sin(1.25)},
        {"cos(-40.5)", std::cos(-40.5)},
        {"tan(2)", std::tan(2)},
        {"exp(-3.5)", std::exp(-3.5)},
        {"ln(17)", std::log(17)},
        {"sqrt(3)", std::sqrt(3)},
        {"2.5^1.5", std::pow(2.5, 1.5)},
        {"(-3)^3", -27.0},
        {"9^-0.5", 1 / 3.0},
        {"sin(cos(pi/5)*2)^2", std::pow(std::sin(std::cos(pi / 5) * 2), 2)}};
    for (const auto& pair : cases)
        CHECK_MESSAGE(reference::close(value_of(pair.first), pair.second, 1e-15, 0), pair.first);
}

TEST_CASE("numbers read back as the same double") {
    random_stream stream(33);
    auto bits = [&] { return std::uint64_t{stream.below(0xffffffffU)} << 32 | stream.below(0xffffffffU); };
    std::size_t wrong = 0;
    std::size_t read = 0;
    for (int i = 0; i < 200000; ++i) {
        const double value = std::abs(std::bit_cast<double>(bits()));
        if (!(value > 1e-280 && value < 1e150)) continue;
        std::array<char, 40> text{};
        std::snprintf(text.data(), text.size(), "%.*e", i % 2 == 0 ? 16 : static_cast<int>(bits() % 16), value);
        const double wanted = std::strtod(text.data(), nullptr);
        qasm_lexer lexer{text.data()};
        lexer.advance();
        wrong += lexer.token.number != wanted ? 1 : 0;
        ++read;
    }
    CHECK(read > 50000);
    CHECK(wrong == 0);
    // Ties between two doubles go to the even one, just beside they do not.
    CHECK(decimal_to_double(9007199254740993, 0) == 9007199254740992.0);
    CHECK(decimal_to_double(9007199254740995, 0) == 9007199254740996.0);
    CHECK(decimal_to_double(90071992547409930, -1) == 9007199254740992.0);
    CHECK(decimal_to_double(9007199254740993001, -3) == 9007199254740994.0);
    CHECK(decimal_to_double(1, 150) == 1e150);
    static_assert(decimal_to_double(78539816339744828, -17) == 0.78539816339744828);
    static_assert(decimal_to_double(12246467991473532, -32) == 1.2246467991473532e-16);
}

TEST_CASE("mistakes are found where they are") {
    struct wrong_program {
        qasm_mistake mistake;
        std::size_t line;
        std::size_t column;
        std::string text;
    };
    using enum qasm_mistake;
    const std::string begun = start + "qreg q[3]; creg c[2];\n";  // the rest is line 4
    const wrong_program programs[] = {
        {expected_OPENQASM_2_0_at_the_start, 1, 1, ""},
        {expected_OPENQASM_2_0_at_the_start, 2, 3, "// only\n  qreg q[1];"},
        {only_version_2_0_is_read, 1, 10, "OPENQASM 3.0;"},
        {expected_a_semicolon, 2, 1, "OPENQASM 2.0\ninclude \"qelib1.inc\";"},
        {only_qelib1_inc_can_be_included, 2, 9, "OPENQASM 2.0;\ninclude \"stdgates.inc\";"},
        {no_qubits, 3, 1, start},
        {text_ends_too_early, 1, 13, "OPENQASM 2.0"},
        {unknown_gate, 1, 26, "OPENQASM 2.0; qreg q[1]; h q;"},
        {character_is_not_openqasm, 4, 1, begun + "$"},
        {character_is_not_openqasm, 4, 4, begun + "h q\xc3\xa4;"},
        {expected_a_statement, 4, 2, begun + " 5;"},
        {text_ends_too_early, 4, 4, begun + "h q"},
        {expected_a_semicolon, 5, 1, begun + "h q\nx q;"},
        {expected_a_name, 4, 3, begun + "h [0];"},
        {expected_an_index, 4, 5, begun + "h q[0.0];"},
        {expected_an_expression, 4, 4, begun + "rx(*1) q;"},
        {expected_an_expression, 4, 6, begun + "rx(1,) q;"},
        {expected_a_comma_or_bracket, 4, 6, begun + "rx(1 2) q;"},
        {expected_a_comma_or_bracket, 4, 8, begun + "rx(sin 1) q;"},
        {expected_a_brace, 4, 10, begun + "gate g a ; }"},
        {expected_an_arrow, 4, 11, begun + "measure q c;"},
        {unknown_gate, 4, 1, begun + "iswap q[0], q[1];"},
        {unknown_gate, 4, 12, begun + "gate g a { hh a; }"},
        {unknown_register, 4, 3, begun + "h r;"},
        {unknown_register, 4, 14, begun + "gate g a { h b; }"},
        {unknown_parameter, 4, 4, begun + "rx(theta) q;"},
        {unknown_parameter, 4, 18, begun + "gate g(t) a { rx(s) a; }"},
        {name_already_used, 4, 6, begun + "qreg c[1];"},
        {name_already_used, 4, 10, begun + "gate g(a,a) b { }"},
        {name_already_used, 4, 24, begun + "gate g a { x a; } gate g b { }"},
        {name_is_reserved, 4, 6, begun + "qreg pi[1];"},
        {index_outside_register, 4, 5, begun + "h q[3];"},
        {index_outside_register, 4, 5, begun + "h q[99999999999999999999999];"},
        {qubits_belong_here, 4, 3, begun + "h c;"},
        {classical_bits_belong_here, 4, 17, begun + "measure q[0] -> q[1];"},
        {registers_differ_in_size, 4, 14, begun + "measure q -> c;"},
        {registers_differ_in_size, 4, 18, begun + "qreg r[2]; cx q, r;"},
        {wrong_number_of_qubits, 4, 1, begun + "cx q[0];"},
        {wrong_number_of_qubits, 4, 12, begun + "gate g a { cx a; }"},
        {wrong_number_of_parameters, 4, 1, begun + "rx q[0];"},
        {wrong_number_of_parameters, 4, 1, begun + "u3(1,2) q[0];"},
        {same_qubit_twice, 4, 10, begun + "cx q[1], q[1];"},
        {same_qubit_twice, 4, 7, begun + "cx q, q[1];"},
        {same_qubit_twice, 4, 18, begun + "gate g a { cx a, a; }"},
        {gate_after_measurement, 4, 26, begun + "measure q[0] -> c[0];  x q[0];"},
        {gate_uses_itself, 4, 12, begun + "gate g a { g a; }"},
        {only_gates_may_stand_in_a_gate_body, 4, 12, begun + "gate g a { measure a -> c; }"},
        {reset_is_not_supported, 4, 1, begun + "reset q;"},
        {if_is_not_supported, 4, 1, begun + "if(c==1) x q;"},
        {opaque_is_not_supported, 4, 1, begun + "opaque g a;"},
        {division_by_zero, 4, 5, begun + "rx(1/0) q;"},
        {division_by_zero, 4, 19, begun + "gate g(t) a { rx(1/t) a; }\ng(1-1) q;"},
        {division_by_zero, 4, 5, begun + "rx(0^-1) q;"},
        {number_too_large, 4, 4, begun + "rx(1e151) q;"},
        {number_too_large, 4, 9, begun + "rx(1e100*1e100) q;"},
        {number_too_large, 4, 4, begun + "rx(exp(1000)) q;"},
        {number_too_large, 4, 5, begun + "rx(9^999) q;"},
        {not_a_real_number, 4, 4, begun + "rx(sqrt(-1)) q;"},
        {not_a_real_number, 4, 4, begun + "rx(ln(0)) q;"},
        {not_a_real_number, 4, 8, begun + "rx((-8)^(1/3)) q;"},
        {nested_too_deeply, 4, 69, begun + "rx(" + std::string(100, '(') + "1" + std::string(100, ')') + ") q;"},
        {more_than_64_qubits, 4, 8, begun + "qreg r[62];"},
        {register_is_empty, 4, 8, begun + "qreg r[0];"},
    };
    for (const wrong_program& wrong : programs) {
        const parsed_qasm read = parse_qasm(wrong.text);
        CAPTURE(wrong.text);
        CHECK(!read);
        CHECK(message(read.mistake) == message(wrong.mistake));
        CHECK(read.line == wrong.line);
        CHECK(read.column == wrong.column);
        CHECK(read.circuit.gates.empty());
    }
    CHECK(parse_qasm(begun + "h r;").message() == "line 4, column 3: no register or qubit of this name");
}

TEST_CASE("definitions that double each other end soon") {
    for (const std::string body : {"x a;", ""}) {
        std::string text = start + "gate g0 a { " + body + " }\n";
        for (int i = 1; i < 60; ++i) {
            const std::string inner = 'g' + std::to_string(i - 1) + " a; ";
            text += "gate g" + std::to_string(i) + " a { " + inner + inner + "}\n";
        }
        const parsed_qasm few = parse_qasm(text + "qreg q[1]; g8 q;");
        REQUIRE(few);
        CHECK(few.circuit.gates.size() == (body.empty() ? 0 : 256));
        CHECK(parse_qasm(text + "qreg q[1]; g59 q;").mistake == qasm_mistake::too_many_gates);
    }
    std::string deep = start + "gate g0 a { x a; }\n";
    for (int i = 1; i < 70; ++i) deep += "gate g" + std::to_string(i) + " a { g" + std::to_string(i - 1) + " a; }\n";
    CHECK(parse_qasm(deep + "qreg q[1]; g69 q;").mistake == qasm_mistake::nested_too_deeply);
    std::string names = "OPENQASM 2.0; ";
    for (int i = 0; i < 5000; ++i) names += "creg c" + std::to_string(i) + "[1]; ";
    CHECK(parse_qasm(names).mistake == qasm_mistake::too_many_names);
}

namespace {
constexpr fixed_string everything = R"(OPENQASM 2.0;
include "qelib1.inc";
gate mix(a, b) u, v { rx(a*sin(b)/2) u; cu3(a, -b, a^2) u, v; }
qreg q[3]; creg c[3];
h q; mix(0.3, pi/7) q[2], q[0];
cswap q[0], q[1], q[2]; // the third
u2(ln(2), sqrt(3)) q[1]; rzz(1.2246467991473532e-16) q[1], q[2];
measure q -> c;
)";
constexpr auto everything_read = qasm<everything>;

/// A long program: `Size` characters of the same piece after the head.
template <std::size_t Times>
constexpr auto repeated_program() {
    constexpr std::string_view head = "OPENQASM 2.0;include \"qelib1.inc\";qreg q[8];\n";
    constexpr std::string_view piece = "rx(0.78539816339744828) q[3];cx q[3],q[4];\n";
    char text[head.size() + Times * piece.size() + 1]{};
    std::size_t at = 0;
    for (const char c : head) text[at++] = c;
    for (std::size_t i = 0; i < Times; ++i)
        for (const char c : piece) text[at++] = c;
    return fixed_string(text);
}
constexpr auto long_circuit = qasm<repeated_program<125>()>;
static_assert(long_circuit.gate_count == 250);
static_assert(long_circuit.gates[248].angles[0] == 0.78539816339744828);
}  // namespace

TEST_CASE("a program read by the compiler is the one read at run time") {
    const parsed_qasm read = parse_qasm(everything.view());
    REQUIRE_MESSAGE(read, read.message());
    const runtime_circuit compiled = everything_read;
    CHECK(compiled.gates == read.circuit.gates);
    CHECK(compiled.strings == read.circuit.strings);
    CHECK(compiled.terms == read.circuit.terms);
    CHECK(compiled.width == read.circuit.width);
    CHECK(compiled.outputs == 3);
    static_assert(everything_read.gate_count == 13);
    static_assert(everything_read.gates[10].kind == cswap);
}

TEST_CASE("any bytes give a circuit or a mistake inside the text") {
    std::vector<std::string> sources{std::string(everything.view())};
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const runtime_circuit drawn = reference::random_circuit(seed, {.most_gates = 10, .amplitude_input = false});
        const std::vector<double> ones(drawn.inputs + drawn.parameters, 1);
        sources.push_back(
            to_qasm2(drawn, std::span(ones).first(drawn.inputs), std::span(ones).first(drawn.parameters)).text);
    }
    const std::string_view words[] = {"gate ", "(",  ")",  "{",    "}",    "[",       "]",     ";",
                                      "->",    "q",  "pi", "^",    "-",    "/0",      "1e999", "99999999999",
                                      "\"",    "//", "\n", "qreg", "sin(", "measure "};
    random_stream stream(34);
    std::size_t circuits = 0;
    std::size_t mistakes = 0;
    for (int round = 0; round < 6000; ++round) {
        std::string text = sources[stream.below(static_cast<std::uint32_t>(sources.size()))];
        for (std::uint32_t change = 1 + stream.below(4); change > 0; --change) {
            const std::size_t at = stream.below(static_cast<std::uint32_t>(text.size() + 1));
            const std::size_t length = stream.below(12);
            switch (stream.below(6)) {
                case 0:
                    text.insert(at, 1, static_cast<char>(stream.below(256)));
                    break;
                case 1:
                    text.erase(at, length);
                    break;
                case 2:
                    text.insert(at, words[stream.below(std::size(words))]);
                    break;
                case 3:
                    text.insert(at, text.substr(text.size() / 2, 4 * length));
                    break;
                case 4:
                    text.resize(at);
                    break;
                default:
                    if (at < text.size()) text[at] = static_cast<char>(stream.below(256));
                    break;
            }
        }
        const parsed_qasm read = parse_qasm(text);
        if (read) {
            ++circuits;
            REQUIRE(read.circuit.width >= 1);
            REQUIRE(read.circuit.width <= 64);
            for (const gate& g : read.circuit.gates)
                for (std::size_t i = 0; i < wires_of(g.kind); ++i) REQUIRE(g.wires[i] < read.circuit.width);
        } else {
            ++mistakes;
            std::size_t line = 1;
            std::size_t begin = 0;
            while (line < read.line) {
                begin = text.find('\n', begin) + 1;
                REQUIRE(begin != 0);
                ++line;
            }
            REQUIRE(begin + read.column <= text.size() + 1);
        }
    }
    CHECK(circuits > 500);
    CHECK(mistakes > 2000);
}
