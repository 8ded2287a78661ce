// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_overlap.hpp>
#include <qvit/statevector/wide_stage.hpp>

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

/// Where the registers of a group are stored, for each exclusive-or that the flips may ask for.
template <std::size_t Bits>
struct wide_store_table {
    static constexpr std::size_t count = std::size_t{1} << Bits;
    std::array<std::array<std::size_t, count>, count> offset;  // row 0, and others where there are conditional flips
    std::array<const wide_flip*, wide_flip::most_conditional> flip;
    std::array<std::size_t, wide_flip::most_conditional> image;
    std::size_t conditional = 0;

    wide_store_table(const std::vector<wide_flip>& flips, const std::array<std::size_t, count>& where,
                     std::uint64_t base) {
        std::array<std::size_t, count> place;
        for (std::size_t r = 0; r < count; ++r) place[r] = r;
        for (const wide_flip& f : flips) {
            if ((base & f.outer_controls) != f.outer_values) continue;
            if (f.controls != 0) {
                flip[conditional] = &f;
                image[conditional++] = f.bit;
                continue;
            }
            for (std::size_t& p : place) p ^= (p & f.register_controls) == f.register_values ? f.bit : std::size_t{0};
            // What an earlier flip adds to the index goes through this one's linear part.
            for (std::size_t i = 0; i < conditional; ++i)
                if ((image[i] & f.register_controls) != 0) image[i] ^= f.bit;
        }
        for (std::size_t x = 0; x < (conditional == 0 ? 1 : count); ++x)
            for (std::size_t r = 0; r < count; ++r) offset[x][r] = where[place[r] ^ x];
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

/// States is 1, or 2 in an adjoint run: from[0] and to[0] are psi, from[1] and to[1] lambda, at the same places.
template <std::size_t Bits, bool Complex, std::size_t States, class R>
void sweep(const wide_stage<R>& stage, const wide_tile<R>* from, const wide_tile<R>* to, std::size_t size,
           std::uint64_t base, std::size_t ahead, wide_scratch<R>& scratch) {
    using S = lanes<R>;
    constexpr std::size_t count = std::size_t{1} << Bits;
    std::size_t fixed = lane_count<S> - 1;
    for (std::size_t i = 0; i < Bits; ++i) fixed |= std::size_t{1} << stage.positions[i];
    const std::array<std::size_t, count> load_offset = register_offsets<Bits>(from[0], stage.positions);
    const wide_store_table<Bits> stores(stage.flips, register_offsets<Bits>(to[0], stage.positions), base);
    scratch.active.clear();
    for (const wide_step<R>& step : stage.steps)
        if ((base & step.outer_controls) == step.outer_values) scratch.active.push_back(&step);
    const wide_step<R>* const* const first = scratch.active.data();
    const wide_step<R>* const* const last = first + scratch.active.size();

    for (std::size_t o = 0; o < size; o = ((o | fixed) + 1) & ~fixed) {
        wide_registers<S, Bits, Complex> v[States];
        const std::size_t source = from[0].offset(o);
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                v[k.value].re[r.value] = simd::load<S>(from[k.value].re + source + load_offset[r.value]);
                if constexpr (Complex)
                    v[k.value].im[r.value] = simd::load<S>(from[k.value].im + source + load_offset[r.value]);
            });
        });
        for (auto step = first; step != last; ++step) {
            if ((o & (*step)->controls) != (*step)->values) continue;
            if constexpr (States == 2) {
                if ((*step)->overlap >= 0) add_overlap(v[0], v[1], **step, scratch.overlaps.data());
                take_step(v[1], **step);
            }
            take_step(v[0], **step);
        }
        std::size_t exclusive_or = 0;
        for (std::size_t i = 0; i < stores.conditional; ++i)
            if ((o & stores.flip[i]->controls) == stores.flip[i]->values) exclusive_or ^= stores.image[i];
        const std::size_t* const offset = stores.offset[exclusive_or].data();
        const std::size_t target = to[0].offset(o);
        if (ahead != 0)
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
                unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                    fetch_ahead(to[k.value].re + target + offset[r.value] + ahead);
                    if constexpr (Complex) fetch_ahead(to[k.value].im + target + offset[r.value] + ahead);
                });
            });
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            // Last loaded, first stored: lines far apart share a set of the nearest cache, which has no room for all.
            unroll<count>([&](auto i) QVIT_INLINE_LAMBDA {
                constexpr std::size_t r = count - 1 - i.value;
                simd::store(to[k.value].re + target + offset[r], v[k.value].re[r]);
                if constexpr (Complex) simd::store(to[k.value].im + target + offset[r], v[k.value].im[r]);
            });
        });
    }
}

}  // namespace detail

/// Applies a stage to a tile of `size` amplitudes, reading `from` and writing `to`, which may be the same; in an
/// adjoint run there are two of each. `base`: the tile's first amplitude in the state, for controls outside of it.
/// `ahead`: how far behind `to` the tile is that comes next, to be fetched meanwhile; 0 for none.
template <class R>
void sweep(const wide_stage<R>& stage, const wide_tile<R>* from, const wide_tile<R>* to, std::size_t size,
           std::uint64_t base, std::size_t ahead, detail::wide_scratch<R>& scratch) {
    constexpr std::size_t real_bits = wide_register_bits<false>;
    constexpr std::size_t complex_bits = wide_register_bits<true>;
    if (stage.adjoint && stage.complex)
        return detail::sweep<wide_adjoint_bits<true>, true, 2>(stage, from, to, size, base, ahead, scratch);
    if (stage.adjoint)
        return detail::sweep<wide_adjoint_bits<false>, false, 2>(stage, from, to, size, base, ahead, scratch);
    if (stage.complex) return detail::sweep<complex_bits, true, 1>(stage, from, to, size, base, ahead, scratch);
    detail::sweep<real_bits, false, 1>(stage, from, to, size, base, ahead, scratch);
    if (from->im == nullptr) return;
    // A real matrix acts on real and imaginary parts alike.
    const wide_tile<R> from_im{from->im, nullptr, from->rows, from->chunk_bits};
    const wide_tile<R> to_im{to->im, nullptr, to->rows, to->chunk_bits};
    detail::sweep<real_bits, false, 1>(stage, &from_im, &to_im, size, base, ahead, scratch);
}

}  // namespace qvit::inline QVIT_ABI
