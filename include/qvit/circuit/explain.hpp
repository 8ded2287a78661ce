// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <qvit/circuit/engine.hpp>

namespace qvit::inline QVIT_ABI {

/// An output without a short closed form has this many terms.
inline constexpr std::size_t no_terms = static_cast<std::size_t>(-1);

/// What one output of a circuit takes.
struct output_explanation {
    std::size_t strings = 0;    ///< Pauli strings it sums
    std::size_t terms = 0;      ///< products in its closed form; `no_terms` where it has none or too many
    std::size_t rotations = 0;  ///< in its light cone
    std::size_t bits = 0;       ///< qubits that a statevector of its light cone needs; more than 10 do not fit
};

/// Which engine runs a circuit, what each alternative would cost (multiply-adds per token, forward, sines and cosines
/// aside; infeasible_cost where it cannot), and what each output takes. All outputs run on the engine chosen.
template <std::size_t Outputs>
struct explanation {
    engine chosen = engine::lane_statevector;
    bool real = false;  ///< amplitudes stay real
    std::size_t rotations = 0;
    std::size_t token_rotations = 0;  ///< whose angle depends on inputs
    std::size_t closed_form_cost = infeasible_cost;
    std::size_t light_cone_cost = infeasible_cost;
    std::size_t lane_statevector_cost = infeasible_cost;
    std::array<output_explanation, Outputs> outputs{};

    /// The same as lines of text.
    std::string text() const {
        auto cost = [&](engine e, std::size_t value) {
            std::string line = chosen == e ? "* " : "  ";
            line += name_of(e);
            line.resize(20, ' ');
            return line + (value == infeasible_cost ? "not feasible" : std::to_string(value) + " multiply-adds") + '\n';
        };
        std::string result = std::to_string(rotations) + " rotations, " + std::to_string(token_rotations) +
                             " of them by data; " + (real ? "real" : "complex") + " amplitudes\n";
        result += cost(engine::closed_form, closed_form_cost);
        result += cost(engine::light_cone, light_cone_cost);
        result += cost(engine::lane_statevector, lane_statevector_cost);
        for (std::size_t o = 0; o < Outputs; ++o) {
            const output_explanation& x = outputs[o];
            result += "  output " + std::to_string(o) + ": ";
            result += x.terms == no_terms ? "no short closed form" : std::to_string(x.terms) + " products";
            result += ", light cone of " + std::to_string(x.rotations) + " rotations on " + std::to_string(x.bits) +
                      " qubits\n";
        }
        return result;
    }
};

namespace detail {
template <const auto& Circuit, std::size_t String>
inline constexpr std::size_t cone_bits = [] {
    std::array<bit_set<Circuit.width>, Circuit.width> rows{};
    std::array<std::size_t, Circuit.width> pivots{};
    std::size_t rank = Circuit.amplitude_input ? Circuit.width : 0;
    if (rank > 0) return rank;
    cone_of_string<Circuit, String>.for_each([&](std::size_t rotation) {
        bit_set<Circuit.width> x = program<Circuit>.rotations[rotation].x;
        for (std::size_t i = 0; i < rank; ++i)
            if (x.contains(pivots[i]))
                for (std::size_t w = 0; w < x.word_count; ++w) x.words[w] ^= rows[i].words[w];
        if (x.empty()) return;
        std::size_t pivot = 0;
        while (!x.contains(pivot)) ++pivot;
        rows[rank] = x;
        pivots[rank++] = pivot;
    });
    return rank;
}();
}  // namespace detail

/// Explains the choice of engine, while compiling. For wide circuits this takes the compiler much longer than the
/// choice itself, which stops at a short closed form: every light cone is found (64 wires of a ring some seconds, 256
/// minutes).
///
///     constexpr auto why = explain<projection>();   static_assert(why.chosen == engine::closed_form);
///     std::fputs(why.text().c_str(), stdout);
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr auto explain() {
    explanation<Circuit.outputs> result{};
    result.chosen = best_engine<Circuit>();
    result.rotations = program<Circuit>.rotations.size();
    for (std::size_t i = 0; i < result.rotations; ++i) result.token_rotations += program<Circuit>.uniform[i] ? 0 : 1;
    result.real = true;
    for (const auto& axis : program<Circuit>.rotations) result.real = result.real && axis.y_count() % 2 == 1;
    result.closed_form_cost = engine_cost<Circuit, engine::closed_form>();
    result.light_cone_cost = engine_cost<Circuit, engine::light_cone>();
    result.lane_statevector_cost = engine_cost<Circuit, engine::lane_statevector>();

    std::array<output_explanation, Circuit.strings.size()> by_string{};
    unroll<Circuit.strings.size()>([&](auto string) {
        const auto& terms = detail::string_terms<Circuit, string()>();
        by_string[string()] = {1, terms.complete && !Circuit.amplitude_input ? terms.terms.size() : no_terms,
                               detail::cone_of_string<Circuit, string()>.count(), detail::cone_bits<Circuit, string()>};
    });
    auto add = [&](std::size_t output, std::size_t string) {
        output_explanation& o = result.outputs[output];
        const output_explanation& s = by_string[string];
        o.terms = o.terms == no_terms || s.terms == no_terms ? no_terms : o.terms + s.terms;
        o.rotations = o.rotations > s.rotations ? o.rotations : s.rotations;
        o.bits = o.bits > s.bits ? o.bits : s.bits;
        ++o.strings;
    };
    for (const readout_term& term : Circuit.terms) add(term.output, term.string);
    for (const probability_block& block : Circuit.probabilities)
        for (std::size_t b = 0; b < std::size_t{1} << block.wires; ++b)
            for (std::size_t s = 0; s < std::size_t{1} << block.wires; ++s)
                add(block.first_output + b, block.first_string + s);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
