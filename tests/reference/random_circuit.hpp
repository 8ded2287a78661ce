// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>

namespace reference {

/// Which gates a random circuit may have.
enum class gate_choice { any, real, clifford, diagonal, rotations };

struct random_circuit_options {
    std::size_t least_width = 1;
    std::size_t most_width = 5;
    std::size_t most_gates = 24;
    bool amplitude_input = true;  ///< one circuit in eight starts in its input vector
    bool probabilities = true;    ///< one circuit in four has a probability block
    bool matrices = true;
};

/// Draws the parts of random circuits; everything follows from the seed.
class circuit_drawer {
    qvit::random_stream draw_;
    qvit::runtime_circuit circuit_;
    gate_choice choice_;

    std::size_t below(std::size_t bound) { return draw_.below(static_cast<std::uint32_t>(bound)); }
    bool one_in(std::size_t n) { return below(n) == 0; }

  public:
    circuit_drawer(std::uint64_t seed, gate_choice choice) : draw_(seed, 2000), choice_(choice) {}

    qvit::runtime_circuit circuit(const random_circuit_options& options) {
        circuit_ = qvit::runtime_circuit(options.least_width + below(options.most_width - options.least_width + 1));
        circuit_.inputs = below(circuit_.width + 2);
        circuit_.parameters = below(2 * circuit_.width + 2);
        if (options.amplitude_input && one_in(8)) {
            circuit_.amplitude_input = true;
            circuit_.inputs = (std::size_t{1} << circuit_.width) + below(3);
        }
        if (choice_ == gate_choice::diagonal || one_in(4))
            for (std::size_t wire = 0; wire < circuit_.width; ++wire)
                circuit_.gates.push_back(fixed_gate(qvit::h, wire));
        const std::size_t gates = below(options.most_gates + 1);
        for (std::size_t i = 0; i < gates; ++i) add_gate(options.matrices);
        add_outputs();
        if (options.probabilities && one_in(4)) add_probabilities();
        return circuit_;
    }

    /// A unitary matrix: Gram-Schmidt on rows of normal numbers, real ones sometimes.
    qvit::unitary_matrix unitary(std::size_t wires, bool real) {
        qvit::unitary_matrix m;
        m.wires = wires;
        const std::size_t n = m.dimension();
        for (std::size_t row = 0; row < n; ++row) {
            for (std::size_t k = 0; k < n; ++k) {
                m.entry[row][k].re = draw_.normal();
                m.entry[row][k].im = real ? 0 : draw_.normal();
            }
            for (int pass = 0; pass < 2; ++pass)  // twice is enough (Kahan)
                for (std::size_t other = 0; other < row; ++other) subtract_projection(m, row, other, n);
            double squares = 0;
            for (std::size_t k = 0; k < n; ++k) squares += m.entry[row][k].norm();
            for (std::size_t k = 0; k < n; ++k) m.entry[row][k] = m.entry[row][k] * (1 / std::sqrt(squares));
        }
        return m;
    }

  private:
    static void subtract_projection(qvit::unitary_matrix& m, std::size_t row, std::size_t other, std::size_t n) {
        qvit::complex_constant overlap;
        for (std::size_t k = 0; k < n; ++k) overlap = overlap + m.entry[other][k].conjugate() * m.entry[row][k];
        for (std::size_t k = 0; k < n; ++k) m.entry[row][k] = m.entry[row][k] - overlap * m.entry[other][k];
    }
    static qvit::gate fixed_gate(qvit::operation kind, std::size_t wire) {
        return {kind, {static_cast<std::uint16_t>(wire)}, {}, 0};
    }

    /// Every form of angle.
    qvit::angle angle() {
        constexpr double quarter = qvit::pi / 4;
        const bool data = circuit_.inputs > 0;
        const bool clifford = choice_ == gate_choice::clifford;
        switch (clifford ? 7 : below(8)) {
            case 0:
                return data ? qvit::input(below(circuit_.inputs)) : qvit::angle(0.0);
            case 1:
                if (data)
                    return (draw_.uniform() < 0.5 ? 2.0 : -0.5) * qvit::input(below(circuit_.inputs)) +
                           quarter * static_cast<double>(below(4));
                [[fallthrough]];
            case 2:
                if (data) return qvit::input(below(circuit_.inputs)) * qvit::input(below(circuit_.inputs));
                [[fallthrough]];
            case 3:
            case 4:
                if (circuit_.parameters > 0) return qvit::weight(below(circuit_.parameters));
                [[fallthrough]];
            case 5:
                if (circuit_.parameters > 0)
                    return draw_.uniform(-2, 2) * qvit::weight(below(circuit_.parameters)) + draw_.uniform(-1, 1);
                [[fallthrough]];
            case 6:
                return draw_.uniform(-4, 4);
            default:
                break;
        }
        return (clifford ? 2 * quarter : quarter) * (static_cast<double>(below(17)) - 8);
    }

    bool allowed(qvit::operation kind) const {
        constexpr std::array clifford{qvit::id,  qvit::x,    qvit::y,    qvit::z,  qvit::h,    qvit::s,
                                      qvit::sdg, qvit::sx,   qvit::sxdg, qvit::rx, qvit::ry,   qvit::rz,
                                      qvit::p,   qvit::cnot, qvit::cy,   qvit::cz, qvit::swap, qvit::iswap,
                                      qvit::rxx, qvit::ryy,  qvit::rzz,  qvit::u3, qvit::rot};
        constexpr std::array diagonal{qvit::id, qvit::z, qvit::s,  qvit::sdg, qvit::t,  qvit::tdg,
                                      qvit::rz, qvit::p, qvit::cz, qvit::crz, qvit::cp, qvit::rzz};
        constexpr std::array rotations{qvit::rx, qvit::ry, qvit::rz, qvit::cnot, qvit::cz};
        auto in = [kind](const auto& list) { return std::find(list.begin(), list.end(), kind) != list.end(); };
        if (qvit::is_user_matrix(kind)) return choice_ == gate_choice::any || choice_ == gate_choice::real;
        switch (choice_) {
            case gate_choice::real:
                return qvit::facts_of(kind).real;
            case gate_choice::clifford:
                return in(clifford);
            case gate_choice::diagonal:
                return in(diagonal);
            case gate_choice::rotations:
                return in(rotations);
            case gate_choice::any:
                break;
        }
        return true;
    }

    void add_gate(bool matrices) {
        qvit::gate g;
        do {
            g.kind = static_cast<qvit::operation>(below(qvit::operation_count));
        } while (!allowed(g.kind) || qvit::wires_of(g.kind) > circuit_.width ||
                 (qvit::is_user_matrix(g.kind) && !matrices));
        const auto wires = distinct_wires();
        for (std::size_t i = 0; i < qvit::wires_of(g.kind); ++i) g.wires[i] = wires[i];
        for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) g.angles[i] = angle();
        if (qvit::is_user_matrix(g.kind)) {
            g.matrix = static_cast<std::uint16_t>(circuit_.matrices.size());
            circuit_.matrices.push_back(unitary(qvit::wires_of(g.kind), choice_ == gate_choice::real || one_in(3)));
        }
        circuit_.gates.push_back(g);
    }

    /// All wires in random order.
    std::vector<std::uint16_t> distinct_wires() {
        std::vector<std::uint16_t> wires;
        for (std::size_t wire = 0; wire < circuit_.width; ++wire) wires.push_back(static_cast<std::uint16_t>(wire));
        for (std::size_t i = wires.size(); i > 1; --i) std::swap(wires[i - 1], wires[below(i)]);
        return wires;
    }

    /// Single-wire Z, or signed strings (the identity among them, rarely) in sums that share strings.
    void add_outputs() {
        if (one_in(3)) {
            circuit_.measure_all_z();
            return;
        }
        const std::size_t strings = 1 + below(4);
        for (std::size_t i = 0; i < strings; ++i) {
            qvit::pauli_string<qvit::runtime_circuit::max_width> string;
            for (std::size_t wire = 0; wire < circuit_.width; ++wire) {
                constexpr qvit::operation paulis[] = {qvit::id, qvit::x, qvit::y, qvit::z, qvit::z, qvit::id};
                string.set(wire, paulis[below(6)]);
            }
            string.negative = one_in(4);
            circuit_.strings.push_back(string);
        }
        circuit_.outputs = 1 + below(4);
        for (std::size_t output = 0; output < circuit_.outputs; ++output)
            for (std::size_t terms = 1 + below(3); terms > 0; --terms)
                circuit_.terms.push_back({static_cast<std::uint16_t>(output),
                                          static_cast<std::uint16_t>(below(circuit_.strings.size())),
                                          one_in(3) ? 1.0 : draw_.uniform(-2, 2)});
    }

    void add_probabilities() {
        const auto wires = distinct_wires();
        const std::size_t named = 1 + below(std::min<std::size_t>(3, circuit_.width));
        const bool shared = circuit_.outputs >= std::size_t{1} << named && one_in(2);  // its outputs are others' too
        circuit_.probabilities.push_back({static_cast<std::uint16_t>(shared ? 0 : circuit_.outputs),
                                          static_cast<std::uint16_t>(circuit_.strings.size()),
                                          static_cast<std::uint16_t>(named)});
        for (std::size_t bits = 0; bits < (std::size_t{1} << named); ++bits) {
            qvit::pauli_string<qvit::runtime_circuit::max_width> string;
            for (std::size_t i = 0; i < named; ++i)
                if (((bits >> i) & 1) != 0) string.set(wires[i], qvit::z);
            circuit_.strings.push_back(string);
            if (!shared) ++circuit_.outputs;
        }
    }
};

/// A circuit that follows from its seed; the kinds of gates take turns.
inline qvit::runtime_circuit random_circuit(std::uint64_t seed, const random_circuit_options& options = {}) {
    constexpr gate_choice turns[] = {gate_choice::any,      gate_choice::real, gate_choice::any,
                                     gate_choice::clifford, gate_choice::any,  gate_choice::diagonal,
                                     gate_choice::rotations};
    return circuit_drawer(seed, turns[seed % 7]).circuit(options);
}

}  // namespace reference
