// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/core/philox.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// What random numbers of a pass are keyed by: the run's seed, the epoch, and which image is on each lane.
///
/// A training tape takes a pointer to one, which outlives it; without one, dropout and drop-path do nothing. Numbers do
/// not depend on lanes, blocks or threads. Lanes without an image may hold any number.
///
///     const pass_context<S> context{.seed = seed, .epoch = epoch, .images = {17, 4, ...}};
///     training_tape<S> tape(memory, weights, gradients, &context);
template <class S>
struct pass_context {
    std::uint64_t seed = 0;
    std::uint32_t epoch = 0;
    std::array<std::uint32_t, lane_count<S>> images{};
};

/// One place in a model that draws random numbers; a tape counts them in the order of the program (`random_site`).
///
/// Word i of an image at a site is the i-th of random_stream(seed, stream::dropout, epoch, image, site).
template <class S>
class random_site {
  public:
    /// Words of one block for all lanes: word[i][lane].
    struct block_of_words {
        std::array<std::array<std::uint32_t, lane_count<S>>, 4> word;
    };

    /// A site that draws nothing, as of a tape without a context.
    constexpr random_site() = default;
    constexpr random_site(const pass_context<S>& context, std::uint32_t number)
        : context_(&context),
          number_(number),
          key_(random_stream::key_of(context.seed, static_cast<std::uint32_t>(stream::dropout))) {}

    constexpr bool draws() const { return context_ != nullptr; }

    /// Words 4 index, ..., 4 index + 3. Cost: one philox block per lane, which g++ -O3 computes for all lanes at once.
    block_of_words block(std::size_t index) const {
        block_of_words result;
        const auto counter = static_cast<std::uint32_t>(index);
        for (std::size_t lane = 0; lane < lane_count<S>; ++lane) {
            const auto words = philox::block({counter, number_, context_->images[lane], context_->epoch}, key_);
            for (std::size_t i = 0; i < 4; ++i) result.word[i][lane] = words[i];
        }
        return result;
    }

  private:
    const pass_context<S>* context_ = nullptr;
    std::uint32_t number_ = 0;
    philox::key_type key_{};
};

}  // namespace qvit::inline QVIT_ABI
