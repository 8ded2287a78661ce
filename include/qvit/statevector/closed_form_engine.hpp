// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/closed_form_coefficients.hpp>
#include <qvit/statevector/closed_form_tables.hpp>
#include <qvit/statevector/product_runs.hpp>
#include <qvit/statevector/readout.hpp>
#include <qvit/statevector/slots.hpp>
#include <qvit/statevector/streamed_products.hpp>
#include <qvit/statevector/token_cosines.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit by its closed form: a sine and a cosine per input angle, then a few multiplications.
///
/// An object holds what is the same for all tokens; make one per pass over a batch.
/// `forward`: inputs[Circuit.inputs] -> outputs[Circuit.outputs], and saved[saved_per_token] for `backward`; `saved`
/// may be null where none follows. `backward`: adds to input_gradient, and to `gradient_sum`, which
/// `add_weight_gradient` turns into d/d weights. Cost per token: token slots * (sin, cos), or cosines alone where nothing
/// is saved and no factor is a sine, + closed_form<Circuit>.multiply_adds() forward, about twice that back. The reverse
/// sweep runs the product program backwards, so no gradient divides by a cosine.
template <const auto& Circuit, class S>
class closed_form_engine {
    using R = real_of<S>;
    using slot_table = slots<Circuit>;
    using tables = closed_form_tables<Circuit>;
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& token = plan.token;
    using coefficients = closed_form_coefficients<Circuit, R>;
    static constexpr std::size_t token_slots = slot_table::token_count;
    static constexpr std::size_t terms = plan.term_count;
    static constexpr std::size_t strings = Circuit.strings.size();
    static constexpr bool direct = reads_strings_directly(Circuit);
    static constexpr bool has_coefficients = !coefficients::signs_only;
    using runs = product_runs<closed_form<Circuit>>;
    using streamed = streamed_products<Circuit>;
    using cosines = token_cosines<Circuit>;
    using factor_values = closed_form_factors<Circuit, S>;
    static constexpr std::size_t first_kept =
        2 * token_slots;  // of streamed products, which know no products of inputs

  public:
    /// Cosine and sine of every token slot, the inputs where angles are products of them, and streamed products.
    static constexpr std::size_t saved_per_token =
        2 * token_slots + (slot_table::has_products ? Circuit.inputs : std::size_t{0}) + streamed::kept;

    struct gradient_sum {
        std::array<S, slot_table::count + 1> slot{};                ///< d loss / d angle, token slots
        std::array<S, has_coefficients ? terms : 1> coefficient{};  ///< d loss / d coefficient of a term
        gradient_sum() { slot.fill(S(R(0))), coefficient.fill(S(R(0))); }
    };

    explicit closed_form_engine(const R* weights)
        : angles_(slot_table::weight_angles(weights)), coefficient_(angles_.data()) {}

    QVIT_INLINE void forward(const S* inputs, S* outputs, S* saved) const {
        S not_saved[2 * token_slots + 1];
        if constexpr (tables::factors_are_cosines && !streamed::applies)
            if (!saved) {  // no sine is needed of any angle
                cosines::make(angles_.data(), inputs, not_saved, static_cast<S*>(nullptr));
                read_out(inputs, not_saved, outputs, nullptr);
                return;
            }
        S* const angle = saved ? saved : not_saved;
        if constexpr (!streamed::applies) cosines::make(angles_.data(), inputs, angle, angle + token_slots);
        if constexpr (slot_table::has_products)
            if (saved)
                for (std::size_t i = 0; i < Circuit.inputs; ++i) saved[2 * token_slots + i] = inputs[i];
        read_out(inputs, angle, outputs, saved);
    }

  private:
    QVIT_INLINE void read_out(const S* inputs, S* angle, S* outputs, S* saved) const {
        if constexpr (direct) {
            evaluate(inputs, angle, outputs, saved);
        } else {
            S values[strings];
            evaluate(inputs, angle, values, saved);
            S scratch[readout_scratch(Circuit)];
            gather_outputs(Circuit, Circuit.outputs, values, outputs, scratch);
        }
    }
    QVIT_INLINE void evaluate([[maybe_unused]] const S* inputs, S* angle, S* values, [[maybe_unused]] S* saved) const {
        if constexpr (streamed::applies) {
            S* const sine = saved ? angle + token_slots : nullptr;
            const auto make = [&](std::size_t first, std::size_t last) QVIT_INLINE_LAMBDA {
                cosines::make(first, last, angles_.data(), inputs, angle, sine);
            };
            streamed::multiply_out(angle, values, saved ? saved + first_kept : nullptr, make);
            return;
        }
        const factor_values factors(angle);
        S product[token.product_count + 1];
        runs::multiply_out(factors.value, product);
        unroll_short<terms>([&](std::size_t t) QVIT_INLINE_LAMBDA {
            const auto& term = plan.terms[t];
            if constexpr (tables::one_term_each) {
                values[term.string] = scaled(t, runs::read(factors.value, product, term.monomial));
                return;
            }
            const bool first = t == 0 || plan.terms[t == 0 ? 0 : t - 1].string != term.string;
            if (term.monomial == token.none) {
                values[term.string] = S(coefficient_[t]) + (first ? S(R(0)) : values[term.string]);
            } else if (first) {
                values[term.string] = scaled(t, runs::read(factors.value, product, term.monomial));
            } else {
                values[term.string] = simd::fma(S(coefficient_[t]), runs::read(factors.value, product, term.monomial),
                                                values[term.string]);
            }
        });
        // A string without a term is identically zero, e.g. <X> of a wire that stays in |0>.
        unroll_short<strings>([&](std::size_t string) QVIT_INLINE_LAMBDA {
            if (!tables::string_has_term[string]) values[string] = S(R(0));
        });
    }

  public:
    QVIT_INLINE void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        S gathered[direct ? 1 : strings];
        const S* string_gradient = output_gradient;
        if constexpr (!direct) {
            S scratch[readout_scratch(Circuit)];
            scatter_gradient(Circuit, strings, output_gradient, gathered, scratch);
            string_gradient = gathered;
        }
        const factor_values factors(saved);
        if constexpr (streamed::applies) {
            const auto done = [&](std::size_t k, S by_cosine) QVIT_INLINE_LAMBDA {
                const S sine = saved[token_slots + k];
                S& slot = sum.slot[slot_table::count == token_slots ? k : slot_table::token_slot[k]];
                slot = simd::fnma(by_cosine, sine, slot);
                input_gradient[k] = simd::fnma(by_cosine, sine, input_gradient[k]);
            };
            streamed::sweep_back(factors.value, string_gradient, saved + first_kept, done);
        } else {
            sweep_back(factors, saved, string_gradient, input_gradient, sum);
        }
    }

  private:
    QVIT_INLINE void sweep_back(const factor_values& factors, const S* saved, const S* string_gradient,
                                S* input_gradient, gradient_sum& sum) const {
        S product[token.product_count + 1];
        runs::multiply_out(factors.value, product);
        S factor_gradient[token.factor_count + 1];
        S product_gradient[token.product_count + 1];
        unroll_short<token.node_count()>([&](std::size_t k) QVIT_INLINE_LAMBDA {
            const bool is_factor = k < token.factor_count;
            if (is_factor && !tables::term_is_factor && !runs::starts_at_zero(k)) return;
            S& to = is_factor ? factor_gradient[k] : product_gradient[k - token.factor_count];
            const std::size_t t = tables::first_term[k];
            to = t == terms ? S(R(0)) : scaled(t, string_gradient[plan.terms[t].string]);
        });
        if constexpr (has_coefficients || !tables::one_term_each)
            unroll_short<terms>([&](std::size_t t) QVIT_INLINE_LAMBDA {
                const auto& term = plan.terms[t];
                const S g = string_gradient[term.string];
                if (term.monomial == token.none) {
                    if constexpr (has_coefficients) sum.coefficient[t] += g;
                    return;
                }
                if constexpr (has_coefficients)
                    sum.coefficient[t] =
                        simd::fma(g, runs::read(factors.value, product, term.monomial), sum.coefficient[t]);
                if (tables::first_term[term.monomial] == t) return;
                S& to = term.monomial < token.factor_count ? factor_gradient[term.monomial]
                                                           : product_gradient[term.monomial - token.factor_count];
                to += scaled(t, g);
            });
        runs::template sweep_back<tables::term_is_factor>(factors.value, product, factor_gradient, product_gradient);
        // d sin = cos, d cos = -sin
        if constexpr (tables::factors_are_cosines) {
            slot_table::add_input_gradient(
                [&](std::size_t k) QVIT_INLINE_LAMBDA {
                    const S g = -(factor_gradient[k] * saved[token_slots + k]);
                    sum.slot[slot_table::token_slot[k]] += g;
                    return g;
                },
                saved + 2 * token_slots, input_gradient);
        } else {
            S slot_gradient[token_slots + 1];
            unroll_short<token_slots>([&](std::size_t k) QVIT_INLINE_LAMBDA { slot_gradient[k] = S(R(0)); });
            unroll_short<token.factor_count>([&](std::size_t k) QVIT_INLINE_LAMBDA {
                const auto factor = token.factors[k];
                const std::size_t rank = slot_table::rank[factor.slot];
                if (factor.sine)
                    slot_gradient[rank] = simd::fma(factor_gradient[k], saved[rank], slot_gradient[rank]);
                else
                    slot_gradient[rank] =
                        simd::fnma(factor_gradient[k], saved[token_slots + rank], slot_gradient[rank]);
            });
            slot_table::add_input_gradient(
                [&](std::size_t k) QVIT_INLINE_LAMBDA {
                    sum.slot[slot_table::token_slot[k]] += slot_gradient[k];
                    return slot_gradient[k];
                },
                saved + 2 * token_slots, input_gradient);
        }
    }

  public:
    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        std::array<R, slot_table::count + 1> slot_gradient{};
        for (std::size_t k = 0; k < token_slots; ++k) {
            const std::size_t slot = slot_table::token_slot[k];
            slot_gradient[slot] = simd::sum(sum.slot[slot]);
        }
        if constexpr (has_coefficients) {
            std::array<R, terms> gradient{};
            for (std::size_t t = 0; t < terms; ++t) gradient[t] = simd::sum(sum.coefficient[t]);
            coefficient_.add_gradient(gradient.data(), angles_.data(), slot_gradient.data());
        }
        slot_table::add_weight_gradient(slot_gradient.data(), weight_gradient);
    }

  private:
    QVIT_INLINE S scaled(std::size_t term, S value) const {
        if constexpr (has_coefficients)
            return S(coefficient_[term]) * value;
        else
            return plan.terms[term].negative ? -value : value;
    }
    std::array<R, slot_table::count + 1> angles_;
    coefficients coefficient_;
};

}  // namespace qvit::inline QVIT_ABI
