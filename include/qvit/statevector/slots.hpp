// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// How a circuit's inputs and weights become the angles of its merged rotations, and gradients go the way back.
///
/// `angles` sums the weights of every slot once per pass; `angle` adds a token's inputs. A slot with data is a token
/// slot, numbered 0 .. token_count-1; all others are uniform over images and tokens.
template <const auto& Circuit>
struct slots {
    static constexpr const auto& circuit = merged<Circuit>;
    static constexpr std::size_t count = circuit.slot_count;
    static constexpr std::size_t token_count = [] {
        std::size_t total = 0;
        for (std::size_t slot = 0; slot < count; ++slot) total += circuit.uniform[slot] ? 0 : 1;
        return total;
    }();
    /// Number of a slot among those of its kind (token or uniform).
    static constexpr std::array<std::size_t, count + 1> rank = [] {
        std::array<std::size_t, count + 1> result{};
        std::size_t next[2] = {0, 0};
        for (std::size_t slot = 0; slot < count; ++slot) result[slot] = next[circuit.uniform[slot]]++;
        return result;
    }();
    /// Slot of a token slot's number.
    static constexpr std::array<std::size_t, token_count + 1> token_slot = [] {
        std::array<std::size_t, token_count + 1> result{};
        for (std::size_t slot = 0; slot < count; ++slot)
            if (!circuit.uniform[slot]) result[rank[slot]] = slot;
        return result;
    }();

    /// Slot s adds up sources [first_source[s], first_source[s + 1]).
    static constexpr std::array<std::size_t, count + 1> first_source = [] {
        std::array<std::size_t, count + 1> result{};
        for (std::size_t i = 0; i < circuit.source_count; ++i) ++result[circuit.sources[i].slot + std::size_t{1}];
        for (std::size_t slot = 0; slot < count; ++slot) result[slot + 1] += result[slot];
        return result;
    }();

    template <class R>
    static std::array<R, count + 1> weight_angles(const R* weights) {
        std::array<R, count + 1> angles{};
        for (std::size_t i = 0; i < circuit.source_count; ++i)
            if (circuit.sources[i].source.source == angle_source::weight)
                angles[circuit.sources[i].slot] += weights[circuit.sources[i].source.index];
        return angles;
    }
    /// The angle of a token slot: its weights' sum plus its inputs.
    template <std::size_t Slot, class S>
    static QVIT_INLINE S angle(real_of<S> weight_angle, const S* inputs) {
        S total(weight_angle);
        unroll<first_source[Slot + 1] - first_source[Slot], first_source[Slot]>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr auto entry = circuit.sources[i()];
            if constexpr (entry.source.source == angle_source::data) total += inputs[entry.source.index];
        });
        return total;
    }
    /// Adds a token slot's gradient to those of the inputs it sums.
    template <std::size_t Slot, class S>
    static QVIT_INLINE void add_input_gradient(S gradient, S* inputs) {
        unroll<first_source[Slot + 1] - first_source[Slot], first_source[Slot]>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr auto entry = circuit.sources[i()];
            if constexpr (entry.source.source == angle_source::data) inputs[entry.source.index] += gradient;
        });
    }
    /// Adds every slot's gradient to those of the weights it sums.
    template <class R>
    static void add_weight_gradient(const R* slot_gradient, R* weights) {
        for (std::size_t i = 0; i < circuit.source_count; ++i)
            if (circuit.sources[i].source.source == angle_source::weight)
                weights[circuit.sources[i].source.index] += slot_gradient[circuit.sources[i].slot];
    }
};

}  // namespace qvit::inline QVIT_ABI
