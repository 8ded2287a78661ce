// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/lower_gate.hpp>
#include <qvit/circuit/program_writer.hpp>
#include <qvit/circuit/runtime_circuit.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <class Program>
constexpr Program lower_into(std::size_t width, const auto& circuit) {
    program_writer<Program> writer(width, circuit.amplitude_input);
    for (const gate& g : circuit.gates) lower_gate(writer, g, circuit.matrices);
    for (const auto& string : circuit.strings) writer.measure(string);
    return writer.finish();
}
/// With room for whatever the gates may become.
template <const auto& Circuit>
constexpr auto lower_roughly() {
    constexpr std::size_t rotations = [] {
        std::size_t total = 0;
        for (const gate& g : Circuit.gates) total += most_rotations_of(g.kind);
        return total;
    }();
    // A rotation's constants become a source of their own.
    return lower_into<pauli_program<Circuit.width, rotations, 2 * rotations, Circuit.strings.size()>>(Circuit.width,
                                                                                                      Circuit);
}
template <const auto& Circuit>
inline constexpr auto rough_program = lower_roughly<Circuit>();

template <const auto& Circuit>
constexpr auto trim_program() {
    constexpr const auto& rough = rough_program<Circuit>;
    pauli_program<Circuit.width, rough.rotations.size(), rough.sources.size(), rough.strings.size()> exact{};
    exact.amplitude_input = rough.amplitude_input;
    for (const auto& r : rough.rotations) exact.rotations.push_back(r);
    for (const auto u : rough.uniform) exact.uniform.push_back(u);
    for (const auto& s : rough.sources) exact.sources.push_back(s);
    for (const auto& m : rough.strings) exact.strings.push_back(m);
    return exact;
}
}  // namespace detail

/// A circuit's normal form, made once per program while compiling.
///
///     static_assert(program<projection>.rotations.size() == 8);
template <const auto& Circuit>
inline constexpr auto program = detail::trim_program<Circuit>();

/// The normal form of a circuit known at run time.
inline runtime_pauli_program lower(const runtime_circuit& circuit) {
    return detail::lower_into<runtime_pauli_program>(circuit.width, circuit);
}

}  // namespace qvit::inline QVIT_ABI
