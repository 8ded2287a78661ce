// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A weight that starts at factor * another weight + plus.
struct weight_tie {
    bool tied = false;
    std::uint32_t to = 0;  ///< a free weight of the same parameter, in front of this one
    double factor = 1;
    double plus = 0;
};

/// How a parameter's entries are drawn at the start of training.
///
/// `scale` is the constant, the bound of U(-scale, scale), or sigma of a normal distribution, cut at 2 sigma where it
/// is truncated. Where it depends on the shape it is divided by the root of a fan: of a weight [out, in, ...], in times
/// the extents behind it, out times them, or the mean of both. Names and gains are torch.nn.init's.
///
///     parameter<shape<8, 4>> weight{{}, initializer::xavier_uniform(), true};   // U(-a, a), a = sqrt(6 / 12)
struct initializer {
    enum class distribution : std::uint8_t { constant, uniform, normal, truncated_normal };
    enum class fan : std::uint8_t { none, in, out, mean };
    distribution kind = distribution::constant;
    double scale = 0;
    fan divided_by = fan::none;
    const weight_tie* ties = nullptr;  ///< one for each entry, or none; see identity_block

    static constexpr double root_of_3 = 1.73205080756887729353;
    static constexpr double gain_of_tanh = 5.0 / 3;
    static constexpr double gain_of_relu = 1.41421356237309504880;

    static constexpr initializer constant(double value) { return {distribution::constant, value}; }
    static constexpr initializer uniform(double bound) { return {distribution::uniform, bound}; }
    static constexpr initializer normal(double sigma) { return {distribution::normal, sigma}; }
    static constexpr initializer truncated_normal(double sigma) { return {distribution::truncated_normal, sigma}; }
    /// Variance gain^2 * 2 / (in + out) (Glorot and Bengio, 2010).
    static constexpr initializer xavier_uniform(double gain = 1) {
        return {distribution::uniform, gain * root_of_3, fan::mean};
    }
    static constexpr initializer xavier_normal(double gain = 1) { return {distribution::normal, gain, fan::mean}; }
    /// Variance gain^2 / fan (arXiv:1502.01852).
    static constexpr initializer he_uniform(double gain = gain_of_relu, fan mode = fan::in) {
        return {distribution::uniform, gain * root_of_3, mode};
    }
    static constexpr initializer he_normal(double gain = gain_of_relu, fan mode = fan::in) {
        return {distribution::normal, gain, mode};
    }

    /// What `scale` is divided by the root of, for a tensor of these extents; a tensor without an `in` has in = out.
    template <class Shape>
    constexpr double fan_of(const Shape& extents) const {
        if (divided_by == fan::none || Shape::rank == 0) return 1;
        double behind = 1;
        for (std::size_t axis = 2; axis < Shape::rank; ++axis) behind *= static_cast<double>(extents.extent(axis));
        const double out = static_cast<double>(extents.extent(0)) * behind;
        const double in = Shape::rank == 1 ? out : static_cast<double>(extents.extent(1)) * behind;
        return divided_by == fan::in ? in : divided_by == fan::out ? out : (in + out) / 2;
    }
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
