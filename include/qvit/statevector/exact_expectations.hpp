// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/statevector/circuit_estimate.hpp>
#include <qvit/statevector/why_not_runnable.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Nothing, and the reason where the caller wants to know it.
inline std::nullopt_t refuse(std::string* why, std::string reason) {
    if (why != nullptr) *why = std::move(reason);
    return std::nullopt;
}
inline constexpr const char* no_amplitudes =
    "[qvit::runtime_circuit] the input amplitudes have norm 0 or too large a norm";
}  // namespace detail

/// A circuit's outputs from its exact state, in double: the expectation_method that others are compared with.
///
/// `inputs`, `weights`: circuit.inputs and circuit.parameters numbers. Refuses, with one line in `why`, a circuit that
/// is not runnable on them, amplitudes of norm 0, and a register that memory does not hold. `threads` share a wide
/// register's tiles (see wide_options), with the same bits for any number.
///
/// Cost: the gates, and one pass over the state for all strings of Zs (one for each other set of wires with X or Y).
///
///     const auto outputs = exact_expectations{}(c, inputs, weights);   // outputs->values[0]
struct exact_expectations {
    std::size_t threads = 1;

    std::optional<circuit_estimate> operator()(const runtime_circuit& circuit, std::span<const double> inputs,
                                               std::span<const double> weights, std::string* why = nullptr,
                                               std::size_t = 0) const {
        std::string reason = why_not_runnable(circuit, inputs, weights);
        if (!reason.empty()) return detail::refuse(why, std::move(reason));
        auto state = wide_statevector<double>::make(circuit.width, stays_real(circuit), why);
        if (!state) return std::nullopt;
        if (!run_wide(*state, circuit, inputs.data(), weights.data(), {.threads = threads}))
            return detail::refuse(why, detail::no_amplitudes);
        return circuit_estimate{wide_outputs(*state, circuit, threads), std::vector<double>(circuit.outputs)};
    }
};

}  // namespace qvit::inline QVIT_ABI
