// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/circuit/circuit_text.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/kak.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/zyz.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// An OpenQASM program, or why there is none; true if there is.
struct qasm_text {
    std::string text;
    std::string error;
    explicit operator bool() const { return error.empty(); }
};

namespace detail {
/// A number that reads back as the same double, with a point, which OpenQASM 2 asks of real numbers.
inline std::string qasm_number(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    std::string text(digits.data(), end.ptr);
    if (text.find('.') == std::string::npos) text.insert(std::min(text.find('e'), text.size()), ".0");
    return text;
}

/// The definition of a gate that a language lacks, in words that both have.
struct qasm_gate_definition {
    operation kind;
    bool in_qelib1;  ///< needs no definition in OpenQASM 2
    std::string_view text;
};
inline constexpr qasm_gate_definition qasm_gate_definitions[] = {
    {operation::sxdg, true, "gate sxdg a { s a; h a; s a; }\n"},
    {operation::rot, false, "gate rot(phi, theta, omega) a { rz(phi) a; ry(theta) a; rz(omega) a; }\n"},
    {operation::rxx, true, "gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }\n"},
    {operation::ryy, false,
     "gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(theta) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }\n"},
    {operation::rzz, true, "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }\n"},
    {operation::iswap, false, "gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }\n"},
    {operation::rbs, false, "gate rbs(theta) a, b { cx a, b; cry(-2*theta) b, a; cx a, b; }\n"},
};
}  // namespace detail

/// The OpenQASM writer behind `to_qasm2` and `to_qasm3`: one circuit, once.
class qasm_printer {
  public:
    enum class version { two, three };

    /// With `values` the angles are numbers, else expressions in x0, x1, ... and w0, w1, ...
    qasm_printer(const runtime_circuit& circuit, version language, bool with_values, std::span<const double> inputs,
                 std::span<const double> weights)
        : circuit_(circuit), language_(language), with_values_(with_values), inputs_(inputs), weights_(weights) {}

    qasm_text print() {
        if (const std::string error = mistake(); !error.empty()) return {{}, error};
        put(three() ? "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n" : "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n");
        definitions();
        if (!with_values_) {
            for (std::size_t i = 0; i < circuit_.inputs; ++i) put("input float[64] x" + std::to_string(i) + ";\n");
            for (std::size_t i = 0; i < circuit_.parameters; ++i) put("input float[64] w" + std::to_string(i) + ";\n");
        }
        const std::string wires = '[' + std::to_string(circuit_.width) + ']';
        put(three() ? "qubit" + wires + " q;\n" : "qreg q" + wires + ";\n");
        for (const gate& g : circuit_.gates) statement(g);
        std::vector<std::size_t> seen(circuit_.outputs);
        circuit_text::output_lines(*this, circuit_, "// ", seen, [](std::size_t) { return false; });
        return {text_, {}};
    }
    void put(std::string_view part) { text_ += part; }

  private:
    bool three() const { return language_ == version::three; }

    std::string mistake() const {
        if (circuit_.amplitude_input) return "OpenQASM cannot say that inputs are amplitudes of the first state";
        if (!with_values_)
            return three() || circuit_.inputs + circuit_.parameters == 0
                       ? std::string()
                       : "OpenQASM 2 has no parameters: give values for the " + std::to_string(circuit_.inputs) +
                             " inputs and " + std::to_string(circuit_.parameters) + " weights";
        if (inputs_.size() != circuit_.inputs) return wrong_count("inputs", circuit_.inputs, inputs_.size());
        if (weights_.size() != circuit_.parameters) return wrong_count("weights", circuit_.parameters, weights_.size());
        for (const gate& g : circuit_.gates)
            for (std::size_t i = 0; i < angles_of(g.kind); ++i)
                if (!std::isfinite(g.angles[i].value(inputs_.data(), weights_.data())))
                    return "an angle is infinite or not a number";
        return {};
    }
    static std::string wrong_count(const char* what, std::size_t wanted, std::size_t given) {
        return "the circuit has " + std::to_string(wanted) + ' ' + what + ", not " + std::to_string(given);
    }

    void definitions() {
        std::array<bool, operation_count> used{};
        auto use = [&](operation kind) { used[static_cast<std::size_t>(kind)] = true; };
        for (const gate& g : circuit_.gates) use(g.kind);
        std::vector<bool> matrix_used(circuit_.matrices.size());
        for (const gate& g : circuit_.gates)
            if (is_user_matrix(g.kind)) matrix_used[g.matrix] = true;
        std::string of_matrices;
        for (std::size_t i = 0; i < circuit_.matrices.size(); ++i) {
            const unitary_matrix& matrix = circuit_.matrices[i];
            if (!matrix_used[i]) continue;
            of_matrices += "gate unitary_" + std::to_string(i);
            if (matrix.wires == 1) {
                of_matrices += " a { " + rotation(zyz_of(matrix), " a;") + " }\n";
                continue;
            }
            const kak_decomposition parts = kak_of(matrix);
            of_matrices += " a, b { " + rotation(parts.before[0], " a; ") + rotation(parts.before[1], " b; ");
            const std::array<operation, 3> kinds{operation::rxx, operation::ryy, operation::rzz};
            const std::array<double, 3> angles{parts.xx, parts.yy, parts.zz};
            for (std::size_t k = 0; k < 3; ++k) {
                if (angles[k] == 0) continue;
                use(kinds[k]);
                of_matrices += std::string(name_of(kinds[k])) + '(' + detail::qasm_number(angles[k]) + ") a, b; ";
            }
            of_matrices += rotation(parts.after[0], " a; ") + rotation(parts.after[1], " b;") + " }\n";
        }
        for (const auto& [kind, in_qelib1, definition] : detail::qasm_gate_definitions)
            if (used[static_cast<std::size_t>(kind)] && (three() || !in_qelib1)) put(definition);
        put(of_matrices);
    }
    static std::string rotation(const zyz_angles& angles, const char* qubit) {  // u3 is RZ(phi) RY(theta) RZ(lambda)
        return "u3(" + detail::qasm_number(angles.theta) + ", " + detail::qasm_number(angles.phi) + ", " +
               detail::qasm_number(angles.lambda) + ')' + qubit;
    }

    std::string expression(const angle& a) const {
        if (with_values_) return detail::qasm_number(a.value(inputs_.data(), weights_.data()));
        if (a.source == angle_source::constant) return detail::qasm_number(a.offset);
        std::string text = a.scale == 1 ? "" : a.scale == -1 ? "-" : detail::qasm_number(a.scale) + '*';
        text += (a.reads_weight() ? 'w' : 'x') + std::to_string(a.index);
        if (a.source == angle_source::data_product) text += "*x" + std::to_string(a.second);
        if (a.offset != 0)
            text += (a.offset < 0 ? " - " : " + ") + detail::qasm_number(a.offset < 0 ? -a.offset : a.offset);
        return text;
    }
    std::string name(const gate& g) const {
        if (is_user_matrix(g.kind)) return "unitary_" + std::to_string(g.matrix);
        // The first qelib1.inc has u1 and cu1 only; OpenQASM 3 prefers the newer names.
        if (!three() && g.kind == operation::p) return "u1";
        if (!three() && g.kind == operation::cp) return "cu1";
        return name_of(g.kind);
    }
    void statement(const gate& g) {
        put(name(g));
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) {
            put(i == 0 ? "(" : ", ");
            put(expression(g.angles[i]));
        }
        if (angles_of(g.kind) != 0) put(")");
        for (std::size_t i = 0; i < wires_of(g.kind); ++i) {
            put(i == 0 ? " q[" : ", q[");
            put(std::to_string(g.wires[i]) + ']');
        }
        put(";\n");
    }

    const runtime_circuit& circuit_;
    version language_;
    bool with_values_;
    std::span<const double> inputs_;
    std::span<const double> weights_;
    std::string text_;
};

}  // namespace qvit::inline QVIT_ABI
