// SPDX-License-Identifier: Apache-2.0
#pragma once

/// All of the layer tensor.

#include <qvit/tensor/add.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/average.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/layer_norm.hpp>
#include <qvit/tensor/linear_map.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/pooling.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/rms_norm.hpp>
#include <qvit/tensor/scale_channels.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/tensor/squared_error.hpp>
#include <qvit/tensor/variable.hpp>
