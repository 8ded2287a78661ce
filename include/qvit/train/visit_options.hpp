// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/kd/distillation_terms.hpp>
#include <qvit/train/options.hpp>

namespace qvit::inline QVIT_ABI {

/// Calls visit(name, member) for every option of a run, in an order that does not change; `options` may be constant.
///
/// Members are numbers, a bool, enumerations and lists of double. Whoever writes, reads or compares options does it
/// through this one list, so that none is forgotten.
void for_each_option(auto& options, auto&& visit) {
    visit("epochs", options.epochs);
    visit("batch", options.batch);
    visit("learning_rate", options.learning_rate);
    visit("weight_decay", options.weight_decay);
    visit("optimizer", options.optimizer.kind);
    visit("momentum", options.optimizer.momentum);
    visit("nesterov", options.optimizer.nesterov);
    visit("beta1", options.optimizer.beta1);
    visit("beta2", options.optimizer.beta2);
    visit("epsilon", options.optimizer.epsilon);
    visit("clip_norm", options.clip_norm);
    visit("average_decay", options.average.decay);
    visit("average_warm_up", options.average.warm_up);
    visit("schedule", options.schedule);
    visit("warm_up_epochs", options.scheduling.warm_up_epochs);
    visit("final_fraction", options.scheduling.final_fraction);
    visit("milestones", options.scheduling.milestones);
    visit("step_factor", options.scheduling.step_factor);
    visit("rising_share", options.scheduling.rising_share);
    visit("start_divisor", options.scheduling.start_divisor);
    visit("end_divisor", options.scheduling.end_divisor);
    visit("label_smoothing", options.label_smoothing);
    visit("ordinal", options.targets.ordinal);
    visit("ordinal_fall", options.targets.ordinal_fall);
    visit("class_weights", options.targets.class_weights);
    visit("symmetries", options.augment.symmetries);
    visit("shift", options.augment.shift);
    visit("rotation", options.augment.rotation);
    visit("brightness", options.augment.brightness);
    visit("contrast", options.augment.contrast);
    visit("cutout", options.augment.cutout);
    visit("mixup", options.augment.mixup);
    visit("pixel_mean", options.normalise.mean);
    visit("pixel_deviation", options.normalise.deviation);
    visit("select", options.select);
    visit("patience", options.patience);
    visit("seed", options.seed);
    visit("threads", options.threads);
}

/// The same for what a student is taught by.
void for_each_distillation_term(auto& terms, auto&& visit) {
    visit("labels", terms.labels);
    visit("soft", terms.soft);
    visit("hard", terms.hard);
    visit("answers", terms.answers);
    visit("temperature", terms.temperature);
    visit("reduction", terms.reduction);
    visit("hint", terms.hint);
    visit("projection", terms.projection);
    visit("attention_map", terms.attention_map);
    visit("relations", terms.relations);
    visit("values", terms.values);
    visit("similarities", terms.similarities);
    visit("distances", terms.distances);
    visit("second_head", terms.second_head);
}

}  // namespace qvit::inline QVIT_ABI
