// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <string>

#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/taught_student.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/vit/attention_trace.hpp>

namespace qvit::inline QVIT_ABI {

/// Does the last block of a vision transformer show its attention: v, and q and k of the tokens' shape?
template <class Model>
bool shows_attention(const Model& model) {
    attention_trace<double, typename Model::token_shape, Model::config.depth> trace;
    plan<double, false>([&](auto& tape) {
        observing_tape seen(tape, trace);
        model.encode(seen, tape.create_constant(typename Model::input_shape{}));
    });
    return trace.count == Model::config.depth && trace.layers[Model::config.depth - 1].has_queries;
}

/// Throws bad_input, with what was expected and what was found, where a model cannot learn from that teacher: rows,
/// weights of terms, logits that are no numbers, features that are missing or seen on other images than it is shown.
template <class Model>
void check_teacher(const Model& model, const dataset& data, const training_options& options,
                   const teacher_signal& teacher) {
    auto expect = [](const std::string& what, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::fit] expected " + std::to_string(expected) + " " + what + ", found " +
                            std::to_string(found));
    };
    const distillation_terms& terms = teacher.terms;
    if (!terms.possible())
        throw bad_input(
            "[qvit::fit] a teacher's terms need weights that are not negative, one of them positive, and a "
            "positive temperature");
    if (options.targets.ordinal == ordinal_targets::levels || data.kind == task::multi_label)
        throw bad_input("[qvit::fit] a teacher's logits need one label per image and a logit for every class");
    const augmentation& shown = options.augment;
    if (teacher.orientations != 1 && teacher.orientations < orientations_of(shown.symmetries))
        throw bad_input("[qvit::fit] a teacher that saw " + std::to_string(teacher.orientations) +
                        " orientations cannot teach the " + std::to_string(orientations_of(shown.symmetries)) +
                        " of the augmentation; it needs one, or all of them");
    if (teacher.orientations == 0) throw bad_input("[qvit::fit] a teacher needs a row for every image, found none");
    const std::size_t rows = data.train.count() * teacher.orientations;
    if (terms.of_logits()) {
        expect("logits of a teacher, training images x classes", rows * data.classes, teacher.logits.size());
        for (const double logit : teacher.logits)
            if (!std::isfinite(logit)) throw bad_input("[qvit::fit] a teacher's logits must be finite numbers");
    }
    if constexpr (!requires { requires Model::has_distillation_token; }) {
        bool second = false;
        if constexpr (learns_features<Model>) second = decltype(Model::student)::has_distillation_token;
        if (terms.second_head && !second)
            throw bad_input("[qvit::fit] a second head to teach needs a model with a distillation token");
    }
    if (!terms.of_features()) return;
    if constexpr (!learns_features<Model>) {
        throw bad_input("[qvit::fit] terms on a teacher's features need the model as a taught_student");
    } else {
        const teacher_features& features = teacher.features;
        expect("tokens of the teacher, as many as the student's", Model::config.tokens(), features.tokens);
        if (terms.hint != 0)
            expect(
                terms.projection == hint_projection::learnt ? "channels of the teacher, as of taught_student"
                                                            : "channels of a fixed projection, as the student's",
                terms.projection == hint_projection::learnt ? model.hint.projection.bias.size() : Model::config.width,
                features.channels);
        teacher_features::visit(features, terms,
                                [&](const std::string& name, const auto& table, std::size_t size, double weight) {
                                    if (weight != 0)
                                        expect("numbers of the teacher's " + name, rows * size, table.size());
                                });
        if (terms.distances != 0 && features.tokens < 2)
            throw bad_input("[qvit::fit] distances of tokens need two tokens at least");
        if (terms.of_attention() && !shows_attention(model.student))
            throw bad_input(
                "[qvit::fit] terms on attention need a student whose blocks have queries, keys and values "
                "of the tokens' shape");
        if (shown.shift > 0 || shown.rotation > 0 || shown.cutout > 0 || shown.mixup > 0 ||
            teacher.orientations < orientations_of(shown.symmetries))
            throw bad_input(
                "[qvit::fit] a teacher's features belong to the views it saw: no shift, rotation, cutout "
                "or mixup, and the orientations of the augmentation");
    }
}

}  // namespace qvit::inline QVIT_ABI
