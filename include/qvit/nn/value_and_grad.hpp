// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/parameter_view.hpp>
#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

/// One number of a loss must come out.
template <class Result>
concept scalar_loss = requires(Result y) {
    requires decltype(y.extents)::is_static&& decltype(y.extents)::rank == 1;
    requires decltype(y.extents)::template static_extent<0> == 1;
};

/// A function of named parameters and inputs together with the memory to differentiate it; made by `value_and_grad`.
template <class S, class Parameters, class Function, class... Inputs>
class differentiable {
    using R = real_of<S>;

  public:
    differentiable(Parameters parameters, Function function, Inputs... inputs)
        : parameters_(bound(parameters)),
          function_(function),
          inputs_(inputs...),
          memory_(planned_bytes(parameters_, function_, inputs...)),
          gradient_(parameter_count(parameters_)) {}

    /// The loss, summed over lanes, at `values` (one flat vector, `parameter_count` reals) and at inputs given as
    /// pointers to their elements, scalars S in row-major order. Its gradient is in `gradient()` until the next call.
    /// Nothing is allocated.
    template <class... Pointers>
    R operator()(const R* values, const Pointers*... elements) {
        static_assert(sizeof...(Pointers) == sizeof...(Inputs), "[qvit::value_and_grad] one pointer for each input.");
        std::fill(gradient_.begin(), gradient_.end(), R(0));
        training_tape<S> tape(memory_, values, gradient_.data(), context_);
        const auto loss = std::apply(
            [&](const auto&... shapes) { return function_(tape, parameters_, filled(tape, shapes, elements)...); },
            inputs_);
        const R value = simd::sum(loss(0));
        std::move(tape).backward(loss);
        return value;
    }

    /// Random numbers for dropout in later calls; it must outlive them.
    void use_context(const pass_context<S>* context) { context_ = context; }
    const Parameters& parameters() const { return parameters_; }
    std::span<const R> gradient() const { return gradient_; }
    /// Of one parameter, or all of a module: "first.weight". Empty where nothing has the name.
    std::span<const R> gradient(std::string_view name) const {
        return parameter_view(parameters_, gradient_.data(), name);
    }
    /// Bytes of the arena, as planned.
    std::size_t bytes() const { return memory_.size(); }

  private:
    static constexpr Parameters bound(Parameters parameters) {
        bind(parameters);
        return parameters;
    }
    static constexpr std::size_t planned_bytes(const Parameters& parameters, const Function& function,
                                               const Inputs&... inputs) {
        return plan<S, true>([&](auto& tape) {
                   const auto loss = function(tape, parameters, tape.create(inputs)...);
                   static_assert(scalar_loss<decltype(loss)>,
                                 "[qvit::value_and_grad] the function must return a scalar, a variable of shape<1>.");
               })
            .bytes;
    }
    template <class Shape>
    static auto filled(auto& tape, Shape extents, const S* elements) {
        const auto x = tape.create(extents);
        for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = elements[i];
        return x;
    }

    Parameters parameters_;
    Function function_;
    std::tuple<Inputs...> inputs_;
    arena memory_;
    std::vector<R> gradient_;
    const pass_context<S>* context_ = nullptr;
};

/// Makes value and gradient of your own loss: `function(tape, parameters, inputs...)` returns a scalar, shape<1>.
///
/// `parameters` is a module or a struct of named parameters (BOOST_HANA_DEFINE_STRUCT); the function uses them by
/// `tape.use(parameters.name)` or calls modules in it. Memory is planned and taken here; calls allocate nothing. A
/// parameter that is used twice gets the sum of both gradients. jax.value_and_grad.
///
///     auto loss = value_and_grad<double>(layers, [](auto& tape, const auto& p, auto x) { ... }, shape<5, 3>{});
///     const double value = loss(weights.data(), x.data());   auto slope = loss.gradient("first.weight");
template <class S, module_struct Parameters, class Function, class... Inputs>
auto value_and_grad(Parameters parameters, Function function, Inputs... inputs) {
    return differentiable<S, Parameters, Function, Inputs...>(parameters, function, inputs...);
}

}  // namespace qvit::inline QVIT_ABI
