// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer kd.

#include <qvit/kd/distillation_loss.hpp>
#include <qvit/kd/options.hpp>
