// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer vit.

#include <qvit/vit/attention_maps.hpp>
#include <qvit/vit/attention_trace.hpp>
#include <qvit/vit/config.hpp>
#include <qvit/vit/patch_order.hpp>
#include <qvit/vit/sinusoidal_positions.hpp>
#include <qvit/vit/token_embedding.hpp>
#include <qvit/vit/transformer_block.hpp>
#include <qvit/vit/vision_transformer.hpp>
