// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/meta/bit_set.hpp>

namespace qvit::inline QVIT_ABI {

/// A straight-line program that multiplies cosines and sines of slots into monomials, sharing common products.
///
/// Node k < factor_count is a factor; every later node is the product of two earlier ones. Prefix products of a ring
/// circuit come out as n - 1 multiplications, and the reverse sweep needs no division: d(left) += d(node) * right.
template <std::size_t Slots, std::size_t MaxNodes>
struct monomial_program {
    static constexpr std::uint16_t none = 0xffff;  ///< the empty product, 1
    struct factor {
        std::uint16_t slot = 0;
        bool sine = false;
    };
    struct product {
        std::uint16_t left = 0;
        std::uint16_t right = 0;
    };
    std::array<factor, 2 * Slots> factors{};
    std::array<product, MaxNodes> products{};
    std::size_t factor_count = 0;
    std::size_t product_count = 0;
    bool complete = true;

    constexpr std::size_t node_count() const { return factor_count + product_count; }
};

/// Fills a monomial_program; add every factor that may occur first, then ask for the monomials.
template <std::size_t Slots, std::size_t MaxNodes>
class monomial_builder {
    struct contents {
        bit_set<Slots> cosines{};
        bit_set<Slots> sines{};
        std::size_t size = 0;
        std::uint16_t older = 0;  // 1 + the node of the same size made before
    };
    monomial_program<Slots, MaxNodes> program_{};
    std::array<contents, 2 * Slots + MaxNodes> node_{};
    std::array<std::uint16_t, 2 * Slots + 1> newest_{};  // by size: 1 + the node made last
    std::array<std::uint16_t, Slots> cosine_of_{};
    std::array<std::uint16_t, Slots> sine_of_{};

    constexpr void remember(std::uint16_t node) {
        node_[node].older = newest_[node_[node].size];
        newest_[node_[node].size] = static_cast<std::uint16_t>(node + 1);
    }
    constexpr std::uint16_t multiply(std::uint16_t left, std::uint16_t right) {
        if (program_.product_count == MaxNodes) {
            program_.complete = false;
            return left;
        }
        const auto node = static_cast<std::uint16_t>(program_.node_count());
        program_.products[program_.product_count++] = {left, right};
        node_[node].size = node_[left].size + node_[right].size;
        node_[node].cosines = node_[left].cosines | node_[right].cosines;
        node_[node].sines = node_[left].sines | node_[right].sines;
        remember(node);
        return node;
    }

  public:
    constexpr void add_factor(std::size_t slot, bool sine) {
        const auto node = static_cast<std::uint16_t>(program_.factor_count);
        program_.factors[program_.factor_count++] = {static_cast<std::uint16_t>(slot), sine};
        (sine ? node_[node].sines : node_[node].cosines).insert(slot);
        node_[node].size = 1;
        remember(node);
        (sine ? sine_of_ : cosine_of_)[slot] = node;
    }

    /// The node of a monomial; multiplies onto the largest product made so far that divides it.
    constexpr std::uint16_t monomial(const bit_set<Slots>& cosines, const bit_set<Slots>& sines) {
        const std::size_t size = cosines.count() + sines.count();
        if (size == 0) return program_.none;
        std::uint16_t best = program_.none;
        for (std::size_t s = size; s > 0 && best == program_.none; --s)
            for (std::uint16_t link = newest_[s]; link != 0; link = node_[link - 1u].older)
                if (cosines.includes(node_[link - 1u].cosines) && sines.includes(node_[link - 1u].sines)) {
                    best = static_cast<std::uint16_t>(link - 1);
                    break;
                }
        auto multiply_by = [&](std::uint16_t factor) {
            best = best == program_.none ? factor : multiply(best, factor);
        };
        const contents divisor = best == program_.none ? contents{} : node_[best];
        cosines.without(divisor.cosines).for_each([&](std::size_t slot) { multiply_by(cosine_of_[slot]); });
        sines.without(divisor.sines).for_each([&](std::size_t slot) { multiply_by(sine_of_[slot]); });
        return best;
    }

    constexpr const auto& program() const { return program_; }
};

}  // namespace qvit::inline QVIT_ABI
