// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The compiler must not move loads and stores across this point; it emits nothing. Left alone, g++ and clang load all
/// amplitudes of a group first and spill a third of them (clang: 2.9 instead of 1.2 floors for the gradients).
QVIT_INLINE void keep_order() {
#if defined(__GNUC__) || defined(__clang__)
    asm volatile("" ::: "memory");
#endif
}

/// Amplitudes by byte offset: x86 cannot scale an index by 64, and a shift per amplitude costs 7 %.
template <class A>
QVIT_INLINE const A& amplitude_at(const A* psi, std::size_t bytes) {
    return *reinterpret_cast<const A*>(reinterpret_cast<const char*>(psi) + bytes);
}
template <class A>
QVIT_INLINE A& amplitude_at(A* psi, std::size_t bytes) {
    return *reinterpret_cast<A*>(reinterpret_cast<char*>(psi) + bytes);
}

/// Quarter turns of what amplitude `source` adds to amplitude source ^ p.mask under -i P: -i i^quarter (-1)^parity.
constexpr unsigned quarters_from(const stage_shape::step& p, std::size_t source) {
    return (3u + p.quarter + (parity(static_cast<std::uint32_t>(source) & p.row) ? 2u : 0u)) % 4;
}

/// a <- c a + s (-i P) a on the amplitudes l and m = l ^ mask of a group; c is 1 and not multiplied where P is uniform.
/// ToL and ToM are quarters_from m and l; Mixes: they are two amplitudes. A function is compiled for each sign, not for
/// each pair.
template <bool Uniform, bool Mixes, unsigned ToL, unsigned ToM, class A, class S>
QVIT_INLINE void rotate_pair(A& l, A& m, const S& c, const S& s) {
    using field = amplitude<A>;
    const A old_l = l;
    const A old_m = m;
    if constexpr (Uniform) {
        l = field::template add_turned<ToL>(s, old_m, old_l);
        if constexpr (Mixes) m = field::template add_turned<ToM>(s, old_l, old_m);
    } else {
        l = field::template add_turned<ToL>(s, old_m, field::scale(c, old_l));
        if constexpr (Mixes) m = field::template add_turned<ToM>(s, old_l, field::scale(c, old_m));
    }
}

/// The pair number k of a step's: l has a 0 at the mask's lowest bit, and l = m where there is no mask.
constexpr std::size_t pair_of(const stage_shape::step& p, std::size_t k) {
    if (p.mask == 0) return k;
    const std::size_t low = k & ((p.mask & (~std::size_t{p.mask} + 1)) - 1);
    return ((k - low) << 1) | low;
}

/// The same on a whole group of 2^Axes amplitudes in registers.
template <std::size_t Axes, stage_shape::step P, class A, class S>
QVIT_INLINE void rotate_group(A* a, const S& c, const S& s) {
    [&]<std::size_t... K>(std::index_sequence<K...>) QVIT_INLINE_LAMBDA {
        (rotate_pair<P.uniform, P.mask != 0, quarters_from(P, pair_of(P, K) ^ P.mask), quarters_from(P, pair_of(P, K))>(
             a[pair_of(P, K)], a[pair_of(P, K) ^ P.mask], c, s),
         ...);
    }
    (std::make_index_sequence<(std::size_t{1} << Axes) / (P.mask == 0 ? 1 : 2)>{});
}

/// The step of a shape that mixes one axis only, by axis; `one_per_axis`: there is just one for each, and all commute,
/// so that they may run in any order.
template <stage_shape Shape>
struct steps_by_axis {
    std::uint8_t step[most_stage_axes] = {};
    bool one_per_axis = Shape.commuting && Shape.steps == Shape.axes;
    constexpr steps_by_axis() {
        unsigned found = 0;
        for (std::size_t i = 0; i < Shape.steps; ++i)
            for (std::size_t axis = 0; axis < Shape.axes; ++axis)
                if (Shape.at[i].mask == 1u << axis) {
                    step[axis] = static_cast<std::uint8_t>(i);
                    found |= 1u << axis;
                }
        one_per_axis = one_per_axis && found == (1u << Shape.axes) - 1;
    }
};
template <stage_shape Shape>
inline constexpr steps_by_axis<Shape> axis_steps{};

/// One after the other, what rotate_by_halves does on a group: a pair of a step, or that an amplitude is final.
template <stage_shape Shape>
struct halves_order {
    struct action {
        bool final = false;
        std::uint8_t step = 0, l = 0, m = 0, to_l = 0, to_m = 0;
    };
    static constexpr std::size_t size = std::size_t{1} << Shape.axes;
    static constexpr std::size_t count = Shape.axes * (size / 2) + size;
    action at[count] = {};

    constexpr halves_order() { add(0, Shape.axes, 0); }

  private:
    constexpr std::size_t add(std::size_t next, std::size_t axes, std::size_t first) {
        const auto byte = [](std::size_t value) { return static_cast<std::uint8_t>(value); };
        if (axes == 0) {
            at[next] = {true, 0, byte(first), byte(first), 0, 0};
            return next + 1;
        }
        const std::uint8_t step = axis_steps<Shape>.step[axes - 1];
        const std::size_t half = std::size_t{1} << (axes - 1);
        for (std::size_t l = first; l < first + half; ++l)
            at[next++] = {false,
                          step,
                          byte(l),
                          byte(l + half),
                          byte(quarters_from(Shape.at[step], l + half)),
                          byte(quarters_from(Shape.at[step], l))};
        return add(add(next, axes - 1, first), axes - 1, first + half);
    }
};

template <stage_shape Shape>
inline constexpr halves_order<Shape> halves_order_of{};

/// Where a stage's amplitudes stand, in bytes, group after group: written down before the first, because an exclusive
/// or for every load and store is what the processor's front end has no room for beside the multiply-adds. 4 KB of
/// stack, of which the first 2^bits entries are filled.
///
///     for (const std::uint32_t* at = places.first; at != places.end(); at += places.size) ...
/// A loop, not a function that takes a body: g++ leaves sums in memory where they are captured by two lambdas in turn.
template <stage_shape Shape, class A>
struct stage_places {
    static constexpr std::size_t size = std::size_t{1} << Shape.axes;
    static_assert(std::has_single_bit(sizeof(A)));  // or bytes cannot be combined by exclusive or
    std::size_t count;
    alignas(64) std::uint32_t first[std::size_t{1} << lane_statevector_max_width];

    explicit QVIT_INLINE stage_places(const lane_stage& stage) : count(std::size_t{1} << stage.bits) {
        constexpr auto bytes = static_cast<std::uint32_t>(sizeof(A));
        std::uint32_t local[size];
        for (std::size_t l = 0; l < size; ++l) local[l] = stage.offset[l] * bytes;
        std::uint32_t base = 0;
        for (std::size_t group = 0;;) {
            for (std::size_t l = 0; l < size; ++l) first[group * size + l] = base ^ local[l];
            if (++group * size == count) break;
            base ^= stage.base[static_cast<std::size_t>(std::countr_zero(group))] * bytes;  // a Gray code
        }
    }
    QVIT_INLINE const std::uint32_t* end() const { return first + count; }
};

/// A group's amplitudes, to and from registers.
///
/// At gives, by index, how many bytes from psi each stands: a row of stage_places or of make_lane_places, or what
/// route_stage computes.
template <std::size_t Size, class A, class At>
QVIT_INLINE void load_group(A* a, const A* psi, At at) {
    unroll<Size>([&](std::size_t l) QVIT_INLINE_LAMBDA { a[l] = amplitude_at(psi, at[l]); });
}
/// Every fourth store holds its place among the multiply-adds.
constexpr bool holds_its_place(std::size_t l) { return l % 4 == 3; }
template <std::size_t Size, class A, class At>
QVIT_INLINE void store_group(const A* a, A* psi, At at) {
    unroll<Size>([&](std::size_t l) QVIT_INLINE_LAMBDA {
        amplitude_at(psi, at[l]) = a[l];
        if (holds_its_place(l)) keep_order();
    });
}

/// Amplitude l is stored where it is final; otherwise the pair is rotated.
template <bool Final, bool Uniform, unsigned ToL, unsigned ToM, bool Ends, class A, class S>
QVIT_INLINE void take_action(A& l, A& m, const S& c, const S& s, A* to, std::size_t bytes) {
    if constexpr (Final) {
        amplitude_at(to, bytes) = l;
        if constexpr (Ends) keep_order();
    } else {
        rotate_pair<Uniform, true, ToL, ToM>(l, m, c, s);
    }
}
template <stage_shape Shape, class A, class S, class At, std::size_t... K>
QVIT_INLINE void rotate_by_halves(A* a, const S* c, const S* s, A* to, At at, std::index_sequence<K...>) {
    constexpr const auto& order = halves_order_of<Shape>.at;
    (take_action<order[K].final, Shape.at[order[K].step].uniform, order[K].to_l, order[K].to_m,
                 holds_its_place(order[K].l)>(a[order[K].l], a[order[K].m], c[order[K].step], s[order[K].step], to,
                                              at[order[K].l]),
     ...);
}

/// All rotations of a shape, in order (Backwards: in the opposite order) on a group, which is then stored.
///
/// With one rotation per axis the highest axis is first, then each half is on its own: final amplitudes come out all
/// along the way, not in one burst of stores at the end, which costs 10 % (the stores, not the multiply-adds, bound
/// this kernel).
template <stage_shape Shape, bool Backwards, class A, class S, class At>
QVIT_INLINE void rotate_and_store(A* a, const S* c, const S* s, A* to, At at) {
    if constexpr (axis_steps<Shape>.one_per_axis) {
        rotate_by_halves<Shape>(a, c, s, to, at, std::make_index_sequence<halves_order<Shape>::count>{});
    } else {
        unroll<Shape.steps>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = Backwards ? Shape.steps - 1 - k() : k();
            rotate_group<Shape.axes, Shape.at[i]>(a, c[i], s[i]);
        });
        store_group<(std::size_t{1} << Shape.axes)>(a, to, at);
    }
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
