// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/heisenberg.hpp>
#include <qvit/circuit/lower.hpp>
#include <qvit/circuit/monomials.hpp>
#include <qvit/meta/unroll.hpp>

namespace qvit::inline QVIT_ABI {

/// Most terms one string's closed form may have; a statevector is cheaper long before.
inline constexpr std::size_t closed_form_terms_per_output = 64;

/// Every measured string of a circuit as a sum of products, ready to run: <string> = sum of +-coefficient * monomial.
///
/// Slot k is the angle of the program's rotation k. Monomials are over the slots that see data (per token);
/// coefficients are over uniform slots (once per pass). `none` as a node means 1. `feasible` is false where some string
/// has too many terms.
template <std::size_t Slots, std::size_t MaxNodes, std::size_t MaxTerms>
struct closed_form_plan {
    struct term {
        std::uint16_t string = 0;
        std::uint16_t monomial = 0;
        std::uint16_t coefficient = 0;
        bool negative = false;
    };
    monomial_program<Slots, MaxNodes> token{};
    monomial_program<Slots, MaxNodes> uniform{};
    std::array<term, MaxTerms> terms{};
    std::size_t term_count = 0;
    std::size_t longest_output = 0;  ///< terms of the string that has most
    bool feasible = false;

    /// Multiplications and fused multiply-adds per token, sines and cosines aside.
    constexpr std::size_t multiply_adds() const {
        std::size_t total = token.product_count;
        for (std::size_t t = 0; t < term_count; ++t)
            total += terms[t].coefficient != token.none || (t > 0 && terms[t].string == terms[t - 1].string) ? 1 : 0;
        return total;
    }
};

namespace detail {
template <const auto& Circuit>
inline constexpr auto reach = reach_of(program<Circuit>);

// One constant per string: clang limits the steps of each constant, not their sum. Most have few terms, and a large
// constant is slow to make.
template <const auto& Circuit, std::size_t String>
inline constexpr auto few_terms = propagate_back<4>(program<Circuit>, reach<Circuit>, program<Circuit>.strings[String]);
template <const auto& Circuit, std::size_t String>
inline constexpr auto many_terms = propagate_back<closed_form_terms_per_output>(program<Circuit>, reach<Circuit>,
                                                                                program<Circuit>.strings[String]);
template <const auto& Circuit, std::size_t String>
constexpr const auto& string_terms() {
    if constexpr (few_terms<Circuit, String>.complete)
        return few_terms<Circuit, String>;
    else
        return many_terms<Circuit, String>;
}

/// Does nothing where there is none.
template <const auto& Circuit, std::size_t slots, std::size_t max_nodes, std::size_t max_terms>
constexpr void write_closed_form(closed_form_plan<slots, max_nodes, max_terms>& plan) {
    constexpr std::size_t strings = Circuit.strings.size();
    bit_set<slots> uniform_slots;
    for (std::size_t slot = 0; slot < slots; ++slot)
        if (program<Circuit>.uniform[slot]) uniform_slots.insert(slot);

    bool complete = true;
    bit_set<slots> cosines_used;
    bit_set<slots> sines_used;
    unroll<strings>([&](auto string) {
        constexpr const auto& sum = string_terms<Circuit, string()>();
        complete = complete && sum.complete;
        plan.term_count += sum.terms.size();
        if (sum.terms.size() > plan.longest_output) plan.longest_output = sum.terms.size();
        for (const auto& term : sum.terms) {
            cosines_used = cosines_used | term.cosines;
            sines_used = sines_used | term.sines;
        }
    });
    if (!complete || plan.term_count > max_terms) return;

    monomial_builder<slots, max_nodes> token;
    monomial_builder<slots, max_nodes> uniform;
    auto builder_of = [&](std::size_t slot) -> auto& { return uniform_slots.contains(slot) ? uniform : token; };
    cosines_used.for_each([&](std::size_t slot) { builder_of(slot).add_factor(slot, false); });
    sines_used.for_each([&](std::size_t slot) { builder_of(slot).add_factor(slot, true); });
    std::size_t next_term = 0;
    auto add_string = [&](std::size_t string, const auto& sum) {
        for (const auto& term : sum.terms) {
            const bit_set<slots> cosines = term.cosines.without(uniform_slots);
            const bit_set<slots> sines = term.sines.without(uniform_slots);
            plan.terms[next_term++] = {static_cast<std::uint16_t>(string), token.monomial(cosines, sines),
                                       uniform.monomial(term.cosines.without(cosines), term.sines.without(sines)),
                                       term.pauli.negative};
        }
    };
    unroll<strings>([&](auto string) { add_string(string, string_terms<Circuit, string()>()); });
    plan.token = token.program();
    plan.uniform = uniform.program();
    plan.feasible = plan.token.complete && plan.uniform.complete;
}
template <const auto& Circuit>
constexpr auto make_closed_form() {
    constexpr std::size_t strings = Circuit.strings.size();
    constexpr std::size_t max_terms = strings > 256 ? strings : 256;
    closed_form_plan<program<Circuit>.rotations.size(), 2 * max_terms, max_terms> plan{};
    // Where the first string has too many terms the others, which take long to find that out, are not looked at.
    if constexpr (!Circuit.amplitude_input && strings > 0)
        if constexpr (string_terms<Circuit, 0>().complete) write_closed_form<Circuit>(plan);
    return plan;
}
}  // namespace detail

/// The closed form of a circuit, made once per program while compiling.
///
///     static_assert(closed_form<projection>.feasible && closed_form<projection>.multiply_adds() <= 2 * 4);
template <const auto& Circuit>
inline constexpr auto closed_form = detail::make_closed_form<Circuit>();

}  // namespace qvit::inline QVIT_ABI
