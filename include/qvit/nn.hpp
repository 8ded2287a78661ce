// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer nn.

#include <qvit/nn/attention_for.hpp>
#include <qvit/nn/circuit_op.hpp>
#include <qvit/nn/conv2d.hpp>
#include <qvit/nn/dropout.hpp>
#include <qvit/nn/gradient_check_module.hpp>
#include <qvit/nn/identity_block.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/no_parameter.hpp>
#include <qvit/nn/orthogonal_layer.hpp>
#include <qvit/nn/parameter_view.hpp>
#include <qvit/nn/quantum_layer.hpp>
#include <qvit/nn/residual.hpp>
#include <qvit/nn/rms_norm.hpp>
#include <qvit/nn/sequential.hpp>
#include <qvit/nn/state.hpp>
#include <qvit/nn/value_and_grad.hpp>
#include <qvit/nn/visit.hpp>
