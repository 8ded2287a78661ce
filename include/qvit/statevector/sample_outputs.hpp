// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/measurement_groups.hpp>
#include <qvit/statevector/readout_error.hpp>
#include <qvit/statevector/running_mean.hpp>
#include <qvit/statevector/weighted_evaluation.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Flips bits of the samples that are read wrongly; sample s draws from numbers of (seed, s) alone.
inline void read_wrongly(std::vector<std::uint64_t>& samples, std::uint64_t measured, const readout_error& error,
                         std::uint64_t seed) {
    if (error.none()) return;
    constexpr std::uint32_t stream = 0x72656164;  // "read"
    for (std::size_t s = 0; s < samples.size(); ++s) {
        random_stream draw(seed, stream, static_cast<std::uint32_t>(std::uint64_t{s} >> 32),
                           static_cast<std::uint32_t>(s));
        std::uint64_t wrong = 0;
        for (std::uint64_t rest = measured; rest != 0; rest &= rest - 1) {
            const std::uint64_t bit = rest & (~rest + 1);
            if (draw.uniform() < ((samples[s] & bit) != 0 ? error.read_0_of_1 : error.read_1_of_0)) wrong |= bit;
        }
        samples[s] ^= wrong;
    }
}

/// Adds to `outputs` what the bit strings `samples` of one group say of each.
inline void add_samples(const runtime_circuit& circuit, const measurement_group& group,
                        const std::vector<std::uint64_t>& samples, std::vector<uncertain_number>& outputs) {
    // An output is a sum over samples of one number each. Where its only source is one probability block that number
    // is 0 or 1, and counting the ones will do.
    std::vector<bool> summed(outputs.size());
    struct sign_term {
        std::uint64_t mask = 0;
        std::size_t output = 0;
        double coefficient = 0;
    };
    std::vector<sign_term> terms;
    for (const readout_term& term : circuit.terms)
        for (const std::size_t string : group.strings)
            if (term.string == string) {
                const auto& pauli = circuit.strings[string];
                terms.push_back(
                    {support_of(pauli), term.output, pauli.negative ? -term.coefficient : term.coefficient});
                summed[term.output] = true;
            }
    struct block_wires {
        std::size_t first_output = 0;
        std::vector<unsigned> wires;
    };
    std::vector<block_wires> blocks;
    std::vector<bool> counted(outputs.size());
    for (const std::size_t number : group.blocks) {
        const probability_block& block = circuit.probabilities[number];
        blocks.push_back({block.first_output, {}});
        for (std::size_t i = 0; i < block.wires; ++i)
            blocks.back().wires.push_back(static_cast<unsigned>(
                std::countr_zero(support_of(circuit.strings[block.first_string + (std::size_t{1} << i)]))));
        for (std::size_t k = 0; k < (std::size_t{1} << block.wires); ++k) {
            if (counted[block.first_output + k]) summed[block.first_output + k] = true;
            counted[block.first_output + k] = true;
        }
    }
    std::vector<std::size_t> sums;
    for (std::size_t o = 0; o < summed.size(); ++o)
        if (summed[o]) sums.push_back(o);

    std::vector<running_mean> means(outputs.size());
    std::vector<double> value(outputs.size());
    std::vector<std::size_t> ones(outputs.size());
    for (const std::uint64_t sample : samples) {
        for (const std::size_t o : sums) value[o] = 0;
        for (const sign_term& term : terms)
            value[term.output] += (std::popcount(sample & term.mask) & 1) != 0 ? -term.coefficient : term.coefficient;
        for (const block_wires& block : blocks) {
            std::size_t output = block.first_output;
            for (std::size_t i = 0; i < block.wires.size(); ++i)
                output += static_cast<std::size_t>((sample >> block.wires[i]) & 1) << i;
            if (summed[output])
                value[output] += 1;
            else
                ++ones[output];
        }
        for (const std::size_t o : sums) means[o].add(value[o]);
    }
    for (std::size_t o = 0; o < outputs.size(); ++o) {
        if (!summed[o] && !counted[o]) continue;
        if (!summed[o]) {  // the same for zeros and ones
            const double count = static_cast<double>(samples.size());
            const double share = static_cast<double>(ones[o]) / count;
            means[o] = {samples.size(), share, count * share * (1 - share)};
        }
        outputs[o] = outputs[o] + uncertain_number{means[o].mean, means[o].squared_error()};
    }
}
}  // namespace detail

/// A circuit's outputs from `shots` measurements of a normalised state in each of the circuit's measurement groups,
/// with their variances; the groups' samples are independent of each other. The state is left as it was, up to
/// rounding, and has to be complex where a group measures Y.
///
/// An output's sample is its whole weighted sum, so correlations between strings that share samples are in its
/// variance. The same seed gives the same samples. Cost: per group a sampling of the state, and terms times shots.
inline std::vector<uncertain_number> sample_outputs(wide_statevector<double>& state, const runtime_circuit& circuit,
                                                    const std::vector<measurement_group>& groups, std::size_t shots,
                                                    std::uint64_t seed, const readout_error& error = {}) {
    constexpr std::uint32_t stream = 0x73686f74;  // "shot"
    std::vector<uncertain_number> outputs(circuit.outputs);
    for (const readout_term& term : circuit.terms) {
        const auto& string = circuit.strings[term.string];
        if (string.is_identity()) outputs[term.output].value += string.negative ? -term.coefficient : term.coefficient;
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::vector<gate> there = gates_to_z_basis(groups[i].basis);
        for (const gate& g : there) state.apply(g);
        const std::uint64_t own_seed = random_stream(seed, stream, static_cast<std::uint32_t>(i)).next_u64();
        std::vector<std::uint64_t> samples = state.sample(shots, own_seed, stream);
        for (std::size_t k = there.size(); k-- > 0;)  // H undoes itself
            state.apply({there[k].kind == sdg ? s : h, there[k].wires, {}, 0});
        detail::read_wrongly(samples, detail::support_of(groups[i].basis), error, own_seed);
        detail::add_samples(circuit, groups[i], samples, outputs);
    }
    return outputs;
}

}  // namespace qvit::inline QVIT_ABI
