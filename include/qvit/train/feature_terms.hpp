// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/kd/attention_transfer.hpp>
#include <qvit/kd/relation_loss.hpp>
#include <qvit/kd/token_distances.hpp>
#include <qvit/kd/token_similarity.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/variable.hpp>
#include <qvit/train/label_targets.hpp>
#include <qvit/train/lesson_reader.hpp>
#include <qvit/train/loss_sum.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/vit/attention_trace.hpp>

namespace qvit::inline QVIT_ABI {

/// What of a student's pass is compared with a teacher's.
template <class S, class TokenShape>
struct student_features {
    variable<S, TokenShape> tokens;  ///< as the head sees them
    variable<S, TokenShape> raw;     ///< as the last block leaves them; after a layer norm all would be equally large
    traced_attention<S, TokenShape> last;  ///< the last block's
};

/// Adds to a loss the terms on a student's tokens and on the attention of its last block, as `signal.terms` weighs
/// them.
///
/// `model` is a taught_student; `weight` one lane per image. Operations are chosen at run time, all are compiled. Cost:
/// that of each loss, and T x C numbers put on lanes.
template <class S, class TokenShape>
void add_feature_terms(auto& tape, loss_sum<S>& sum, const auto& model, const student_features<S, TokenShape>& found,
                       const teacher_signal& signal, const block_labels* asked, S weight) {
    constexpr std::size_t count = TokenShape::template static_extent<0>;
    const auto tokens = found.tokens;
    const auto& last = found.last;
    const distillation_terms& terms = signal.terms;
    const teacher_features& features = signal.features;
    const auto read = [&](const std::vector<float>& table, std::size_t size) {
        return lesson_reader{signal, asked}.template read<S>(tape, table, size);
    };
    const auto scaled = [&](double factor) { return S(static_cast<real_of<S>>(factor)) * weight; };

    if (terms.hint != 0) {
        const S* const lesson = read(features.hints, count * features.channels);
        sum.add(tape, terms.projection == hint_projection::learnt
                          ? model.hint.loss(tape, tokens, lesson, scaled(terms.hint))
                          : model.hint.mean_squared_error(tape, tokens, lesson, scaled(terms.hint)));
    }
    if (terms.attention_map != 0) {
        const S* const lesson = read(features.maps, count);
        sum.add(tape, tape.apply(attention_transfer<S>{lesson, scaled(terms.attention_map)}, found.raw));
    }
    if (terms.similarities != 0) {
        const S* const lesson = read(features.similarities, count * count);
        sum.add(tape, tape.apply(similarity_loss<S>{lesson, scaled(terms.similarities)}, tokens));
    }
    if constexpr (tokens_have_distances<count>) {
        if (terms.distances != 0) {
            const S* const lesson = read(features.distances, count * count);
            sum.add(tape, tape.apply(distance_loss<S>{lesson, scaled(terms.distances)}, tokens));
        }
    }
    if (terms.relations != 0) {
        const S* const lesson = read(features.relations, count * count);
        sum.add(tape, tape.apply(relation_loss<1, S>{lesson, scaled(terms.relations)}, last.q, last.k));
    }
    if (terms.values != 0) {
        const S* const lesson = read(features.values, count * count);
        sum.add(tape, tape.apply(relation_loss<1, S>{lesson, scaled(terms.values)}, last.v, last.v));
    }
}

}  // namespace qvit::inline QVIT_ABI
