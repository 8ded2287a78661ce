// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/core/inverse_normal_cdf.hpp>
#include <qvit/core/philox.hpp>

namespace qvit::inline QVIT_ABI {

/// A sequence of random numbers that is named, not shared: (seed, stream, epoch, image, element) is its whole state.
///
/// Whoever needs randomness for an image in an epoch names it and draws; the numbers do not depend on lane, block,
/// thread or on what else was drawn. Two sequences that differ in epoch, image or element never share a counter;
/// `stream` (a constant for each use: shuffling, initialisation, ...) goes into the key.
/// Integers and uniform numbers are the same on every machine, normal ones up to the last bit of `log`.
/// Cost: one philox block to make one, and one per four 32-bit words drawn. Repeats after 2^34 words. Never fails.
///
///     qvit::random_stream draw(seed, 1, epoch, image);
///     const bool flip = draw.below(2) == 1;
class random_stream {
  public:
    constexpr explicit random_stream(std::uint64_t seed, std::uint32_t stream = 0, std::uint32_t epoch = 0,
                                     std::uint32_t image = 0, std::uint32_t element = 0)
        : counter_{0, element, image, epoch}, key_(key_of(seed, stream)) {}

    /// The key of philox for all sequences of a seed and stream; the i-th block of four words is
    /// philox::block({i, element, image, epoch}, key). For loops over many images, e.g. one on each lane.
    static constexpr philox::key_type key_of(std::uint64_t seed, std::uint32_t stream) {
        const auto words = philox::block({stream, 0, 0, 0},
                                         {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
        return {words[0], words[1]};
    }

    /// A uniform 32-bit word.
    constexpr std::uint32_t next_u32() {
        if (used_ == 4) {
            words_ = philox::block(counter_, key_);
            ++counter_[0];
            used_ = 0;
        }
        return words_[used_++];
    }

    /// A uniform 64-bit word; the first 32 bits drawn are the low ones.
    constexpr std::uint64_t next_u64() {
        const std::uint64_t low = next_u32();
        return low | std::uint64_t{next_u32()} << 32;
    }

    /// A uniform integer of 0, ..., bound - 1 without bias (Lemire, arXiv 1805.10941); 0 where bound is 0.
    constexpr std::uint32_t below(std::uint32_t bound) {
        if (bound == 0) return 0;
        const std::uint32_t refused = (0U - bound) % bound;  // 2^32 mod bound
        for (;;) {
            const std::uint64_t product = std::uint64_t{next_u32()} * bound;
            if (static_cast<std::uint32_t>(product) >= refused) return static_cast<std::uint32_t>(product >> 32);
        }
    }

    /// A uniform multiple of 2^-53 in [0, 1).
    constexpr double uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

    /// A uniform number of [low, high); `high` itself can occur through rounding.
    constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// A standard normal number, by the inverse of the distribution function, from one 64-bit word.
    double normal() { return inverse_normal_cdf((static_cast<double>(next_u64() >> 12) + 0.5) * 0x1p-52); }

    /// A standard normal number given that its magnitude is at most 2, by drawing again (one time in 22).
    double truncated_normal() {
        for (;;) {
            const double x = normal();
            if (x >= -2 && x <= 2) return x;
        }
    }

  private:
    philox::counter_type counter_;
    philox::key_type key_;
    philox::counter_type words_{};
    std::uint32_t used_ = 4;
};

}  // namespace qvit::inline QVIT_ABI
