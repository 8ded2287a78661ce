// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer meta.

#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/constant_math.hpp>
#include <qvit/meta/fixed_array.hpp>
#include <qvit/meta/fixed_string.hpp>
#include <qvit/meta/repetitions.hpp>
#include <qvit/meta/static_vector.hpp>
#include <qvit/meta/unroll.hpp>
