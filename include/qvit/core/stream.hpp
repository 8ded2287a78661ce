// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Random streams by use; a number names one forever, so that runs can be repeated.
///
///     random_stream draw(seed, static_cast<std::uint32_t>(stream::augmentation), epoch, image);
enum class stream : std::uint32_t {
    initial_weights = 1,
    batch_order = 2,
    augmentation = 3,
    dropout = 4,
    projection = 5,
    bootstrap = 6
};

}  // namespace qvit::inline QVIT_ABI
