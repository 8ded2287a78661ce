// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/kd/distillation_loss.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/average.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/ordinal_loss.hpp>
#include <qvit/train/feature_terms.hpp>
#include <qvit/train/label_targets.hpp>
#include <qvit/train/lesson_reader.hpp>
#include <qvit/train/loss_sum.hpp>
#include <qvit/train/taught_student.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/vit/attention_trace.hpp>

namespace qvit::inline QVIT_ABI {

/// What a model is trained towards: its labels, and a teacher where there is one. The one place that chooses a loss.
///
/// The labels' loss is cross_entropy for one label per image, coral_loss for levels of it, binary_cross_entropy for
/// several labels. With a teacher it is the sum of the terms its signal asks for. Every function takes `asked`, the
/// images of a block, and records the same operations without it, for a planning tape.
struct objective {
    label_targets targets;
    const teacher_signal* teacher = nullptr;

    /// A loss, and the logits that answer.
    template <class S, class Logits>
    struct outcome {
        variable<S, shape<1>> loss;
        Logits logits;
    };

    /// Runs a model on up to W images, and takes the loss.
    template <class S, class Model>
    auto run(auto& tape, const Model& model, auto images, const block_labels* asked) const {
        if constexpr (learns_features<Model>) {
            attention_trace<S, typename Model::token_shape, Model::config.depth> trace;
            observing_tape seen(tape, trace);
            const auto raw = model.student.transform(seen, images);
            const auto tokens = model.student.normalise(tape, raw);
            return with_heads<S>(tape, model.student, tokens, asked, [&](auto& sum, S weight) {
                const student_features<S, typename Model::token_shape> found{tokens, raw,
                                                                             trace.layers[Model::config.depth - 1]};
                add_feature_terms<S>(tape, sum, model, found, *teacher, asked, weight);
            });
        } else if constexpr (requires { requires Model::has_distillation_token; }) {
            return with_heads<S>(tape, model, model.encode(tape, images), asked, [](auto&, S) {});
        } else {
            const auto logits = model(tape, images);
            return outcome<S, std::remove_const_t<decltype(logits)>>{loss<S>(tape, asked, logits), logits};
        }
    }
    /// The loss of logits: the terms on features are not in it.
    template <class S>
    auto loss(auto& tape, const block_labels* asked, auto logits) const {
        return sum_of_terms<S>(tape, asked, logits, logits, [](auto&, S) {});
    }

  private:
    template <class S>
    auto with_heads(auto& tape, const auto& model, auto tokens, const block_labels* asked, auto&& add_more) const {
        using Model = std::remove_cvref_t<decltype(model)>;
        if constexpr (Model::has_distillation_token) {
            if (teacher != nullptr && teacher->terms.second_head) {
                const auto heads = model.both_answers(tape, tokens);
                const auto loss = sum_of_terms<S>(tape, asked, heads.of_class, heads.of_distillation, add_more);
                const auto logits = tape.apply(average_op{}, heads.of_class, heads.of_distillation);
                return outcome<S, std::remove_const_t<decltype(heads.of_class)>>{loss, logits};
            }
        }
        const auto logits = model.answer(tape, tokens);
        return outcome<S, std::remove_const_t<decltype(logits)>>{sum_of_terms<S>(tape, asked, logits, logits, add_more),
                                                                 logits};
    }

    /// `of_class` learns from the labels, `of_teacher` from the teacher's logits; they may be one.
    template <class S>
    variable<S, shape<1>> sum_of_terms(auto& tape, const block_labels* asked, auto of_class, auto of_teacher,
                                       auto&& add_more) const {
        using R = real_of<S>;
        const shape<dynamic> row(targets.classes());
        S* const target = tape.create_constant(row).value;
        const S weight = asked == nullptr ? S(R(0)) : targets.fill(*asked, target);
        if (teacher == nullptr) return label_loss<S>(tape, target, weight, of_class);

        const distillation_terms& terms = teacher->terms;
        loss_sum<S> sum;
        if (terms.labels != 0) sum.add(tape, label_loss<S>(tape, target, scaled(terms.labels, weight), of_class));
        if (terms.of_logits()) {
            const S* const taught =
                lesson_reader{*teacher, asked}.template read<S>(tape, teacher->logits, targets.classes());
            const auto add_distance = [&](distillation_target kind, double share) {
                const distillation_options options{kind, terms.reduction, 1, terms.temperature};
                if (share != 0)
                    sum.add(tape, tape.apply(distillation_loss<S>{options, target, taught, scaled(share, weight)},
                                             of_teacher));
            };
            add_distance(distillation_target::soft, terms.soft);
            add_distance(distillation_target::hard, terms.hard);
            add_distance(distillation_target::logits, terms.answers);
        }
        add_more(sum, weight);
        return sum.total;
    }
    template <class S>
    variable<S, shape<1>> label_loss(auto& tape, const S* target, S weight, auto logits) const {
        if (targets.independent())
            return tape.apply(binary_cross_entropy<S>{target, weight, targets.template positive<real_of<S>>()}, logits);
        return targets.levels() ? tape.apply(coral_loss<S>{target, weight}, logits)
                                : tape.apply(cross_entropy<S>{target, weight}, logits);
    }
    template <class S>
    static S scaled(double factor, S weight) {
        return S(static_cast<real_of<S>>(factor)) * weight;
    }
};

}  // namespace qvit::inline QVIT_ABI
