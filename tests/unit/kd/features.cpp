// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <golden/kd_golden.hpp>
#include <string>
#include <tuple>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/kd/attention_transfer.hpp>
#include <qvit/kd/distillation_token_loss.hpp>
#include <qvit/kd/feature_hint.hpp>
#include <qvit/kd/relation_loss.hpp>
#include <qvit/kd/token_distances.hpp>
#include <qvit/kd/token_similarity.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/vit/attention_trace.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using namespace kd_golden;

namespace {

/// Numbers of image after image, one image to a lane; lanes beyond the last hold zeros.
template <class S>
std::vector<S> on_lanes(const std::vector<double>& all, std::size_t first) {
    using R = real_of<S>;
    const std::size_t size = all.size() / images;
    std::vector<S> result(size);
    for (std::size_t i = 0; i < size; ++i) {
        R lane[lane_count<S>]{};
        for (std::size_t l = 0; l < lane_count<S> && first + l < images; ++l)
            lane[l] = static_cast<R>(all[(first + l) * size + i]);
        result[i] = simd::load<S>(lane);
    }
    return result;
}
/// The other way; lanes without an image must be exactly zero.
template <class S>
void from_lanes(const std::vector<S>& lanes_in, std::size_t first, std::vector<double>& all) {
    using R = real_of<S>;
    for (std::size_t i = 0; i < lanes_in.size(); ++i) {
        R lane[lane_count<S>];
        simd::store(lane, lanes_in[i]);
        for (std::size_t l = 0; l < lane_count<S>; ++l)
            if (first + l < images)
                all[(first + l) * lanes_in.size() + i] = static_cast<double>(lane[l]);
            else
                CHECK(lane[l] == R(0));
    }
}

/// The largest error of a loss and of its gradients, each relative to the largest number of its tensor.
/// `loss(tape, signals, weight, variables...)`, signals being those of the teacher, labels last.
template <class S, class... Shapes>
double error_of(const golden_case& golden, const std::vector<std::vector<double>>& teacher, auto&& loss,
                Shapes... shapes) {
    using R = real_of<S>;
    constexpr std::size_t variables = sizeof...(Shapes);  // of an image; the inputs after them are parameters
    std::vector<double> one_hot(images * classes, 0.0);
    for (std::size_t i = 0; i < images; ++i) one_hot[i * classes + static_cast<std::size_t>(labels[i])] = 1;
    std::vector<R> parameters;
    for (std::size_t k = variables; k < golden.inputs.size(); ++k)
        for (const double p : golden.inputs[k]) parameters.push_back(static_cast<R>(p));
    std::vector<R> parameter_gradients(parameters.size());

    double total = 0;
    std::vector<std::vector<double>> found;
    for (std::size_t k = 0; k < variables; ++k) found.emplace_back(golden.gradients[k].size());
    for (std::size_t first = 0; first < images; first += lane_count<S>) {
        std::vector<std::vector<S>> signals, values, gradients;
        for (const auto& signal : teacher) signals.push_back(on_lanes<S>(signal, first));
        signals.push_back(on_lanes<S>(one_hot, first));
        const S weight = on_lanes<S>(std::vector<double>(images, 1.0 / images), first)[0];
        for (std::size_t k = 0; k < variables; ++k) {
            values.push_back(on_lanes<S>(golden.inputs[k], first));
            gradients.emplace_back(values[k].size(), S(R(0)));
        }
        arena memory(1 << 16);
        training_tape<S> tape(memory, parameters.data(), parameter_gradients.data());
        std::size_t next = 0;
        const auto variable_of = [&](auto extents) {
            const std::size_t k = next++;
            REQUIRE(extents.size() == values[k].size());
            return variable<S, decltype(extents)>{values[k].data(), gradients[k].data(), extents};
        };
        const std::tuple<variable<S, Shapes>...> in{variable_of(shapes)...};
        const auto y = std::apply([&](auto... x) { return loss(tape, signals, weight, x...); }, in);
        total += static_cast<double>(simd::sum(y(0)));
        std::move(tape).backward(y);
        for (std::size_t k = 0; k < variables; ++k) from_lanes(gradients[k], first, found[k]);
    }
    double error = std::fabs(total - golden.loss) / std::fabs(golden.loss);
    std::vector<double> expected_of_parameters;
    for (std::size_t k = variables; k < golden.inputs.size(); ++k)
        expected_of_parameters.insert(expected_of_parameters.end(), golden.gradients[k].begin(),
                                      golden.gradients[k].end());
    for (std::size_t k = 0; k < variables; ++k)
        error = std::max(error, reference::relative_difference(found[k], golden.gradients[k]));
    if (!parameters.empty())
        error = std::max(error, reference::relative_difference(parameter_gradients, expected_of_parameters));
    return error;
}

template <class S>
void check_golden(double tolerance) {
    using R = real_of<S>;
    const shape<tokens, channels> student;
    const shape<1, classes> logits;
    const auto transfer = [](auto& tape, const auto& signals, S weight, auto x) {
        return tape.apply(attention_transfer<S>{signals[0].data(), weight}, x);
    };
    const auto relation = [](auto& tape, const auto& signals, S weight, auto q, auto k) {
        return tape.apply(relation_loss<heads, S>{signals[0].data(), weight}, q, k);
    };
    const auto value_relation = [&](auto& tape, const auto& signals, S weight, auto v) {
        return relation(tape, signals, weight, v, v);
    };
    const auto similarity = [](auto& tape, const auto& signals, S weight, auto x) {
        return tape.apply(similarity_loss<S>{signals[0].data(), weight}, x);
    };
    const auto distance = [](auto& tape, const auto& signals, S weight, auto x) {
        return tape.apply(distance_loss<S>{signals[0].data(), weight}, x);
    };
    const auto weighted_sum = [](auto& tape, const auto& signals, S weight, auto x) {
        return tape.apply(add_op{}, tape.apply(attention_transfer<S>{signals[0].data(), S(R(0.5)) * weight}, x),
                          tape.apply(similarity_loss<S>{signals[1].data(), S(R(2)) * weight}, x));
    };
    CHECK(error_of<S>(attention_transfer_case, {teacher_map}, transfer, student) < tolerance);
    CHECK(error_of<S>(attention_relation_case, {teacher_attention}, relation, student, student) < tolerance);
    CHECK(error_of<S>(value_relation_case, {teacher_values}, value_relation, student) < tolerance);
    CHECK(error_of<S>(similarity_case, {teacher_similarities}, similarity, student) < tolerance);
    CHECK(error_of<S>(distance_case, {teacher_distances}, distance, student) < tolerance);
    CHECK(error_of<S>(sum_case, {teacher_map, teacher_similarities}, weighted_sum, student) < tolerance);
    CHECK(error_of<S>(similarity_case, {teacher_distances}, similarity, student) > 0.01);  // the comparison can fail

    feature_hint<channels, wide> hint;
    bind(hint);
    const auto learnt = [&](auto& tape, const auto& signals, S weight, auto x) {
        return hint.loss(tape, x, signals[0].data(), weight);
    };
    const auto matrix = [] {
        std::vector<R> w;
        for (const double entry : hint_case.inputs[1]) w.push_back(static_cast<R>(entry));
        return w;
    }();
    const auto fixed = [&](auto& tape, const auto& signals, S weight, auto x) {
        return fixed_hint<wide>(tape, x, matrix.data(), signals[0].data(), weight);
    };
    CHECK(error_of<S>(hint_case, {teacher_tokens}, learnt, student) < tolerance);
    CHECK(error_of<S>(fixed_hint_case, {teacher_tokens}, fixed, student) < tolerance);

    const auto two_heads = [](distillation_options options) {
        return [options](auto& tape, const auto& signals, S weight, auto z, auto z_dist) {
            return distillation_token_loss<S>(tape, two_headed_logits<decltype(z)>{z, z_dist}, options,
                                              signals[1].data(), signals[0].data(), weight);
        };
    };
    const distillation_options hard{.target = distillation_target::hard, .share = 0.5};
    const distillation_options soft{.reduction = class_reduction::mean, .share = 0.7, .temperature = 3};
    CHECK(error_of<S>(token_hard_case, {teacher_logits}, two_heads(hard), logits, logits) < tolerance);
    CHECK(error_of<S>(token_soft_case, {teacher_logits}, two_heads(soft), logits, logits) < tolerance);
}

}  // namespace

TEST_CASE("losses on features, attention and relations are torch's, with all gradients") {
    check_golden<lanes<double>>(1e-12);
    check_golden<lanes<float>>(2e-5);
}

TEST_CASE("what a teacher tells is what torch computes from its tokens") {
    const auto of = [](const std::vector<double>& signal, std::size_t image) {
        const std::size_t size = signal.size() / images;
        const auto from = signal.begin() + static_cast<std::ptrdiff_t>(image * size);
        return std::vector<double>(from, from + static_cast<std::ptrdiff_t>(size));
    };
    for (std::size_t i = 0; i < images; ++i) {
        const auto x = of(teacher_tokens, i);
        std::vector<double> map(tokens), square(tokens * tokens), relations(heads * tokens * tokens), norms(tokens);
        activation_map(x.data(), tokens, wide, map.data());
        CHECK(reference::largest_difference(map, of(teacher_map, i)) < 1e-14);
        token_similarities(x.data(), tokens, wide, square.data(), norms.data());
        CHECK(reference::largest_difference(square, of(teacher_similarities, i)) < 1e-14);
        token_distances(x.data(), tokens, wide, square.data());
        CHECK(reference::largest_difference(square, of(teacher_distances, i)) < 1e-14);
        token_relations<heads>(of(teacher_q, i).data(), of(teacher_k, i).data(), tokens, wide, relations.data());
        CHECK(reference::largest_difference(relations, of(teacher_attention, i)) < 1e-14);
    }
}

TEST_CASE("losses on features: gradients against finite differences") {
    const shape<3, 4> x;
    const double signal[] = {0.5, 0.1, 0.4, 0.2, 0.7, 0.1, 0.3, 0.3, 0.4, 0.6, 0.0, 0.4, 0.1, 0.2, 0.7, 0.9, 0.1, 0.0};
    const auto transfer = [&](auto& tape, auto a) { return tape.apply(attention_transfer<double>{signal, 0.7}, a); };
    const auto relation = [&](auto& tape, auto a, auto b) {
        return tape.apply(relation_loss<2, double>{signal, 0.7}, a, b);
    };
    const auto self_relation = [&](auto& tape, auto a) { return relation(tape, a, a); };
    const auto similarity = [&](auto& tape, auto a) { return tape.apply(similarity_loss<double>{signal, 0.7}, a); };
    const auto distance = [&](auto& tape, auto a) { return tape.apply(distance_loss<double>{signal, 0.7}, a); };
    CHECK(gradient_check(transfer, x).largest_error < 1e-8);
    CHECK(gradient_check(relation, x, x).largest_error < 1e-8);
    CHECK(gradient_check(self_relation, x).largest_error < 1e-8);
    CHECK(gradient_check(similarity, x).largest_error < 1e-8);
    CHECK(gradient_check(distance, x).largest_error < 1e-8);
    const double far[9] = {0, 9, 0.1, 9, 0, 1, 3, 1, 0};  // some differences beyond huber's bend
    const auto bent = [&](auto& tape, auto a) { return tape.apply(distance_loss<double>{far, 0.7}, a); };
    CHECK(gradient_check(bent, x).largest_error < 1e-8);
}

namespace {
constexpr vit_config tiny{.image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 2, .mlp = 3};
using tiny_model = vision_transformer<tiny, classical_attention<4, 2>>;

/// A student, its features, q and k of the last block and a projection: the whole of a distillation pass.
struct taught {
    const double* tokens_of_teacher;
    const double* attention_of_teacher;
    using student_type = hinted_student<tiny_model, feature_hint<4, 6>>;
    BOOST_HANA_DEFINE_STRUCT(taught, (student_type, all));

    constexpr auto operator()(auto& tape, auto images) const {
        using S = double;
        attention_trace<S, tiny_model::token_shape, 2> trace;
        observing_tape seen(tape, trace);
        const auto features = all.student.encode(seen, images);
        const auto hint = all.hint.loss(tape, features, tokens_of_teacher, 0.5);
        const auto attention =
            tape.apply(relation_loss<2, S>{attention_of_teacher, 2.0}, trace.layers[1].q, trace.layers[1].k);
        return tape.apply(add_op{}, hint, attention);
    }
};
}  // namespace

TEST_CASE("a distillation pass: features and attention of a student's blocks, gradients of all weights") {
    constexpr tiny_model model(3);
    constexpr hinted_student both(model, feature_hint<4, 6>());
    static_assert(parameter_count(both) == parameter_count(model) + 4 * 6 + 6);
    static_assert(both.student.head.bias.offset == model.head.bias.offset);  // the student's weights come first
    static_assert(both.hint.projection.weight.offset == parameter_count(model));
    std::vector<double> teacher(5 * 6), attention(2 * 5 * 5, 0.2);
    for (std::size_t i = 0; i < teacher.size(); ++i) teacher[i] = std::sin(3.0 * static_cast<double>(i));
    const taught pass{teacher.data(), attention.data(), both};
    CHECK(module_check::check_gradients(pass, tiny_model::input_shape{}).largest_error < 1e-7);
}

TEST_CASE("a random projection keeps lengths in the mean, the same for one seed") {
    std::vector<double> matrix(64 * 100), again(64 * 100), other(64 * 100);
    random_projection(5, 64, 100, matrix.data());
    random_projection(5, 64, 100, again.data());
    random_projection(6, 64, 100, other.data());
    CHECK(matrix == again);
    CHECK(matrix != other);
    double squares = 0;
    for (const double entry : matrix) squares += entry * entry;
    CHECK(reference::close(squares / 64, 1, 0.06, 0));  // 6400 squares: five deviations
}
