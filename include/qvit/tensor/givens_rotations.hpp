// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include <qvit/circuit/topology.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// Every pair of channels has an angle of its own.
template <std::size_t AnglesGiven, std::size_t PairsOfChannels>
concept one_angle_per_pair = (AnglesGiven == PairsOfChannels);

/// y[t] = V x[t] with the orthogonal matrix V that one RBS gate per edge of a topology makes of C wires in the subspace
/// of one excitation, where amplitude i stands on wire i: x and y are T x C, theta one angle in radians per edge.
///
/// RBS(theta)(a, b) turns channels (b, a) by [[cos, sin], [-sin, cos]] (arXiv:2209.08167, section 2; FACTS, section 7).
/// It is the whole of such a circuit: 2^C amplitudes are never needed. Cost: 4 multiplications per edge and token
/// forward, twice that back; nothing is kept, the way back undoes each rotation.
///
///     auto y = tape.apply(givens_rotations<pyramid_topology>{}, x, tape.use(theta));   // C (C - 1) / 2 angles
template <topology Topology>
struct givens_rotations {
    static constexpr const char* name = "givens rotations";
    template <std::size_t C>
    static constexpr auto pairs = Topology::template edges<C>();

    template <std::size_t T, std::size_t C, std::size_t P>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<P>) {
        static_assert(one_angle_per_pair<P, pairs<C>.size()>,
                      "[qvit::givens_rotations] theta must have one angle per edge of the topology on C channels.");
        return {};
    }
    template <std::size_t T, std::size_t C, std::size_t P>
    static constexpr std::size_t multiply_adds(shape<T, C>, shape<P>) {
        return 4 * T * P;
    }

    template <class S, std::size_t T, std::size_t C, class Angle, std::size_t P>
    static void forward(auto y, S*, variable<S, shape<T, C>> x, variable<Angle, shape<P>> theta) {
        for (std::size_t i = 0; i < T * C; ++i) y.value[i] = x.value[i];
        for (std::size_t p = 0; p < P; ++p) {
            const auto [a, b] = pairs<C>[p];
            const S cosine(std::cos(theta(p))), sine(std::sin(theta(p)));
            for (std::size_t t = 0; t < T; ++t) {
                const S of_a = y(t, a);
                y(t, a) = simd::fnma(sine, y(t, b), cosine * of_a);
                y(t, b) = simd::fma(sine, of_a, cosine * y(t, b));
            }
        }
    }
    template <class S, std::size_t T, std::size_t C, class Angle, std::size_t P>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x, variable<Angle, shape<P>> theta) {
        std::array<S, P> sums;
        sums.fill(S(real_of<S>(0)));
        std::array<S, P> cosines, sines;
        for (std::size_t p = 0; p < P; ++p) cosines[p] = S(std::cos(theta(p))), sines[p] = S(std::sin(theta(p)));
        for (std::size_t t = 0; t < T; ++t) {
            S state[C], slope[C];
            for (std::size_t c = 0; c < C; ++c) state[c] = y(t, c), slope[c] = y.d(t, c);
            for (std::size_t p = P; p-- > 0;) {
                // a' = cos a - sin b, b' = sin a + cos b  =>  da' / dtheta = -b', db' / dtheta = a'
                const auto [a, b] = pairs<C>[p];
                sums[p] = simd::fma(slope[b], state[a], simd::fnma(slope[a], state[b], sums[p]));
                turn_back(state[a], state[b], cosines[p], sines[p]);
                turn_back(slope[a], slope[b], cosines[p], sines[p]);  // the transpose is the inverse
            }
            for (std::size_t c = 0; c < C; ++c) x.d(t, c) += slope[c];
        }
        for (std::size_t p = 0; p < P; ++p) theta.d(p) += simd::sum(sums[p]);
    }

  private:
    template <class S>
    static QVIT_INLINE void turn_back(S& a, S& b, S cosine, S sine) {
        const S of_a = a;
        a = simd::fma(sine, b, cosine * of_a);
        b = simd::fnma(sine, of_a, cosine * b);
    }
};

}  // namespace qvit::inline QVIT_ABI
