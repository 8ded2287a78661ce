// SPDX-License-Identifier: Apache-2.0
// Reverse-mode differentiation without a vision transformer: named parameters, an operation of your own, and the value
// and gradient of a loss that you write as a function.
#include <cstdio>
#include <vector>

#include <boost/hana/define_struct.hpp>

#include <qvit/qvit.hpp>

using namespace qvit;

// The mean of (a - b)^2: forward and backward side by side.
struct mean_square_distance {
    static constexpr const char* name = "mean square distance";
    template <class Shape>
    static constexpr shape<1> output_shape(Shape, Shape) {
        return {};
    }
    static void forward(auto y, auto*, auto a, auto b) {
        y(0) = 0;
        for (std::size_t i = 0; i < a.size(); ++i) y(0) += (a.value[i] - b.value[i]) * (a.value[i] - b.value[i]);
        y(0) /= static_cast<double>(a.size());
    }
    static void backward(auto y, const auto*, auto a, auto b) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            const auto slope = 2 * (a.value[i] - b.value[i]) / static_cast<double>(a.size()) * y.d(0);
            a.gradient[i] += slope;
            b.gradient[i] -= slope;
        }
    }
};

// A regression with a circuit: angles = inputs * weight, a learned scale for what it measures.
constexpr auto ansatz = circuit<2>(encode<ry>, rotate<ry>, entangle<cnot>(chain), rotate<ry>, measure<z>);
struct regression {
    using angles_in = linear<1, 2>;
    using out = linear<2, 1>;
    BOOST_HANA_DEFINE_STRUCT(regression, (angles_in, encode), (quantum_layer<ansatz>, circuit), (out, readout));
};

int main() {
    const auto loss = [](auto& tape, const regression& model, auto x, auto target) {
        const auto y = model.readout(tape, model.circuit(tape, model.encode(tape, x)));
        return tape.apply(mean_square_distance{}, y, target);
    };
    using points = shape<16, 1>;
    const double error = gradient_check(regression(), loss, points{}, points{}).largest_error;
    std::printf("largest gradient error %.1e\n", error);

    auto value_and_gradient = value_and_grad<double>(regression(), loss, points{}, points{});
    std::vector<double> x(16);
    std::vector<double> target(16);
    for (std::size_t i = 0; i < 16; ++i) {
        x[i] = -1 + static_cast<double>(i) / 7.5;
        target[i] = x[i] * x[i];
    }
    std::vector<double> weights(parameter_count(regression()));
    initialize(value_and_gradient.parameters(), 1, weights.data());
    const double at_first = value_and_gradient(weights.data(), x.data(), target.data());
    for (int step = 0; step < 300; ++step) {
        value_and_gradient(weights.data(), x.data(), target.data());
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= 0.3 * value_and_gradient.gradient()[i];
    }
    const double at_last = value_and_gradient(weights.data(), x.data(), target.data());
    const auto theta = parameter_view(value_and_gradient.parameters(), weights.data(), "circuit.theta");
    std::printf("loss %.4f -> %.4f, circuit.theta[0] = %.3f\n", at_first, at_last, theta[0]);
    return error < 1e-8 && at_last < 0.05 * at_first ? 0 : 1;
}
