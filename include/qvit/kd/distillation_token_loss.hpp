// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/kd/distillation_loss.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/vit/vision_transformer.hpp>

namespace qvit::inline QVIT_ABI {

/// (1 - share) cross_entropy(class head, labels) + share * distance(teacher, distillation head): DeiT's loss for a model
/// with a distillation token (arXiv:2012.12877, section 4; eq. 3 for distillation_target::hard, eq. 2 for soft).
///
/// `logits` comes from model.both_heads; the rest is as for distillation_loss. DeiT: hard targets and share 0.5; its
/// code for soft ones divides by images times classes, class_reduction::mean. Answers are the mean of both heads.
///
///     distillation_token_loss<S>(tape, model.both_heads(tape, images), options, targets, teacher, weight)
template <class S, class Logits>
constexpr auto distillation_token_loss(auto& tape, const two_headed_logits<Logits>& logits, distillation_options options,
                                       const S* targets, const S* teacher, S weight) {
    const S share(static_cast<real_of<S>>(options.share));
    options.share = 1;
    const auto labels = tape.apply(cross_entropy<S>{targets, weight - share * weight}, logits.of_class);
    const auto taught = tape.apply(distillation_loss<S>{options, targets, teacher, share * weight},
                                   logits.of_distillation);
    return tape.apply(add_op{}, labels, taught);
}

}  // namespace qvit::inline QVIT_ABI
