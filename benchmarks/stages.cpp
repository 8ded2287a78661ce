// SPDX-License-Identifier: Apache-2.0
// train/stage/<model>/<stage>/<forward|backward>    one stage of a training step on one block of images, one per lane
//
// Models: qvit4, and the teacher, whose projections, embed and mlp are matrix products of some size.
// Counters: ns_per_image; share, this stage's part of the model's whole training step when it runs as often as it does
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
#include "quiet_processor.hpp"
#include "random_images.hpp"

namespace qvit_benchmarks {
namespace {

using S = qvit::lanes<float>;
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
    qvit::arena memory_{std::size_t{1} << 23};
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

/// What a stage's time is a share of: the whole step's, and what it is called.
struct measured_model {
    std::string name;
    double (*step)() = nullptr;
};

/// Runs `body` as a benchmark: `calls` is how often a training step does it for an image, `work` its multiply-adds.
void measure(benchmark::State& state, const measured_model& model, double images, double calls, double work,
             auto&& body) {
    const quiet_processor here;
    loop_clock clock;
    for (auto _ : state) {
        benchmark::ClobberMemory();  // values and weights may have changed
        body();
        benchmark::ClobberMemory();
    }
    const double seconds = clock.seconds(state) / images;
    state.counters["ns_per_image"] = 1e9 * seconds;
    state.counters["share"] = calls * 1e9 * seconds / model.step();
    if (work > 0) state.counters["floor_ratio"] = seconds / floor_seconds(work);
}

/// Registers both directions of a stage that `make(workspace&)` places.
void add_stage(const measured_model& model, const std::string& name, double calls, double backward_factor, auto make) {
    auto run = [=](benchmark::State& state, bool forward) {
        workspace space;
        auto stage = make(space);
        auto* placed = &stage;
        keep(placed);
        stage.forward();  // backward needs what it saves
        const auto work = static_cast<double>(stage.multiply_adds());
        if (forward)
            measure(state, model, images_per_block, calls, work, [&] { stage.forward(); });
        else
            measure(state, model, images_per_block, calls, backward_factor * work, [&] { stage.backward(); });
    };
    const std::string prefix = "train/stage/" + model.name + "/" + name;
    benchmark::RegisterBenchmark((prefix + "/forward").c_str(), run, true);
    benchmark::RegisterBenchmark((prefix + "/backward").c_str(), run, false);
}

/// All stages of a vision transformer with Heads heads.
template <class Model, std::size_t Heads>
bool add_stages(const measured_model& measured) {
    constexpr static qvit::vit_config config = Model::config;
    constexpr std::size_t T = config.tokens();
    constexpr std::size_t C = config.width;
    constexpr std::size_t hidden = config.mlp;
    constexpr double depth = config.depth;
    using tokens = qvit::shape<T, C>;
    const std::string prefix = "train/stage/" + measured.name;

    benchmark::RegisterBenchmark((prefix + "/load/forward").c_str(), [=](benchmark::State& state) {
        const qvit::image_split split = random_images(batch_size);
        const qvit::ordered_images images(split, image_side, image_colours, qvit::patch_order(config));
        std::uint32_t chosen[qvit::lane_count<S>];
        qvit::random_stream random(2503, 13);
        for (auto& image : chosen) image = random.below(batch_size);
        workspace space;
        const auto block = space.image(typename Model::input_shape{});
        measure(state, measured, images_per_block, 1, 0, [&] { images.load(chosen, {}, block.value); });
    });
    auto stage = [&](const std::string& name, double calls, double backward_factor, auto make) {
        add_stage(measured, name, calls, backward_factor, make);
    };
    stage("embed", 1, 1, [](workspace& space) {
        return place(space, qvit::linear_map{}, space.image(typename Model::input_shape{}),
                     space.weight(qvit::shape<C, config.patch_features()>{}), space.weight(qvit::shape<C>{}));
    });
    stage("class_token", 1, 0, [](workspace& space) {
        return place(space, qvit::prepend_token{}, space.activation(qvit::shape<config.patches(), C>{}),
                     space.weight(qvit::shape<1, C>{}));
    });
    stage("positions", 1, 0, [](workspace& space) {
        return place(space, qvit::add_op{}, space.activation(tokens{}), space.weight(tokens{}));
    });
    stage("layer_norm", 2 * depth + 1, 0, [](workspace& space) {
        return place(space, qvit::layer_norm_op{}, space.activation(tokens{}), space.weight(qvit::shape<C>{}),
                     space.weight(qvit::shape<C>{}));
    });
    stage("projection", 4 * depth, 2, [](workspace& space) {  // q, and as much for k, v and o
        using projection = decltype(Model::block::attention.q);
        if constexpr (requires { projection::circuit; })
            return place(space, qvit::circuit_op<qvit::ry_ring<C>>{}, space.activation(tokens{}),
                         space.weight(qvit::shape<qvit::ry_ring<C>.parameters>{}));
        else
            return place(space, qvit::linear_map{}, space.activation(tokens{}), space.weight(qvit::shape<C, C>{}),
                         space.weight(qvit::shape<C>{}));
    });
    stage("scaled_dot_product", depth, 2, [](workspace& space) {
        return place(space, qvit::scaled_dot_product<Heads>{}, space.activation(tokens{}), space.activation(tokens{}),
                     space.activation(tokens{}));
    });
    stage("residual", 2 * depth, 0, [](workspace& space) {
        return place(space, qvit::add_op{}, space.activation(tokens{}), space.activation(tokens{}));
    });
    stage("mlp_expand", depth, 2, [](workspace& space) {
        return place(space, qvit::linear_map{}, space.activation(tokens{}), space.weight(qvit::shape<hidden, C>{}),
                     space.weight(qvit::shape<hidden>{}));
    });
    stage("gelu", depth, 0, [](workspace& space) {
        return place(space, qvit::gelu_op{}, space.activation(qvit::shape<T, hidden>{}));
    });
    stage("mlp_contract", depth, 2, [](workspace& space) {
        return place(space, qvit::linear_map{}, space.activation(qvit::shape<T, hidden>{}),
                     space.weight(qvit::shape<C, hidden>{}), space.weight(qvit::shape<C>{}));
    });
    stage("head", 1, 2, [](workspace& space) {
        return place(space, qvit::linear_map{}, space.activation(qvit::shape<1, C>{}),
                     space.weight(qvit::shape<qvit::dynamic, C>(class_count)),
                     space.weight(qvit::shape<qvit::dynamic>(class_count)));
    });
    stage("cross_entropy", 1, 0, [](workspace& space) {
        S* const targets = space.zeros<S>(class_count);
        targets[1] = S(1.0F);
        return place(space, qvit::cross_entropy<S>{targets, S(1.0F / batch_size)},
                     space.activation(qvit::shape<1, qvit::dynamic>(class_count)));
    });
    benchmark::RegisterBenchmark((prefix + "/adam/forward").c_str(), [=](benchmark::State& state) {
        const Model trained(class_count);
        std::vector<float> weights(parameter_count(trained));
        std::vector<float> gradients(weights.size());
        initialize(trained, 1, weights.data());
        initialize(trained, 2, gradients.data());
        qvit::optimizer<float> optimiser(trained);
        measure(state, measured, batch_size, 1, 0,
                [&] { optimiser.step(weights.data(), gradients.data(), 1e-9, 0); });
    });
    return true;
}

[[maybe_unused]] const bool added[] = {
    add_stages<qvit::models::qvit4<image_colours>, 1>({"qvit4", measured_qvit4_step}),
    add_stages<qvit::models::teacher<image_colours>, 4>({"teacher", measured_teacher_step}),
};

}  // namespace
}  // namespace qvit_benchmarks
