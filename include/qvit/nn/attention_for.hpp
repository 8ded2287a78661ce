// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

#include <qvit/autodiff/plan.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// A token mixer: a module that maps Tokens x Channels to Tokens x Channels. A transformer block takes any model of it;
/// a new mechanism is one header with such a module.
///
///     static_assert(attention_for<quantum_attention<projection>, 17, 4>);
template <class Module, std::size_t Tokens, std::size_t Channels>
concept attention_for = std::default_initializable<Module> &&
    requires(const Module& module, planning_tape<float, true>& tape, variable<float, shape<Tokens, Channels>> x) {
    { module(tape, x) } -> std::same_as<variable<float, shape<Tokens, Channels>>>;
};

}  // namespace qvit::inline QVIT_ABI
