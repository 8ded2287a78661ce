// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <qvit/autodiff/parameter.hpp>

namespace qvit::inline QVIT_ABI {

/// Stands where a module leaves out a parameter or a module; visits pass over it, and it has no name and no weights.
struct no_parameter {};

/// A member that an option switches: Module (or parameter), or nothing.
///
///     using class_token = optional_module<has_class_token, parameter<shape<1, 4>>>;
template <bool Present, class Module>
using optional_module = std::conditional_t<Present, Module, no_parameter>;

}  // namespace qvit::inline QVIT_ABI
