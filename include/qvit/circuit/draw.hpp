// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit as text, a line per wire, wire 0 first: x3 is input 3, w5 is weight 5, <Z> what is measured.
///
/// UTF-8. Gates stand as far left as their wires allow; a two-wire gate also keeps the wires between to itself.
///
///     std::fputs(draw(projection).c_str(), stdout);
///     // 0: ─RY(x0)─RY(w0)─●─────X─<Z>
///     // 1: ─RY(x1)─RY(w1)─X─●───│─<Z>
template <std::size_t Width, std::size_t Gates, std::size_t Outputs>
std::string draw(const circuit_table<Width, Gates, Outputs>& circuit) {
    struct cell {
        std::string text;
        std::size_t columns = 0;  // as printed; UTF-8 bytes are more
    };
    auto plain = [](std::string text) { return cell{text, text.size()}; };
    auto letter = [](operation kind) -> std::string {
        switch (kind) {
            case x:
                return "X";
            case y:
                return "Y";
            case z:
                return "Z";
            case h:
                return "H";
            case rx:
                return "RX";
            case ry:
                return "RY";
            case rz:
                return "RZ";
            case cnot:
                return "X";
            case cz:
                return "●";
        }
        return "?";
    };
    std::vector<std::array<cell, Width>> layers;
    std::array<std::size_t, Width> next{};
    auto place = [&](std::size_t low, std::size_t high) -> std::array<cell, Width>& {
        std::size_t layer = 0;
        for (std::size_t w = low; w <= high; ++w) layer = std::max(layer, next[w]);
        for (std::size_t w = low; w <= high; ++w) next[w] = layer + 1;
        if (layer == layers.size()) layers.emplace_back();
        return layers[layer];
    };
    for (const gate& g : circuit.gates) {
        const std::size_t a = g.wires[0];
        const std::size_t b = wires_of(g.kind) == 2 ? g.wires[1] : a;
        auto& layer = place(std::min(a, b), std::max(a, b));
        if (a != b) {
            for (std::size_t w = std::min(a, b) + 1; w < std::max(a, b); ++w) layer[w] = {"│", 1};
            layer[a] = {"●", 1};
            layer[b] = {letter(g.kind), 1};
        } else if (g.parameter.source == angle_source::none) {
            layer[a] = plain(letter(g.kind));
        } else {
            std::string text = letter(g.kind);
            text += g.parameter.source == angle_source::data ? "(x" : "(w";
            text += std::to_string(g.parameter.index);
            text += ')';
            layer[a] = plain(text);
        }
    }
    std::array<std::string, Width> measured{};
    for (const observable& o : circuit.observables) {
        measured[o.wire] += '<';
        measured[o.wire] += letter(o.pauli);
        measured[o.wire] += '>';
    }

    std::string text;
    const std::size_t label = std::to_string(Width - 1).size();
    for (std::size_t w = 0; w < Width; ++w) {
        const std::string number = std::to_string(w);
        text.append(label - number.size(), ' ');
        text += number;
        text += ": ─";
        for (const auto& layer : layers) {
            std::size_t widest = 1;
            for (const cell& c : layer) widest = std::max(widest, c.columns);
            text += layer[w].text;
            for (std::size_t i = layer[w].columns; i <= widest; ++i) text += "─";
        }
        text += measured[w];
        text += '\n';
    }
    return text;
}

}  // namespace qvit::inline QVIT_ABI
