// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/circuit/lane_diagonal.hpp>
#include <qvit/circuit/lane_layout.hpp>
#include <qvit/circuit/lower.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>
#include <qvit/statevector/amplitude_input.hpp>
#include <qvit/statevector/lane_pass.hpp>
#include <qvit/statevector/lane_runner.hpp>
#include <qvit/statevector/readout.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit by its amplitudes, one sample per SIMD lane; gates are vertical multiply-adds.
///
/// The interface and the meaning of `saved` and `gradient_sum` are closed_form_engine's. Layout says which strings are
/// measured on which statevector: all on one (`whole_layout`), or each set of outputs on its light cone's
/// (`light_cone_layout`). Amplitudes are real where every rotation is. The backward pass is adjoint differentiation
/// (arXiv:2009.02823): with lambda = (sum_i g_i O_i) psi, walk back through the rotations undoing each on psi and
/// lambda; a rotation's gradient is Re <lambda| -i P |psi>. Where memory allows, states are kept instead of undone
/// (lane_schedule). Cost per token: 2^bits multiply-adds per uniform rotation forward (twice that per token's
/// rotation), three times that back; complex amplitudes double it. With amplitude_input a vector of zeros has outputs
/// zero.
template <const auto& Circuit, class S, class Layout>
class lane_statevector_engine {
    using R = real_of<S>;
    using slot_table = slots<Circuit>;
    static constexpr std::size_t count = slot_table::count;
    static constexpr std::size_t strings = Circuit.strings.size();
    static constexpr std::size_t token_slots = slot_table::token_count;
    static constexpr std::size_t parts = Layout::parts;
    template <std::size_t Part>
    using runner = lane_runner<Layout::template lane<Part>(), Layout::template diagonal<Part>(), S>;
    static constexpr bool keeps_inputs = slot_table::has_products || Circuit.amplitude_input;
    static constexpr std::size_t first_state = 2 * token_slots + (keeps_inputs ? Circuit.inputs : std::size_t{0});
    template <std::size_t Part>
    static constexpr std::size_t kept_reals = runner<Part>::schedule.kept_amplitudes*(runner<Part>::program.real ? 1
                                                                                                                 : 2);
    /// Where the kept states of a part stand in `saved`.
    template <std::size_t Part>
    static constexpr std::size_t kept_at = [] {
        std::size_t at = first_state;
        unroll<Part>([&](auto part) { at += kept_reals<part()>; });
        return at;
    }();

  public:
    static constexpr std::size_t saved_per_token = kept_at<parts>;

    struct gradient_sum {
        std::array<S, count + 1> slot{};
        gradient_sum() { slot.fill(S(R(0))); }
    };

    explicit lane_statevector_engine(const R* weights) : angles_(slot_table::weight_angles(weights)) {
        pass_.reduce(program<Circuit>, angles_.data());
        unroll<parts>([&](auto part) {
            scales_[part()].compute(runner<part()>::program, runner<part()>::schedule, pass_.cosine, pass_.sign,
                                    value_scale_[part()], adjoint_scale_[part()]);
        });
    }

    /// `saved` may be null where no backward follows.
    void forward(const S* inputs, S* outputs, S* saved) const {
        S not_saved[2 * token_slots + 1];
        S* const angle = saved ? saved : not_saved;
        // In two steps: sines and cosines in a loop of their own are compiled once, not once per slot.
        slot_table::template for_each_token_angle<S>(
            angles_.data(), inputs, [&](std::size_t k, S value) QVIT_INLINE_LAMBDA { angle[k] = value * S(R(0.5)); });
        for (std::size_t k = 0; k < token_slots; ++k) simd::sine_cosine(angle[k], angle[token_slots + k], angle[k]);
        if constexpr (keeps_inputs)
            if (saved)
                for (std::size_t i = 0; i < Circuit.inputs; ++i) saved[2 * token_slots + i] = inputs[i];
        S values[strings];
        unroll<parts>([&](auto part) QVIT_INLINE_LAMBDA {
            using run = runner<part()>;
            typename run::A psi[run::size];
            auto* const kept = saved ? kept_states<part()>(saved) : nullptr;
            run::measure(prepare<part()>(angle, inputs, psi, kept), kept, values);
            for (const lane_observable& o : run::program.observables)
                values[o.string] *= S(value_scale_[part()] * pass_.string_sign[o.string]);
        });
        S scratch[readout_scratch(Circuit)];
        gather_outputs(Circuit, Circuit.outputs, values, outputs, scratch);
    }

    void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        S string_gradient[strings];
        S scratch[readout_scratch(Circuit)];
        scatter_gradient(Circuit, strings, output_gradient, string_gradient, scratch);
        for (std::size_t k = 0; k < strings; ++k) string_gradient[k] *= S(pass_.string_sign[k]);
        S gradient[count + 1];
        for (std::size_t slot = 0; slot < count; ++slot) gradient[slot] = S(R(0));
        unroll<parts>([&](auto part) QVIT_INLINE_LAMBDA {
            using run = runner<part()>;
            using A = typename run::A;
            A lambda[run::size];
            S part_gradient[count + 1];
            for (const lane_step& step : run::program.steps) part_gradient[step.slot] = S(R(0));
            const auto& scales = scales_[part()];
            auto back_from = [&](const A* last, auto* psi) QVIT_INLINE_LAMBDA {
                run::apply_observables(string_gradient, last, lambda);
                run::back(token_angles(saved), scales.undo.data(), scales.blocks, psi, lambda, part_gradient);
            };
            if constexpr (run::schedule.keeps) {
                const A* const states = kept_states<part()>(saved);
                back_from(states + run::schedule.kept[run::stages], states);
            } else {
                A psi[run::size];
                prepare<part()>(saved, saved + 2 * token_slots, psi, nullptr);
                back_from(psi, psi);
            }
            for (const lane_step& step : run::program.steps)
                gradient[step.slot] =
                    simd::fma(S(scales.gradient[step.slot]), part_gradient[step.slot], gradient[step.slot]);
            if constexpr (Circuit.amplitude_input)
                add_amplitude_gradient(saved + 2 * token_slots, run::size, adjoint_scale_[part()], lambda,
                                       input_gradient);
        });
        for (std::size_t slot = 0; slot < count; ++slot) sum.slot[slot] += gradient[slot];
        slot_table::add_input_gradient([&](std::size_t k)
                                           QVIT_INLINE_LAMBDA { return gradient[slot_table::token_slot[k]]; },
                                       saved + 2 * token_slots, input_gradient);
    }

    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        std::array<R, count + 1> slot_gradient{};
        for (std::size_t slot = 0; slot < count; ++slot) slot_gradient[slot] = simd::sum(sum.slot[slot]);
        slot_table::add_weight_gradient(slot_gradient.data(), weight_gradient);
    }

  private:
    static constexpr std::array<std::uint16_t, count + 1> rank = [] {
        std::array<std::uint16_t, count + 1> result{};
        for (std::size_t slot = 0; slot < count; ++slot)
            result[slot] = static_cast<std::uint16_t>(slot_table::rank[slot]);
        return result;
    }();
    lane_angles<S> token_angles(const S* saved) const {
        return {pass_.tangent.data(), pass_.cosine.data(), pass_.sign.data(), saved, saved + token_slots, rank.data()};
    }

    /// The states that a part keeps. A complex_lanes<S> is two S, so these may stand in an array of S.
    template <std::size_t Part, class Saved>
    static QVIT_INLINE auto* kept_states(Saved* saved) {
        using A = typename runner<Part>::A;
        static_assert(sizeof(A) == (amplitude<A>::is_real ? 1 : 2) * sizeof(S));
        return reinterpret_cast<std::conditional_t<std::is_const_v<Saved>, const A, A>*>(saved + kept_at<Part>);
    }
    template <std::size_t Part, class A = typename runner<Part>::A>
    QVIT_INLINE const A* prepare(const S* angle, const S* inputs, A* psi, std::type_identity_t<A>* kept) const {
        if constexpr (Circuit.amplitude_input) load_amplitudes(inputs, runner<Part>::size, psi);
        return runner<Part>::prepare(token_angles(angle), scales_[Part].block.data(), psi, kept);
    }

    using reals = std::array<R, count + strings + 1>;
    std::array<R, count + 1> angles_;
    basic_lane_pass<reals> pass_{};
    std::array<basic_lane_scales<reals>, parts> scales_{};
    std::array<R, parts> value_scale_{};
    std::array<R, parts> adjoint_scale_{};
};

}  // namespace qvit::inline QVIT_ABI
