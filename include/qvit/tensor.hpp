// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer tensor.

#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/attention_pooling.hpp>
#include <qvit/tensor/attention_products.hpp>
#include <qvit/tensor/axis.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/broadcast.hpp>
#include <qvit/tensor/constant.hpp>
#include <qvit/tensor/conv2d.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/depthwise_conv2d.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/heads.hpp>
#include <qvit/tensor/image_windows.hpp>
#include <qvit/tensor/layer_norm.hpp>
#include <qvit/tensor/linear_map.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/matmul.hpp>
#include <qvit/tensor/matrix_view.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/ordinal_logits.hpp>
#include <qvit/tensor/ordinal_loss.hpp>
#include <qvit/tensor/pool2d.hpp>
#include <qvit/tensor/pooling.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/register_tiles.hpp>
#include <qvit/tensor/rms_norm.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/tensor/squared_error.hpp>
#include <qvit/tensor/tiles.hpp>
#include <qvit/tensor/unfold.hpp>
#include <qvit/tensor/variable.hpp>
#include <qvit/tensor/weight_gradient.hpp>
