// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_expectations.hpp>
#include <qvit/statevector/schedule.hpp>
#include <qvit/statevector/slots.hpp>
#include <qvit/statevector/stage_groups.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit by its 2^n amplitudes, one sample per SIMD lane; gates are vertical multiply-adds.
///
/// The interface and the meaning of `saved` and `gradient_sum` are closed_form_engine's. Amplitudes are real where
/// every gate is real. The backward pass is adjoint differentiation (arXiv:2009.02823): with lambda = (sum_i g_i O_i)
/// psi, walk back through the gates undoing each on psi and lambda; a rotation's gradient is Re <lambda| -i G |psi>.
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
    // Amplitudes a group keeps in registers: of psi alone on the way forward, of psi and lambda on the way back.
    static constexpr const auto &forward_plan = schedule < Circuit, is_real ? 4 : 3 > ;
    static constexpr const auto &backward_plan = schedule < Circuit, is_real ? 3 : 2 > ;
    using expectations = lane_expectations<Circuit, schedule<Circuit, is_real ? 4 : 3>, A>;

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
        expectations::measure_all(psi, outputs);
    }

    void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        A psi[size];
        A lambda[size];
        prepare(saved, psi);
        expectations::apply_observables(output_gradient, psi, lambda);
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
    /// Cosine and sine of half a gate's angle; 1 and 0 for a gate without an angle, which does not read them.
    template <operation Kind, std::size_t Slot>
    QVIT_INLINE S cosine(const S* saved) const {
        if constexpr (!is_rotation(Kind))
            return S(R(1));
        else if constexpr (slot_table::circuit.uniform[Slot])
            return S(cosine_[Slot]);
        else
            return saved[slot_table::rank[Slot]];
    }
    template <operation Kind, std::size_t Slot>
    QVIT_INLINE S sine(const S* saved) const {
        if constexpr (!is_rotation(Kind))
            return S(R(0));
        else if constexpr (slot_table::circuit.uniform[Slot])
            return S(sine_[Slot]);
        else
            return saved[token_slots + slot_table::rank[Slot]];
    }

    /// The two amplitudes of wire w after its first gate: U |0>.
    template <std::size_t Wire>
    QVIT_INLINE std::array<A, 2> single_wire_state(const S* saved) const {
        std::array<A, 2> v{field::real(S(R(1))), field::real(S(R(0)))};
        constexpr auto factor = forward_plan.product[Wire];
        if constexpr (factor.present)
            apply_to_pair<factor.kind>(cosine<factor.kind, factor.slot>(saved), sine<factor.kind, factor.slot>(saved),
                                       v[0], v[1]);
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
                    local[l()] = psi[base ^ group_offset<forward_stage<Index>>(l())];
                });
                unroll<stage.last - stage.first, stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
                    constexpr const auto& step = forward_step<i()>;
                    const S c = cosine<step.kind, step.slot>(saved);
                    const S s = sine<step.kind, step.slot>(saved);
                    for_each_pair<forward_stage<Index>, forward_step<i()>>([&](auto zero, auto one) QVIT_INLINE_LAMBDA {
                        apply_to_pair<step.kind>(c, s, local[zero()], local[one()]);
                    });
                });
                unroll<locals>([&](auto l) QVIT_INLINE_LAMBDA {
                    psi[base ^ group_offset<forward_stage<Index>>(l())] = local[l()];
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
                    local[l()] = psi[base ^ group_offset<backward_stage<Index>>(l())];
                    adjoint[l()] = lambda[base ^ group_offset<backward_stage<Index>>(l())];
                });
                unroll<stage.last - stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
                    constexpr std::size_t number = stage.last - 1 - i();
                    constexpr const auto& step = backward_step<number>;
                    const S c = cosine<step.kind, step.slot>(saved);
                    const S s = -sine<step.kind, step.slot>(saved);
                    for_each_pair<backward_stage<Index>, backward_step<number>>(
                        [&](auto zero, auto one) QVIT_INLINE_LAMBDA {
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
                    psi[base ^ group_offset<backward_stage<Index>>(l())] = local[l()];
                    lambda[base ^ group_offset<backward_stage<Index>>(l())] = adjoint[l()];
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

    std::array<R, slot_table::count + 1> angles_;
    std::array<R, slot_table::count + 1> cosine_{};
    std::array<R, slot_table::count + 1> sine_{};
};

}  // namespace qvit::inline QVIT_ABI
