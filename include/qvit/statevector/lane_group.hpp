// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

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
QVIT_INLINE const A& amplitude_at(const A* psi, std::uint32_t bytes) {
    return *reinterpret_cast<const A*>(reinterpret_cast<const char*>(psi) + bytes);
}
template <class A>
QVIT_INLINE A& amplitude_at(A* psi, std::uint32_t bytes) {
    return *reinterpret_cast<A*>(reinterpret_cast<char*>(psi) + bytes);
}

/// Quarter turns of what amplitude `source` adds to amplitude source ^ P.mask under -i P: -i i^quarter (-1)^parity.
template <stage_shape::step P>
constexpr unsigned quarters_from(std::size_t source) {
    return (3u + P.quarter + (parity(static_cast<std::uint32_t>(source) & P.row) ? 2u : 0u)) % 4;
}

/// a <- c a + s (-i P) a on the amplitudes L and M = L ^ mask of a group; c is 1 and not multiplied where P is uniform.
template <stage_shape::step P, std::size_t L, std::size_t M, class A, class S>
QVIT_INLINE void rotate_pair(A* a, S c, S s) {
    using field = amplitude<A>;
    const A old_l = a[L];
    const A old_m = a[M];
    constexpr unsigned to_l = quarters_from<P>(M);
    constexpr unsigned to_m = quarters_from<P>(L);
    if constexpr (P.uniform) {
        a[L] = field::template add_turned<to_l>(s, old_m, old_l);
        if constexpr (L != M) a[M] = field::template add_turned<to_m>(s, old_l, old_m);
    } else {
        a[L] = field::template add_turned<to_l>(s, old_m, field::scale(c, old_l));
        if constexpr (L != M) a[M] = field::template add_turned<to_m>(s, old_l, field::scale(c, old_m));
    }
}

/// The same on a whole group of 2^Axes amplitudes in registers.
template <std::size_t Axes, stage_shape::step P, class A, class S>
QVIT_INLINE void rotate_group(A* a, S c, S s) {
    constexpr std::size_t size = std::size_t{1} << Axes;
    if constexpr (P.mask == 0) {
        unroll<size>([&](auto l) QVIT_INLINE_LAMBDA { rotate_pair<P, l(), l()>(a, c, s); });
    } else {
        constexpr std::size_t mask = P.mask;
        constexpr std::size_t pivot = mask & (~mask + 1);
        unroll<size / 2>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t low = k() & (pivot - 1);
            constexpr std::size_t l = ((k() - low) << 1) | low;
            rotate_pair<P, l, (l ^ mask)>(a, c, s);
        });
    }
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

/// All rotations of a shape with one per axis on amplitudes First ... First + 2^Axes - 1; done(l): amplitude l is
/// final.
///
/// Highest axis first, then each half on its own: final amplitudes come out all along the way, not in one burst of
/// stores at the end, which costs 10 % (the stores, not the multiply-adds, bound this kernel).
template <stage_shape Shape, std::size_t Axes, std::size_t First, class A, class S>
QVIT_INLINE void rotate_by_halves(A* a, const S* c, const S* s, auto&& done) {
    if constexpr (Axes == 0) {
        done(index_constant<First>{});
    } else {
        constexpr std::size_t half = std::size_t{1} << (Axes - 1);
        constexpr std::size_t i = axis_steps<Shape>.step[Axes - 1];
        unroll<half>([&](auto k) QVIT_INLINE_LAMBDA {
            rotate_pair<Shape.at[i], First + k(), First + k() + half>(a, c[i], s[i]);
        });
        rotate_by_halves<Shape, Axes - 1, First>(a, c, s, done);
        rotate_by_halves<Shape, Axes - 1, First + half>(a, c, s, done);
    }
}

/// All rotations of a shape, in order (Backwards: in the opposite order) on a group, then done(l) for every amplitude.
template <stage_shape Shape, bool Backwards, class A, class S>
QVIT_INLINE void rotate_by_shape(A* a, const S* c, const S* s, auto&& done) {
    if constexpr (axis_steps<Shape>.one_per_axis) {
        rotate_by_halves<Shape, Shape.axes, 0>(a, c, s, done);
    } else {
        unroll<Shape.steps>([&](auto k) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = Backwards ? Shape.steps - 1 - k() : k();
            rotate_group<Shape.axes, Shape.at[i]>(a, c[i], s[i]);
        });
        unroll<(std::size_t{1} << Shape.axes)>(done);
    }
}

/// Where a stage's amplitudes stand, in bytes, computed once per call: amplitude l of a group is at base ^ local[l].
///
///     std::uint32_t base = 0;
///     for (std::size_t group = 0; group < places.groups; base = places.next(++group, base)) ...
/// A loop, not a function that takes a body: g++ leaves sums in memory where they are captured by two lambdas in turn.
template <stage_shape Shape, class A>
struct stage_places {
    static constexpr std::size_t size = std::size_t{1} << Shape.axes;
    static_assert(std::has_single_bit(sizeof(A)));
    const lane_stage& stage;
    std::size_t groups;
    std::uint32_t local[size];

    explicit QVIT_INLINE stage_places(const lane_stage& s) : stage(s), groups(std::size_t{1} << (s.bits - Shape.axes)) {
        unroll<size>([&](auto l)
                         QVIT_INLINE_LAMBDA { local[l()] = s.offset[l()] * static_cast<std::uint32_t>(sizeof(A)); });
    }
    /// The base of group number `group`, which follows that at `base`: a Gray code over the stage's bases.
    QVIT_INLINE std::uint32_t next(std::size_t group, std::uint32_t base) const {
        if (group == groups) return base;
        return base ^
               (stage.base[static_cast<std::size_t>(std::countr_zero(group))] * static_cast<std::uint32_t>(sizeof(A)));
    }
    QVIT_INLINE void load(A* a, const A* psi, std::uint32_t base) const {
        unroll<size>([&](auto l) QVIT_INLINE_LAMBDA { a[l()] = amplitude_at(psi, base ^ local[l()]); });
    }
    /// Every fourth store holds its place among the multiply-adds.
    template <std::size_t Local>
    QVIT_INLINE void store(A* psi, std::uint32_t base, A value) const {
        amplitude_at(psi, base ^ local[Local]) = value;
        if constexpr (Local % 4 == 3) keep_order();
    }
};
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
