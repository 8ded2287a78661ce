// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/runtime_circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// What one setting of the measured bases serves: strings that differ on no wire on which both act, so that the same
/// samples give all of them.
struct measurement_group {
    pauli_string<runtime_circuit::max_width> basis;  ///< the Pauli each wire is measured in, id where none is
    std::vector<std::size_t> strings;                ///< of circuit.strings: those that sums of terms need
    std::vector<std::size_t> blocks;                 ///< of circuit.probabilities
};

namespace detail {
/// Whether both may be measured at once: on every wire equal, or one does nothing.
inline bool share_a_basis(const pauli_string<64>& a, const pauli_string<64>& b) {
    const std::uint64_t both = (a.x.words[0] | a.z.words[0]) & (b.x.words[0] | b.z.words[0]);
    return (((a.x.words[0] ^ b.x.words[0]) | (a.z.words[0] ^ b.z.words[0])) & both) == 0;
}
inline std::uint64_t support_of(const pauli_string<64>& string) { return string.x.words[0] | string.z.words[0]; }
/// The Zs on all wires of a block: its last string.
inline const pauli_string<64>& last_string_of(const runtime_circuit& circuit, const probability_block& block) {
    return circuit.strings[block.first_string + (std::size_t{1} << block.wires) - 1];
}
}  // namespace detail

/// The groups in which a runnable circuit's outputs are measured: each string that a term needs is in one group, each
/// probability block too, whole. Identities are measured by nobody. The longest string goes first, into the first
/// group it fits (not always the fewest groups possible: that is graph colouring). Cost: strings times groups.
///
///     measurement_groups(c).size()   // 1 where all outputs are <Z_i> or probabilities
inline std::vector<measurement_group> measurement_groups(const runtime_circuit& circuit) {
    std::vector<measurement_group> groups;
    const auto group_for = [&groups](const pauli_string<64>& string) -> measurement_group& {
        const auto fitting = std::find_if(groups.begin(), groups.end(), [&string](const measurement_group& group) {
            return detail::share_a_basis(group.basis, string);
        });
        measurement_group& group = fitting == groups.end() ? groups.emplace_back() : *fitting;
        group.basis.x.words[0] |= string.x.words[0];
        group.basis.z.words[0] |= string.z.words[0];
        return group;
    };
    for (std::size_t i = 0; i < circuit.probabilities.size(); ++i)
        group_for(detail::last_string_of(circuit, circuit.probabilities[i])).blocks.push_back(i);

    std::vector<bool> needed(circuit.strings.size());
    for (const readout_term& term : circuit.terms) needed[term.string] = !circuit.strings[term.string].is_identity();
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < needed.size(); ++i)
        if (needed[i]) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&circuit](std::size_t a, std::size_t b) {
        return std::popcount(detail::support_of(circuit.strings[a])) >
               std::popcount(detail::support_of(circuit.strings[b]));
    });
    for (const std::size_t i : order) group_for(circuit.strings[i]).strings.push_back(i);
    return groups;
}

/// The gates after which Z on a wire is what X or Y was: H for X; S^dagger, H for Y.
inline std::vector<gate> gates_to_z_basis(const pauli_string<runtime_circuit::max_width>& basis) {
    std::vector<gate> gates;
    for (std::uint16_t wire = 0; wire < runtime_circuit::max_width; ++wire) {
        if (!basis.x.contains(wire)) continue;
        if (basis.z.contains(wire)) gates.push_back({sdg, {wire}, {}, 0});
        gates.push_back({h, {wire}, {}, 0});
    }
    return gates;
}

}  // namespace qvit::inline QVIT_ABI
