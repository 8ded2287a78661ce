// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/runtime_readout.hpp>
#include <qvit/statevector/wide_execute.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_readout.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

/// The outputs of a circuit for a state: weighted sums of <string>, and probabilities.
template <std::floating_point R>
std::vector<double> wide_outputs(const wide_statevector<R>& state, const runtime_circuit& circuit,
                                 std::size_t threads = 1) {
    const std::vector<double> values = string_expectations(state.view(), circuit.strings, threads);
    return gather_outputs(circuit, values);
}

/// What a circuit computes and how it depends on what it reads. The gradients are those of
/// sum over outputs of upstream * output.
struct wide_result {
    std::vector<double> outputs;          ///< circuit.outputs
    std::vector<double> input_gradient;   ///< circuit.inputs
    std::vector<double> weight_gradient;  ///< circuit.parameters
};

namespace detail {
/// d/dt of a number read by an angle, for each number it reads.
inline void add_angle_gradient(const angle& a, double by_angle, const double* inputs, wide_result& result) {
    const double g = a.scale * by_angle;
    if (a.source == angle_source::data) result.input_gradient[a.index] += g;
    if (a.source == angle_source::weight) result.weight_gradient[a.index] += g;
    if (a.source == angle_source::data_product) {
        result.input_gradient[a.index] += g * inputs[a.second];
        result.input_gradient[a.second] += g * inputs[a.index];
    }
}

/// psi_k = x_k / |x|: df/dx_k = 2 (Re lambda_k - psi_k sum_j Re lambda_j psi_j) / |x|.
template <class R>
void add_amplitude_gradient(const wide_statevector<R>& lambda, const double* inputs, wide_result& result) {
    double squares = 0;
    double along = 0;
    for (std::size_t k = 0; k < lambda.size(); ++k) squares += inputs[k] * inputs[k];
    const double scale = 1 / std::sqrt(squares);
    for (std::size_t k = 0; k < lambda.size(); ++k) along += inputs[k] * scale * lambda.amplitude(k).re;
    for (std::size_t k = 0; k < lambda.size(); ++k)
        result.input_gradient[k] += 2 * scale * (lambda.amplitude(k).re - inputs[k] * scale * along);
}

/// The circuit backwards: each factor's adjoint, with dU/dt U^-1 in place of dU/dt, numbered by their order.
inline std::vector<wide_primitive> undone(const runtime_circuit& circuit, const std::vector<wide_primitive>& forward) {
    std::vector<wide_primitive> backward(forward.rbegin(), forward.rend());
    for (std::size_t i = 0; i < backward.size(); ++i) {
        wide_primitive& p = backward[i];
        p.matrix = p.matrix.adjoint();
        for (matrix2& d : p.derivative) d = d * p.matrix;
        const gate& g = circuit.gates[p.source];
        bool constant = true;
        for (std::size_t k = 0; k < p.angles; ++k) constant = constant && g.angles[k].source == angle_source::constant;
        if (constant) p.angles = 0;
        p.source = static_cast<std::uint32_t>(i);
    }
    return backward;
}
}  // namespace detail

/// Outputs of a circuit of one register and the gradients of all inputs and weights, by adjoint differentiation
/// (arXiv 2009.02823): psi forward, lambda = (sum of upstream_o O_o) psi, then both backward through each gate's
/// inverse. Angles shared by gates get the sum, amplitude inputs the gradient through the normalisation.
///
/// `psi` and `lambda` are registers of the circuit's width, real where stays_real(circuit) or both complex; what they
/// hold does not matter. `inputs` and `weights` as in run_wide, `upstream` of circuit.outputs. Matrices of the user are
/// unitary. Nothing where the registers do not fit or the input amplitudes have no norm.
/// Cost: three to five times run_wide and wide_outputs (benchmarks qnn/wide: gradient, forward).
template <std::floating_point R>
std::optional<wide_result> value_and_gradient(wide_statevector<R>& psi, wide_statevector<R>& lambda,
                                              const runtime_circuit& circuit, const double* inputs,
                                              const double* weights, const double* upstream,
                                              const wide_options& options = {}) {
    const bool real = psi.is_real();
    if (psi.width() != circuit.width || lambda.width() != circuit.width || lambda.is_real() != real)
        return std::nullopt;
    if (!run_wide(psi, circuit, inputs, weights, options)) return std::nullopt;
    wide_result result{wide_outputs(psi, circuit, options.threads), std::vector<double>(circuit.inputs),
                       std::vector<double>(circuit.parameters)};
    apply_strings(wide_view<const R>{psi.view().re, psi.view().im, psi.size()}, circuit.strings,
                  scatter_gradient(circuit, upstream), lambda.view(), options.threads);

    const std::vector<wide_primitive> forward = primitives_of(circuit, inputs, weights);
    const std::vector<wide_primitive> backward = detail::undone(circuit, forward);
    std::vector<matrix2> overlaps(backward.size(), matrix2{0, 0, 0, 0});
    const wide_plan<R> plan(backward, psi.physical_width(), options,
                            real ? wide_run::adjoint_real : wide_run::adjoint_complex);
    std::uint64_t support = ~std::uint64_t{0};
    execute(plan, std::array{psi.view(), lambda.view()}, options.threads, overlaps, support);
    for (std::size_t i = 0; i < backward.size(); ++i)
        for (std::size_t k = 0; k < backward[i].angles; ++k) {
            double slope = 0;
            for (std::size_t e = 0; e < 4; ++e)
                slope += 2 * (backward[i].derivative[k].entry[e] * overlaps[i].entry[e]).re;
            const gate& g = circuit.gates[forward[forward.size() - 1 - i].source];
            detail::add_angle_gradient(g.angles[k], slope, inputs, result);
        }
    if (circuit.amplitude_input) detail::add_amplitude_gradient(lambda, inputs, result);
    return result;
}

/// The same with registers of its own; nothing, and one line in `why`, where memory does not hold two of them or the
/// input amplitudes have no norm.
///
///     const auto result = value_and_gradient<float>(circuit, x.data(), theta.data(), upstream.data());
template <std::floating_point R>
std::optional<wide_result> value_and_gradient(const runtime_circuit& circuit, const double* inputs,
                                              const double* weights, const double* upstream,
                                              const wide_options& options = {}, std::string* why = nullptr) {
    const bool real = stays_real(circuit);
    auto psi = wide_statevector<R>::make(circuit.width, real, why);
    if (!psi) return std::nullopt;
    auto lambda = wide_statevector<R>::make(circuit.width, real, why);
    if (!lambda) return std::nullopt;
    auto result = value_and_gradient(*psi, *lambda, circuit, inputs, weights, upstream, options);
    if (!result && why != nullptr) *why = "[qvit::value_and_gradient] the input amplitudes are all 0 or not finite";
    return result;
}

}  // namespace qvit::inline QVIT_ABI
