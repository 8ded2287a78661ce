// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How a parameter's entries are drawn at the start of training.
struct initializer {
    enum class distribution : std::uint8_t { constant, uniform, truncated_normal };
    distribution kind = distribution::constant;
    double scale = 0;  ///< the constant; the bound of U(-scale, scale); or sigma of a normal cut at 2 sigma

    static constexpr initializer constant(double value) { return {distribution::constant, value}; }
    static constexpr initializer uniform(double bound) { return {distribution::uniform, bound}; }
    static constexpr initializer truncated_normal(double sigma) { return {distribution::truncated_normal, sigma}; }
};

/// A trainable tensor of a module: its shape and where it stands in the model's one flat vector of reals.
///
/// A module is a constant and holds no numbers; `bind` gives every parameter of a model its offset.
template <class Shape>
struct parameter {
    using shape_type = Shape;
    [[no_unique_address]] Shape extents{};
    initializer start{};
    bool decays = false;  ///< weight decay applies: matrices, but not biases, norms, positions or angles
    std::size_t offset = 0;

    constexpr std::size_t size() const { return extents.size(); }
};

}  // namespace qvit::inline QVIT_ABI
