// SPDX-License-Identifier: Apache-2.0
// Circuits without a model: draw one, ask which engine runs it, evaluate 16 samples at once, differentiate.
#include <cmath>
#include <cstdio>

#include <qvit/qvit.hpp>

using namespace qvit;

// Real amplitudes and few terms: the compiler finds cos-products. The second circuit needs complex amplitudes.
constexpr auto shallow = circuit<6>(encode<ry>, rotate<ry>, entangle<cnot>(ring), measure<z>);
constexpr auto deep =
    circuit<3>(apply<h>, encode<rz>, repeat<3>(rotate<rx>, rotate<rz>, entangle<cz>(ring)), measure<x, 0>, measure<z>);

template <const auto& Circuit>
bool show(const char* title) {
    using S = lanes<double>;
    std::printf("%s: %zu wires, depth %zu, %zu weights, %s amplitudes, engine: %s\n%s", title, Circuit.width,
                Circuit.depth(), Circuit.parameters, stays_real(Circuit) ? "real" : "complex",
                name_of(best_engine<Circuit>()), draw(Circuit).c_str());

    double weights[Circuit.parameters];
    double weight_gradient[Circuit.parameters] = {};
    for (std::size_t i = 0; i < Circuit.parameters; ++i) weights[i] = 0.1 * static_cast<double>(i);
    const evaluator<Circuit, S> run(weights);
    S inputs[Circuit.inputs], outputs[Circuit.outputs], saved[run.saved_per_token], input_gradient[Circuit.inputs];
    S ones[Circuit.outputs];
    for (auto& x : inputs) x = S(0.3);
    for (auto& g : input_gradient) g = S(0.0);
    for (auto& g : ones) g = S(1.0);  // d loss / d output of loss = sum of outputs

    run.forward(inputs, outputs, saved);
    typename decltype(run)::gradient_sum sum;
    run.backward(saved, ones, input_gradient, sum);
    run.add_weight_gradient(sum, weight_gradient);  // summed over the lanes

    // The same derivative by the parameter-shift rule, on another engine.
    auto loss = [&](double shift) {
        double shifted[Circuit.parameters];
        for (std::size_t i = 0; i < Circuit.parameters; ++i) shifted[i] = weights[i];
        shifted[0] += shift;
        const evaluator<Circuit, S, engine::lane_statevector> other(shifted);
        S z[Circuit.outputs], kept[other.saved_per_token];
        other.forward(inputs, z, kept);
        double total = 0;
        for (auto& value : z) total += simd::sum(value);
        return total;
    };
    const double half_pi = 1.5707963267948966;
    const double expected = (loss(half_pi) - loss(-half_pi)) / 2;
    std::printf("d loss / d w0 = %.12f, by parameter shift %.12f\n\n", weight_gradient[0], expected);
    return std::fabs(weight_gradient[0] - expected) < 1e-9;
}

int main() {
    const bool first = show<shallow>("one layer");
    const bool second = show<deep>("deep");
    return first && second ? 0 : 1;
}
