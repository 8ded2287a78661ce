// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Whether every gate of a circuit, constant or known at run time, has a matrix of real entries for all angles, so that
/// real amplitudes hold its state. (The engines on lanes also find circuits whose complex gates cancel.)
///
/// Cost: O(gates).
///
///     static_assert(stays_real(projection));
constexpr bool stays_real(const auto& circuit) {
    for (const gate& g : circuit.gates) {
        bool real = facts_of(g.kind).real;
        if (is_user_matrix(g.kind)) {
            const unitary_matrix& matrix = circuit.matrices[g.matrix];
            real = true;
            for (std::size_t j = 0; j < matrix.dimension(); ++j)
                for (std::size_t k = 0; k < matrix.dimension(); ++k) real = real && matrix.entry[j][k].im == 0;
        }
        if (!real) return false;
    }
    return true;
}

}  // namespace qvit::inline QVIT_ABI
