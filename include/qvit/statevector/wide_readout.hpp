// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/pauli_string.hpp>
#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_reduce.hpp>
#include <qvit/statevector/wide_threads.hpp>
#include <qvit/statevector/wide_transform.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// Calls body(k, k ^ low, reals) for the pieces of a chunk in which k ^ low runs with k, `reals` at a time: a register
/// of S, or one real.
template <class R>
void for_partners(std::size_t chunk, std::size_t low, auto&& body) {
    constexpr std::size_t width = lane_count<lanes<R>>;
    if (low % width == 0 && chunk % width == 0)
        for (std::size_t k = 0; k < chunk; k += width) body(k, k ^ low, lanes<R>{});
    else
        for (std::size_t k = 0; k < chunk; ++k) body(k, k ^ low, R{});
}

/// The strings of one x mask: they read the same products conj(psi[k ^ x]) psi[k].
struct wide_string_group {
    std::uint64_t flips = 0;
    bool even = false;  ///< whether a string of it has an even number of Ys: it reads real parts
    bool odd = false;
    std::vector<std::size_t> members;
};

/// Strings that share an x mask in one group; without those that are 0 for being imaginary.
inline std::vector<wide_string_group> string_groups(const std::vector<pauli_string<64>>& strings, bool real) {
    std::vector<wide_string_group> groups;
    for (std::size_t s = 0; s < strings.size(); ++s) {
        const bool odd = (strings[s].y_count() & 1U) != 0;
        if (odd && real) continue;
        std::size_t g = 0;
        while (g < groups.size() && groups[g].flips != strings[s].x.words[0]) ++g;
        if (g == groups.size()) groups.push_back({strings[s].x.words[0], false, false, {}});
        (odd ? groups[g].odd : groups[g].even) = true;
        groups[g].members.push_back(s);
    }
    return groups;
}

/// The sign of a string's P|k> = sign i^(y mod 2) |k ^ x> for the bits of k above a chunk's.
inline double chunk_sign(const pauli_string<64>& string, std::size_t first) {
    const bool turned = (string.y_count() & 2U) != 0;
    const bool parity = (std::popcount(first & string.z.words[0]) & 1) != 0;
    return (turned != string.negative) != parity ? -1 : 1;
}
}  // namespace detail

/// <psi| P |psi> for many strings at once: one pass over the state for each different x mask (one for all strings of
/// Zs), some 15 operations per amplitude whatever the number of strings.
template <class R>
std::vector<double> string_expectations(const wide_view<const R>& psi, const std::vector<pauli_string<64>>& strings,
                                        std::size_t threads = 1) {
    const std::size_t chunk = psi.size < wide_chunk ? psi.size : wide_chunk;
    const std::size_t chunks = psi.size / chunk;
    const std::size_t blocks = chunks < 64 ? chunks : 64;  // whatever the number of threads
    std::vector<std::vector<double>> sums(blocks, std::vector<double>(strings.size()));
    const auto groups = detail::string_groups(strings, psi.im == nullptr);
    for_each_share(blocks, threads < blocks ? threads : blocks, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::array<R, wide_chunk> re{};
        std::array<R, wide_chunk> im{};
        for (std::size_t c = chunks / blocks * begin; c < chunks / blocks * end; ++c)
            for (const detail::wide_string_group& group : groups) {
                const std::size_t first = c * chunk;
                const std::size_t low = static_cast<std::size_t>(group.flips) % chunk;
                const std::size_t partner = first ^ (static_cast<std::size_t>(group.flips) - low);
                const R* const a = psi.re_at(first);
                const R* const b = psi.re_at(partner);
                const R* const p = psi.im_at(first);
                const R* const q = psi.im_at(partner);
                detail::for_partners<R>(chunk, low, [&](std::size_t k, std::size_t j, auto kind) QVIT_INLINE_LAMBDA {
                    using V = decltype(kind);
                    const auto at = [](const R* from) QVIT_INLINE_LAMBDA { return simd::load<V>(from); };
                    if (group.even) {
                        V product = at(b + j) * at(a + k);
                        if (p != nullptr) product = simd::fma(at(q + j), at(p + k), product);
                        simd::store(re.data() + k, product);
                    }
                    if (group.odd)  // Re(i conj(psi[k ^ x]) psi[k])
                        simd::store(im.data() + k, simd::fnma(at(b + j), at(p + k), at(q + j) * at(a + k)));
                });
                if (group.even) detail::transform_signs(re.data(), chunk);
                if (group.odd) detail::transform_signs(im.data(), chunk);
                for (const std::size_t s : group.members) {
                    const std::size_t z = static_cast<std::size_t>(strings[s].z.words[0]) % chunk;
                    const R value = (strings[s].y_count() & 1U) != 0 ? im[z] : re[z];
                    sums[c / (chunks / blocks)][s] +=
                        detail::chunk_sign(strings[s], first) * static_cast<double>(value);
                }
            }
    });
    std::vector<double> result(strings.size());
    for (const std::vector<double>& block : sums)
        for (std::size_t s = 0; s < result.size(); ++s) result[s] += block[s];
    return result;
}

/// lambda = sum over strings of coefficient * P |psi>; for a real state without the imaginary strings, which no
/// gradient of a real circuit sees. One pass for each different x mask.
template <class R>
void apply_strings(const wide_view<const R>& psi, const std::vector<pauli_string<64>>& strings,
                   const std::vector<double>& coefficients, const wide_view<R>& lambda, std::size_t threads = 1) {
    const std::size_t chunk = psi.size < wide_chunk ? psi.size : wide_chunk;
    const std::size_t chunks = psi.size / chunk;
    const auto groups = detail::string_groups(strings, psi.im == nullptr);
    for_each_share(chunks, threads < chunks ? threads : chunks, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::array<R, wide_chunk> even{};
        std::array<R, wide_chunk> odd{};
        for (std::size_t c = begin; c < end; ++c) {
            const std::size_t first = c * chunk;
            std::fill_n(lambda.re_at(first), chunk, R(0));
            if (lambda.im != nullptr) std::fill_n(lambda.im_at(first), chunk, R(0));
            for (const detail::wide_string_group& group : groups) {
                // lambda[k] += d(j) psi[j] for j = k ^ x: d is the transform of the coefficients by their z.
                const std::size_t low = static_cast<std::size_t>(group.flips) % chunk;
                const std::size_t partner = first ^ (static_cast<std::size_t>(group.flips) - low);
                even.fill(0);
                odd.fill(0);
                for (const std::size_t s : group.members) {
                    const std::size_t z = static_cast<std::size_t>(strings[s].z.words[0]) % chunk;
                    R& entry = ((strings[s].y_count() & 1U) != 0 ? odd : even)[z];
                    entry += static_cast<R>(coefficients[s] * detail::chunk_sign(strings[s], partner));
                }
                const R* const a = psi.re_at(partner);
                const R* const p = psi.im_at(partner);
                if (group.even) detail::transform_signs(even.data(), chunk);
                if (group.odd) detail::transform_signs(odd.data(), chunk);
                R* const re = lambda.re_at(first);
                R* const im = lambda.im_at(first);
                detail::for_partners<R>(chunk, low, [&](std::size_t k, std::size_t j, auto kind) QVIT_INLINE_LAMBDA {
                    using V = decltype(kind);
                    const auto at = [](const R* from) QVIT_INLINE_LAMBDA { return simd::load<V>(from); };
                    if (group.even) {
                        simd::store(re + k, simd::fma(at(even.data() + j), at(a + j), at(re + k)));
                        if (p != nullptr) simd::store(im + k, simd::fma(at(even.data() + j), at(p + j), at(im + k)));
                    }
                    if (group.odd) {
                        simd::store(re + k, simd::fnma(at(odd.data() + j), at(p + j), at(re + k)));
                        simd::store(im + k, simd::fma(at(odd.data() + j), at(a + j), at(im + k)));
                    }
                });
            }
        }
    });
}

}  // namespace qvit::inline QVIT_ABI
