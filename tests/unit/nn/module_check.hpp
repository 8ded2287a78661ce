// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <qvit/nn/gradient_check_module.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/variable.hpp>

/// What tests of modules share: modules from nn to vit.
namespace module_check {
using namespace qvit;

/// Gradients of the tokens and of all parameters of a module against central differences, in double.
template <class Module, class Shape>
gradient_check_result check_gradients(const Module& module, Shape tokens) {
    return gradient_check(module, tokens);
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
