// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/circuit/circuit_text.hpp>
#include <qvit/circuit/drawing.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit as text, a line per wire, wire 0 first; takes a circuit_table or a runtime_circuit.
///
/// UTF-8. Gates stand as far left as their wires allow; a gate of several wires keeps the wires between to itself.
/// Dots are controls, x3 is input 3, w5 is weight 5, U0 matrix 0 (U0:0 on its first wire); the angle of RXX and the
/// like stands on its first wire. Outputs of one Pauli matrix stand at the ends of their wires, others on lines below.
/// Cost: gates times wires, and the text.
///
///     std::fputs(draw(projection).c_str(), stdout);
///     // 0: ─RY(x0)─RY(w0)─●─────X─<Z>
///     // 1: ─RY(x1)─RY(w1)─X─●───│─<Z>
template <class Circuit>
requires requires(const Circuit& circuit) { circuit.gates.size() + circuit.terms.size() + circuit.width; }
std::string draw(const Circuit& circuit) {
    struct {
        std::string text;
        void put(std::string_view part) { text += part; }
    } sink;
    const std::vector<std::size_t> zeros(numbers_of_drawing(circuit));
    drawing(circuit, zeros).write(sink);
    return sink.text;
}

/// A drawing as a constant: `view()` is its text.
template <std::size_t Size>
struct fixed_drawing {
    char characters[Size]{};
    std::size_t written = 0;

    constexpr void put(std::string_view part) {
        const char* const from = part.data();
        for (std::size_t i = 0, end = part.size(); i < end; ++i) characters[written++] = from[i];
    }
    constexpr std::string_view view() const { return {characters, written}; }
};

namespace detail {
struct byte_counter {
    std::size_t bytes = 0;
    constexpr void put(std::string_view part) { bytes += part.size(); }
};
/// A plain array: std::array's operator[] takes five of clang's constexpr steps.
template <std::size_t Size>
struct drawing_numbers {
    std::size_t numbers[Size]{};
    constexpr std::size_t& operator[](std::size_t i) { return numbers[i]; }
    constexpr const std::size_t& operator[](std::size_t i) const { return numbers[i]; }
};
template <const auto& Circuit, class Sink>
constexpr Sink drawn_into() {
    constexpr drawing_numbers<numbers_of_drawing(Circuit) + 1> zeros{};
    Sink sink{};
    drawing(Circuit, zeros).write(sink);
    return sink;
}
}  // namespace detail

/// The text of `draw`, made by the compiler. For a circuit of 8 wires and 250 gates about 200,000 of
/// clang's 1,048,576 constexpr steps.
///
///     static constexpr auto projection = circuit<2>(encode<ry>, measure<z>);
///     static_assert(drawn<projection>.view().starts_with("0: "));
template <const auto& Circuit>
requires is_circuit<Circuit>
inline constexpr auto drawn =
    detail::drawn_into<Circuit, fixed_drawing<detail::drawn_into<Circuit, detail::byte_counter>().bytes>>();

}  // namespace qvit::inline QVIT_ABI
