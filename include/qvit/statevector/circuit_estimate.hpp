// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit's outputs as some method of evaluation finds them: one value per output, and how far it is expected to be
/// from the exact one (the standard deviation of the value over repetitions; 0 for exact methods).
///
///     if (const auto found = exact_expectations{}(c, x, w, &why)) use(found->values[0], found->standard_errors[0]);
struct circuit_estimate {
    std::vector<double> values;
    std::vector<double> standard_errors;
};

/// A way to evaluate a circuit's outputs: exact_expectations, shot_expectations, noisy_expectations, or your own (a
/// real device). Called with the circuit, its inputs and weights, where to say what is wrong (may be null), and the
/// number of this evaluation: methods that draw random numbers draw other ones for each.
///
/// Nothing returned means refused, with one line in `why`.
template <class Method>
concept expectation_method = requires(const Method& method, const runtime_circuit& circuit,
                                      std::span<const double> numbers, std::string* why, std::size_t evaluation) {
    { method(circuit, numbers, numbers, why, evaluation) } -> std::same_as<std::optional<circuit_estimate>>;
};

}  // namespace qvit::inline QVIT_ABI
