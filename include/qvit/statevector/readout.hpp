// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/table.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// Whether output i of a circuit is just the expectation value of string i.
constexpr bool reads_strings_directly(const auto& circuit) {
    if (!circuit.probabilities.empty() || circuit.terms.size() != circuit.strings.size()) return false;
    for (std::size_t i = 0; i < circuit.terms.size(); ++i)
        if (circuit.terms[i].output != i || circuit.terms[i].string != i || circuit.terms[i].coefficient != 1)
            return false;
    return true;
}

namespace detail {
/// values[k] = sum_j (-1)^popcount(j & k) values[j], in place; 2^bits values, bits * 2^bits additions. Values may be
/// lanes of samples; within the lanes of one state it is transform_signs.
template <class S>
QVIT_INLINE void walsh_hadamard(S* values, std::size_t bits) {
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const std::size_t half = std::size_t{1} << bit;
        for (std::size_t k = 0; k < (std::size_t{1} << bits); ++k)
            if (!(k & half)) {
                const S zero = values[k];
                values[k] = zero + values[k | half];
                values[k | half] = zero - values[k | half];
            }
    }
}
}  // namespace detail

/// Scalars of scratch memory that the two functions below need.
constexpr std::size_t readout_scratch(const auto& circuit) {
    std::size_t most = 1;
    for (const probability_block& block : circuit.probabilities)
        if (std::size_t{1} << block.wires > most) most = std::size_t{1} << block.wires;
    return most;
}

/// outputs = weighted sums plus probabilities of the expectation values of a circuit's strings (see readout_term and
/// probability_block). `scratch`: readout_scratch(circuit) scalars. Cost: one multiply-add per term; k 2^k additions
/// for the probabilities of k wires.
template <class S>
QVIT_INLINE void gather_outputs(const auto& circuit, std::size_t output_count, const S* strings, S* outputs,
                                S* scratch) {
    using R = real_of<S>;
    for (std::size_t o = 0; o < output_count; ++o) outputs[o] = S(R(0));
    for (const readout_term& term : circuit.terms)
        outputs[term.output] =
            simd::fma(S(static_cast<R>(term.coefficient)), strings[term.string], outputs[term.output]);
    for (const probability_block& block : circuit.probabilities) {
        const std::size_t size = std::size_t{1} << block.wires;
        for (std::size_t k = 0; k < size; ++k)
            scratch[k] = strings[block.first_string + k] * S(R(1) / static_cast<R>(size));
        detail::walsh_hadamard(scratch, block.wires);
        for (std::size_t k = 0; k < size; ++k) outputs[block.first_output + k] += scratch[k];
    }
}

/// The way back of gather_outputs: string_gradient = gradients of the strings' expectation values.
template <class S>
QVIT_INLINE void scatter_gradient(const auto& circuit, std::size_t string_count, const S* output_gradient,
                                  S* string_gradient, S* scratch) {
    using R = real_of<S>;
    for (std::size_t k = 0; k < string_count; ++k) string_gradient[k] = S(R(0));
    for (const readout_term& term : circuit.terms)
        string_gradient[term.string] =
            simd::fma(S(static_cast<R>(term.coefficient)), output_gradient[term.output], string_gradient[term.string]);
    for (const probability_block& block : circuit.probabilities) {
        const std::size_t size = std::size_t{1} << block.wires;
        // Strings of a block may also stand in sums: add, do not overwrite. The transform is its own transpose.
        for (std::size_t k = 0; k < size; ++k)
            scratch[k] = output_gradient[block.first_output + k] * S(R(1) / static_cast<R>(size));
        detail::walsh_hadamard(scratch, block.wires);
        for (std::size_t k = 0; k < size; ++k) string_gradient[block.first_string + k] += scratch[k];
    }
}

}  // namespace qvit::inline QVIT_ABI
