// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
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
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/measurement_groups.hpp>
#include <qvit/statevector/sample_outputs.hpp>
#include <qvit/statevector/why_not_runnable.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Whether a group measures Y, which takes complex numbers.
inline bool measures_y(const std::vector<measurement_group>& groups) {
    for (const measurement_group& group : groups)
        if ((group.basis.x.words[0] & group.basis.z.words[0]) != 0) return true;
    return false;
}
inline circuit_estimate estimate_of(const std::vector<uncertain_number>& outputs) {
    circuit_estimate found;
    for (const uncertain_number& output : outputs) {
        found.values.push_back(output.value);
        found.standard_errors.push_back(std::sqrt(output.variance));
    }
    return found;
}
}  // namespace detail

/// A circuit's outputs from a finite number of measurements, as hardware without noise would give them: an
/// expectation_method.
///
/// Each of the circuit's measurement_groups is measured `shots` times: once in all where every output is a <Z_i> or a
/// probability. A sum is the mean over samples, a probability the relative frequency; the standard error is the
/// sample's, 0 where all samples agree and infinite for one shot. The same bits for the same seed and evaluation;
/// another seed or evaluation draws other samples. `threads` run the gates, with the same bits for any number.
/// Refuses what exact_expectations refuses, and 0 shots. Cost: one run of the circuit, then see sample_outputs.
///
///     const auto measured = shot_expectations{.shots = 1000, .seed = 7}(c, inputs, weights);
///     const auto slope = parameter_shift(c, inputs, weights, upstream, shot_expectations{.shots = 1000});
struct shot_expectations {
    std::size_t shots = 1000;
    std::uint64_t seed = 0;
    std::size_t threads = 1;

    std::optional<circuit_estimate> operator()(const runtime_circuit& circuit, std::span<const double> inputs,
                                               std::span<const double> weights, std::string* why = nullptr,
                                               std::size_t evaluation = 0) const {
        std::string reason = why_not_runnable(circuit, inputs, weights);
        if (reason.empty() && shots == 0) reason = "[qvit::shot_expectations] at least 1 shot is needed, 0 given";
        if (!reason.empty()) return detail::refuse(why, std::move(reason));
        const std::vector<measurement_group> groups = measurement_groups(circuit);
        auto state =
            wide_statevector<double>::make(circuit.width, stays_real(circuit) && !detail::measures_y(groups), why);
        if (!state) return std::nullopt;
        if (!run_wide(*state, circuit, inputs.data(), weights.data(), {.threads = threads}))
            return detail::refuse(why, detail::no_amplitudes);
        constexpr std::uint32_t stream = 0x6d656173;  // "meas"
        const std::uint64_t own_seed = random_stream(seed, stream, static_cast<std::uint32_t>(evaluation)).next_u64();
        return detail::estimate_of(sample_outputs(*state, circuit, groups, shots, own_seed));
    }
};

}  // namespace qvit::inline QVIT_ABI
