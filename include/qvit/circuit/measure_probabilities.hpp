// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/circuit.hpp>
#include <qvit/meta/repetitions.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t WiresMeasured, std::size_t Limit>
concept probabilities_fit = (WiresMeasured <= Limit);
/// A bit of the outcome belongs to one wire.
template <std::size_t RepeatedWires>
concept measured_wires_differ = (RepeatedWires == 0);

/// The part behind `measure_probabilities`.
template <std::size_t... Wires>
struct measure_probabilities_part {
    template <std::size_t Width>
    static constexpr std::size_t count = sizeof...(Wires) == 0 ? Width : sizeof...(Wires);
    template <std::size_t Width>
    static constexpr std::size_t states = count<Width> <= max_probability_wires ? std::size_t{1} << count<Width> : 1;

    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.strings = states<Width>, .outputs = states<Width>, .probabilities = 1};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        static_assert(probabilities_fit<count<Width>, max_probability_wires>,
                      "[qvit::measure_probabilities] too many wires: k wires have 2^k probabilities; list fewer.");
        static_assert(measured_wires_differ<repetitions<Wires...>>,
                      "[qvit::measure_probabilities] a wire is listed twice.");
        if constexpr (probabilities_fit<count<Width>, max_probability_wires>) {
            std::array<std::size_t, count<Width>> wires{Wires...};
            if constexpr (sizeof...(Wires) == 0)
                for (std::size_t i = 0; i < Width; ++i) wires[i] = i;
            std::array<pauli_string<Width>, states<Width>> strings{};
            for (std::size_t bits = 1; bits < states<Width>; ++bits) {
                strings[bits] = strings[bits & (bits - 1)];
                strings[bits].z.insert(wires[static_cast<std::size_t>(std::countr_zero(bits))]);
            }
            probability_block block{};
            block.wires = static_cast<std::uint16_t>(count<Width>);
            for (std::size_t bits = 0; bits < states<Width>; ++bits) {
                const std::uint16_t number = writer.add_string(strings[bits]);
                const std::uint16_t output = writer.add_output();
                if (bits == 0) block.first_string = number, block.first_output = output;
            }
            writer.table.probabilities[writer.written.probabilities++] = block;
        }
    }
};

/// The probability of every bit string of the listed wires, of all wires if none is listed: 2^k outputs for k wires.
///
/// Output b belongs to the outcome whose bit i is that of the i-th wire listed; the other wires are summed over. At
/// most 10 wires, each once.
///
///     circuit<4>(encode<ry>, measure_probabilities<0, 2>)   // P(00), P(wire 0 is 1), P(wire 2 is 1), P(11)
template <std::size_t... Wires>
inline constexpr measure_probabilities_part<Wires...> measure_probabilities{};

}  // namespace qvit::inline QVIT_ABI
