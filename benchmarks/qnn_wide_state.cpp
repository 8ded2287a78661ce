// SPDX-License-Identifier: Apache-2.0
// qnn/wide/layer/ry_ring/n:<n>/L:<L>      the gates on a register in any state
// qnn/wide/forward/ry_ring/n:<n>/L:<L>    |0..0>, the gates, all <Z>
// qnn/wide/gradient/ry_ring/n:<n>/L:<L>   the same and the gradients of all weights
//
// One register of float on one thread, amplitudes on the lanes, RY and a ring of CNOTs in L layers. Counters:
// ns_per_token, a token being one run of the circuit; floor_ratio, time over that of copying the state once, both
// medians, measured in turn.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

#include "keep.hpp"
#include "machine.hpp"
#include "quiet_processor.hpp"

namespace qvit_benchmarks {
namespace {

enum class wide_part { layer, forward, gradient };

qvit::runtime_circuit wide_ry_ring(std::size_t wires, std::size_t layers) {
    qvit::runtime_circuit circuit(wires);
    circuit.parameters = wires * layers;
    const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i); };
    for (std::size_t layer = 0; layer < layers; ++layer) {
        for (std::size_t i = 0; i < wires; ++i)
            circuit.gates.push_back({qvit::ry, {wire(i)}, {qvit::weight(layer * wires + i)}, 0});
        for (std::size_t i = 0; i < wires; ++i)
            circuit.gates.push_back({qvit::cnot, {wire(i), wire((i + 1) % wires)}, {}, 0});
    }
    circuit.measure_all_z();
    return circuit;
}

void wide_run(benchmark::State& state, wide_part part, std::size_t wires, std::size_t layers) {
    const quiet_processor here;
    const qvit::runtime_circuit circuit = wide_ry_ring(wires, layers);
    std::string why;
    auto psi = qvit::wide_statevector<float>::make(wires, true, &why);
    auto lambda = qvit::wide_statevector<float>::make(wires, true, &why);
    if (!psi || !lambda) {
        state.SkipWithError(why.c_str());
        return;
    }
    qvit::random_stream draw(24, 1);
    std::vector<double> weights(circuit.parameters);
    const std::vector<double> upstream(circuit.outputs, 1.0);
    for (double& weight : weights) weight = draw.uniform(-1.5, 1.5);
    const auto gates = qvit::primitives_of(circuit, nullptr, weights.data());
    qvit::run_wide(*psi, circuit, nullptr, weights.data());

    const auto run = [&] {
        if (part == wide_part::layer) {
            psi->run(gates);
        } else if (part == wide_part::forward) {
            qvit::run_wide(*psi, circuit, nullptr, weights.data());
            auto outputs = qvit::wide_outputs(*psi, circuit);
            keep(outputs);
        } else {
            auto result = qvit::value_and_gradient(*psi, *lambda, circuit, nullptr, weights.data(), upstream.data());
            keep(result);
        }
        benchmark::ClobberMemory();
    };
    const auto copy = [&] {
        std::memcpy(lambda->view().re, psi->view().re,
                    sizeof(float) * qvit::wide_offset<float>(std::size_t{1} << wires));
        benchmark::ClobberMemory();
    };
    for (auto _ : state) run();

    // A shared machine's speed changes, so the two are measured in turn, and the middle of three counts.
    std::array<double, 3> times{};
    std::array<double, 3> ratios{};
    for (std::size_t round = 0; round < 3; ++round) {
        const double before = median_seconds(copy);
        times[round] = median_seconds(run);
        ratios[round] = times[round] / ((before + median_seconds(copy)) / 2);
    }
    state.counters["ns_per_token"] = 1e9 * middle(times);
    state.counters["floor_ratio"] = middle(ratios);
}

bool add_wide() {
    constexpr std::array<std::array<std::size_t, 2>, 5> sizes{{{12, 1}, {16, 1}, {20, 1}, {20, 4}, {24, 1}}};
    constexpr std::array names{"layer", "forward", "gradient"};
    constexpr std::array parts{wide_part::layer, wide_part::forward, wide_part::gradient};
    for (std::size_t p = 0; p < parts.size(); ++p)
        for (const auto& [wires, layers] : sizes) {
            const std::string name = std::string("qnn/wide/") + names[p] + "/ry_ring/n:" + std::to_string(wires) +
                                     "/L:" + std::to_string(layers);
            benchmark::RegisterBenchmark(name.c_str(), wide_run, parts[p], wires, layers);
        }
    return true;
}
[[maybe_unused]] const bool added = add_wide();

}  // namespace
}  // namespace qvit_benchmarks
