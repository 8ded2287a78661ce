// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/kd/attention_transfer.hpp>
#include <qvit/kd/feature_hint.hpp>
#include <qvit/kd/relation_loss.hpp>
#include <qvit/kd/token_distances.hpp>
#include <qvit/kd/token_similarity.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/check_teacher.hpp>
#include <qvit/train/lesson.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/train/worker_pool.hpp>
#include <qvit/vit/attention_trace.hpp>
#include <qvit/vit/patch_order.hpp>

namespace qvit::inline QVIT_ABI {

/// Bytes of a teacher's rows: what `teach` will keep, known before it runs.
template <class Teacher>
std::size_t lesson_bytes(const Teacher& teacher, std::size_t images, const lesson& asked) {
    const bool fixed = asked.terms.projection == hint_projection::fixed;
    const teacher_features sizes{.tokens = Teacher::config.tokens(),
                                 .channels = fixed ? asked.student_width : Teacher::config.width};
    const std::size_t rows = images * orientations_of(asked.shown);
    return sizes.bytes(rows, asked.terms) + rows * teacher.classes() * sizeof(double);
}

/// Runs a trained vision transformer over the training images and keeps what a student is to learn, once for all
/// epochs.
///
/// S is lanes<float> or another scalar. Cost: a forward pass per image and orientation; the result has the same bits
/// for any number of threads. bad_input where weights or images do not fit, where the rows take more than asked.memory
/// (the message says how much), or where attention is asked of a teacher that does not show it (shows_attention).
///
///     const teacher_signal signal = teach<lanes<float>>(teacher, weights, data, {.terms = {.soft = 1, .hint = 0.1}});
template <class S, class Teacher>
teacher_signal teach(const Teacher& teacher, const std::vector<real_of<S>>& weights, const dataset& data,
                     const lesson& asked = {}, std::size_t threads = 1) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    constexpr std::size_t tokens = Teacher::config.tokens();
    constexpr std::size_t channels = Teacher::config.width;
    const distillation_terms& terms = asked.terms;
    auto expect = [](const char* what, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::teach] expected " + std::to_string(expected) + " " + what + ", found " +
                            std::to_string(found));
    };
    expect("weights, as many as the teacher has", parameter_count(teacher), weights.size());
    expect("classes in the data set, as in the teacher", teacher.classes(), data.classes);
    expect("colours in the data set, as in the teacher", Teacher::config.colours, data.channels);
    expect("rows of pixels in the data set, as in the teacher", Teacher::config.image, data.height);
    expect("columns of pixels in the data set, as in the teacher", Teacher::config.image, data.width);
    const bool fixed = terms.hint != 0 && terms.projection == hint_projection::fixed;
    if (fixed && asked.student_width == 0)
        throw bad_input("[qvit::teach] a fixed projection needs the student's width");
    if (terms.of_attention() && !shows_attention(teacher))
        throw bad_input(
            "[qvit::teach] terms on attention need a teacher whose blocks have queries, keys and values of "
            "the tokens' shape");
    const std::size_t bytes = lesson_bytes(teacher, data.train.count(), asked);
    if (bytes > asked.memory)
        throw bad_input("[qvit::teach] what the teacher says of " + std::to_string(data.train.count()) +
                        " images takes " + std::to_string(bytes) + " bytes, more than the " +
                        std::to_string(asked.memory) + " allowed; ask for fewer terms or orientations");

    teacher_signal signal{.logits = {}, .terms = terms, .orientations = orientations_of(asked.shown), .features = {}};
    teacher_features& features = signal.features;
    features.tokens = tokens;
    features.channels = fixed ? asked.student_width : channels;
    const std::size_t images = data.train.count();
    const std::size_t rows = images * signal.orientations;
    signal.logits.resize(rows * data.classes);
    teacher_features::visit(features, terms, [&](const char*, auto& table, std::size_t size, double weight) {
        if (weight != 0) table.resize(rows * size);
    });
    std::vector<R> matrix(fixed ? features.channels * channels : 0);
    if (fixed) random_projection(asked.seed, features.channels, channels, matrix.data());

    const ordered_images source(data.train, data.height, data.channels, patch_order(Teacher::config), asked.normalise);
    const std::size_t memory = plan<S, false>([&](auto& tape) {
                                   const auto input = tape.create_constant(typename Teacher::input_shape{});
                                   teacher.answer(tape, teacher.encode(tape, input));
                                   tape.create_constant(shape<dynamic>(tokens * (features.channels + tokens + 1)));
                               }).bytes;
    worker_pool pool(threads);
    std::vector<arena> arenas;
    for (std::size_t worker = 0; worker < pool.workers(); ++worker) arenas.emplace_back(memory);
    const std::size_t blocks = (images + width - 1) / width;
    pool.run(blocks * signal.orientations, [&](std::size_t worker, std::size_t task) {
        const std::size_t orientation = task % signal.orientations;
        const std::size_t first = task / signal.orientations * width;
        const std::size_t count = std::min(width, images - first);
        std::uint32_t chosen[width];
        for (std::size_t i = 0; i < count; ++i) chosen[i] = static_cast<std::uint32_t>(first + i);
        image_view views[width];
        std::fill_n(views, count, image_view{.orientation = static_cast<std::uint8_t>(orientation)});

        inference_tape<S> tape(arenas[worker], weights.data());
        attention_trace<S, typename Teacher::token_shape, Teacher::config.depth> trace;
        observing_tape seen(tape, trace);
        const auto input = tape.create_constant(typename Teacher::input_shape{});
        source.load(std::span<const std::uint32_t>(chosen, count), std::span<const image_view>(views, count),
                    input.value);
        const auto raw = teacher.transform(seen, input);
        const auto x = teacher.normalise(tape, raw);
        const auto answer = teacher.answer(tape, x);
        S* const row = tape.create_constant(shape<dynamic>(tokens * (features.channels + tokens + 1))).value;
        const auto keep = [&](const S* values, std::size_t size, auto& table) {
            R lane[width];
            for (std::size_t k = 0; k < size; ++k) {
                simd::store(lane, values[k]);
                for (std::size_t i = 0; i < count; ++i)
                    table[((first + i) * signal.orientations + orientation) * size + k] = lane[i];
            }
        };
        keep(answer.value, data.classes, signal.logits);
        if (fixed) {
            for (std::size_t t = 0; t < tokens; ++t)
                for (std::size_t o = 0; o < features.channels; ++o) {
                    S& sum = row[t * features.channels + o] = S(R(0));
                    for (std::size_t c = 0; c < channels; ++c)
                        sum = simd::fma(S(matrix[o * channels + c]), x(t, c), sum);
                }
            keep(row, tokens * features.channels, features.hints);
        } else if (terms.hint != 0) {
            keep(x.value, tokens * channels, features.hints);
        }
        const auto tell = [&](double weight, std::size_t size, auto& table, auto&& compute) {
            if (weight == 0) return;
            compute();
            keep(row, size, table);
        };
        S* const norms = row + tokens * tokens;
        const auto& last = trace.layers[Teacher::config.depth - 1];
        tell(terms.attention_map, tokens, features.maps, [&] { activation_map(raw.value, tokens, channels, row); });
        tell(terms.similarities, tokens * tokens, features.similarities,
             [&] { token_similarities(x.value, tokens, channels, row, norms); });
        if constexpr (tokens_have_distances<tokens>)
            tell(terms.distances, tokens * tokens, features.distances,
                 [&] { token_distances(x.value, tokens, channels, row); });
        tell(terms.relations, tokens * tokens, features.relations,
             [&] { token_relations<1>(last.q.value, last.k.value, tokens, channels, row); });
        tell(terms.values, tokens * tokens, features.values,
             [&] { token_relations<1>(last.v.value, last.v.value, tokens, channels, row); });
    });
    return signal;
}

}  // namespace qvit::inline QVIT_ABI
