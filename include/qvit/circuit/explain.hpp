// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <qvit/circuit/engine.hpp>
#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// An output without a short closed form has this many terms.
inline constexpr std::size_t no_terms = static_cast<std::size_t>(-1);

/// What one output of a circuit takes. All outputs run on one engine, the one that is cheapest for them together.
struct output_explanation {
    engine chosen = engine::lane_statevector;
    std::size_t strings = 0;    ///< Pauli strings it sums
    std::size_t terms = 0;      ///< products in its closed form; `no_terms` where it has none or too many
    std::size_t rotations = 0;  ///< in the light cone of all its strings
    std::size_t bits = 0;       ///< qubits that a statevector of that cone needs; more than 10 do not fit
};

/// Which engine runs a circuit, what each alternative would cost (multiply-adds per token, forward, sines and cosines
/// aside; infeasible_cost where it cannot), and what each output takes.
template <std::size_t Outputs>
struct explanation {
    engine chosen = engine::lane_statevector;
    bool real = false;  ///< amplitudes stay real
    std::size_t rotations = 0;
    std::size_t token_rotations = 0;  ///< whose angle depends on inputs
    std::size_t closed_form_cost = infeasible_cost;
    std::size_t light_cone_cost = infeasible_cost;
    std::size_t lane_statevector_cost = infeasible_cost;
    std::size_t wide_statevector_cost = infeasible_cost;
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
        result += cost(engine::wide_statevector, wide_statevector_cost);
        for (std::size_t o = 0; o < Outputs; ++o) {
            const output_explanation& x = outputs[o];
            result += "  output " + std::to_string(o) + ": " + name_of(x.chosen) + "; ";
            result += x.terms == no_terms ? "no short closed form" : std::to_string(x.terms) + " products";
            result += ", light cone of " + std::to_string(x.rotations) + " rotations on " + std::to_string(x.bits) +
                      " qubits\n";
        }
        return result;
    }
};

namespace detail {
/// Qubits that a statevector of these rotations needs: the rank of their strings' X parts.
template <const auto& Circuit, class Cone>
constexpr std::size_t bits_of_cone(const Cone& cone) {
    if (Circuit.amplitude_input) return Circuit.width;
    static_vector<bit_set<Circuit.width>, Circuit.width> rows{};
    std::array<std::uint16_t, Circuit.width> row_of_pivot{};  // 1 + its number: no search through all rows
    cone.for_each([&](std::size_t rotation) {
        bit_set<Circuit.width> x = program<Circuit>.rotations[rotation].x;
        for (std::size_t w = 0; w < x.word_count;) {
            if (x.words[w] == 0) {
                ++w;
                continue;
            }
            std::uint16_t& row = row_of_pivot[64 * w + static_cast<std::size_t>(std::countr_zero(x.words[w]))];
            if (row == 0) {
                rows.push_back(x);
                row = static_cast<std::uint16_t>(rows.size());
                return;
            }
            for (std::size_t k = w; k < x.word_count; ++k) x.words[k] ^= rows[row - 1u].words[k];
        }
    });
    return rows.size();
}

template <const auto& Circuit>
inline constexpr auto cones_of_strings = [] {
    std::array<std::remove_const_t<decltype(cone_of_string<Circuit, 0>)>, Circuit.strings.size()> cones{};
    unroll<Circuit.strings.size()>([&](auto string) { cones[string()] = cone_of_string<Circuit, string()>; });
    return cones;
}();
template <const auto& Circuit>
inline constexpr auto terms_of_strings = [] {
    std::array<std::size_t, Circuit.strings.size()> count{};
    unroll<Circuit.strings.size()>([&](auto string) {
        const auto& terms = string_terms<Circuit, string()>();
        count[string()] = terms.complete && !Circuit.amplitude_input ? terms.terms.size() : no_terms;
    });
    return count;
}();

/// Some strings together: what an output takes that depends on all of them.
template <const auto& Circuit>
struct strings_explanation {
    output_explanation counts{};
    typename std::remove_const_t<decltype(cones_of_strings<Circuit>)>::value_type cone{};
    constexpr void add(const strings_explanation& other) {
        counts.strings += other.counts.strings;
        const bool none = counts.terms == no_terms || other.counts.terms == no_terms;
        counts.terms = none ? no_terms : counts.terms + other.counts.terms;
        cone = cone | other.cone;
    }
    constexpr void add_string(std::size_t string) {
        add({{.strings = 1, .terms = terms_of_strings<Circuit>[string]}, cones_of_strings<Circuit>[string]});
    }
    constexpr void finish() {
        counts.rotations = cone.count();
        counts.bits = bits_of_cone<Circuit>(cone);
    }
};
// All outputs of a probability block depend on all its strings: one constant for all.
template <const auto& Circuit, std::size_t Block>
inline constexpr auto explained_block = [] {
    strings_explanation<Circuit> result{};
    for (std::size_t s = 0; s < std::size_t{1} << Circuit.probabilities[Block].wires; ++s)
        result.add_string(Circuit.probabilities[Block].first_string + s);
    result.finish();
    return result;
}();
template <const auto& Circuit>
inline constexpr auto explained_blocks = [] {
    std::array<strings_explanation<Circuit>, Circuit.probabilities.size()> blocks{};
    unroll<Circuit.probabilities.size()>([&](auto block) { blocks[block()] = explained_block<Circuit, block()>; });
    return blocks;
}();
template <const auto& Circuit, std::size_t Output>
inline constexpr output_explanation explained_sum = [] {
    strings_explanation<Circuit> result{};
    for (const readout_term& term : Circuit.terms)
        if (term.output == Output) result.add_string(term.string);
    for (std::size_t b = 0; b < Circuit.probabilities.size(); ++b)
        if (Output - Circuit.probabilities[b].first_output < std::size_t{1} << Circuit.probabilities[b].wires)
            result.add(explained_blocks<Circuit>[b]);
    result.finish();
    return result.counts;
}();
/// The block whose output this is, where it is nothing besides, else the number of blocks.
template <const auto& Circuit>
constexpr std::size_t only_block_of(std::size_t output) {
    std::size_t found = Circuit.probabilities.size();
    for (const readout_term& term : Circuit.terms)
        if (term.output == output) return Circuit.probabilities.size();
    for (std::size_t b = 0; b < Circuit.probabilities.size(); ++b)
        if (output - Circuit.probabilities[b].first_output < std::size_t{1} << Circuit.probabilities[b].wires) {
            if (found != Circuit.probabilities.size()) return Circuit.probabilities.size();
            found = b;
        }
    return found;
}
}  // namespace detail

/// Explains the choice of engine, while compiling. For wide circuits this takes the compiler longer than the choice
/// itself, which stops at a short closed form: every light cone is found (a ring of 64 wires takes 2 s, of 256
/// some 15 s).
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
    result.wide_statevector_cost = engine_cost<Circuit, engine::wide_statevector>();

    unroll<Circuit.outputs>([&](auto output) {
        constexpr std::size_t block = detail::only_block_of<Circuit>(output());
        if constexpr (block < Circuit.probabilities.size())
            result.outputs[output()] = detail::explained_blocks<Circuit>[block].counts;
        else
            result.outputs[output()] = detail::explained_sum<Circuit, output()>;
        result.outputs[output()].chosen = result.chosen;
    });
    return result;
}

}  // namespace qvit::inline QVIT_ABI
