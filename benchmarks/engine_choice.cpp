// SPDX-License-Identifier: Apache-2.0
// engine_choice/<forward|gradient>/<circuit>: is the engine that best_engine counts as cheapest the fastest one?
//
// All engines that can run the circuit are timed in turn on the same tokens, forward, or forward and all gradients.
// Counters: ns_per_token of the chosen engine, and choice_ratio, its time over that of the fastest (1 where the choice
// was right). An error, and the program's failure, where that is more than 1.3, three times in a row.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <qvit/circuit/ansatz.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/encode_iqp.hpp>
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/strongly_entangling.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/wide_statevector_engine.hpp>

#include "broken_promise.hpp"
#include "keep.hpp"
#include "qnn.hpp"
#include "quiet_processor.hpp"

namespace qvit_benchmarks {
namespace {

using namespace qvit;
using S = qnn_tokens::S;

constexpr auto one_wire_of_eight = circuit<8>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(chain)), measure<z, 1>);
constexpr auto brick_of_twelve = circuit<12>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(brick)), measure<z>);
constexpr auto two_layers_of_twelve =
    circuit<12>(encode<ry>, repeat<2>(rotate<rx>, entangle<cz>(brick)), measure<z, 5>);
constexpr auto hardware_efficient_circuit = circuit<5>(encode<ry>, hardware_efficient<2>(), measure<z>);
constexpr auto strong_circuit = circuit<4>(encode<rx>, strongly_entangling<2>(), measure<z>);
constexpr auto iqp_circuit = circuit<4>(encode_iqp<2>(chain), basic_entangler<1, rx>(), measure<z>);
constexpr auto phases = circuit<6>(apply<h>, encode<rz>, rotate<rx>, entangle<cz>(ring), rotate<rx>, measure<z>);

template <const auto& Circuit, engine Engine>
double seconds_per_token(bool gradient) {
    if constexpr (engine_cost<Circuit, Engine>() == infeasible_cost) {
        return 1;  // a second: never the fastest
    } else {
        using run_type = evaluator<Circuit, S, Engine>;
        constexpr std::size_t blocks = Engine == engine::wide_statevector ? 1 : 64;  // takes many times as long
        std::vector<S> inputs(blocks * Circuit.inputs);
        std::vector<S> outputs(blocks * Circuit.outputs);
        std::vector<S> input_gradient(Circuit.inputs + 1, S(0.0F));
        std::vector<float> weights(Circuit.parameters + 1);
        std::vector<S> saved(run_type::saved_per_token + 1);
        fill_random(reinterpret_cast<float*>(inputs.data()), inputs.size() * lane_count<S>, 1, -1.5, 1.5);
        fill_random(weights.data(), weights.size(), 3, -1.5, 1.5);
        const run_type run(weights.data());
        const run_type* chosen = &run;
        typename run_type::gradient_sum sum;
        const double seconds = median_seconds([&] {
            keep(chosen);
            for (std::size_t b = 0; b < blocks; ++b) {
                S* const y = &outputs[b * Circuit.outputs];
                chosen->forward(&inputs[b * Circuit.inputs], y, saved.data());
                if (gradient) chosen->backward(saved.data(), y, input_gradient.data(), sum);  // y as its own upstream
            }
            benchmark::ClobberMemory();
        });
        return seconds / static_cast<double>(blocks * lane_count<S>);
    }
}

template <const auto& Circuit>
void choice(benchmark::State& state, bool gradient) {
    const quiet_processor here;
    constexpr engine picked = best_engine<Circuit>();
    double chosen = 0;
    double ratio = 0;
    for (auto _ : state)
        for (int attempt = 0; attempt < 3 && (attempt == 0 || ratio > 1.3); ++attempt) {
            const std::array<double, 4> seconds{  // in the order of the enumeration
                seconds_per_token<Circuit, engine::closed_form>(gradient),
                seconds_per_token<Circuit, engine::light_cone>(gradient),
                seconds_per_token<Circuit, engine::lane_statevector>(gradient),
                seconds_per_token<Circuit, engine::wide_statevector>(gradient)};
            chosen = seconds[static_cast<std::size_t>(picked)];
            ratio = chosen / *std::min_element(seconds.begin(), seconds.end());
        }
    state.SetLabel(name_of(picked));
    state.counters["ns_per_token"] = 1e9 * chosen;
    state.counters["choice_ratio"] = ratio;
    if (ratio > 1.3) {
        const std::string error = std::string("the ") + name_of(picked) + " took " + std::to_string(ratio) +
                                  " times the fastest engine's time";
        state.SkipWithError(error.c_str());
        promise_broken = true;
    }
}

template <const auto& Circuit>
bool add_choice(const std::string& name) {
    benchmark::RegisterBenchmark(("engine_choice/forward/" + name).c_str(), choice<Circuit>, false)->Iterations(1);
    benchmark::RegisterBenchmark(("engine_choice/gradient/" + name).c_str(), choice<Circuit>, true)->Iterations(1);
    return true;
}

[[maybe_unused]] const bool added[] = {
    add_choice<ry_ring<4, 1>>("ry_ring/n:4/L:1"),
    add_choice<ry_ring<4, 2>>("ry_ring/n:4/L:2"),
    add_choice<ry_ring<5, 2>>("ry_ring/n:5/L:2"),
    add_choice<ry_ring<6, 2>>("ry_ring/n:6/L:2"),
    add_choice<ry_ring<8, 1>>("ry_ring/n:8/L:1"),
    add_choice<one_wire_of_eight>("chain_one_output/n:8/L:2"),
    add_choice<brick_of_twelve>("brick/n:12/L:2"),
    add_choice<hardware_efficient_circuit>("hardware_efficient/n:5/L:2"),
    add_choice<strong_circuit>("strongly_entangling/n:4/L:2"),
    add_choice<iqp_circuit>("iqp/n:4"),
    add_choice<phases>("phases/n:6"),
    add_choice<two_layers_of_twelve>("brick_one_output/n:12/L:2"),
};

}  // namespace
}  // namespace qvit_benchmarks
