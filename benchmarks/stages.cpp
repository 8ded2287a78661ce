// SPDX-License-Identifier: Apache-2.0
// train/stage/<stage>/<forward|backward>    one stage of a qvit4 training step on one block of images, one per lane
//
// Counters: ns_per_image; share, this stage's part of a whole training step of qvit4 when it runs as often as it does
// there (stages not listed - loops over blocks, targets, the tape's records - are what the shares lack to 1);
// floor_ratio, where the stage has multiply-adds, time over theirs at the measured peak. A backward pass has twice the
// forward multiply-adds, but embed once: the image needs no gradient.
// `forward` includes setting the output's gradient to zero, as the tape does.
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <benchmark/benchmark.h>

#include <qvit/autodiff/arena.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/nn/circuit_op.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/layer_norm.hpp>
#include <qvit/tensor/linear_map.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>

#include "keep.hpp"
#include "machine.hpp"
#include "random_images.hpp"

namespace qvit_benchmarks {
namespace {

using S = qvit::lanes<float>;
using model = qvit::models::qvit4<image_colours>;
constexpr qvit::vit_config config = model::config;
constexpr std::size_t T = config.tokens();
constexpr std::size_t C = config.width;
constexpr auto images_per_block = static_cast<double>(qvit::lane_count<S>);

/// Tensors with random values, in an arena as in training.
class workspace {
  public:
    template <class Shape>
    qvit::variable<S, Shape> activation(Shape extents) {
        auto result = image(extents);
        result.gradient = zeros<S>(result.size());
        return result;
    }
    /// An activation without a gradient.
    template <class Shape>
    qvit::variable<S, Shape> image(Shape extents) {
        qvit::variable<S, Shape> result{zeros<S>(extents.size()), nullptr, extents};
        fill(reinterpret_cast<float*>(result.value), extents.size() * qvit::lane_count<S>);
        return result;
    }
    template <class Shape>
    qvit::variable<const float, Shape> weight(Shape extents) {
        float* const values = zeros<float>(extents.size());
        fill(values, extents.size());
        return {values, zeros<float>(extents.size()), extents};
    }
    template <class Element>
    Element* zeros(std::size_t count) {
        auto* const result = memory_.allocate<Element>(count);
        for (std::size_t i = 0; i < count; ++i) result[i] = Element(0.0F);
        return result;
    }
    template <class Shape>
    void fill_gradient(qvit::variable<S, Shape> y) {
        fill(reinterpret_cast<float*>(y.gradient), y.size() * qvit::lane_count<S>);
    }

  private:
    void fill(float* values, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(random_.uniform(-1, 1));
    }
    qvit::arena memory_{std::size_t{1} << 20};
    qvit::random_stream random_{2503, 12};
};

void set_gradient_to_zero(auto y) {
    for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = S(0.0F);
}

/// One operation between its tensors, outside any tape.
template <class Op, class Out, class... In>
struct placed_op {
    Op op;
    Out y;
    S* saved;
    std::tuple<In...> in;

    void forward() const {
        set_gradient_to_zero(y);
        std::apply([&](auto... x) { op.forward(y, saved, x...); }, in);
    }
    void backward() const {
        std::apply([&](auto... x) { op.backward(y, saved, x...); }, in);
    }
    std::size_t multiply_adds() const {
        return std::apply([&](auto... x) { return qvit::multiply_adds_of(op, x.extents...); }, in);
    }
};

template <class Op, class... In>
auto place(workspace& space, Op op, In... in) {
    const auto y = space.activation(op.output_shape(in.extents...));
    space.fill_gradient(y);
    const std::size_t kept = qvit::saved_elements(op, in.extents...);
    return placed_op<Op, std::remove_const_t<decltype(y)>, In...>{op, y, space.zeros<S>(kept), {in...}};
}

/// The feed-forward network: three operations as one stage.
template <class First, class Second, class Third>
struct chain {
    First first;
    Second second;
    Third third;

    void forward() const { first.forward(), second.forward(), third.forward(); }
    void backward() const {
        third.backward(), second.backward(), first.backward();
        // On a tape the next forward pass does this; here the sums would grow from pass to pass.
        set_gradient_to_zero(second.y), set_gradient_to_zero(first.y);
    }
    std::size_t multiply_adds() const { return first.multiply_adds() + third.multiply_adds(); }
};

/// Runs `body` as a benchmark: `calls` is how often a training step does it for an image, `work` its multiply-adds.
void measure(benchmark::State& state, double images, double calls, double work, auto&& body) {
    loop_clock clock;
    for (auto _ : state) {
        benchmark::ClobberMemory();  // values and weights may have changed
        body();
        benchmark::ClobberMemory();
    }
    const double seconds = clock.seconds(state) / images;
    state.counters["ns_per_image"] = 1e9 * seconds;
    state.counters["share"] = calls * 1e9 * seconds / measured_qvit4_step();
    if (work > 0) state.counters["floor_ratio"] = seconds / floor_seconds(work);
}

/// Registers both directions of a stage that `make(workspace&)` places.
bool add_stage(const std::string& name, double calls, double backward_factor, auto make) {
    auto run = [=](benchmark::State& state, bool forward) {
        workspace space;
        auto stage = make(space);
        auto* placed = &stage;
        keep(placed);
        stage.forward();  // backward needs what it saves
        const auto work = static_cast<double>(stage.multiply_adds());
        if (forward)
            measure(state, images_per_block, calls, work, [&] { stage.forward(); });
        else
            measure(state, images_per_block, calls, backward_factor * work, [&] { stage.backward(); });
    };
    benchmark::RegisterBenchmark(("train/stage/" + name + "/forward").c_str(), run, true);
    benchmark::RegisterBenchmark(("train/stage/" + name + "/backward").c_str(), run, false);
    return true;
}

void load(benchmark::State& state) {
    const qvit::image_split split = random_images(batch_size);
    const qvit::ordered_images images(split, image_side, image_colours, qvit::patch_order(config));
    std::uint32_t chosen[qvit::lane_count<S>];
    qvit::random_stream random(2503, 13);
    for (auto& image : chosen) image = random.below(batch_size);
    workspace space;
    const auto block = space.image(model::input_shape{});
    measure(state, images_per_block, 1, 0, [&] { images.load(chosen, {}, block.value); });
}
BENCHMARK(load)->Name("train/stage/load/forward");

constexpr double depth = config.depth;
using tokens = qvit::shape<T, C>;

[[maybe_unused]] const bool added[] = {
    add_stage("embed", 1, 1,
              [](workspace& space) {
                  return place(space, qvit::linear_map{}, space.image(model::input_shape{}),
                               space.weight(qvit::shape<C, config.patch_features()>{}), space.weight(qvit::shape<C>{}));
              }),
    add_stage("class_token", 1, 0,
              [](workspace& space) {
                  return place(space, qvit::prepend_token{}, space.activation(qvit::shape<config.patches(), C>{}),
                               space.weight(qvit::shape<1, C>{}));
              }),
    add_stage("position", 1, 0,
              [](workspace& space) {
                  return place(space, qvit::add_op{}, space.activation(tokens{}), space.weight(tokens{}));
              }),
    add_stage("layer_norm", 2 * depth + 1, 0,
              [](workspace& space) {
                  return place(space, qvit::layer_norm_op{}, space.activation(tokens{}), space.weight(qvit::shape<C>{}),
                               space.weight(qvit::shape<C>{}));
              }),
    add_stage("q_projection", 4 * depth, 2,  // and as much for k, v and o
              [](workspace& space) {
                  return place(space, qvit::circuit_op<qvit::ry_ring<C>>{}, space.activation(tokens{}),
                               space.weight(qvit::shape<qvit::ry_ring<C>.parameters>{}));
              }),
    add_stage("scaled_dot_product", depth, 2,
              [](workspace& space) {
                  return place(space, qvit::scaled_dot_product<1>{}, space.activation(tokens{}),
                               space.activation(tokens{}), space.activation(tokens{}));
              }),
    add_stage("residual", 2 * depth, 0,
              [](workspace& space) {
                  return place(space, qvit::add_op{}, space.activation(tokens{}), space.activation(tokens{}));
              }),
    add_stage("mlp", depth, 2,
              [](workspace& space) {
                  constexpr std::size_t hidden = config.mlp;
                  const auto first = place(space, qvit::linear_map{}, space.activation(tokens{}),
                                           space.weight(qvit::shape<hidden, C>{}), space.weight(qvit::shape<hidden>{}));
                  const auto second = place(space, qvit::gelu_op{}, first.y);
                  const auto third = place(space, qvit::linear_map{}, second.y, space.weight(qvit::shape<C, hidden>{}),
                                           space.weight(qvit::shape<C>{}));
                  set_gradient_to_zero(first.y), set_gradient_to_zero(second.y);
                  return chain<decltype(first), decltype(second), decltype(third)>{first, second, third};
              }),
    add_stage("head", 1, 2,
              [](workspace& space) {
                  return place(space, qvit::linear_map{}, space.activation(qvit::shape<1, C>{}),
                               space.weight(qvit::shape<qvit::dynamic, C>(class_count)),
                               space.weight(qvit::shape<qvit::dynamic>(class_count)));
              }),
    add_stage("cross_entropy", 1, 0,
              [](workspace& space) {
                  S* const targets = space.zeros<S>(class_count);
                  targets[1] = S(1.0F);
                  return place(space, qvit::cross_entropy<S>{targets, S(1.0F / batch_size)},
                               space.activation(qvit::shape<1, qvit::dynamic>(class_count)));
              }),
};

void adam(benchmark::State& state) {
    const model trained(class_count);
    std::vector<float> weights(parameter_count(trained));
    std::vector<float> gradients(weights.size());
    initialize(trained, 1, weights.data());
    initialize(trained, 2, gradients.data());
    qvit::optimizer<float> optimiser(trained);
    measure(state, batch_size, 1, 0, [&] { optimiser.step(weights.data(), gradients.data(), 1e-9, 0); });
}
BENCHMARK(adam)->Name("train/stage/adam/forward");

}  // namespace
}  // namespace qvit_benchmarks
