// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// 2^Width numbers are read as one vector; the register must not be wider than this.
inline constexpr std::size_t max_amplitude_width = 20;
template <std::size_t Width, std::size_t Limit>
concept amplitudes_fit = (Width <= Limit);

namespace detail {
/// Not constexpr: that a constant calls it is the compiler's error message, and its name the text.
[[noreturn]] inline void encode_amplitudes_has_to_be_the_first_part_and_stand_once() { std::abort(); }
}  // namespace detail

/// The part behind `encode_amplitudes`.
struct amplitude_encoding_part {
    template <std::size_t Width>
    static constexpr circuit_sizes sizes{};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = 0;
    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        static_assert(amplitudes_fit<Width, max_amplitude_width>,
                      "[qvit::encode_amplitudes] too many wires: the input vector has 2^Width entries.");
        if (writer.written.gates != 0 || writer.written.outputs != 0 || writer.table.amplitude_input)
            detail::encode_amplitudes_has_to_be_the_first_part_and_stand_once();
        if constexpr (amplitudes_fit<Width, max_amplitude_width>) {
            writer.table.amplitude_input = true;
            writer.table.inputs = std::size_t{1} << Width;
        }
    }
};

/// Amplitude encoding: the register starts in the input vector of 2^Width entries, divided by its length.
///
/// No gates; the circuit's `amplitude_input` is true and its first 2^Width inputs are the amplitudes. Angles may read
/// these inputs too, or further ones: `encode_from<16, ry>`. It has to be the first part, once, and the register may
/// have 20 wires; anything else does not compile.
///
///     circuit<4>(encode_amplitudes, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>)   // 16 inputs
inline constexpr amplitude_encoding_part encode_amplitudes{};

}  // namespace qvit::inline QVIT_ABI
