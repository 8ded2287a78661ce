// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/circuit_estimate.hpp>
#include <qvit/statevector/measurement_groups.hpp>
#include <qvit/statevector/noise_model.hpp>
#include <qvit/statevector/noisy_trajectory.hpp>
#include <qvit/statevector/running_mean.hpp>
#include <qvit/statevector/runtime_readout.hpp>
#include <qvit/statevector/sample_outputs.hpp>
#include <qvit/statevector/shot_expectations.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_reduce.hpp>
#include <qvit/statevector/wide_statevector.hpp>
#include <qvit/statevector/wide_threads.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The mean of what is read of a string that is already in the Z basis: a product over its wires of the means of the
/// +-1 read of a 0 and of a 1, so a number for each count of ones, summed over the amplitudes.
inline double read_expectation(const wide_statevector<double>& state, const pauli_string<64>& string,
                               const readout_error& error) {
    const std::uint64_t mask = support_of(string);
    const auto wires = static_cast<std::size_t>(std::popcount(mask));
    std::vector<double> read(wires + 1, string.negative ? -1.0 : 1.0);  // read[k]: k of the wires are 1
    for (std::size_t k = 0; k <= wires; ++k)
        for (std::size_t i = 0; i < wires; ++i) read[k] *= i < k ? error.mean_of_1() : error.mean_of_0();
    const auto view = state.view();
    return sum_of_chunks(view.size, [&](std::size_t first, std::size_t count) {
        double sum = 0;
        const double* const re = view.re_at(first);
        const double* const im = view.im_at(first);
        for (std::size_t i = 0; i < count; ++i) {
            const double weight = re[i] * re[i] + (im == nullptr ? 0 : im[i] * im[i]);
            sum += weight * read[static_cast<std::size_t>(std::popcount(std::uint64_t{first + i} & mask))];
        }
        return sum;
    });
}

/// The circuit's outputs in one trajectory's state, with readout errors averaged over.
inline std::vector<double> read_outputs(wide_statevector<double>& state, const runtime_circuit& circuit,
                                        const readout_error& error) {
    if (error.none()) return wide_outputs(state, circuit);
    std::vector<double> strings;
    strings.reserve(circuit.strings.size());
    for (const auto& string : circuit.strings) {
        const std::vector<gate> there = gates_to_z_basis(string);
        for (const gate& g : there) state.apply(g);
        strings.push_back(read_expectation(state, string, error));
        for (std::size_t k = there.size(); k-- > 0;) state.apply({there[k].kind == sdg ? s : h, there[k].wires, {}, 0});
    }
    return gather_outputs(circuit, strings);
}
}  // namespace detail

/// A circuit's outputs on a noisy machine: means over `trajectories` random histories (see run_noisy_trajectory), with
/// the standard errors of these means. An expectation_method.
///
/// With shots = 0 each trajectory's outputs are exact, readout errors averaged over; otherwise each is measured with
/// that many shots in each measurement group, bits flipped by readout errors, so trajectories = 1000, shots = 1 is
/// what a machine does in 1000 runs. Noise of readout alone takes one exact run and has no error.
/// The same bits for the same seed and evaluation. One trajectory of a random model has an infinite error.
/// `threads` run a trajectory each on a register of its own, with the same bits for any number.
/// Refuses what exact_expectations refuses, 0 trajectories, and probabilities outside 0 to 1.
/// Cost: per trajectory one run of the circuit and its readout.
///
///     noisy_expectations{.noise = {.bit_flip = 0.01}, .trajectories = 500, .seed = 3}(c, inputs, weights)->values
struct noisy_expectations {
    noise_model noise{};
    std::size_t trajectories = 1000;
    std::size_t shots = 0;
    std::uint64_t seed = 0;
    std::size_t threads = 1;

    std::optional<circuit_estimate> operator()(const runtime_circuit& circuit, std::span<const double> inputs,
                                               std::span<const double> weights, std::string* why = nullptr,
                                               std::size_t evaluation = 0) const {
        std::string reason = why_not_runnable(circuit, inputs, weights);
        if (reason.empty()) reason = why_not_noise(noise);
        if (reason.empty() && trajectories == 0)
            reason = "[qvit::noisy_expectations] at least 1 trajectory is needed, 0 given";
        if (!reason.empty()) return detail::refuse(why, std::move(reason));
        const std::vector<measurement_group> groups = measurement_groups(circuit);
        const bool rotates_y = (shots > 0 || !noise.readout.none()) && detail::measures_y(groups);
        const bool certain = shots == 0 && !noise.after_gates();
        const std::size_t runs = certain ? 1 : trajectories;

        std::vector<wide_statevector<double>> registers;
        const std::size_t workers = std::max<std::size_t>(std::min(threads, runs), 1);
        while (registers.size() < workers) {
            auto state = wide_statevector<double>::make(circuit.width, stays_real(circuit) && !rotates_y, why);
            if (!state) return std::nullopt;
            registers.push_back(std::move(*state));
        }

        std::vector<running_mean> means(circuit.outputs);
        const std::size_t round = 64 * workers;  // outputs are kept for a round, to be added in the runs' order
        std::vector<std::optional<std::vector<double>>> outputs(std::min(round, runs));
        for (std::size_t first = 0; first < runs; first += round) {
            const std::size_t count = std::min(round, runs - first);
            for_each_share(count, workers, [&](std::size_t worker, std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i)
                    outputs[i] =
                        trajectory_outputs(registers[worker], circuit, inputs, weights, groups, evaluation, first + i);
            });
            for (std::size_t i = 0; i < count; ++i) {
                if (!outputs[i]) return detail::refuse(why, detail::no_amplitudes);
                for (std::size_t o = 0; o < means.size(); ++o) means[o].add((*outputs[i])[o]);
            }
        }
        circuit_estimate found;
        for (const running_mean& mean : means) {
            found.values.push_back(mean.mean);
            found.standard_errors.push_back(certain ? 0 : mean.standard_error());
        }
        return found;
    }

  private:
    /// The outputs in trajectory `run`; none where the input amplitudes cannot be normalised.
    std::optional<std::vector<double>> trajectory_outputs(wide_statevector<double>& state,
                                                          const runtime_circuit& circuit,
                                                          std::span<const double> inputs,
                                                          std::span<const double> weights,
                                                          const std::vector<measurement_group>& groups,
                                                          std::size_t evaluation, std::size_t run) const {
        constexpr std::uint32_t stream = 0x6e6f6973;  // "nois"
        random_stream draw(seed, stream, static_cast<std::uint32_t>(evaluation), static_cast<std::uint32_t>(run),
                           static_cast<std::uint32_t>(std::uint64_t{run} >> 32));
        const std::uint64_t shot_seed = draw.next_u64();
        if (!run_noisy_trajectory(state, circuit, inputs.data(), weights.data(), noise, draw)) return std::nullopt;
        if (shots == 0) return detail::read_outputs(state, circuit, noise.readout);
        std::vector<double> values;
        for (const uncertain_number& output : sample_outputs(state, circuit, groups, shots, shot_seed, noise.readout))
            values.push_back(output.value);
        return values;
    }
};

}  // namespace qvit::inline QVIT_ABI
