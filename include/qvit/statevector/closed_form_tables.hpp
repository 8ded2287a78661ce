// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// What the closed form engine knows about a plan while compiling, so that nothing is copied, zeroed or added to that
/// is written once.
template <const auto& Circuit>
struct closed_form_tables {
  private:
    using slot_table = slots<Circuit>;
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& token = plan.token;
    static constexpr std::size_t terms = plan.term_count;
    static constexpr std::size_t strings = Circuit.strings.size();

  public:
    /// Whether factor k is the cosine of token slot k, as they stand in `saved`.
    static constexpr bool factors_are_cosines = [] {
        for (std::size_t k = 0; k < token.factor_count; ++k)
            if (token.factors[k].sine || slot_table::rank[token.factors[k].slot] != k) return false;
        return token.factor_count == slot_table::token_count;
    }();
    /// Every term a string and a monomial of its own.
    static constexpr bool one_term_each = [] {
        std::array<bool, strings + 1> string{};
        std::array<bool, token.node_count() + 1> node{};
        for (std::size_t t = 0; t < terms; ++t) {
            const auto& term = plan.terms[t];
            if (term.monomial == token.none || string[term.string] || node[term.monomial]) return false;
            string[term.string] = true;
            node[term.monomial] = true;
        }
        return true;
    }();
    static constexpr bool term_is_factor = [] {
        for (std::size_t t = 0; t < terms; ++t)
            if (plan.terms[t].monomial < token.factor_count) return true;
        return false;
    }();
    /// By node: the first term that is this monomial, or `terms`.
    static constexpr auto first_term = [] {
        std::array<std::uint16_t, token.node_count() + 1> result{};
        for (auto& entry : result) entry = static_cast<std::uint16_t>(terms);
        for (std::size_t t = terms; t-- > 0;)
            if (plan.terms[t].monomial != token.none) result[plan.terms[t].monomial] = static_cast<std::uint16_t>(t);
        return result;
    }();
    static constexpr std::array<bool, strings + 1> string_has_term = [] {
        std::array<bool, strings + 1> result{};
        for (std::size_t t = 0; t < terms; ++t) result[plan.terms[t].string] = true;
        return result;
    }();
};

/// The factors of a closed form's products in order: in `saved` itself where they are its cosines, else copied.
template <const auto& Circuit, class S>
struct closed_form_factors {
  private:
    using tables = closed_form_tables<Circuit>;
    using slot_table = slots<Circuit>;
    static constexpr const auto& token = closed_form<Circuit>.token;
    S copy_[tables::factors_are_cosines ? 1 : token.factor_count + 1];

  public:
    const S* value;
    explicit QVIT_INLINE closed_form_factors(const S* saved) : value(saved) {
        if constexpr (!tables::factors_are_cosines) {
            unroll_short<token.factor_count>([&](std::size_t k) QVIT_INLINE_LAMBDA {
                const auto factor = token.factors[k];
                copy_[k] = saved[slot_table::rank[factor.slot] + (factor.sine ? slot_table::token_count : 0)];
            });
            value = copy_;
        }
    }
    closed_form_factors(const closed_form_factors&) = delete;
    closed_form_factors& operator=(const closed_form_factors&) = delete;
};

}  // namespace qvit::inline QVIT_ABI
