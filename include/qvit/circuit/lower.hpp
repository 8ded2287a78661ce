// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/lower_gate.hpp>
#include <qvit/circuit/program_writer.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// A program as it was written once, and whether writing it again changes nothing.
template <class Program>
struct written_program {
    Program program{};
    bool settled = true;
};
template <class Program>
constexpr written_program<Program> lower_once(std::size_t width, const auto& circuit) {
    program_writer<Program> writer(width, circuit.amplitude_input);
    for (const gate& g : circuit.gates) lower_gate(writer, g, circuit.matrices);
    for (const auto& string : circuit.strings) writer.measure(string);
    Program program = writer.finish();
    return {program, writer.settled()};
}
template <class Program>
constexpr written_program<Program> write_again(const Program& before) {
    program_writer<Program> writer(before.width, before.amplitude_input);
    writer.write(before);
    Program program = writer.finish();
    return {program, writer.settled()};
}

/// With room for whatever the gates may become. One constant per pass: clang limits the steps of each, not their sum.
template <const auto& Circuit, std::size_t Pass>
inline constexpr auto program_pass = [] {
    if constexpr (Pass > 0) {
        return write_again(program_pass<Circuit, Pass - 1>.program);
    } else {
        constexpr std::size_t rotations = [] {
            std::size_t total = 0;
            for (const gate& g : Circuit.gates) total += most_rotations_of(g.kind);
            return total;
        }();
        // A rotation's constants become a source of their own.
        return lower_once<pauli_program<Circuit.width, rotations, 2 * rotations, Circuit.strings.size()>>(Circuit.width,
                                                                                                          Circuit);
    }
}();
template <const auto& Circuit, std::size_t Pass = 0>
constexpr const auto& settled_program() {
    if constexpr (program_pass<Circuit, Pass>.settled)
        return program_pass<Circuit, Pass>.program;
    else
        return settled_program<Circuit, Pass + 1>();
}

constexpr void copy(const auto& from, auto& to) {
    to.resize(from.size());
    for (std::size_t i = 0; i < from.count; ++i) to.elements[i] = from.elements[i];
}
template <const auto& Circuit>
constexpr auto trim_program() {
    constexpr const auto& rough = settled_program<Circuit>();
    pauli_program<Circuit.width, rough.rotations.size(), rough.sources.size(), rough.strings.size()> exact{};
    exact.amplitude_input = rough.amplitude_input;
    copy(rough.rotations, exact.rotations);
    copy(rough.uniform, exact.uniform);
    copy(rough.sources, exact.sources);
    copy(rough.strings, exact.strings);
    return exact;
}
}  // namespace detail

/// A circuit's normal form, made once per program while compiling.
///
///     static_assert(program<projection>.rotations.size() == 8);
template <const auto& Circuit>
inline constexpr auto program = detail::trim_program<Circuit>();

}  // namespace qvit::inline QVIT_ABI
