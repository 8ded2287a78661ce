// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// The registers of one group: 2^Bits of S, real and, where Complex, imaginary parts.
template <class S, std::size_t Bits, bool Complex>
struct wide_registers {
    static constexpr std::size_t count = std::size_t{1} << Bits;
    S re[count];
    S im[Complex ? count : 1];
};

/// [a b; c d] on the register wire J. Where Controlled, only on registers that have the step's control values.
template <std::size_t J, bool Controlled, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void turn_register(wide_registers<S, Bits, Complex>& v, const Step& step) {
    constexpr std::size_t bit = std::size_t{1} << J;
    const auto part = [&](const auto& values) QVIT_INLINE_LAMBDA { return simd::load<S>(values.lane.data()); };
    const S a = part(step.re[0]), b = part(step.re[1]), c = part(step.re[2]), d = part(step.re[3]);
    const unsigned controls = step.register_controls;
    const unsigned values = step.register_values;
    const auto each = [&](auto&& pair) QVIT_INLINE_LAMBDA {
        unroll<(std::size_t{1} << (Bits - 1))>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
            if constexpr (Controlled) {
                if ((low & controls) != values) return;
            }
            pair(index_constant<low>{}, index_constant<low | bit>{});
        });
    };
    const auto turn = [&](S& low, S& high) QVIT_INLINE_LAMBDA {
        const S old = low;
        low = simd::fma(b, high, a * low);
        high = simd::fma(c, old, d * high);
    };
    if constexpr (!Complex) {
        each([&](auto low, auto high) QVIT_INLINE_LAMBDA { turn(v.re[low.value], v.re[high.value]); });
    } else if (step.real) {
        each([&](auto low, auto high) QVIT_INLINE_LAMBDA {
            turn(v.re[low.value], v.re[high.value]);
            turn(v.im[low.value], v.im[high.value]);
        });
    } else {
        const S ai = part(step.im[0]), bi = part(step.im[1]), ci = part(step.im[2]), di = part(step.im[3]);
        each([&](auto low, auto high) QVIT_INLINE_LAMBDA {
            const S x = v.re[low.value], y = v.im[low.value], z = v.re[high.value], w = v.im[high.value];
            v.re[low.value] = simd::fnma(bi, w, simd::fma(b, z, simd::fnma(ai, y, a * x)));
            v.im[low.value] = simd::fma(bi, z, simd::fma(b, w, simd::fma(ai, x, a * y)));
            v.re[high.value] = simd::fnma(di, w, simd::fma(d, z, simd::fnma(ci, y, c * x)));
            v.im[high.value] = simd::fma(di, z, simd::fma(d, w, simd::fma(ci, x, c * y)));
        });
    }
}

/// [1 b; c 1] on the register wire J.
template <std::size_t J, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void shear_register(wide_registers<S, Bits, Complex>& v, const Step& step) {
    constexpr std::size_t bit = std::size_t{1} << J;
    const S b = simd::load<S>(step.re[1].lane.data()), c = simd::load<S>(step.re[2].lane.data());
    const auto shear = [&](S& low, S& high) QVIT_INLINE_LAMBDA {
        const S old = low;
        low = simd::fma(b, high, low);
        high = simd::fma(c, old, high);
    };
    unroll<(std::size_t{1} << (Bits - 1))>([&](auto i) QVIT_INLINE_LAMBDA {
        constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
        shear(v.re[low], v.re[low | bit]);
        if constexpr (Complex) shear(v.im[low], v.im[low | bit]);
    });
}

/// Exchanges the registers that differ in wire J, where they have the step's control values.
template <std::size_t J, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void flip_register(wide_registers<S, Bits, Complex>& v, const Step& step) {
    constexpr std::size_t bit = std::size_t{1} << J;
    const unsigned controls = step.register_controls;
    const unsigned values = step.register_values;
    const auto exchange = [](S& a, S& b) QVIT_INLINE_LAMBDA {
        const S old = a;
        a = b;
        b = old;
    };
    unroll<(std::size_t{1} << (Bits - 1))>([&](auto i) QVIT_INLINE_LAMBDA {
        constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
        if ((low & controls) != values) return;
        exchange(v.re[low], v.re[low | bit]);
        if constexpr (Complex) exchange(v.im[low], v.im[low | bit]);
    });
}

/// A matrix on lane wire L: own * amplitude + partner * (amplitude of the lane with L flipped).
template <std::size_t L, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void turn_lane(wide_registers<S, Bits, Complex>& v, const Step& step) {
    constexpr std::size_t mask = std::size_t{1} << L;
    const auto part = [&](const auto& values) QVIT_INLINE_LAMBDA { return simd::load<S>(values.lane.data()); };
    const S own = part(step.re[0]), partner = part(step.re[1]);
    const unsigned controls = step.register_controls;
    const unsigned values = step.register_values;
    const auto each = [&](auto&& turn) QVIT_INLINE_LAMBDA {
        unroll<(std::size_t{1} << Bits)>([&](auto i) QVIT_INLINE_LAMBDA {
            if ((i.value & controls) == values) turn(i);
        });
    };
    const auto turn = [&](S& x) QVIT_INLINE_LAMBDA { x = simd::fma(partner, simd::exchange_lanes<mask>(x), own * x); };
    if constexpr (!Complex) {
        each([&](auto i) QVIT_INLINE_LAMBDA { turn(v.re[i.value]); });
    } else if (step.real) {
        each([&](auto i) QVIT_INLINE_LAMBDA {
            turn(v.re[i.value]);
            turn(v.im[i.value]);
        });
    } else {
        const S own_im = part(step.im[0]), partner_im = part(step.im[1]);
        each([&](auto i) QVIT_INLINE_LAMBDA {
            const S x = v.re[i.value], y = v.im[i.value];
            const S p = simd::exchange_lanes<mask>(x), q = simd::exchange_lanes<mask>(y);
            v.re[i.value] = simd::fnma(partner_im, q, simd::fma(partner, p, simd::fnma(own_im, y, own * x)));
            v.im[i.value] = simd::fma(partner_im, p, simd::fma(partner, q, simd::fma(own_im, x, own * y)));
        });
    }
}

/// The same with own = 1 in all lanes.
template <std::size_t L, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void shear_lane(wide_registers<S, Bits, Complex>& v, const Step& step) {
    constexpr std::size_t mask = std::size_t{1} << L;
    const S partner = simd::load<S>(step.re[1].lane.data());
    const auto shear = [&](S& x) QVIT_INLINE_LAMBDA { x = simd::fma(partner, simd::exchange_lanes<mask>(x), x); };
    unroll<(std::size_t{1} << Bits)>([&](auto i) QVIT_INLINE_LAMBDA {
        shear(v.re[i.value]);
        if constexpr (Complex) shear(v.im[i.value]);
    });
}

template <std::size_t Target, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void step_on(wide_registers<S, Bits, Complex>& v, const Step& step) {
    using form = typename Step::form;
    if constexpr (Target < Bits) {
        if (step.what == form::shear_register) {
            shear_register<Target>(v, step);
            return;
        }
        if (step.what == form::turn_register) {
            if (step.register_controls == 0)
                turn_register<Target, false>(v, step);
            else
                turn_register<Target, true>(v, step);
            return;
        }
        if (step.what == form::flip_register) {
            flip_register<Target>(v, step);
            return;
        }
    }
    if constexpr ((std::size_t{1} << Target) < lane_count<S>) {
        if (step.what == form::shear_lane)
            shear_lane<Target>(v, step);
        else if (step.what == form::turn_lane)
            turn_lane<Target>(v, step);
    }
}

/// The switch of the stage's interpreter. All amplitudes stay in registers: every case is inlined and every register's
/// number is a constant.
template <class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void take_step(wide_registers<S, Bits, Complex>& v, const Step& step) {
    switch (step.position) {
        case 0:
            return step_on<0>(v, step);
        case 1:
            return step_on<1>(v, step);
        case 2:
            return step_on<2>(v, step);
        default:
            return step_on<3>(v, step);
    }
}

/// Calls body on the real and, where Complex, on the imaginary part of each register.
template <class S, std::size_t Bits, bool Complex>
QVIT_INLINE void for_each_part(wide_registers<S, Bits, Complex>& v, auto&& body) {
    unroll<(std::size_t{1} << Bits)>([&](auto r) QVIT_INLINE_LAMBDA {
        body(r, v.re[r.value]);
        if constexpr (Complex) body(r, v.im[r.value]);
    });
}

template <class S, std::size_t Bits, bool Complex>
QVIT_INLINE void scale_registers(wide_registers<S, Bits, Complex>& v, real_of<S> factor) {
    for_each_part(v, [by = S(factor)](auto, S& x) QVIT_INLINE_LAMBDA { x = x * by; });
}

/// a and b exchange the lanes in which `where` holds.
template <class S>
QVIT_INLINE void exchange_lanes_of(auto where, S& a, S& b) {
    const S old = a;
    a = simd::select(where, b, a);
    b = simd::select(where, old, b);
}

/// Registers that differ in wire j exchange the lanes in which lanes[j] is not 0: those of which exchanged[j] has a
/// bit.
template <class S, std::size_t Bits, bool Complex>
QVIT_INLINE void exchange_registers(wide_registers<S, Bits, Complex>& v, const auto& exchanged, const auto& lanes) {
    unroll<Bits>([&](auto j) QVIT_INLINE_LAMBDA {
        constexpr std::size_t bit = std::size_t{1} << j.value;
        if (exchanged[j.value] == 0) return;
        const auto where = simd::load<S>(lanes[j.value].data()) != S(0);
        unroll<(std::size_t{1} << (Bits - 1))>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
            exchange_lanes_of(where, v.re[low], v.re[low | bit]);
            if constexpr (Complex) exchange_lanes_of(where, v.im[low], v.im[low | bit]);
        });
    });
}

template <class S, std::size_t Bits, bool Complex>
QVIT_INLINE void reorder_lanes(wide_registers<S, Bits, Complex>& v, const auto* order) {
    for_each_part(v, [&](auto r, S& x) QVIT_INLINE_LAMBDA { x = simd::reorder(x, order[r.value]); });
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
