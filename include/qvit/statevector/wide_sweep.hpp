// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_overlap.hpp>
#include <qvit/statevector/wide_permutation.hpp>
#include <qvit/statevector/wide_stage.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

/// Where a tile's amplitudes are: amplitude o at rows[o >> chunk_bits] + (o & chunk mask) from the two pointers.
/// rows is linear: rows[j | k] = rows[j] + rows[k] where j & k is 0.
template <class R>
struct wide_tile {
    R* re = nullptr;
    R* im = nullptr;  ///< null for a real state
    const std::size_t* rows = nullptr;
    std::size_t chunk_bits = 0;

    std::size_t offset(std::size_t o) const {
        return rows[o >> chunk_bits] + (o & ((std::size_t{1} << chunk_bits) - 1));
    }
};

namespace detail {

/// The offsets of a group's registers from its first amplitude.
template <std::size_t Bits, class R>
std::array<std::size_t, (std::size_t{1} << Bits)> register_offsets(const wide_tile<R>& tile,
                                                                   const std::array<std::uint8_t, 4>& positions) {
    std::array<std::size_t, (std::size_t{1} << Bits)> result{};
    for (std::size_t i = 0; i < Bits; ++i) {
        const std::size_t half = std::size_t{1} << i;
        const std::size_t step = tile.offset(std::size_t{1} << positions[i]);
        for (std::size_t r = 0; r < half; ++r) result[half + r] = result[r] + step;
    }
    return result;
}

/// A stage's permutation for one tile and S's registers.
template <std::size_t Bits, class S>
struct wide_stores {
    static constexpr std::size_t count = std::size_t{1} << Bits;
    static constexpr std::size_t most_conditional = wide_permutation::most_conditional;
    /// Offsets of a group's registers by what is added to their places; only what can be.
    std::array<std::array<std::size_t, count>, count> offset;
    std::array<const wide_permutation::conditional*, most_conditional> conditional;
    std::size_t conditionals = 0;
    std::uint8_t constant = 0;
    std::array<std::array<real_of<S>, lane_count<S>>, Bits> exchanged;  ///< not 0 where registers exchange lanes
    simd::lane_order<S> order;

    wide_stores(const wide_permutation& permutation, const std::array<std::size_t, count>& where, std::uint64_t base)
        : constant(permutation.constant), order(simd::make_lane_order<S>(permutation.source)) {
        for (const wide_permutation::conditional& c : permutation.conditionals) {
            if ((base & c.outer_controls) != c.outer_values) continue;
            if (c.controls != 0)
                conditional[conditionals++] = &c;
            else
                constant = static_cast<std::uint8_t>(constant ^ c.image);
        }
        std::uint32_t reached = 1U << permutation.register_of(constant);
        for (std::size_t i = 0; i < conditionals; ++i) {
            std::uint32_t more = 0;
            for (std::size_t x = 0; x < count; ++x)
                if ((reached >> x & 1U) != 0) more |= 1U << (x ^ permutation.register_of(conditional[i]->image));
            reached |= more;
        }
        for (std::size_t x = 0; x < count; ++x)
            if ((reached >> x & 1U) != 0)
                for (std::size_t r = 0; r < count; ++r) offset[x][r] = where[permutation.place[r] ^ x];
        for (std::size_t j = 0; j < Bits; ++j)
            for (std::size_t lane = 0; lane < lane_count<S>; ++lane)
                exchanged[j][lane] = static_cast<real_of<S>>(permutation.exchanged[j] >> lane & 1U);
    }

    /// What is added to the places of the group whose first amplitude is `o` of its tile.
    std::uint8_t added(std::size_t o) const {
        std::uint8_t result = constant;
        for (std::size_t i = 0; i < conditionals; ++i)
            if ((o & conditional[i]->controls) == conditional[i]->values)
                result = static_cast<std::uint8_t>(result ^ conditional[i]->image);
        return result;
    }
};

/// What a thread needs besides its tile.
template <class R>
struct wide_scratch {
    std::vector<const wide_step<R>*> active;
    std::vector<lanes<R>> overlaps;  ///< eight for each of a stage's
};

/// Asks for a cache line before it is read, into the second cache.
template <class R>
QVIT_INLINE void fetch_ahead([[maybe_unused]] const R* line) {
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(line, 0, 2);
#endif
}

/// States is 1, or 2 in an adjoint run: tile[0] is of psi, tile[1] of lambda, at the same places.
template <std::size_t Bits, bool Complex, std::size_t States, wide_steps Steps = wide_steps::any, class R>
void sweep(const wide_stage<R>& stage, const wide_tile<R>* tile, std::size_t size, std::uint64_t base,
           std::size_t ahead, wide_scratch<R>& scratch) {
    using S = lanes<R>;
    constexpr std::size_t count = std::size_t{1} << Bits;
    std::size_t fixed = lane_count<S> - 1;
    for (std::size_t i = 0; i < Bits; ++i) fixed |= std::size_t{1} << stage.positions[i];
    const std::array<std::size_t, count> load_offset = register_offsets<Bits>(tile[0], stage.positions);
    const wide_permutation& permutation = stage.permutation;
    const wide_stores<Bits, S> stores(permutation, load_offset, base);
    scratch.active.clear();
    for (const wide_step<R>& step : stage.steps)
        if ((base & step.outer_controls) == step.outer_values) scratch.active.push_back(&step);
    const wide_step<R>* const* const first = scratch.active.data();
    const wide_step<R>* const* const last = first + scratch.active.size();

    for (std::size_t o = 0; o < size; o = ((o | fixed) + 1) & ~fixed) {
        wide_registers<S, Bits, Complex> v[States];
        const std::size_t group = tile[0].offset(o);
        // In locals, as a store of amplitudes may change whatever is in memory.
        R* re[States];
        R* im[States];
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            re[k.value] = tile[k.value].re + group;
            im[k.value] = Complex ? tile[k.value].im + group : nullptr;
            unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                v[k.value].re[r.value] = simd::load<S>(re[k.value] + load_offset[r.value]);
                if constexpr (Complex) v[k.value].im[r.value] = simd::load<S>(im[k.value] + load_offset[r.value]);
            });
        });
        if (ahead != 0)
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
                unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                    fetch_ahead(re[k.value] + ahead + load_offset[r.value]);
                    if constexpr (Complex) fetch_ahead(im[k.value] + ahead + load_offset[r.value]);
                });
            });
        if (stage.factor != R(1))
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA { scale_registers(v[k.value], stage.factor); });
        if constexpr (Steps != wide_steps::any) take_shears<Steps == wide_steps::all_shears>(v[0], first);
        for (auto step = first; Steps == wide_steps::any && step != last; ++step) {
            if ((o & (*step)->controls) != (*step)->values) continue;
            if constexpr (States == 2) {
                if ((*step)->overlap >= 0) add_overlap(v[0], v[1], **step, scratch.overlaps.data());
                take_step(v[1], **step);
            }
            take_step(v[0], **step);
        }
        const std::uint8_t added = stores.added(o);
        const std::size_t* const offset = stores.offset[permutation.register_of(added)].data();
        if (permutation.exchanges)
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
                exchange_registers(v[k.value], permutation.exchanged, stores.exchanged);
            });
        if (permutation.reorders) {
            const auto order = stores.order ^ permutation.source[permutation.lanes_of(added)];
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA { reorder_lanes(v[k.value], order, permutation); });
        }
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                simd::store(re[k.value] + offset[r.value], v[k.value].re[r.value]);
                if constexpr (Complex) simd::store(im[k.value] + offset[r.value], v[k.value].im[r.value]);
            });
        });
    }
}

}  // namespace detail

/// Applies a stage to a tile of `size` amplitudes in place; in an adjoint run to two. `base`: the tile's first
/// amplitude in the state, for controls outside of it. `ahead`: how far behind this tile the one is that comes next, to
/// be fetched meanwhile; 0 for none.
template <class R>
void sweep(const wide_stage<R>& stage, const wide_tile<R>* tile, std::size_t size, std::uint64_t base,
           std::size_t ahead, detail::wide_scratch<R>& scratch) {
    constexpr std::size_t real_bits = wide_register_bits<false>;
    constexpr std::size_t complex_bits = wide_register_bits<true>;
    if (stage.adjoint && stage.complex)
        return detail::sweep<wide_adjoint_bits<true>, true, 2>(stage, tile, size, base, ahead, scratch);
    if (stage.adjoint)
        return detail::sweep<wide_adjoint_bits<false>, false, 2>(stage, tile, size, base, ahead, scratch);
    if (stage.complex) return detail::sweep<complex_bits, true, 1>(stage, tile, size, base, ahead, scratch);
    const auto real_sweep = [&](const wide_tile<R>& part) {
        if (stage.shears == wide_steps::all_shears)
            detail::sweep<real_bits, false, 1, wide_steps::all_shears>(stage, &part, size, base, ahead, scratch);
        else if (stage.shears == wide_steps::register_shears)
            detail::sweep<real_bits, false, 1, wide_steps::register_shears>(stage, &part, size, base, ahead, scratch);
        else
            detail::sweep<real_bits, false, 1>(stage, &part, size, base, ahead, scratch);
    };
    real_sweep(*tile);
    // A real matrix acts on real and imaginary parts alike.
    if (tile->im != nullptr) real_sweep({tile->im, nullptr, tile->rows, tile->chunk_bits});
}

}  // namespace qvit::inline QVIT_ABI
