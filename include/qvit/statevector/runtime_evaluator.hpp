// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/make_lane_program.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/runtime_lane_program.hpp>
#include <qvit/circuit/runtime_pauli_program.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>
#include <qvit/statevector/amplitude_input.hpp>
#include <qvit/statevector/any_step.hpp>
#include <qvit/statevector/common_kernels.hpp>
#include <qvit/statevector/lane_growth.hpp>
#include <qvit/statevector/lane_measure.hpp>
#include <qvit/statevector/lane_pass.hpp>
#include <qvit/statevector/readout.hpp>
#include <qvit/statevector/why_not_runnable.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit known only at run time, evaluated and differentiated on lanes of samples by the same kernels, by table.
///
/// `make` refuses a circuit that is not well formed or needs more than 10 wires' amplitudes, and says why; then
/// `set_weights`, and forward and backward as evaluator has them: backward follows its forward, with the same inputs
/// (`saved` has saved_per_token() scalars). Cost: as the lane statevector; stages of unusual shape run rotation by
/// rotation. `make` allocates, the rest does not. One object serves one thread.
///
///     auto run = runtime_evaluator<lanes<float>>::make(circuit, &why);
///     run->set_weights(weights);  run->forward(inputs, outputs, saved);
template <class S>
class runtime_evaluator {
    using R = real_of<S>;

  public:
    static constexpr std::size_t most_rotations = 32767;
    static constexpr std::size_t most_entries = std::size_t{1} << 20;  ///< of inputs, of weights
    using gradient_sum = std::vector<S>;                               ///< by slot, start with new_gradient_sum()

    static std::optional<runtime_evaluator> make(const runtime_circuit& circuit, std::string* why = nullptr) {
        auto refuse = [&](std::string text) {
            if (why) *why = std::move(text);
            return std::nullopt;
        };
        if (std::string found = why_not_well_formed(circuit); !found.empty()) return refuse(std::move(found));
        if (circuit.inputs > most_entries || circuit.parameters > most_entries)
            return refuse("[qvit::runtime_evaluator] at most " + std::to_string(most_entries) +
                          " inputs and as many weights, the circuit has " + std::to_string(circuit.inputs) + " and " +
                          std::to_string(circuit.parameters));
        std::size_t rotations = 0;
        for (const gate& g : circuit.gates) rotations += most_rotations_of(g.kind);
        if (rotations > most_rotations)  // numbers of rotations and of their sources have 16 bits
            return refuse("[qvit::runtime_evaluator] at most " + std::to_string(most_rotations) +
                          " rotations fit, the circuit's gates become up to " + std::to_string(rotations) +
                          "; use wide_statevector");
        const std::string too_wide = "[qvit::runtime_evaluator] the circuit entangles more than " +
                                     std::to_string(lane_statevector_max_width) +
                                     " wires, too many for a statevector on lanes; use wide_statevector";
        if (circuit.amplitude_input && circuit.width > lane_statevector_max_width) return refuse(too_wide);
        runtime_evaluator result(circuit);
        if (!result.lane_.feasible) return refuse(too_wide);
        result.allocate();
        return result;
    }

    std::size_t inputs() const { return circuit_.inputs; }
    std::size_t outputs() const { return circuit_.outputs; }
    std::size_t parameters() const { return circuit_.parameters; }
    std::size_t saved_per_token() const { return 2 * token_slots_ + circuit_.inputs; }
    gradient_sum new_gradient_sum() const { return gradient_sum(program_.rotations.size(), S(R(0))); }

    void set_weights(const R* weights) {
        for (R& angle : angle_) angle = R(0);
        for (const rotation_source& source : program_.sources)
            if (!source.value.reads_data()) angle_[source.rotation] += source.value.template value<R>(nullptr, weights);
        pass_.reduce(program_, angle_.data());
        scales_.compute(lane_, undo_schedule{}, pass_.cosine, pass_.sign, value_scale_, adjoint_scale_);
    }

    /// `saved` may be null where no backward follows.
    void forward(const S* inputs, S* outputs, S* saved) {
        if (!saved) saved = not_saved_.data();
        S* const kept = saved + 2 * token_slots_;
        for (std::size_t i = 0; i < circuit_.inputs; ++i) kept[i] = inputs[i];
        for (std::size_t slot = 0; slot < angle_.size(); ++slot) token_angle_[slot] = S(angle_[slot]);
        for (const rotation_source& source : program_.sources) {
            const angle& a = source.value;
            if (!a.reads_data()) continue;
            const S x = a.source == angle_source::data ? inputs[a.index] : inputs[a.index] * inputs[a.second];
            token_angle_[source.rotation] = simd::fma(S(static_cast<R>(a.scale)), x, token_angle_[source.rotation]);
        }
        for (std::size_t slot = 0; slot < angle_.size(); ++slot)
            if (!program_.uniform[slot])
                simd::sine_cosine(token_angle_[slot] * S(R(0.5)), saved[token_slots_ + rank_[slot]],
                                  saved[rank_[slot]]);
        with_states([&](auto* psi, auto*) {
            prepare(saved, psi);
            measure_observables(lane_, diagonal_, psi, values_.data());
        });
        for (const lane_observable& o : lane_.observables)
            values_[o.string] *= S(value_scale_ * pass_.string_sign[o.string]);
        gather_outputs(circuit_, circuit_.outputs, values_.data(), outputs, scratch_.data());
    }

    void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) {
        scatter_gradient(circuit_, circuit_.strings.size(), output_gradient, values_.data(), scratch_.data());
        for (std::size_t k = 0; k < values_.size(); ++k) values_[k] *= S(pass_.string_sign[k]);
        for (S& entry : gradient_) entry = S(R(0));
        with_states([&](auto* psi, auto* lambda) {
            prepare(saved, psi);
            apply_observables(lane_, diagonal_, values_.data(), psi, lambda);
            undo(saved, psi, lambda);
            if (circuit_.amplitude_input)
                add_amplitude_gradient(saved + 2 * token_slots_, std::size_t{1} << lane_.bits, adjoint_scale_, lambda,
                                       input_gradient);
        });
        const S* const x = saved + 2 * token_slots_;
        for (std::size_t slot = 0; slot < gradient_.size(); ++slot) {
            gradient_[slot] *= S(scales_.gradient[slot]);
            sum[slot] += gradient_[slot];
        }
        for (const rotation_source& source : program_.sources) {
            const angle& a = source.value;
            if (!a.reads_data()) continue;
            const S g = S(static_cast<R>(a.scale)) * gradient_[source.rotation];
            if (a.source == angle_source::data) {
                input_gradient[a.index] += g;
            } else {
                input_gradient[a.index] = simd::fma(g, x[a.second], input_gradient[a.index]);
                input_gradient[a.second] = simd::fma(g, x[a.index], input_gradient[a.second]);
            }
        }
    }

    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        for (const rotation_source& source : program_.sources)
            if (source.value.reads_weight())
                weight_gradient[source.value.index] +=
                    static_cast<R>(source.value.scale) * simd::sum(sum[source.rotation]);
    }

  private:
    explicit runtime_evaluator(const runtime_circuit& circuit)
        : circuit_(circuit),
          program_(lower(circuit)),
          lane_(make_lane_program<runtime_lane_program>(
              program_, [](std::size_t) { return true; }, [](std::size_t) { return true; })) {}

    void allocate() {
        const std::size_t slots = program_.rotations.size();
        const std::size_t size = std::size_t{1} << lane_.bits;
        diagonal_.position.resize(size);
        diagonal_.stored.resize(size);
        diagonal_.index.resize(lane_.observables.size());
        make_lane_diagonal(lane_, diagonal_);
        for (const stage_shape& shape : lane_.shapes)
            kernel_.push_back(lane_.real ? common_kernels<S>::find(shape)
                                         : common_kernels<complex_lanes<S>>::find(shape));
        for (lane_stage& stage : lane_.stages)
            stage.keeps_norm = stage.axes != 0 && kernel_[stage.shape] == common_kernels<S>::none;
        for (std::size_t slot = 0; slot < slots; ++slot)
            rank_.push_back(static_cast<std::uint16_t>(program_.uniform[slot] ? 0 : token_slots_++));
        for (auto* reals : {&angle_, &pass_.tangent, &pass_.cosine, &pass_.sign, &scales_.gradient, &scales_.block,
                            &scales_.undo, &scales_.reached})
            reals->resize(slots + 1);
        angle_.resize(slots);
        pass_.string_sign.resize(circuit_.strings.size());
        values_.resize(circuit_.strings.size(), S(R(0)));
        scratch_.resize(readout_scratch(circuit_), S(R(0)));
        not_saved_.resize(saved_per_token(), S(R(0)));
        token_angle_.resize(slots, S(R(0)));
        gradient_.resize(slots, S(R(0)));
        if (lane_.real) {
            real_psi_.resize(size, S(R(0)));
            real_lambda_.resize(size, S(R(0)));
        } else {
            complex_psi_.resize(size, complex_lanes<S>{S(R(0)), S(R(0))});
            complex_lambda_.resize(size, complex_lanes<S>{S(R(0)), S(R(0))});
        }
    }

    void with_states(auto&& body) {
        if (lane_.real)
            body(real_psi_.data(), real_lambda_.data());
        else
            body(complex_psi_.data(), complex_lambda_.data());
    }
    lane_angles<S> angles(const S* saved) const {
        return {pass_.tangent.data(), pass_.cosine.data(), pass_.sign.data(), saved,
                saved + token_slots_, rank_.data()};
    }
    template <class A>
    void prepare(const S* saved, A* psi) const {
        const lane_angles<S> angle = angles(saved);
        if (circuit_.amplitude_input)
            load_amplitudes(saved + 2 * token_slots_, std::size_t{1} << lane_.bits, psi);
        else
            psi[0] = amplitude<A>::real(S(R(1)));
        std::size_t block = 0;
        for (const lane_stage& stage : lane_.stages) {
            if (stage.axes == 0)
                grow<A>(lane_.steps[stage.first], angle, psi);
            else if (stage.keeps_norm)
                for (std::size_t i = stage.first; i < stage.last; ++i) run_any_step<A>(lane_.steps[i], angle, psi);
            else
                common_kernels<A>::run[kernel_[stage.shape]](stage, lane_.steps.data(), angle, psi, psi);
            if (stage.renormalise) rescale_state(scales_.block[block++], stage.bits, psi);
        }
    }
    template <class A>
    void undo(const S* saved, A* psi, A* lambda) {
        const lane_angles<S> angle = angles(saved);
        std::size_t block = scales_.blocks;
        for (std::size_t s = lane_.stages.size(); s-- > 0;) {
            const lane_stage& stage = lane_.stages[s];
            if (stage.renormalise) {
                --block;
                rescale_state(scales_.undo[block], stage.bits, psi);
                rescale_state(scales_.undo[block], stage.bits, lambda);
            }
            if (stage.axes == 0)
                shrink<true, A>(lane_.steps[stage.first], angle, psi, lambda, gradient_.data());
            else if (stage.keeps_norm)
                for (std::size_t i = stage.last; i-- > stage.first;)
                    undo_any_step<A>(lane_.steps[i], angle, psi, lambda, gradient_.data());
            else
                common_kernels<A>::undo[kernel_[stage.shape]](stage, lane_.steps.data(), angle, psi, lambda,
                                                              gradient_.data());
        }
    }

    runtime_circuit circuit_;
    runtime_pauli_program program_;
    runtime_lane_program lane_;
    runtime_lane_diagonal diagonal_{};
    std::vector<std::size_t> kernel_;  // by shape
    std::vector<std::uint16_t> rank_;
    std::size_t token_slots_ = 0;
    std::vector<R> angle_;  // of uniform slots, and what token slots add to their inputs
    basic_lane_pass<std::vector<R>> pass_{};
    basic_lane_scales<std::vector<R>> scales_{};
    R value_scale_{};
    R adjoint_scale_{};
    std::vector<S> values_, scratch_, token_angle_, gradient_, not_saved_;
    std::vector<S> real_psi_, real_lambda_;
    std::vector<complex_lanes<S>> complex_psi_, complex_lambda_;
};

}  // namespace qvit::inline QVIT_ABI
