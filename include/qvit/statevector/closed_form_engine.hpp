// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit by its closed form: a sine and a cosine per input angle, then a few multiplications.
///
/// An object holds what is the same for all tokens; make one per pass over a batch.
/// `forward`: inputs[Circuit.inputs] -> outputs[Circuit.outputs], and saved[saved_per_token] for `backward`.
/// `backward`: adds to input_gradient, and to `gradient_sum`, which `add_weight_gradient` turns into d/d weights.
/// Cost per token: token slots * (sin, cos) + closed_form<Circuit>.multiply_adds() forward, about twice that back.
/// The reverse sweep runs the product program backwards, so no gradient divides by a cosine.
template <const auto& Circuit, class S>
class closed_form_engine {
    using R = real_of<S>;
    using slot_table = slots<Circuit>;
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& token = plan.token;
    static constexpr const auto& uniform = plan.uniform;
    static constexpr std::size_t token_slots = slot_table::token_count;
    static constexpr std::size_t terms = plan.term_count;
    static constexpr bool has_coefficients = uniform.factor_count > 0;

  public:
    static constexpr std::size_t saved_per_token = 2 * token_slots;

    struct gradient_sum {
        std::array<S, slot_table::count + 1> slot{};                ///< d loss / d angle, token slots
        std::array<S, has_coefficients ? terms : 1> coefficient{};  ///< d loss / d coefficient of a term
        gradient_sum() { slot.fill(S(R(0))), coefficient.fill(S(R(0))); }
    };

    explicit closed_form_engine(const R* weights) : angles_(slot_table::weight_angles(weights)) {
        if constexpr (has_coefficients) {
            for (std::size_t k = 0; k < uniform.factor_count; ++k) {
                R sine, cosine;
                simd::sine_cosine(angles_[uniform.factors[k].slot], sine, cosine);
                uniform_node_[k] = uniform.factors[k].sine ? sine : cosine;
            }
            for (std::size_t k = 0; k < uniform.product_count; ++k)
                uniform_node_[uniform.factor_count + k] =
                    uniform_node_[uniform.products[k].left] * uniform_node_[uniform.products[k].right];
            for (std::size_t t = 0; t < terms; ++t) {
                const R value =
                    plan.terms[t].coefficient == uniform.none ? R(1) : uniform_node_[plan.terms[t].coefficient];
                coefficient_[t] = plan.terms[t].negative ? -value : value;
            }
        }
    }

    QVIT_INLINE void forward(const S* inputs, S* outputs, S* saved) const {
        unroll<token_slots>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t slot = slot_table::token_slot[k()];
            const S angle = slot_table::template angle<slot>(angles_[slot], inputs);
            simd::sine_cosine(angle, saved[token_slots + k], saved[k()]);
        });
        S node[token.node_count() + 1];
        multiply_out(saved, node);
        unroll<terms>([&](auto t) QVIT_INLINE_LAMBDA {
            constexpr auto term = plan.terms[t()];
            constexpr bool first = t() == 0 || plan.terms[t() == 0 ? 0 : t() - 1].output != term.output;
            if constexpr (term.monomial == token.none) {
                outputs[term.output] = S(coefficient<t()>()) + (first ? S(R(0)) : outputs[term.output]);
            } else if constexpr (first) {
                outputs[term.output] = scaled<t()>(node[term.monomial]);
            } else {
                outputs[term.output] = simd::fma(S(coefficient<t()>()), node[term.monomial], outputs[term.output]);
            }
        });
        // An output without a term is identically zero, e.g. <X> of a wire that stays in |0>.
        unroll<Circuit.outputs>([&](auto output) QVIT_INLINE_LAMBDA {
            if constexpr (!has_term(output())) outputs[output()] = S(R(0));
        });
    }

    QVIT_INLINE void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        S node[token.node_count() + 1];
        S node_gradient[token.node_count() + 1];
        multiply_out(saved, node);
        unroll<token.node_count()>([&](auto k) QVIT_INLINE_LAMBDA { node_gradient[k()] = S(R(0)); });
        unroll<terms>([&](auto t) QVIT_INLINE_LAMBDA {
            constexpr auto term = plan.terms[t()];
            const S g = output_gradient[term.output];
            if constexpr (term.monomial == token.none) {
                if constexpr (has_coefficients) sum.coefficient[t()] += g;
            } else {
                if constexpr (has_coefficients)
                    sum.coefficient[t()] = simd::fma(g, node[term.monomial], sum.coefficient[t()]);
                node_gradient[term.monomial] += scaled<t()>(g);
            }
        });
        unroll<token.product_count>([&](auto step) QVIT_INLINE_LAMBDA {
            constexpr std::size_t k = token.product_count - 1 - step();
            constexpr auto product = token.products[k];
            const S g = node_gradient[token.factor_count + k];
            node_gradient[product.left] = simd::fma(g, node[product.right], node_gradient[product.left]);
            node_gradient[product.right] = simd::fma(g, node[product.left], node_gradient[product.right]);
        });
        S slot_gradient[token_slots + 1];
        unroll<token_slots>([&](auto k) QVIT_INLINE_LAMBDA { slot_gradient[k()] = S(R(0)); });
        unroll<token.factor_count>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr auto factor = token.factors[k()];
            constexpr std::size_t rank = slot_table::rank[factor.slot];
            if constexpr (factor.sine)  // d sin = cos, d cos = -sin
                slot_gradient[rank] = simd::fma(node_gradient[k()], saved[rank], slot_gradient[rank]);
            else
                slot_gradient[rank] = simd::fnma(node_gradient[k()], saved[token_slots + rank], slot_gradient[rank]);
        });
        unroll<token_slots>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t slot = slot_table::token_slot[k()];
            sum.slot[slot] += slot_gradient[k()];
            slot_table::template add_input_gradient<slot>(slot_gradient[k()], input_gradient);
        });
    }

    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        std::array<R, slot_table::count + 1> slot_gradient{};
        for (std::size_t k = 0; k < token_slots; ++k) {
            const std::size_t slot = slot_table::token_slot[k];
            slot_gradient[slot] = simd::sum(sum.slot[slot]);
        }
        if constexpr (has_coefficients) {
            std::array<R, uniform.node_count()> node_gradient{};
            for (std::size_t t = 0; t < terms; ++t)
                if (plan.terms[t].coefficient != uniform.none)
                    node_gradient[plan.terms[t].coefficient] +=
                        plan.terms[t].negative ? -simd::sum(sum.coefficient[t]) : simd::sum(sum.coefficient[t]);
            for (std::size_t k = uniform.product_count; k-- > 0;) {
                const auto [left, right] = uniform.products[k];
                const R g = node_gradient[uniform.factor_count + k];
                node_gradient[left] += g * uniform_node_[right];
                node_gradient[right] += g * uniform_node_[left];
            }
            for (std::size_t k = 0; k < uniform.factor_count; ++k) {
                R sine, cosine;
                simd::sine_cosine(angles_[uniform.factors[k].slot], sine, cosine);
                slot_gradient[uniform.factors[k].slot] += node_gradient[k] * (uniform.factors[k].sine ? cosine : -sine);
            }
        }
        slot_table::add_weight_gradient(slot_gradient.data(), weight_gradient);
    }

  private:
    static constexpr bool has_term(std::size_t output) {
        for (std::size_t t = 0; t < terms; ++t)
            if (plan.terms[t].output == output) return true;
        return false;
    }
    template <std::size_t Term>
    QVIT_INLINE R coefficient() const {
        if constexpr (has_coefficients)
            return coefficient_[Term];
        else
            return plan.terms[Term].negative ? R(-1) : R(1);
    }
    template <std::size_t Term>
    QVIT_INLINE S scaled(S value) const {
        if constexpr (has_coefficients)
            return S(coefficient_[Term]) * value;
        else if constexpr (plan.terms[Term].negative)
            return -value;
        else
            return value;
    }
    static QVIT_INLINE void multiply_out(const S* saved, S* node) {
        unroll<token.factor_count>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr auto factor = token.factors[k()];
            node[k()] = saved[slot_table::rank[factor.slot] + (factor.sine ? token_slots : 0)];
        });
        unroll<token.product_count>([&](auto k) QVIT_INLINE_LAMBDA {
            node[token.factor_count + k] = node[token.products[k()].left] * node[token.products[k()].right];
        });
    }

    std::array<R, slot_table::count + 1> angles_;
    std::array<R, has_coefficients ? terms : 1> coefficient_{};
    std::array<R, uniform.node_count() + 1> uniform_node_{};
};

}  // namespace qvit::inline QVIT_ABI
