// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_diagonal.hpp>
#include <qvit/circuit/lane_program.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/readout.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// <psi| P |psi> of an observable that is not diagonal.
template <class A>
QVIT_INLINE auto measure_string(const amplitude_pauli& p, std::size_t size, const A* psi) {
    using S = typename amplitude<A>::lanes_type;
    S even(real_of<S>(0));
    S odd(real_of<S>(0));
    with_quarters<A>(p.quarter, [&](auto quarters) QVIT_INLINE_LAMBDA {
        for (std::size_t k = 0; k < size; ++k) {
            S& sum = parity(static_cast<std::uint32_t>(k) & p.row) ? odd : even;
            sum = amplitude<A>::template add_inner<quarters()>(psi[k ^ p.mask], psi[k], sum);
        }
    });
    return even - odd;
}
/// lambda += g P psi.
template <class A, class S>
QVIT_INLINE void apply_string(const amplitude_pauli& p, std::size_t size, S g, const A* psi, A* lambda) {
    with_quarters<A>(p.quarter, [&](auto quarters) QVIT_INLINE_LAMBDA {
        for (std::size_t k = 0; k < size; ++k) {
            const S signed_g = parity(static_cast<std::uint32_t>(k) & p.row) ? -g : g;
            A& to = lambda[k ^ p.mask];
            to = amplitude<A>::template add_turned<quarters()>(signed_g, psi[k], to);
        }
    });
}
}  // namespace detail

/// values[o.string] = <psi| O |psi> of the diagonal observables.
template <class A>
QVIT_INLINE void measure_diagonal(const auto& program, const auto& diagonal, const A* psi, auto* values) {
    using S = typename amplitude<A>::lanes_type;
    const S zero(real_of<S>(0));
    S p[std::size_t{1} << lane_statevector_max_width];
    const std::size_t size = std::size_t{1} << program.bits;
    const std::size_t rank = diagonal.rank;
    for (std::size_t k = 0; k < size; ++k)
        p[diagonal.position[k]] = amplitude<A>::template add_inner<0>(psi[k], psi[k], zero);
    for (std::size_t half = size / 2; half >= (std::size_t{1} << rank) && half > 0; half /= 2)
        for (std::size_t k = 0; k < half; ++k) p[k] += p[half + k];
    if (diagonal.singles) {  // the difference of bit b goes to p[2^b], which is free then
        for (std::size_t bit = rank; bit-- > 0;) {
            const std::size_t half = std::size_t{1} << bit;
            S one[4] = {zero, zero, zero, zero};
            for (std::size_t k = 0; k < half; ++k) {
                one[k % 4] += p[k] - p[half + k];
                p[k] += p[half + k];
            }
            p[half] = (one[0] + one[1]) + (one[2] + one[3]);
        }
    } else {
        detail::walsh_hadamard(p, rank);
    }
    for (std::size_t o = 0; o < program.observables.size(); ++o) {
        const lane_observable& observable = program.observables[o];
        if (!is_diagonal(observable)) continue;
        const S value = p[diagonal.index[o]];
        values[observable.string] = observable.negative ? -value : value;
    }
}

/// lambda = sum over the diagonal observables of gradient[string] * O psi.
template <class A>
QVIT_INLINE void apply_diagonal(const auto& program, const auto& diagonal, const auto* gradient, const A* psi,
                                A* lambda) {
    using S = typename amplitude<A>::lanes_type;
    const S zero(real_of<S>(0));
    S d[std::size_t{1} << lane_statevector_max_width];
    const std::size_t rank = diagonal.rank;
    const std::size_t needed = std::size_t{1} << rank;
    for (std::size_t k = 0; k < needed; ++k) d[k] = zero;
    for (std::size_t o = 0; o < program.observables.size(); ++o) {
        const lane_observable& observable = program.observables[o];
        if (!is_diagonal(observable)) continue;
        const S g = gradient[observable.string];
        d[diagonal.index[o]] += observable.negative ? -g : g;
    }
    if (diagonal.singles) {  // sums of +-g, doubled bit by bit
        for (std::size_t bit = 0; bit < rank; ++bit) {
            const std::size_t half = std::size_t{1} << bit;
            const S single = d[half];
            for (std::size_t k = 0; k < half; ++k) {
                d[half + k] = d[k] - single;
                d[k] += single;
            }
        }
    } else {
        detail::walsh_hadamard(d, rank);
    }
    for (std::size_t k = 0; k < (std::size_t{1} << program.bits); ++k)
        lambda[k] = amplitude<A>::scale(d[diagonal.position[k] & (needed - 1)], psi[k]);
}

/// The observables that are not diagonal: values[o.string] = <psi| O |psi>, 0 where o vanishes.
template <class A>
QVIT_INLINE void measure_off_diagonal(const auto& program, const A* psi, auto* values) {
    using S = typename amplitude<A>::lanes_type;
    const std::size_t size = std::size_t{1} << program.bits;
    for (const lane_observable& o : program.observables) {
        if (o.vanishes) {
            values[o.string] = S(real_of<S>(0));
        } else if (!is_diagonal(o)) {
            const S value = detail::measure_string(o.pauli, size, psi);
            values[o.string] = o.negative ? -value : value;
        }
    }
}
/// lambda += sum over the observables that are not diagonal of gradient[o.string] * O psi.
template <class A>
QVIT_INLINE void apply_off_diagonal(const auto& program, const auto* gradient, const A* psi, A* lambda) {
    const std::size_t size = std::size_t{1} << program.bits;
    for (const lane_observable& o : program.observables)
        if (!o.vanishes && !is_diagonal(o))
            detail::apply_string(o.pauli, size, o.negative ? -gradient[o.string] : gradient[o.string], psi, lambda);
}

/// values[o.string] = <psi| O |psi> of all observables of a lane_program.
template <class A>
QVIT_INLINE void measure_observables(const auto& program, const auto& diagonal, const A* psi, auto* values) {
    if (diagonal.count > 0) measure_diagonal(program, diagonal, psi, values);
    measure_off_diagonal(program, psi, values);
}

/// lambda = sum over all observables of gradient[o.string] * O psi.
template <class A>
QVIT_INLINE void apply_observables(const auto& program, const auto& diagonal, const auto* gradient, const A* psi,
                                   A* lambda) {
    using S = typename amplitude<A>::lanes_type;
    if (diagonal.count > 0)
        apply_diagonal(program, diagonal, gradient, psi, lambda);
    else
        for (std::size_t k = 0; k < std::size_t{1} << program.bits; ++k)
            lambda[k] = amplitude<A>::real(S(real_of<S>(0)));
    apply_off_diagonal(program, gradient, psi, lambda);
}

}  // namespace qvit::inline QVIT_ABI
