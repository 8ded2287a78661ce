// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer nn.

#include <qvit/nn/attention_for.hpp>
#include <qvit/nn/circuit_op.hpp>
#include <qvit/nn/conv2d.hpp>
#include <qvit/nn/dropout.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/no_parameter.hpp>
#include <qvit/nn/orthogonal_layer.hpp>
#include <qvit/nn/quantum_layer.hpp>
#include <qvit/nn/visit.hpp>
