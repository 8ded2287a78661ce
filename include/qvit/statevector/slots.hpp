// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lower.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// How a circuit's inputs and weights become the angles of its program's rotations, and gradients go the way back.
///
/// Slot k is the angle of rotation k. `weight_angles` sums constants and weights of every slot once per pass; `angle`
/// adds a token's inputs. A slot with data is a token slot, numbered 0 .. token_count-1; all others are uniform over
/// images and tokens. Cost: one multiply-add per source.
template <const auto& Circuit>
struct slots {
    static constexpr const auto& circuit = program<Circuit>;
    static constexpr std::size_t count = circuit.rotations.size();
    static constexpr std::size_t token_count = [] {
        std::size_t total = 0;
        for (std::size_t slot = 0; slot < count; ++slot) total += circuit.uniform[slot] ? 0 : 1;
        return total;
    }();
    /// Whether some angle is a product of inputs, so that its gradient needs the inputs themselves.
    static constexpr bool has_products = [] {
        for (const auto& entry : circuit.sources)
            if (entry.value.source == angle_source::data_product) return true;
        return false;
    }();
    /// Number of a slot among those of its kind (token or uniform).
    static constexpr std::array<std::size_t, count + 1> rank = [] {
        std::array<std::size_t, count + 1> result{};
        std::size_t next[2] = {0, 0};
        for (std::size_t slot = 0; slot < count; ++slot) result[slot] = next[circuit.uniform[slot] ? 1 : 0]++;
        return result;
    }();
    /// Slot of a token slot's number.
    static constexpr std::array<std::size_t, token_count + 1> token_slot = [] {
        std::array<std::size_t, token_count + 1> result{};
        for (std::size_t slot = 0; slot < count; ++slot)
            if (!circuit.uniform[slot]) result[rank[slot]] = slot;
        return result;
    }();

    /// Constants and weights of every slot.
    template <class R>
    static std::array<R, count + 1> weight_angles(const R* weights) {
        std::array<R, count + 1> angles{};
        for (const auto& entry : circuit.sources)
            if (!entry.value.reads_data()) angles[entry.rotation] += entry.value.template value<R>(nullptr, weights);
        return angles;
    }
    /// Calls body(k, angle) for every token slot number k: the slot's weights and constants plus its inputs.
    template <class S>
    static QVIT_INLINE void for_each_token_angle(const real_of<S>* weight_angle, const S* inputs, auto&& body) {
        if constexpr (is_plain) {
            unroll_few([&](std::size_t k) QVIT_INLINE_LAMBDA { body(k, inputs[k] + S(weight_angle[token_slot[k]])); });
        } else {
            unroll_few([&](std::size_t k) QVIT_INLINE_LAMBDA {
                S total(weight_angle[token_slot[k]]);
                for (std::size_t i = first_data[k]; i < first_data[k + 1]; ++i) {
                    const data_source& source = data_sources[i];
                    const S x = source.product ? inputs[source.index] * inputs[source.second] : inputs[source.index];
                    total = simd::fma(S(static_cast<real_of<S>>(source.scale)), x, total);
                }
                body(k, total);
            });
        }
    }
    /// The same for token slot numbers first .. last - 1 of a plain circuit, in a loop.
    template <class S>
    static QVIT_INLINE void for_token_angles(std::size_t first, std::size_t last, const real_of<S>* weight_angle,
                                             const S* inputs, auto&& body) {
        static_assert(is_plain);
        for (std::size_t k = first; k < last; ++k) body(k, inputs[k] + S(weight_angle[token_slot[k]]));
    }
    /// Adds token slots' gradients to those of the inputs that they sum, gradient(k) being called once for each token
    /// slot number k; `inputs` is read only where has_products.
    template <class S>
    static QVIT_INLINE void add_input_gradient(auto&& gradient, const S* inputs, S* input_gradient) {
        auto add_one = [&](S g, const data_source& source) QVIT_INLINE_LAMBDA {
            const S scaled = S(static_cast<real_of<S>>(source.scale)) * g;
            if (source.product) {
                input_gradient[source.index] = simd::fma(scaled, inputs[source.second], input_gradient[source.index]);
                input_gradient[source.second] = simd::fma(scaled, inputs[source.index], input_gradient[source.second]);
            } else {
                input_gradient[source.index] += scaled;
            }
        };
        if constexpr (is_plain) {
            unroll_few([&](std::size_t k) QVIT_INLINE_LAMBDA { input_gradient[k] += gradient(k); });
        } else {
            unroll_few([&](std::size_t k) QVIT_INLINE_LAMBDA {
                const S g = gradient(k);
                for (std::size_t i = first_data[k]; i < first_data[k + 1]; ++i) add_one(g, data_sources[i]);
            });
        }
    }
    /// Adds every slot's gradient to those of the weights it sums.
    template <class R>
    static void add_weight_gradient(const R* slot_gradient, R* weights) {
        for (const auto& entry : circuit.sources)
            if (entry.value.reads_weight())
                weights[entry.value.index] += static_cast<R>(entry.value.scale) * slot_gradient[entry.rotation];
    }

  private:
    static constexpr std::size_t unrolled = 8;
    /// body(k) for every token slot number k.
    static QVIT_INLINE void unroll_few(auto&& body) {
        if constexpr (token_count <= unrolled)
            unroll<token_count>(body);
        else
            for (std::size_t k = 0; k < token_count; ++k) body(k);
    }
    struct data_source {
        std::uint32_t index = 0;
        std::uint32_t second = 0;
        bool product = false;
        double scale = 1;
    };
    static constexpr std::size_t data_count = [] {
        std::size_t total = 0;
        for (const auto& entry : circuit.sources) total += entry.value.reads_data() ? 1 : 0;
        return total;
    }();
    /// Token slot k reads data_sources[first_data[k] .. first_data[k + 1]).
    static constexpr std::array<std::size_t, token_count + 2> first_data = [] {
        std::array<std::size_t, token_count + 2> result{};
        for (const auto& entry : circuit.sources)
            if (entry.value.reads_data()) ++result[rank[entry.rotation] + 1];
        for (std::size_t k = 0; k < token_count; ++k) result[k + 1] += result[k];
        return result;
    }();
    static constexpr std::array<data_source, data_count + 1> data_sources = [] {
        std::array<data_source, data_count + 1> result{};
        std::size_t next = 0;
        for (const auto& entry : circuit.sources)
            if (entry.value.reads_data())
                result[next++] = {entry.value.index, entry.value.second,
                                  entry.value.source == angle_source::data_product, entry.value.scale};
        return result;
    }();

  public:
    /// Token slot k reads input k and no other, times 1.
    static constexpr bool is_plain = [] {
        for (std::size_t k = 0; k < token_count; ++k) {
            const data_source& source = data_sources[first_data[k]];
            if (first_data[k + 1] != first_data[k] + 1 || source.index != k || source.product || source.scale != 1)
                return false;
        }
        return true;
    }();
};

}  // namespace qvit::inline QVIT_ABI
