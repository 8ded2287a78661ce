// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <qvit/circuit/circuit_text.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How a gate is drawn: dots on its controls, then this label on its other wires.
struct gate_label {
    std::string_view text;
    std::size_t controls = 0;
};
namespace detail {
// Not inside the function, where clang would make it anew in every constant expression.
inline constexpr gate_label labels_of_operations[operation_count] = {
    {"I"},    {"X"},    {"Y"},    {"Z"},   {"H"},     {"S"},     {"S†"},    {"T"},     {"T†"},
    {"SX"},   {"SX†"},  {"RX"},   {"RY"},  {"RZ"},    {"P"},     {"U3"},    {"Rot"},   {"X", 1},
    {"Y", 1}, {"●", 1}, {"H", 1}, {"×"},   {"iSWAP"}, {"RX", 1}, {"RY", 1}, {"RZ", 1}, {"P", 1},
    {"RXX"},  {"RYY"},  {"RZZ"},  {"RBS"}, {"X", 2},  {"×", 1},  {"U"},     {"U"}};
inline constexpr std::string_view drawn_wire = "────────────────";
}  // namespace detail
constexpr const gate_label& label_of(operation kind) {
    return detail::labels_of_operations[static_cast<std::size_t>(kind)];
}

/// The drawing behind `draw` and `drawn`: where each gate stands, and then the text.
///
/// `Numbers` is a sequence of std::size_t; the constructor takes one of zeros with an entry for every gate, term,
/// output and wire (the largest of these counts). Cost: a look at every gate for every wire.
template <class Numbers, class Circuit>
class drawing {
  public:
    constexpr drawing(const Circuit& drawn, const Numbers& zeros)
        : circuit_(drawn),
          layer_of_gate_(zeros),
          lowest_wire_(zeros),
          highest_wire_(zeros),
          columns_of_layer_(zeros),
          wire_after_term_(zeros),
          seen_(zeros) {
        Numbers free_from = zeros;
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            const gate& g = circuit_.gates[i];
            const auto [low, high] = span_of(g);
            std::size_t layer = 0;
            for (std::size_t wire = low; wire <= high; ++wire) layer = std::max(layer, free_from[wire]);
            for (std::size_t wire = low; wire <= high; ++wire) free_from[wire] = layer + 1;
            layer_of_gate_[i] = layer;
            lowest_wire_[i] = low;
            highest_wire_[i] = high;
            layers_ = std::max(layers_, layer + 1);
            for (std::size_t j = 0; j < wires_of(g.kind); ++j) {
                text_meter meter;
                put_cell(meter, g, g.wires[j]);
                columns_of_layer_[layer] = std::max(columns_of_layer_[layer], meter.columns);
            }
        }
        find_simple_outputs(zeros);
    }

    constexpr void write(auto& sink) {
        text_meter widest_label;
        circuit_text::whole(widest_label, circuit_.width - 1);
        for (std::size_t wire = 0; wire < circuit_.width; ++wire) {
            text_meter label;
            circuit_text::whole(label, wire);
            for (std::size_t i = label.columns; i < widest_label.columns; ++i) sink.put(" ");
            circuit_text::whole(sink, wire);
            sink.put(circuit_.amplitude_input ? ": |x>─" : ": ─");
            write_row(sink, wire);
            for (std::size_t i = 0; i < circuit_.terms.size(); ++i)
                if (wire_after_term_[i] == wire + 1) {
                    const operation pauli = circuit_.strings[circuit_.terms[i].string].at(wire);
                    sink.put(pauli == operation::x ? "<X>" : pauli == operation::y ? "<Y>" : "<Z>");
                }
            sink.put("\n");
        }
        circuit_text::output_lines(sink, circuit_, "", seen_, [&](std::size_t i) { return wire_after_term_[i] != 0; });
    }

  private:
    struct wire_span {
        std::size_t low = 0;
        std::size_t high = 0;
    };
    static constexpr wire_span span_of(const gate& g) {
        wire_span span{g.wires[0], g.wires[0]};
        for (std::size_t i = 1; i < wires_of(g.kind); ++i) {
            span.low = std::min(span.low, std::size_t{g.wires[i]});
            span.high = std::max(span.high, std::size_t{g.wires[i]});
        }
        return span;
    }

    /// What a gate shows on a wire of its span.
    static constexpr void put_cell(auto& sink, const gate& g, std::size_t wire) {
        std::size_t place = 0;
        while (place < wires_of(g.kind) && g.wires[place] != wire) ++place;
        if (place == wires_of(g.kind)) return sink.put("│");
        const gate_label label = label_of(g.kind);
        if (place < label.controls) return sink.put("●");
        sink.put(label.text);
        if (is_user_matrix(g.kind)) {
            circuit_text::whole(sink, g.matrix);
            if (g.kind == operation::unitary2) sink.put(place == 0 ? ":0" : ":1");
        }
        if (angles_of(g.kind) == 0 || place > label.controls) return;
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) {
            sink.put(i == 0 ? "(" : ",");
            circuit_text::angle_expression(sink, g.angles[i]);
        }
        sink.put(")");
    }
    static constexpr void put_wire(auto& sink, std::size_t columns) {
        constexpr std::size_t bytes_of_column = 3;
        constexpr std::size_t most = detail::drawn_wire.size() / bytes_of_column;
        for (; columns > most; columns -= most) sink.put(detail::drawn_wire);
        sink.put(detail::drawn_wire.substr(0, columns * bytes_of_column));
    }
    constexpr void write_row(auto& sink, std::size_t wire) const {
        std::size_t layer = 0;
        std::size_t columns = 0;  // of the plain wire up to here, not written yet
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            if (wire < lowest_wire_[i] || wire > highest_wire_[i]) continue;
            for (; layer < layer_of_gate_[i]; ++layer) columns += columns_of_layer_[layer] + 1;
            if (columns > 0) put_wire(sink, columns);
            text_meter meter;
            put_cell(meter, circuit_.gates[i], wire);
            put_cell(sink, circuit_.gates[i], wire);
            columns = columns_of_layer_[layer++] + 1 - meter.columns;
        }
        for (; layer < layers_; ++layer) columns += columns_of_layer_[layer] + 1;
        if (columns > 0) put_wire(sink, columns);
    }

    /// An output of one Pauli matrix with coefficient 1 stands at the end of its wire.
    constexpr void find_simple_outputs(const Numbers& zeros) {
        Numbers terms_of_output = zeros;
        for (const readout_term& term : circuit_.terms) ++terms_of_output[term.output];
        for (std::size_t i = 0; i < circuit_.terms.size(); ++i) {
            const readout_term& term = circuit_.terms[i];
            const auto& string = circuit_.strings[term.string];
            if (terms_of_output[term.output] != 1 || term.coefficient != 1 || string.negative) continue;
            const auto acted_on = string.x | string.z;
            if (acted_on.count() != 1) continue;
            acted_on.for_each([&](std::size_t wire) { wire_after_term_[i] = wire + 1; });
        }
    }

    const Circuit& circuit_;
    std::size_t layers_ = 0;
    Numbers layer_of_gate_;
    Numbers lowest_wire_;  // of each gate
    Numbers highest_wire_;
    Numbers columns_of_layer_;
    Numbers wire_after_term_;  // the wire plus 1 at whose end a term stands, else 0
    Numbers seen_;             // whether an output's line is written
};

/// How many numbers a drawing of a circuit needs.
constexpr std::size_t numbers_of_drawing(const auto& circuit) {
    return std::max({circuit.gates.size(), circuit.terms.size(), circuit.width, circuit.outputs});
}

}  // namespace qvit::inline QVIT_ABI
