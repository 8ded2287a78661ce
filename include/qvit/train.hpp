// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer train.

#include <qvit/train/batch_order.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/check_fit.hpp>
#include <qvit/train/check_state.hpp>
#include <qvit/train/check_teacher.hpp>
#include <qvit/train/clip_norm.hpp>
#include <qvit/train/evaluation.hpp>
#include <qvit/train/feature_terms.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/label_targets.hpp>
#include <qvit/train/learning_rate.hpp>
#include <qvit/train/lesson.hpp>
#include <qvit/train/lesson_reader.hpp>
#include <qvit/train/loss_sum.hpp>
#include <qvit/train/mean_of_teachers.hpp>
#include <qvit/train/objective.hpp>
#include <qvit/train/optimizer.hpp>
#include <qvit/train/optimizer_options.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/predict.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/run_settings.hpp>
#include <qvit/train/schedule_options.hpp>
#include <qvit/train/settings_text.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/target_options.hpp>
#include <qvit/train/taught_student.hpp>
#include <qvit/train/teach.hpp>
#include <qvit/train/teacher_features.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/train/trainer.hpp>
#include <qvit/train/training_state.hpp>
#include <qvit/train/visit_options.hpp>
#include <qvit/train/weight_average.hpp>
#include <qvit/train/worker_pool.hpp>
