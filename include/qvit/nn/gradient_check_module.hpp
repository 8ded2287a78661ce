// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

/// Compares gradients of a module's inputs and of all its parameters with central differences, in double precision.
///
/// Parameters are drawn as inputs are, from U(-1, 1), and counted as the last input of the result. See gradient_check.
///
///     gradient_check(linear<3, 5>(), shape<4, 3>{}).largest_error
template <module_struct Module, class... Shapes>
gradient_check_result gradient_check(Module module, Shapes... shapes) {
    bind(module);
    return detail::check_gradients(parameter_count(module), module, shapes...);
}

/// The same of your own function of a module, or of any struct of named parameters: function(tape, module, inputs...).
///
///     gradient_check(layers, [](auto& tape, const auto& m, auto x) { return m.second(tape, m.first(tape, x)); },
///                    shape<4, 3>{})
template <module_struct Module, class Function, class... Shapes>
requires(!requires(Function f) { f.extent(0); }) gradient_check_result
    gradient_check(Module module, Function function, Shapes... shapes) {
    bind(module);
    return detail::check_gradients(
        parameter_count(module), [&](auto& tape, auto... inputs) { return function(tape, module, inputs...); },
        shapes...);
}

}  // namespace qvit::inline QVIT_ABI
