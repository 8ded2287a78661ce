// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/schedule.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit by its 2^n amplitudes, one sample per SIMD lane; gates are vertical multiply-adds.
///
/// The interface and the meaning of `saved` and `gradient_sum` are closed_form_engine's. Amplitudes are real where every
/// gate is real. The backward pass is adjoint differentiation (arXiv:2009.02823): with lambda = (sum_i g_i O_i) psi,
/// walk back through the gates undoing each on psi and lambda; a rotation's gradient is Re <lambda| -i G |psi>.
/// Cost per token: about 2 * 2^n multiply-adds per rotation forward, three times that back; memory 2 * 2^n amplitudes.
template <const auto& Circuit, class S>
class lane_statevector_engine {
    using R = real_of<S>;
    using slot_table = slots<Circuit>;
    static constexpr bool is_real = [] {
        for (const observable& o : Circuit.observables)
            if (o.pauli == y) return false;
        return Circuit.is_real();
    }();
    using A = std::conditional_t<is_real, S, complex_lanes<S>>;
    using field = amplitude<A>;
    static constexpr std::size_t width = Circuit.width;
    static constexpr std::size_t size = std::size_t{1} << width;
    static constexpr std::size_t token_slots = slot_table::token_count;
    static constexpr bool measures_z = [] {
        for (const observable& o : Circuit.observables)
            if (o.pauli == z) return true;
        return false;
    }();
    // Amplitudes a group keeps in registers: of psi alone on the way forward, of psi and lambda on the way back.
    static constexpr const auto& forward_plan = schedule<Circuit, is_real ? 4 : 3>;
    static constexpr const auto& backward_plan = schedule<Circuit, is_real ? 3 : 2>;

  public:
    static constexpr std::size_t saved_per_token = 2 * token_slots;

    struct gradient_sum {
        std::array<S, slot_table::count + 1> slot{};
        gradient_sum() { slot.fill(S(R(0))); }
    };

    explicit lane_statevector_engine(const R* weights) : angles_(slot_table::weight_angles(weights)) {
        for (std::size_t slot = 0; slot < slot_table::count; ++slot)
            simd::sine_cosine(angles_[slot] * R(0.5), sine_[slot], cosine_[slot]);
    }

    void forward(const S* inputs, S* outputs, S* saved) const {
        unroll<token_slots>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t slot = slot_table::token_slot[k()];
            const S half = slot_table::template angle<slot>(angles_[slot], inputs) * S(R(0.5));
            simd::sine_cosine(half, saved[token_slots + k], saved[k()]);
        });
        A psi[size];
        prepare(saved, psi);
        measure_all(psi, outputs);
    }

    void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        A psi[size];
        A lambda[size];
        prepare(saved, psi);
        apply_observables(output_gradient, psi, lambda);
        S gradient[slot_table::count + 1];
        unroll<slot_table::count>([&](auto slot) QVIT_INLINE_LAMBDA { gradient[slot()] = S(R(0)); });
        unroll<backward_plan.stage_count>([&](auto i) QVIT_INLINE_LAMBDA {
            undo_stage<backward_plan.stage_count - 1 - i()>(saved, psi, lambda, gradient);
        });
        undo_product(saved, lambda, gradient);
        unroll<slot_table::count>([&](auto slot) QVIT_INLINE_LAMBDA {
            sum.slot[slot()] += gradient[slot()];
            if constexpr (!slot_table::circuit.uniform[slot()])
                slot_table::template add_input_gradient<slot()>(gradient[slot()], input_gradient);
        });
    }

    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        std::array<R, slot_table::count + 1> slot_gradient{};
        for (std::size_t slot = 0; slot < slot_table::count; ++slot) slot_gradient[slot] = simd::sum(sum.slot[slot]);
        slot_table::add_weight_gradient(slot_gradient.data(), weight_gradient);
    }

  private:
    template <std::size_t Slot>
    QVIT_INLINE S cosine(const S* saved) const {
        if constexpr (slot_table::circuit.uniform[Slot])
            return S(cosine_[Slot]);
        else
            return saved[slot_table::rank[Slot]];
    }
    template <std::size_t Slot>
    QVIT_INLINE S sine(const S* saved) const {
        if constexpr (slot_table::circuit.uniform[Slot])
            return S(sine_[Slot]);
        else
            return saved[token_slots + slot_table::rank[Slot]];
    }

    /// The two amplitudes of wire w after its first gate: U |0>.
    template <std::size_t Wire>
    QVIT_INLINE std::array<A, 2> single_wire_state(const S* saved) const {
        std::array<A, 2> v{field::real(S(R(1))), field::real(S(R(0)))};
        constexpr auto factor = forward_plan.product[Wire];
        if constexpr (factor.present && is_rotation(factor.kind))
            apply_to_pair<factor.kind>(cosine<factor.slot>(saved), sine<factor.slot>(saved), v[0], v[1]);
        else if constexpr (factor.present)
            apply_to_pair<factor.kind>(S(R(1)), S(R(0)), v[0], v[1]);
        return v;
    }
    /// psi = product of the first Wires wires' states; wire k doubles the register.
    template <std::size_t Wires>
    QVIT_INLINE void make_product(const S* saved, A* psi) const {
        psi[0] = field::real(S(R(1)));
        unroll<Wires>([&](auto wire) QVIT_INLINE_LAMBDA {
            constexpr std::size_t half = std::size_t{1} << wire();
            const auto v = single_wire_state<wire()>(saved);
            if constexpr (wire() == 0) {
                psi[0] = v[0];
                psi[1] = v[1];
            } else {
                for (std::size_t k = 0; k < half; ++k) {
                    psi[half + k] = v[1] * psi[k];
                    psi[k] = v[0] * psi[k];
                }
            }
        });
    }
    QVIT_INLINE void prepare(const S* saved, A* psi) const {
        make_product<width>(saved, psi);
        unroll<forward_plan.stage_count>([&](auto i) QVIT_INLINE_LAMBDA { run_stage<i()>(saved, psi); });
    }

    /// Calls body(base) for the lowest index of every group of amplitudes that a stage works on.
    template <const auto& Stage>
    static QVIT_INLINE void for_each_group(auto&& body) {
        constexpr std::size_t groups = size >> Stage.axes;
        if constexpr (groups == 1) {
            body(std::integral_constant<std::size_t, 0>{});
        } else {
            std::size_t base = 0;
            for (std::size_t group = 1;; ++group) {  // Gray code: one basis vector changes at a time
                body(base);
                if (group == groups) break;
                base ^= Stage.base[static_cast<std::size_t>(std::countr_zero(group))];
            }
        }
    }
    /// Offset from a group's base to the amplitude whose axis bits are `local`.
    template <const auto& Stage>
    static constexpr std::size_t offset(std::size_t local) {
        std::size_t result = 0;
        for (std::size_t axis = 0; axis < Stage.axes; ++axis)
            if ((local >> axis) & 1) result ^= Stage.masks[axis];
        return result;
    }
    /// Calls body(index of bit 0, index of bit 1) for the pairs a step works on, within a group.
    template <const auto& Stage, const auto& Step>
    static QVIT_INLINE void for_each_pair(auto&& body) {
        unroll<(std::size_t{1} << Stage.axes) / 2>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t low = k() & ((std::size_t{1} << Step.axis) - 1);
            constexpr std::size_t zero = ((k() - low) << 1) | low;
            constexpr std::size_t one = zero | (std::size_t{1} << Step.axis);
            body(index_constant<Step.flip ? one : zero>{}, index_constant<Step.flip ? zero : one>{});
        });
    }
    static constexpr bool odd(std::size_t index, std::uint32_t row, bool flip) {
        return ((static_cast<unsigned>(std::popcount(static_cast<std::uint32_t>(index) & row)) & 1u) != 0) != flip;
    }
    template <const auto& Stage>
    static QVIT_INLINE void change_signs(A* psi) {
        for (std::size_t k = 0; k < size; ++k)
            if (odd(k, Stage.rows[0], Stage.flips[0]) && odd(k, Stage.rows[1], Stage.flips[1])) psi[k] = -psi[k];
    }

    template <std::size_t Index>
    static constexpr auto forward_stage = forward_plan.stages[Index];
    template <std::size_t Index>
    static constexpr auto forward_step = forward_plan.steps[Index];
    template <std::size_t Index>
    static constexpr auto backward_stage = backward_plan.stages[Index];
    template <std::size_t Index>
    static constexpr auto backward_step = backward_plan.steps[Index];

    template <std::size_t Index>
    QVIT_INLINE void run_stage(const S* saved, A* psi) const {
        constexpr const auto& stage = forward_stage<Index>;
        if constexpr (stage.is_cz) {
            change_signs<forward_stage<Index>>(psi);
        } else {
            constexpr std::size_t locals = std::size_t{1} << stage.axes;
            for_each_group<forward_stage<Index>>([&](auto base) QVIT_INLINE_LAMBDA {
                A local[locals];
                unroll<locals>([&](auto l) QVIT_INLINE_LAMBDA {
                    local[l()] = psi[base ^ offset<forward_stage<Index>>(l())];
                });
                unroll<stage.last - stage.first, stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
                    constexpr const auto& step = forward_step<i()>;
                    const S c = cosine_or_one<step.kind, step.slot>(saved);
                    const S s = sine_or_zero<step.kind, step.slot>(saved);
                    for_each_pair<forward_stage<Index>, forward_step<i()>>(
                        [&](auto zero, auto one) QVIT_INLINE_LAMBDA { apply_to_pair<step.kind>(c, s, local[zero()], local[one()]); });
                });
                unroll<locals>([&](auto l) QVIT_INLINE_LAMBDA {
                    psi[base ^ offset<forward_stage<Index>>(l())] = local[l()];
                });
            });
        }
    }

    template <std::size_t Index>
    QVIT_INLINE void undo_stage(const S* saved, A* psi, A* lambda, S* gradient) const {
        constexpr const auto& stage = backward_stage<Index>;
        if constexpr (stage.is_cz) {
            change_signs<backward_stage<Index>>(psi);
            change_signs<backward_stage<Index>>(lambda);
        } else {
            constexpr std::size_t locals = std::size_t{1} << stage.axes;
            for_each_group<backward_stage<Index>>([&](auto base) QVIT_INLINE_LAMBDA {
                A local[locals];
                A adjoint[locals];
                unroll<locals>([&](auto l) QVIT_INLINE_LAMBDA {
                    local[l()] = psi[base ^ offset<backward_stage<Index>>(l())];
                    adjoint[l()] = lambda[base ^ offset<backward_stage<Index>>(l())];
                });
                unroll<stage.last - stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
                    constexpr std::size_t number = stage.last - 1 - i();
                    constexpr const auto& step = backward_step<number>;
                    const S c = cosine_or_one<step.kind, step.slot>(saved);
                    const S s = -sine_or_zero<step.kind, step.slot>(saved);
                    for_each_pair<backward_stage<Index>, backward_step<number>>([&](auto zero, auto one) QVIT_INLINE_LAMBDA {
                        apply_to_pair<step.kind>(c, s, local[zero()], local[one()]);
                        apply_to_pair<step.kind>(c, s, adjoint[zero()], adjoint[one()]);
                        if constexpr (is_rotation(step.kind)) {
                            A g0 = local[zero()];
                            A g1 = local[one()];
                            apply_generator<step.kind>(g0, g1);
                            gradient[step.slot] = field::add_inner(
                                adjoint[zero()], g0, field::add_inner(adjoint[one()], g1, gradient[step.slot]));
                        }
                    });
                });
                unroll<locals>([&](auto l) QVIT_INLINE_LAMBDA {
                    psi[base ^ offset<backward_stage<Index>>(l())] = local[l()];
                    lambda[base ^ offset<backward_stage<Index>>(l())] = adjoint[l()];
                });
            });
        }
    }

    /// Gradients of the product state's angles: contract lambda with the other wires' states, last wire first.
    QVIT_INLINE void undo_product(const S* saved, A* lambda, S* gradient) const {
        unroll<width>([&](auto step) QVIT_INLINE_LAMBDA {
            constexpr std::size_t wire = width - 1 - step();
            constexpr std::size_t half = std::size_t{1} << wire;
            constexpr auto factor = forward_plan.product[wire];
            const auto v = single_wire_state<wire>(saved);
            if constexpr (factor.present && is_rotation(factor.kind)) {
                A rest[half];  // the state of the wires below
                make_product<wire>(saved, rest);
                A derivative0 = v[0];
                A derivative1 = v[1];
                apply_generator<factor.kind>(derivative0, derivative1);
                for (std::size_t k = 0; k < half; ++k)
                    gradient[factor.slot] = field::add_inner(
                        lambda[k], derivative0 * rest[k],
                        field::add_inner(lambda[half + k], derivative1 * rest[k], gradient[factor.slot]));
            }
            for (std::size_t k = 0; k < half; ++k)
                lambda[k] = field::conjugate(v[0]) * lambda[k] + field::conjugate(v[1]) * lambda[half + k];
        });
    }

    template <operation Kind, std::size_t Slot>
    QVIT_INLINE S cosine_or_one(const S* saved) const {
        if constexpr (is_rotation(Kind))
            return cosine<Slot>(saved);
        else
            return S(R(1));
    }
    template <operation Kind, std::size_t Slot>
    QVIT_INLINE S sine_or_zero(const S* saved) const {
        if constexpr (is_rotation(Kind))
            return sine<Slot>(saved);
        else
            return S(R(0));
    }

    /// Logical index of the amplitude stored at k, after all relabelling.
    static constexpr std::array<std::uint16_t, size> logical_index = [] {
        std::array<std::uint16_t, size> result{};
        for (std::size_t k = 0; k < size; ++k)
            for (std::size_t w = 0; w < width; ++w)
                result[k] = static_cast<std::uint16_t>(
                    result[k] | (std::size_t{odd(k, forward_plan.rows[w], forward_plan.flips[w])} << w));
        return result;
    }();

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
    /// Calls body(index where the wire is 0, index where it is 1) for every pair of amplitudes.
    template <std::size_t Wire>
    static QVIT_INLINE void for_each_wire_pair(auto&& body) {
        for (std::size_t k = 0; k < size; ++k)
            if (!odd(k, forward_plan.rows[Wire], forward_plan.flips[Wire])) body(k, k ^ forward_plan.masks[Wire]);
    }

    std::array<R, slot_table::count + 1> angles_;
    std::array<R, slot_table::count + 1> cosine_{};
    std::array<R, slot_table::count + 1> sine_{};
};

}  // namespace qvit::inline QVIT_ABI
