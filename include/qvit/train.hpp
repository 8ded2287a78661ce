// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer train.

#include <qvit/train/adam.hpp>
#include <qvit/train/batch_order.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/learning_rate.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/train/worker_pool.hpp>
