// SPDX-License-Identifier: Apache-2.0
// train/step/<model>    gradients of a batch of 128 random images of 28 x 28 x 3 and 5 classes, and a step of Adam;
//                       floor_ratio is time over that of the model's own multiply-adds at the measured peak: those of
//                       the forward pass three times, less the image's gradient, which nobody needs
// train/step/teacher_on/threads:<n>    the teacher's step on n threads, real time
// inference/<model>     class probabilities of 1024 such images
// One thread; counters images_per_second and ns_per_image.
#include <cstddef>

#include <benchmark/benchmark.h>

#include <qvit/models/named_models.hpp>

#include "keep.hpp"
#include "machine.hpp"
#include "quiet_processor.hpp"
#include "random_images.hpp"

namespace qvit_benchmarks {
namespace {

void report(benchmark::State& state, std::size_t images, double seconds) {
    const auto count = static_cast<double>(images);
    state.counters["images_per_second"] = {count, benchmark::Counter::kIsIterationInvariantRate};
    state.counters["ns_per_image"] = 1e9 * seconds / count;
}

template <class Model>
double step_multiply_adds() {
    const Model model(class_count);
    qvit::planning_tape<float, false> tape;
    model(tape, tape.create_constant(typename Model::input_shape{}));
    constexpr qvit::vit_config config = Model::config;
    const std::size_t embedding = config.patches() * config.patch_features() * config.width;
    return static_cast<double>(3 * tape.result().multiply_adds - embedding);
}

template <class Model>
void train_step(benchmark::State& state) {
    const quiet_processor here;
    training_setup<Model> setup(batch_size);
    loop_clock clock;
    for (auto _ : state) {
        double loss = setup.step();
        keep(loss);
        benchmark::ClobberMemory();
    }
    const double seconds = clock.seconds(state);
    report(state, batch_size, seconds);
    state.counters["floor_ratio"] = seconds / floor_seconds(static_cast<double>(batch_size) * step_multiply_adds<Model>());
}
BENCHMARK_TEMPLATE(train_step, qvit::models::qvit4<image_colours>)->Name("train/step/qvit4");
BENCHMARK_TEMPLATE(train_step, qvit::models::vit4<image_colours>)->Name("train/step/vit4");
BENCHMARK_TEMPLATE(train_step, qvit::models::qvit8<image_colours>)->Name("train/step/qvit8");
BENCHMARK_TEMPLATE(train_step, qvit::models::vit8<image_colours>)->Name("train/step/vit8");
BENCHMARK_TEMPLATE(train_step, qvit::models::qvit4<image_colours, qvit::pooling::cls, 2>)->Name("train/step/qvit4_L2");
BENCHMARK_TEMPLATE(train_step, qvit::models::qvit8<image_colours, qvit::pooling::cls, 2>)->Name("train/step/qvit8_L2");
BENCHMARK_TEMPLATE(train_step, qvit::models::teacher<image_colours>)->Name("train/step/teacher");

/// The same on several threads, by the clock on the wall: how much faster is another thread?
template <class Model>
void train_step_on_threads(benchmark::State& state) {
    training_setup<Model> setup(batch_size, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        double loss = setup.step();
        keep(loss);
        benchmark::ClobberMemory();
    }
    state.counters["images_per_second"] = {static_cast<double>(batch_size),
                                           benchmark::Counter::kIsIterationInvariantRate};
}
BENCHMARK_TEMPLATE(train_step_on_threads, qvit::models::teacher<image_colours>)
    ->Name("train/step/teacher_on")
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime();

template <class Model>
void inference(benchmark::State& state) {
    const quiet_processor here;
    constexpr std::size_t images = 1024;
    training_setup<Model> setup(images);
    loop_clock clock;
    for (auto _ : state) {
        const double* scores = setup.infer();
        keep(scores);
        benchmark::ClobberMemory();
    }
    report(state, images, clock.seconds(state));
}
BENCHMARK_TEMPLATE(inference, qvit::models::qvit4<image_colours>)->Name("inference/qvit4");
BENCHMARK_TEMPLATE(inference, qvit::models::vit4<image_colours>)->Name("inference/vit4");
BENCHMARK_TEMPLATE(inference, qvit::models::qvit8<image_colours>)->Name("inference/qvit8");
BENCHMARK_TEMPLATE(inference, qvit::models::vit8<image_colours>)->Name("inference/vit8");

}  // namespace

template <class Model>
static double measured_step() {
    static const double nanoseconds = [] {
        training_setup<Model> setup(batch_size);
        const double seconds = median_seconds([&] {
            double loss = setup.step();
            keep(loss);
        });
        return 1e9 * seconds / static_cast<double>(batch_size);
    }();
    return nanoseconds;
}
double measured_qvit4_step() { return measured_step<qvit::models::qvit4<image_colours>>(); }
double measured_teacher_step() { return measured_step<qvit::models::teacher<image_colours>>(); }

}  // namespace qvit_benchmarks
