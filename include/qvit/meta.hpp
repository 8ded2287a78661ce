// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer meta.

#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/unroll.hpp>
