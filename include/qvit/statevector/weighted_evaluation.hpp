// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/circuit_estimate.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/weighted_readout.hpp>
#include <qvit/statevector/why_not_runnable.hpp>

namespace qvit::inline QVIT_ABI {

/// A number and its variance.
struct uncertain_number {
    double value = 0;
    double variance = 0;
    friend uncertain_number operator+(uncertain_number a, uncertain_number b) {  // of independent numbers
        return {a.value + b.value, a.variance + b.variance};
    }
    friend uncertain_number operator*(double factor, uncertain_number a) {
        return {factor * a.value, factor * factor * a.variance};
    }
};

/// sum_o upstream[o] output[o] of a circuit as a function of circuit, inputs and weights: what gradient methods that
/// only evaluate are made of. Every call is an evaluation with a number of its own.
template <expectation_method Method>
class weighted_evaluation {
  public:
    /// Refuses a circuit that is not runnable and an `upstream` that has not one number per output.
    static std::optional<weighted_evaluation> make(const runtime_circuit& circuit, std::span<const double> inputs,
                                                   std::span<const double> weights, std::span<const double> upstream,
                                                   const Method& method, std::string* why) {
        std::string reason = why_not_differentiable(circuit, inputs, weights, upstream);
        if (!reason.empty()) return detail::refuse(why, std::move(reason));
        return weighted_evaluation(weighted_readout(circuit, upstream), method, why);
    }

    const runtime_circuit& circuit() const { return circuit_; }

    /// Calls after a failed one do nothing; see `failed`.
    uncertain_number operator()(const runtime_circuit& circuit, std::span<const double> inputs,
                                std::span<const double> weights) {
        if (failed_) return {};
        const std::optional<circuit_estimate> found = method_(circuit, inputs, weights, why_, evaluations_++);
        failed_ = !found;
        if (failed_) return {};
        return {found->values[0], found->standard_errors[0] * found->standard_errors[0]};
    }
    bool failed() const { return failed_; }  ///< the reason is in `why`

  private:
    weighted_evaluation(runtime_circuit circuit, const Method& method, std::string* why)
        : circuit_(std::move(circuit)), method_(method), why_(why) {}

    runtime_circuit circuit_;
    const Method& method_;
    std::string* why_;
    std::size_t evaluations_ = 0;
    bool failed_ = false;
};

}  // namespace qvit::inline QVIT_ABI
