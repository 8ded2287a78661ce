// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer kd.

#include <qvit/kd/attention_transfer.hpp>
#include <qvit/kd/distillation_loss.hpp>
#include <qvit/kd/distillation_terms.hpp>
#include <qvit/kd/distillation_token_loss.hpp>
#include <qvit/kd/feature_hint.hpp>
#include <qvit/kd/options.hpp>
#include <qvit/kd/relation_loss.hpp>
#include <qvit/kd/token_distances.hpp>
#include <qvit/kd/token_similarity.hpp>
