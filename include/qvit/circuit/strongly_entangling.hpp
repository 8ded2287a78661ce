// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `strongly_entangling`.
template <std::size_t Layers, operation Entangler>
struct strongly_entangling_part {
    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.gates = Layers*(Width > 1 ? 2 * Width : 1)};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = 0;

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        for (std::size_t layer = 0; layer < Layers; ++layer) {
            for (std::size_t wire = 0; wire < Width; ++wire) writer.set_weights(writer.add(rot, wire));
            if constexpr (Width > 1) {
                const std::size_t range = layer % (Width - 1) + 1;
                for (std::size_t wire = 0; wire < Width; ++wire) writer.add(Entangler, wire, (wire + range) % Width);
            }
        }
    }
};

/// Layers of [Rot on all wires, CNOT i -> i + r mod n for every wire i], where r = (l mod (n - 1)) + 1 in layer l.
///
/// 3 L n parameters, 2 L n gates (L gates on one wire, which has no CNOTs; two wires have both 0 -> 1 and 1 -> 0). The
/// entangler may be any gate of two wires without an angle. Source: Schuld et al., arXiv:1804.00633.
///
///     circuit<4>(encode<ry>, strongly_entangling<3>(), measure<z>)   // 36 parameters
template <std::size_t Layers, operation Entangler = cnot>
requires(wires_of(Entangler) == 2 && angles_of(Entangler) == 0 &&
         !is_user_matrix(Entangler)) constexpr auto strongly_entangling() {
    return strongly_entangling_part<Layers, Entangler>{};
}

}  // namespace qvit::inline QVIT_ABI
