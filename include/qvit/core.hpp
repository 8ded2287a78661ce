// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer core.

#include <qvit/core/config.hpp>
#include <qvit/core/inverse_normal_cdf.hpp>
#include <qvit/core/philox.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
