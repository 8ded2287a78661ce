// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <qvit/core/random_stream.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>
#include <qvit/statevector/evaluator.hpp>

#include "keep.hpp"
#include "machine.hpp"
#include "quiet_processor.hpp"

/// qnn/<closed|cone|lane>/<forward|gradient>/ry_ring/n:<n>/L:<L>: 4096 tokens of float through one circuit on one
/// thread.
///
/// Inputs are lane-major already. `forward` gives the expectation values, `gradient` these and the gradients of all
/// weights and inputs. As in a model, tokens go through in groups: 16 vectors of them forward, then the same backward;
/// beyond 64 wires 4, so that what forward saves (32 KB each at 256 wires) is still in the second cache.
/// Counters: ns_per_token; floor_ratio, time over that of (L-1) n 2^n multiply-adds per token, one per amplitude and
/// RY (the first layer's merge with the data; the same floor for forward and gradient); layer_floor_ratio, the same for
/// what the layers beyond the first add to the time of one layer on the same engine. The floor of one layer is the n
/// sines and cosines alone, on every engine. Angles of 64 wires and more are small: else the
/// products of their cosines would vanish.
namespace qvit_benchmarks {

struct qnn_tokens {
    using S = qvit::lanes<float>;
    static constexpr std::size_t tokens = 4096;
    static constexpr std::size_t blocks = tokens / qvit::lane_count<S>;  ///< of one token on every lane
    /// Of these between forward and backward.
    static constexpr std::size_t group(std::size_t wires) {
        return std::min(blocks, std::size_t{wires > 64 ? 4u : 16u});
    }
};

/// Random reals of U(low, high).
template <class R>
void fill_random(R* values, std::size_t count, std::uint32_t stream, double low, double high) {
    qvit::random_stream random(2503, stream);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<R>(random.uniform(low, high));
}

/// Median seconds for a sine and a cosine of `count` vectors of angles.
template <class S>
double sine_cosine_seconds(const S* angles, std::size_t count, S* sines, S* cosines) {
    return median_seconds([&] {
        keep(angles);
        for (std::size_t i = 0; i < count; ++i) qvit::simd::sine_cosine(angles[i], sines[i], cosines[i]);
        benchmark::ClobberMemory();
    });
}

/// One circuit on one engine, with everything a pass over all tokens reads and
/// writes.
template <std::size_t Wires, std::size_t Layers, qvit::engine Engine>
class qnn_pass {
    using S = qnn_tokens::S;
    static constexpr const auto& circuit = qvit::ry_ring<Wires, Layers>;
    using run_type = qvit::evaluator<circuit, S, Engine>;
    static constexpr std::size_t blocks = qnn_tokens::blocks;
    static constexpr std::size_t kept = run_type::saved_per_token;
    static constexpr std::size_t group = qnn_tokens::group(Wires);
    static constexpr double largest_angle = Wires < 64 ? 1.5 : 0.3;

    std::vector<S> inputs_ = std::vector<S>(blocks * Wires);
    std::vector<S> outputs_ = std::vector<S>(blocks * Wires);
    std::vector<S> input_gradient_ = std::vector<S>(blocks * Wires);
    std::vector<S> saved_ = std::vector<S>(group * kept);
    std::vector<S> output_gradient_ = std::vector<S>(group * Wires);
    std::vector<float> weights_ = std::vector<float>(circuit.parameters);
    std::vector<float> weight_gradient_ = std::vector<float>(circuit.parameters);

  public:
    qnn_pass() {
        constexpr std::size_t width = qvit::lane_count<S>;
        fill_random(reinterpret_cast<float*>(inputs_.data()), inputs_.size() * width, 1, -largest_angle, largest_angle);
        fill_random(reinterpret_cast<float*>(output_gradient_.data()), output_gradient_.size() * width, 2, -1, 1);
        fill_random(weights_.data(), weights_.size(), 3, -largest_angle, largest_angle);
    }

    void run(bool gradient) {
        const float* theta = weights_.data();
        const S* x = inputs_.data();
        keep(theta);  // else the circuit could be computed while compiling
        keep(x);
        benchmark::ClobberMemory();
        const run_type run(theta);
        typename run_type::gradient_sum sum;
        for (std::size_t first = 0; first < blocks; first += group) {
            for (std::size_t t = 0; t < group; ++t)
                run.forward(x + (first + t) * Wires, &outputs_[(first + t) * Wires],
                            gradient ? &saved_[t * kept] : nullptr);
            if (gradient)
                for (std::size_t t = 0; t < group; ++t) {
                    S* const dx = &input_gradient_[(first + t) * Wires];
                    for (std::size_t i = 0; i < Wires; ++i) dx[i] = S(0.0F);  // backward adds
                    run.backward(&saved_[t * kept], &output_gradient_[t * Wires], dx, sum);
                }
        }
        if (gradient) {
            for (float& entry : weight_gradient_) entry = 0;
            run.add_weight_gradient(sum, weight_gradient_.data());
        }
        benchmark::ClobberMemory();
    }
    /// Seconds for the sines and cosines of all inputs alone.
    double sine_cosine() {
        std::vector<S> sines(inputs_.size());
        return sine_cosine_seconds(inputs_.data(), inputs_.size(), sines.data(), outputs_.data());
    }
};

/// Median seconds of one layer's pass.
template <std::size_t Wires, qvit::engine Engine>
double one_layer_seconds(bool gradient) {
    qnn_pass<Wires, 1, Engine> pass;
    return median_seconds([&] { pass.run(gradient); });
}

// `gradient` is not a template argument: the large circuits are slow to
// compile.
template <std::size_t Wires, std::size_t Layers, qvit::engine Engine>
void qnn(benchmark::State& state, bool gradient) {
    const quiet_processor here;
    qnn_pass<Wires, Layers, Engine> pass;
    constexpr double tokens = qnn_tokens::tokens;
    for (auto _ : state) pass.run(gradient);

    // A shared machine's speed changes, so what is compared is measured in turn, and the middle of three counts.
    std::array<double, 3> times{};
    std::array<double, 3> floors{};
    std::array<double, 3> layers{};
    for (std::size_t round = 0; round < 3; ++round) {
        times[round] = median_seconds([&] { pass.run(gradient); });
        double floor = 0;
        if constexpr (Layers > 1) {
            floor = floor_seconds(tokens * (Layers - 1) * Wires * static_cast<double>(std::size_t{1} << Wires));
            layers[round] = (times[round] - one_layer_seconds<Wires, Engine>(gradient)) / floor;
        } else {
            floor = pass.sine_cosine();
        }
        floors[round] = times[round] / floor;
    }
    state.counters["ns_per_token"] = 1e9 * middle(times) / tokens;
    state.counters["floor_ratio"] = middle(floors);
    if constexpr (Layers > 1) state.counters["layer_floor_ratio"] = middle(layers);
}

/// Registers forward and gradient of one circuit on one engine.
template <std::size_t Wires, std::size_t Layers, qvit::engine Engine>
bool add_qnn() {
    const std::string engine = Engine == qvit::engine::closed_form  ? "qnn/closed/"
                               : Engine == qvit::engine::light_cone ? "qnn/cone/"
                                                                    : "qnn/lane/";
    const std::string circuit = "/ry_ring/n:" + std::to_string(Wires) + "/L:" + std::to_string(Layers);
    benchmark::RegisterBenchmark((engine + "forward" + circuit).c_str(), qnn<Wires, Layers, Engine>, false);
    benchmark::RegisterBenchmark((engine + "gradient" + circuit).c_str(), qnn<Wires, Layers, Engine>, true);
    return true;
}

}  // namespace qvit_benchmarks
