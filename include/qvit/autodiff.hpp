// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer autodiff.

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/checkpointed.hpp>
#include <qvit/autodiff/dropout_op.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/autodiff/parameter.hpp>
#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/recycled.hpp>
#include <qvit/autodiff/stop_gradient.hpp>
#include <qvit/autodiff/tape.hpp>
