// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/schedule.hpp>
#include <qvit/statevector/stage_groups.hpp>

namespace qvit::inline QVIT_ABI {

/// Measures a circuit's outputs on amplitudes A (S or complex_lanes<S>) that a schedule left relabelled.
///
/// `measure_all`: outputs = <psi| O |psi>. `apply_observables`: lambda = sum over outputs of gradient * O psi, from
/// which adjoint differentiation starts. Cost: about 3 * 2^n operations for all <Z> together, 2^n more for each X or Y.
template <const auto& Circuit, const auto& Schedule, class A>
class lane_expectations {
    using field = amplitude<A>;
    using S = typename field::lanes_type;
    using R = real_of<S>;
    static constexpr const auto& plan = Schedule;
    static constexpr std::size_t width = Circuit.width;
    static constexpr std::size_t size = std::size_t{1} << width;
    static constexpr bool measures_z = [] {
        for (const observable& o : Circuit.observables)
            if (o.pauli == z) return true;
        return false;
    }();

    /// Logical index of the amplitude stored at k, after all relabelling.
    static constexpr std::array<std::uint16_t, size> logical_index = [] {
        std::array<std::uint16_t, size> result{};
        for (std::size_t k = 0; k < size; ++k)
            for (std::size_t w = 0; w < width; ++w)
                result[k] = static_cast<std::uint16_t>(result[k] |
                                                       (std::size_t{wire_bit(k, plan.rows[w], plan.flips[w])} << w));
        return result;
    }();

  public:
    /// All outputs. Every <Z_w> comes out of one halving sum over the probabilities: 3 * 2^n operations in all.
    static QVIT_INLINE void measure_all(const A* psi, S* outputs) {
        if constexpr (measures_z) {
            S probability[size];
            S wire_z[width];
            for (std::size_t k = 0; k < size; ++k)
                probability[logical_index[k]] = field::add_inner(psi[k], psi[k], S(R(0)));
            unroll<width>([&](auto step) QVIT_INLINE_LAMBDA {
                constexpr std::size_t wire = width - 1 - step();
                constexpr std::size_t half = std::size_t{1} << wire;
                S zero(R(0));
                S one(R(0));
                for (std::size_t k = 0; k < half; ++k) {
                    zero += probability[k];
                    one += probability[half + k];
                    probability[k] += probability[half + k];
                }
                wire_z[wire] = zero - one;
            });
            unroll<Circuit.outputs>([&](auto output) QVIT_INLINE_LAMBDA {
                constexpr auto o = Circuit.observables[output()];
                if constexpr (o.pauli == z) outputs[output()] = wire_z[o.wire];
            });
        }
        unroll<Circuit.outputs>([&](auto output) QVIT_INLINE_LAMBDA {
            constexpr auto o = Circuit.observables[output()];
            if constexpr (o.pauli != z) {
                S total(R(0));
                for_each_wire_pair<o.wire>([&](std::size_t zero, std::size_t one) QVIT_INLINE_LAMBDA {
                    A image0 = psi[zero];
                    A image1 = psi[one];
                    apply_to_pair<o.pauli>(S(R(1)), S(R(0)), image0, image1);
                    total = field::add_inner(psi[zero], image0, field::add_inner(psi[one], image1, total));
                });
                outputs[output()] = total;
            }
        });
    }
    /// lambda = sum over outputs of gradient * Pauli psi; the sum of all +-g_w Z_w is one diagonal, made by doubling.
    static QVIT_INLINE void apply_observables(const S* gradient, const A* psi, A* lambda) {
        if constexpr (measures_z) {
            S diagonal[size];
            S wire_gradient[width];
            unroll<width>([&](auto wire) QVIT_INLINE_LAMBDA { wire_gradient[wire()] = S(R(0)); });
            unroll<Circuit.outputs>([&](auto output) QVIT_INLINE_LAMBDA {
                constexpr auto o = Circuit.observables[output()];
                if constexpr (o.pauli == z) wire_gradient[o.wire] += gradient[output()];
            });
            diagonal[0] = wire_gradient[0];
            diagonal[1] = -wire_gradient[0];
            unroll<width - 1, 1>([&](auto wire) QVIT_INLINE_LAMBDA {
                constexpr std::size_t half = std::size_t{1} << wire();
                for (std::size_t k = 0; k < half; ++k) {
                    diagonal[half + k] = diagonal[k] - wire_gradient[wire()];
                    diagonal[k] += wire_gradient[wire()];
                }
            });
            for (std::size_t k = 0; k < size; ++k) lambda[k] = field::scale(diagonal[logical_index[k]], psi[k]);
        } else {
            for (std::size_t k = 0; k < size; ++k) lambda[k] = field::real(S(R(0)));
        }
        unroll<Circuit.outputs>([&](auto output) QVIT_INLINE_LAMBDA {
            constexpr auto o = Circuit.observables[output()];
            if constexpr (o.pauli != z)
                for_each_wire_pair<o.wire>([&](std::size_t zero, std::size_t one) QVIT_INLINE_LAMBDA {
                    A image0 = psi[zero];
                    A image1 = psi[one];
                    apply_to_pair<o.pauli>(S(R(1)), S(R(0)), image0, image1);
                    lambda[zero] = field::add_scaled(gradient[output()], image0, lambda[zero]);
                    lambda[one] = field::add_scaled(gradient[output()], image1, lambda[one]);
                });
        });
    }

  private:
    /// Calls body(index where the wire is 0, index where it is 1) for every pair of amplitudes.
    template <std::size_t Wire>
    static QVIT_INLINE void for_each_wire_pair(auto&& body) {
        for (std::size_t k = 0; k < size; ++k)
            if (!wire_bit(k, plan.rows[Wire], plan.flips[Wire])) body(k, k ^ plan.masks[Wire]);
    }
};

}  // namespace qvit::inline QVIT_ABI
