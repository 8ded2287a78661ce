// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer simd.

#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lane_sums.hpp>
#include <qvit/simd/lane_transpose.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/simd/sine_cosine.hpp>
