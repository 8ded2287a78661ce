// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/simd/sine_cosine.hpp>

namespace qvit::inline QVIT_ABI {

/// The coefficients of a closed form's terms: signs, times products of sines and cosines of the angles that are the
/// same for all images and tokens.
///
/// `angles` are by slot (see slots::weight_angles). Cost: a sine and a cosine per such angle and a multiplication per
/// product, once per pass over a batch; about twice that back. Where no term has such a factor nothing is stored.
///
///     closed_form_coefficients<circuit, float> coefficient(angles.data());  float c = coefficient[0];
template <const auto& Circuit, class R>
class closed_form_coefficients {
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& uniform = plan.uniform;

  public:
    static constexpr bool signs_only = uniform.factor_count == 0;

    explicit closed_form_coefficients(const R* angles) {
        if constexpr (!signs_only) {
            for (std::size_t k = 0; k < uniform.factor_count; ++k) {
                R sine, cosine;
                simd::sine_cosine(angles[uniform.factors[k].slot], sine, cosine);
                node_[k] = uniform.factors[k].sine ? sine : cosine;
            }
            for (std::size_t k = 0; k < uniform.product_count; ++k)
                node_[uniform.factor_count + k] = node_[uniform.products[k].left] * node_[uniform.products[k].right];
            for (std::size_t t = 0; t < plan.term_count; ++t) {
                const R value = plan.terms[t].coefficient == uniform.none ? R(1) : node_[plan.terms[t].coefficient];
                value_[t] = plan.terms[t].negative ? -value : value;
            }
        }
    }
    QVIT_INLINE R operator[](std::size_t term) const {
        if constexpr (signs_only)
            return plan.terms[term].negative ? R(-1) : R(1);
        else
            return value_[term];
    }
    /// Adds to slot_gradient what coefficient_gradient[term] gives; `angles` as above.
    void add_gradient(const R* coefficient_gradient, const R* angles, R* slot_gradient) const {
        std::array<R, uniform.node_count() + 1> node{};
        for (std::size_t t = 0; t < plan.term_count; ++t)
            if (plan.terms[t].coefficient != uniform.none)
                node[plan.terms[t].coefficient] +=
                    plan.terms[t].negative ? -coefficient_gradient[t] : coefficient_gradient[t];
        for (std::size_t k = uniform.product_count; k-- > 0;) {
            const auto [left, right] = uniform.products[k];
            const R g = node[uniform.factor_count + k];
            node[left] += g * node_[right];
            node[right] += g * node_[left];
        }
        for (std::size_t k = 0; k < uniform.factor_count; ++k) {
            R sine, cosine;
            simd::sine_cosine(angles[uniform.factors[k].slot], sine, cosine);
            slot_gradient[uniform.factors[k].slot] += node[k] * (uniform.factors[k].sine ? cosine : -sine);
        }
    }

  private:
    std::array<R, signs_only ? 1 : plan.term_count> value_{};
    std::array<R, signs_only ? 1 : uniform.node_count()> node_{};
};

}  // namespace qvit::inline QVIT_ABI
