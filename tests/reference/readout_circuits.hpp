// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/measure_strings.hpp>
#include <qvit/circuit/pauli.hpp>
#include <qvit/circuit/repeat.hpp>

/// Circuits about what is measured: strings, signs, weighted sums that share strings, probabilities.
namespace reference {
using namespace qvit;

inline constexpr auto strings =
    circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), rotate<ry>,
               measure_strings(pauli<"XYZ">, pauli<"ZZI">, pauli<"IYY">, pauli_on<x, 0>* pauli_on<z, 2>));
inline constexpr auto long_strings =
    circuit<5>(encode<ry>, entangle<cnot>(ring), rotate<rx>, entangle<cz>(chain), rotate<ry>,
               measure_strings(pauli<"ZZZZZ">, pauli<"XXXXX">, pauli<"YXZXY">, pauli<"ZIIIX">));
/// The Heisenberg model on a ring, with a field: one output of 12 terms.
inline constexpr auto one_energy =
    circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), rotate<rz>, entangle<rxx>(chain),
               measure_sum(0.5 * pauli<"IXX">, 0.5 * pauli<"IYY">, 0.7 * pauli<"IZZ">, 0.5 * pauli<"XXI">,
                           0.5 * pauli<"YYI">, 0.7 * pauli<"ZZI">, 0.5 * pauli<"XIX">, 0.5 * pauli<"YIY">,
                           0.7 * pauli<"ZIZ">, -1.25 * pauli<"IIZ">, -1.25 * pauli<"IZI">, -1.25 * pauli<"ZII">));
/// Real amplitudes: strings with an odd number of Ys vanish, those with two do not.
inline constexpr auto real_sums =
    circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)),
               measure_sum(2 * pauli<"ZIZI">, -pauli<"IXXI">, 0.3 * pauli<"YIIY">, 4 * pauli<"IIYI">),
               measure_sum(pauli<"ZIZI">, 0.5 * pauli<"IIII">), measure_strings(pauli<"XYYX">, -3 * pauli<"ZZZZ">));
/// Signs inside strings, one string read by three outputs and twice by one, an output that is a constant.
inline constexpr auto signed_strings = [] {
    auto table =
        circuit<3>(encode<rx>, rotate<ry>, entangle<cnot>(ring), rotate<rx>,
                   measure_sum(pauli<"XIZ">, 0.5 * pauli<"ZZZ">, 0.25 * pauli<"IYX">, -2 * pauli<"III">),
                   measure_sum(pauli<"IZI">, pauli<"ZII">, pauli<"IIZ">), measure_sum(pauli<"XXX">, -pauli<"YYY">));
    table.strings[0].negative = true;
    table.strings[3].negative = true;
    table.strings[5].negative = true;
    table.terms[5].string = table.terms[0].string;
    table.terms[7].string = table.terms[0].string;
    table.terms[8].string = table.terms[7].string;
    return table;
}();
inline constexpr auto all_probabilities =
    circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), rotate<ry>, measure_probabilities<>);
/// Bit 0 of an output is wire 3's; other outputs before and behind.
inline constexpr auto some_probabilities =
    circuit<4>(encode<ry>, entangle<cnot>(ring), rotate<ry>, measure<z, 1>, measure_probabilities<3, 0>,
               measure_sum(pauli<"ZZII">, 0.5 * pauli<"IIXX">), measure_probabilities<2>);
/// P(00) + P(11) of two wires is (1 + <ZZ>) / 2.
inline constexpr auto parity_score =
    circuit<2>(apply<ry>(pi / 4 + input(0)), apply<ry, 1>(input(1)), apply<cnot, 0, 1>, rotate<ry>, apply<cnot, 1, 0>,
               rotate<rx>, measure_sum(0.5 * pauli<"II">, 0.5 * pauli<"ZZ">));
/// The same expectation value twice, X and Y of a wire beside it, in no order.
inline constexpr auto repeated_outputs = circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), measure<z, 2, 0, 2>,
                                                    measure<y, 1, 1>, measure_strings(pauli<"ZII">, pauli<"ZII">));

template <class Visit>
void for_each_readout_circuit(Visit&& visit) {
    visit.template operator()<strings>("strings");
    visit.template operator()<long_strings>("long_strings");
    visit.template operator()<one_energy>("one_energy");
    visit.template operator()<real_sums>("real_sums");
    visit.template operator()<signed_strings>("signed_strings");
    visit.template operator()<all_probabilities>("all_probabilities");
    visit.template operator()<some_probabilities>("some_probabilities");
    visit.template operator()<parity_score>("parity_score");
    visit.template operator()<repeated_outputs>("repeated_outputs");
}

}  // namespace reference
