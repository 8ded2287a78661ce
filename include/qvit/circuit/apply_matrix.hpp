// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/circuit/circuit.hpp>
#include <qvit/meta/repetitions.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `apply_matrix`.
template <const unitary_matrix& Matrix, std::size_t... Wires>
struct matrix_part {
    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.gates = 1, .matrices = 1};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});
    template <std::size_t Width>
    static constexpr std::size_t self_edges = repetitions<Wires...>;
    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        writer.add_matrix(Matrix, Wires...);
    }
};

/// The product U U^dagger of a user's matrix has to be the identity, to 1e-10 in every entry.
template <bool IsUnitary>
concept matrix_is_unitary = IsUnitary;
/// A matrix of `MatrixWires` wires acts on as many.
template <std::size_t WiresNamed, std::size_t MatrixWires>
concept wires_fit_matrix = (WiresNamed == MatrixWires);

/// A user's own constant gate on one or two wires; the matrix is a constexpr variable of namespace scope, over |b a>
/// (index a + 2 b) for wires a, b. Fails to compile where it is not unitary.
///
///     constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
///     circuit<2>(apply_matrix<root_of_z, 0>(), measure<z>)
template <const unitary_matrix& Matrix, std::size_t... Wires>
constexpr auto apply_matrix() {
    static_assert(matrix_is_unitary<Matrix.is_unitary()>,
                  "[qvit::apply_matrix] the matrix is not unitary: U U^dagger differs from 1 by more than 1e-10.");
    static_assert(wires_fit_matrix<sizeof...(Wires), Matrix.wires>,
                  "[qvit::apply_matrix] name as many wires as the matrix has.");
    return matrix_part<Matrix, Wires...>{};
}

}  // namespace qvit::inline QVIT_ABI
