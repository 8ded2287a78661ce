// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer shape.

#include <qvit/shape/shape.hpp>
