// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything that describes, trains and runs a model; data, files and the training loop are in qvit/data.hpp and
/// qvit/train.hpp, which need zlib, libmd and stb.

#include <qvit/attention.hpp>
#include <qvit/autodiff.hpp>
#include <qvit/circuit.hpp>
#include <qvit/core.hpp>
#include <qvit/meta.hpp>
#include <qvit/models.hpp>
#include <qvit/nn.hpp>
#include <qvit/shape.hpp>
#include <qvit/simd.hpp>
#include <qvit/statevector.hpp>
#include <qvit/tensor.hpp>
#include <qvit/vit.hpp>
