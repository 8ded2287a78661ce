// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/core/config.hpp>
#include <qvit/shape/shape.hpp>

namespace qvit::inline QVIT_ABI {

/// A tensor's values and the gradient of the loss with respect to them, with the shape in the type; owns nothing.
///
/// Elements are lanes of images (an activation) or reals (a parameter, shared by all images). `gradient` is null where
/// none is wanted, e.g. for the input image. Backward passes add to gradients and never overwrite them.
///
///     variable<lanes<float>, shape<17, 4>> tokens;  tokens(3, 1) = ...;  tokens.d(3, 1) += ...;
template <class Element, class Shape>
struct variable {
    using element = Element;
    using shape_type = Shape;
    Element* value = nullptr;
    std::remove_const_t<Element>* gradient = nullptr;
    [[no_unique_address]] Shape extents{};

    template <class... Indices>
    QVIT_INLINE Element& operator()(Indices... indices) const {
        return value[extents.offset(indices...)];
    }
    template <class... Indices>
    QVIT_INLINE std::remove_const_t<Element>& d(Indices... indices) const {
        return gradient[extents.offset(indices...)];
    }
    constexpr std::size_t size() const { return extents.size(); }
};

}  // namespace qvit::inline QVIT_ABI
