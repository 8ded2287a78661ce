// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/variable.hpp>

/// What tests of modules share: modules from nn to vit.
namespace module_check {
using namespace qvit;

/// A tape whose parameters are an ordinary input: their gradients are checked as that of the tokens is.
template <class Tape>
struct tape_with_weights {
    using scalar = typename Tape::scalar;
    static constexpr bool records = Tape::records;
    Tape& tape;
    double* values;
    double* gradients;

    template <class Shape>
    constexpr auto use(const parameter<Shape>& p) const {
        return variable<const double, Shape>{values + p.offset, gradients + p.offset, p.extents};
    }
    auto next_random_site() { return tape.next_random_site(); }
    auto create_constant(auto extents) { return tape.create_constant(extents); }
    auto apply(const auto& op, auto... in) { return tape.apply(op, in...); }
};

/// Gradients of the tokens and of all parameters of a module against central differences, in double.
template <class Module, class Shape>
gradient_check_result check_gradients(Module module, Shape tokens) {
    bind(module);
    return gradient_check(
        [&](auto& tape, auto x, auto weights) {
            tape_with_weights<std::remove_reference_t<decltype(tape)>> with{tape, weights.value, weights.gradient};
            return module(with, x);
        },
        tokens, shape<dynamic>(parameter_count(module)));
}

template <class Module>
std::vector<std::string> names_of(const Module& module) {
    std::vector<std::string> names;
    for_each_named_parameter(module, [&](const std::string& name, const auto&) { names.push_back(name); });
    return names;
}

/// Every parameter begins where the one before it ends.
template <class Module>
constexpr bool offsets_are_contiguous(const Module& module) {
    std::size_t next = 0;
    bool contiguous = true;
    for_each_parameter(module, [&](const auto& p) {
        contiguous = contiguous && p.offset == next;
        next += p.size();
    });
    return contiguous && next == parameter_count(module);
}

/// Runs a module in double on tokens and weights given as numbers.
template <class Module, class Shape>
std::vector<double> run(const Module& module, Shape extents, const std::vector<double>& tokens,
                        const std::vector<double>& weights) {
    const auto pass = [&](auto& tape) { return module(tape, tape.create_constant(extents)); };
    arena memory(plan<double, false>(pass).bytes);
    inference_tape<double> tape(memory, weights.data());
    const auto x = tape.create_constant(extents);
    for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = tokens.at(i);
    const auto y = module(tape, x);
    return {y.value, y.value + y.size()};
}

}  // namespace module_check
