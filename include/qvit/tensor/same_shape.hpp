// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Two tensors have the same extents; for static_asserts, so that the message shows both.
template <class ShapeOfA, class ShapeOfB>
concept same_shape = std::is_same_v<ShapeOfA, ShapeOfB>;

}  // namespace qvit::inline QVIT_ABI
