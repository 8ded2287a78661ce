// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <vector>

#include <qvit/circuit/lower.hpp>
#include <qvit/circuit/pauli_program.hpp>
#include <qvit/circuit/runtime_circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// A pauli_program with run-time sizes, of at most 64 wires: the normal form of a runtime_circuit, which `lower` makes.
///
/// A header of its own: evaluators of constants do not compile it. Cost of lower: O(rotations) per rotation at worst,
/// usually O(1).
///
///     const runtime_pauli_program program = lower(circuit);  program.rotations.size();
struct runtime_pauli_program {
    static constexpr std::size_t max_width = 64;
    using string = pauli_string<max_width>;
    template <class T>
    using per_rotation = std::vector<T>;
    template <class T>
    using per_source = std::vector<T>;
    std::size_t width = 1;
    bool amplitude_input = false;
    std::vector<string> rotations;
    std::vector<char> uniform;
    std::vector<rotation_source> sources;
    std::vector<string> strings;
};

/// The normal form of a circuit known at run time. A template, so that who does not call it does not compile it.
template <std::same_as<runtime_circuit> Circuit>
runtime_pauli_program lower(const Circuit& circuit) {
    auto written = detail::lower_once<runtime_pauli_program>(circuit.width, circuit);
    while (!written.settled) written = detail::write_again(written.program);
    return written.program;
}

}  // namespace qvit::inline QVIT_ABI
