// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Philox4x32-10: a bijection of 128-bit counters, one for each 64-bit key, whose outputs pass as random.
///
/// It has no state, so any number of a sequence can be had without those before it, on any lane or thread.
/// In: counter and key as 32-bit words, word 0 least significant. Out: four uniform 32-bit words.
/// Cost: 20 widening multiplications. Never fails; constexpr; integers only, so the same on every machine.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3;
/// tested against the known answers of Random123.
///
///     constexpr auto words = qvit::philox::block({0, 0, 0, 0}, {0, 0});   // 6627e8d5 e169c58d bc57ac4c 9b00dbd8
struct philox {
    using counter_type = std::array<std::uint32_t, 4>;
    using key_type = std::array<std::uint32_t, 2>;

    [[nodiscard]] static constexpr counter_type block(counter_type counter, key_type key) {
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t product_0 = std::uint64_t{0xD2511F53} * counter[0];
            const std::uint64_t product_1 = std::uint64_t{0xCD9E8D57} * counter[2];
            counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1), high(product_0) ^ counter[3] ^ key[1],
                       low(product_0)};
            key[0] += 0x9E3779B9;  // the golden ratio, and below sqrt(3) - 1: Weyl sequences as key schedule
            key[1] += 0xBB67AE85;
        }
        return counter;
    }

  private:
    static constexpr std::uint32_t high(std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32); }
    static constexpr std::uint32_t low(std::uint64_t product) { return static_cast<std::uint32_t>(product); }
};

}  // namespace qvit::inline QVIT_ABI
