// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <qvit/autodiff/checkpointed.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/recycled.hpp>
#include <qvit/autodiff/stop_gradient.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/dropout.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/residual.hpp>
#include <qvit/nn/rms_norm.hpp>
#include <qvit/nn/sequential.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;

namespace {

using tokens = shape<5, 4>;
using feed_forward = residual<sequential<layer_norm<4>, mlp<4, 8>, dropout>>;

struct attention {
    using projection = linear<4, 4>;
    BOOST_HANA_DEFINE_STRUCT(attention, (projection, q), (projection, k), (projection, v));
    constexpr attention() = default;
    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(scaled_dot_product<2>{}, q(tape, x), k(tape, x), v(tape, x));
    }
};

/// A transformer-like stack of four blocks, run plainly, each checkpointed, or checkpoints inside a checkpoint; with
/// gradients in recycled memory, also of a checkpointed block and inside one, or recycled blocks inside recycled pairs.
enum class keeping { everything, inputs, inputs_of_pairs, recycling, recycling_inputs, recycling_pairs };
template <keeping Kind>
struct stack {
    using attending = residual<sequential<rms_norm<4>, attention, dropout>>;
    using block = sequential<attending, feed_forward>;
    using block_list = std::array<block, 4>;
    BOOST_HANA_DEFINE_STRUCT(stack, (block_list, blocks));

    constexpr stack() {
        const attending first(sequential(rms_norm<4>(), attention(), dropout(0.2)), drop_path(0.1));
        const feed_forward second(sequential(layer_norm<4>(), mlp<4, 8>(), dropout(0.1)), drop_path(0.1));
        for (auto& b : blocks) b = block(first, second);
        bind(*this);
    }
    constexpr auto operator()(auto& tape, auto x) const {
        if constexpr (Kind == keeping::everything) {
            for (const auto& b : blocks) x = b(tape, x);
        } else if constexpr (Kind == keeping::inputs) {
            for (const auto& b : blocks) x = checkpointed(tape, b, x);
        } else if constexpr (Kind == keeping::recycling) {
            for (const auto& b : blocks) x = recycled(tape, b, x);
        } else if constexpr (Kind == keeping::recycling_inputs) {
            for (std::size_t i = 0; i < 4; i += 2) {
                const auto outer = [this, i](auto& inner, auto y) { return checkpointed(inner, blocks[i], y); };
                const auto within = [this, i](auto& inner, auto y) { return recycled(inner, blocks[i + 1], y); };
                x = checkpointed(tape, within, recycled(tape, outer, x));
            }
        } else if constexpr (Kind == keeping::recycling_pairs) {
            for (std::size_t i = 0; i < 4; i += 2)
                x = recycled(
                    tape,
                    [this, i](auto& inner, auto y) {
                        return blocks[i + 1](inner, recycled(inner, blocks[i], y));
                    },
                    x);
        } else {
            for (std::size_t i = 0; i < 4; i += 2)
                x = checkpointed(
                    tape,
                    [this, i](auto& inner, auto y) {
                        return checkpointed(inner, blocks[i + 1], checkpointed(inner, blocks[i], y));
                    },
                    x);
        }
        return x;
    }
};

double number(std::size_t i) { return std::sin(1.0 + 12.9898 * static_cast<double>(i)); }

template <class S>
struct outcome {
    std::vector<real_of<S>> numbers;  ///< y, dx and the gradient of every parameter
    std::size_t bytes = 0;
};
template <class S, keeping Kind>
outcome<S> run() {
    using R = real_of<S>;
    static constexpr stack<Kind> model;
    std::vector<R> weights(parameter_count(model));
    std::vector<R> gradients(weights.size());
    initialize(model, 7, weights.data());
    constexpr std::size_t bytes = plan<S, true>([](auto& tape) { model(tape, tape.create(tokens{})); }).bytes;
    arena memory(bytes);
    pass_context<S> context{.seed = 3, .epoch = 1};
    for (std::size_t l = 0; l < lane_count<S>; ++l) context.images[l] = static_cast<std::uint32_t>(l);
    training_tape<S> tape(memory, weights.data(), gradients.data(), &context);
    const auto x = tape.create(tokens{});
    for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = S(static_cast<R>(number(i)));
    const auto y = model(tape, x);
    const std::size_t kept = memory.used();
    if constexpr (Kind == keeping::inputs) {  // the arena has room for one block behind what is kept, and no more
        planning_tape<S, true> again;
        model.blocks[0](again, variable<S, tokens>{});
        CHECK(bytes == kept + again.result().bytes);
    }
    for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = S(static_cast<R>(number(100 + i)));
    std::move(tape).backward();
    CHECK(memory.used() == kept);  // what the blocks took is given back
    outcome<S> result{.numbers = gradients, .bytes = bytes};
    for (const S* part : {y.value, x.gradient})
        for (std::size_t i = 0; i < x.size(); ++i) {
            R lane[lane_count<S>];
            simd::store(lane, part[i]);
            result.numbers.insert(result.numbers.end(), lane, lane + lane_count<S>);
        }
    return result;
}

}  // namespace

TEST_CASE_TEMPLATE("checkpoint: the same bits from less memory", S, double, lanes<float>) {
    const auto plain = run<S, keeping::everything>();
    const auto blocks = run<S, keeping::inputs>();
    const auto pairs = run<S, keeping::inputs_of_pairs>();
    CHECK(reference::largest_magnitude(plain.numbers) > 0.1);
    CHECK(blocks.numbers == plain.numbers);
    CHECK(pairs.numbers == plain.numbers);
    CHECK(2 * blocks.bytes < plain.bytes);
    CHECK(pairs.bytes < plain.bytes);
}

TEST_CASE_TEMPLATE("recycled: the same bits from less memory", S, double, lanes<float>) {
    const auto plain = run<S, keeping::everything>();
    const auto blocks = run<S, keeping::recycling>();
    const auto pairs = run<S, keeping::recycling_pairs>();
    const auto inputs = run<S, keeping::recycling_inputs>();
    CHECK(reference::largest_magnitude(plain.numbers) > 0.1);
    CHECK(blocks.numbers == plain.numbers);
    CHECK(pairs.numbers == plain.numbers);
    CHECK(inputs.numbers == plain.numbers);
    CHECK(10 * blocks.bytes < 9 * plain.bytes);
    CHECK(10 * pairs.bytes < 9 * plain.bytes);
}

TEST_CASE("recycled: zeros are left where gradients were shared") {
    static constexpr stack<keeping::recycling> model;
    CHECK(module_check::check_gradients(model, tokens{}).largest_error < 1e-7);  // many passes in one arena
}

TEST_CASE("checkpoint: gradients, of a block that is x itself and of what a lambda captures too") {
    static constexpr stack<keeping::inputs> model;
    CHECK(module_check::check_gradients(model, tokens{}).largest_error < 1e-7);
    const auto captured = [](auto& tape, auto x, auto scale) {
        const auto same = checkpointed(tape, sequential<>(), x);
        return checkpointed(
            tape, [scale](auto& inner, auto y) { return inner.apply(multiply_op{}, inner.apply(gelu_op{}, y), scale); },
            tape.apply(add_op{}, same, x));
    };
    CHECK(gradient_check(captured, shape<2, 3>{}, shape<2, 3>{}).largest_error < 1e-8);
    CHECK(gradient_check(captured, shape<dynamic>(7), shape<dynamic>(7)).largest_error < 1e-8);
}

TEST_CASE("stop gradient: the value goes on, the gradient does not") {
    const auto half = [](auto& tape, auto x, auto y) {
        return tape.apply(add_op{}, tape.apply(multiply_op{}, x, tape.apply(stop_gradient_op{}, y)), x);
    };
    arena memory(1 << 12);
    training_tape<double> tape(memory, nullptr, nullptr);
    const auto x = tape.create(shape<1>{});
    const auto y = tape.create(shape<1>{});
    x(0) = 3;
    y(0) = 5;
    const auto z = half(tape, x, tape.apply(exp_op{}, tape.apply(log_op{}, y)));
    CHECK(reference::close(z(0), 18, 1e-14, 0));
    std::move(tape).backward(z);
    CHECK(reference::close(x.d(0), 6, 1e-14, 0));
    CHECK(y.d(0) == 0);
}

TEST_CASE("sequential and residual: names, order and gradients") {
    const sequential<linear<3, 4>, activation<gelu_op>, residual<sequential<rms_norm<4>, mlp<4, 5>>>> module;
    using names = std::vector<std::string>;
    CHECK(module_check::names_of(module) == names{"0.weight", "0.bias", "2.branch.0.weight", "2.branch.1.fc1.weight",
                                                  "2.branch.1.fc1.bias", "2.branch.1.fc2.weight",
                                                  "2.branch.1.fc2.bias"});
    CHECK(parameter_count(module) == 16 + 4 + 25 + 24);
    CHECK(module_check::check_gradients(module, shape<3, 3>{}).largest_error < 1e-8);
    CHECK(parameter_count(sequential<>()) == 0);
}
