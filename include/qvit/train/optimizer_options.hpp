// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Which rule turns gradients into a step: torch.optim.SGD, Adam or AdamW.
enum class optimizer_kind : std::uint8_t { sgd, adam, adamw };

/// An optimiser's constants, with torch's defaults and names. The learning rate and the weight decay come with each
/// step; sgd and adam add decay * weight to the gradient (L2), adamw shrinks the weight itself (arXiv:1711.05101).
struct optimizer_options {
    optimizer_kind kind = optimizer_kind::adamw;
    double momentum = 0;    ///< of sgd
    bool nesterov = false;  ///< of sgd: the step looks one momentum ahead
    double beta1 = 0.9;     ///< of adam and adamw: memory of the mean gradient
    double beta2 = 0.999;   ///< of adam and adamw: memory of its square
    double epsilon = 1e-8;  ///< of adam and adamw
};

}  // namespace qvit::inline QVIT_ABI
