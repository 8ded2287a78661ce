// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/core/random_stream.hpp>

namespace qvit::inline QVIT_ABI {

/// Where a gradient and its finite difference differ most.
struct gradient_check_result {
    double largest_error = 0;  ///< max |analytic - numeric| / (1 + |numeric|)
    std::size_t input = 0;     ///< which input (parameters come last), which element, and the two numbers
    std::size_t element = 0;
    double analytic = 0;
    double numeric = 0;
};

namespace detail {
/// The check of gradient_check, with a flat vector of `parameters` reals for tapes to use, counted as the last input.
template <class Function, class... Shapes>
gradient_check_result check_gradients(std::size_t parameters, const Function& function, Shapes... shapes) {
    constexpr double step = 1e-5;
    constexpr std::size_t inputs = sizeof...(Shapes) + 1;
    const std::array<std::size_t, inputs> sizes{shapes.size()..., parameters};
    std::size_t total = 0;
    std::array<std::size_t, inputs> start{};
    for (std::size_t i = 0; i < inputs; ++i) {
        start[i] = total;
        total += sizes[i];
    }
    arena values((total + 1) * sizeof(double) + arena::alignment);
    arena gradients((total + 1) * sizeof(double) + arena::alignment);
    double* const x = values.allocate<double>(total);
    double* const dx = gradients.allocate<double>(total);
    random_stream random(2718, 0);
    for (std::size_t i = 0; i < total; ++i) x[i] = 2 * random.uniform() - 1, dx[i] = 0;

    auto run = [&](auto& tape) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return function(tape, variable<double, Shapes>{x + start[I], dx + start[I], shapes}...);
        }
        (std::index_sequence_for<Shapes...>{});
    };
    double* const p = x + start[inputs - 1];
    double* const dp = dx + start[inputs - 1];
    const auto planned = plan<double, true>([&](auto& tape) { run(tape); });
    arena memory(planned.bytes);
    const pass_context<double> context{.seed = 1618};
    auto weight_of_output = [](std::size_t i) {
        return random_stream(31415, static_cast<std::uint32_t>(i)).uniform() + 0.5;
    };
    auto loss = [&] {
        training_tape<double> tape(memory, p, dp, &context);
        const auto y = run(tape);
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) sum += weight_of_output(i) * y.value[i];
        return sum;
    };
    {
        training_tape<double> tape(memory, p, dp, &context);
        const auto y = run(tape);
        for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = weight_of_output(i);
        std::move(tape).backward();
    }
    gradient_check_result worst;
    for (std::size_t i = 0; i < inputs; ++i)
        for (std::size_t k = 0; k < sizes[i]; ++k) {
            double& entry = x[start[i] + k];
            const double kept = entry;
            entry = kept + step;
            const double above = loss();
            entry = kept - step;
            const double below = loss();
            entry = kept;
            const double numeric = (above - below) / (2 * step);
            const double analytic = dx[start[i] + k];
            const double error = std::fabs(analytic - numeric) / (1 + std::fabs(numeric));
            if (!(error <= worst.largest_error)) worst = {error, i, k, analytic, numeric};
        }
    return worst;
}
}  // namespace detail

/// Compares reverse-mode gradients of your own function with central differences, in double precision.
///
/// `function(tape, inputs...)` gets one variable<double, Shape> per shape given and returns any variable. Inputs are
/// drawn from U(-1, 1); the loss is a random weighting of the outputs; dropout draws the same numbers in every pass.
/// Error of a right gradient: below 1e-8. Cost: two passes per input element. For modules and their parameters see
/// nn/gradient_check_module.hpp.
///
///     gradient_check([](auto& tape, auto x) { return tape.apply(gelu_op{}, x); }, shape<3, 4>{}).largest_error
template <class Function, class... Shapes>
gradient_check_result gradient_check(Function function, Shapes... shapes) {
    return detail::check_gradients(0, function, shapes...);
}

}  // namespace qvit::inline QVIT_ABI
