// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/static_vector.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/closed_form_tables.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// A closed form of many wires and the sweep back over it, chunk by chunk of its factors: every array is read once.
///
/// With 256 wires each array of a token is 16 KB, and sweeps over one array after the other wait for the second cache.
/// `applies` where every string is the product of the cosines of neighbouring slots, and strings that start at one slot
/// and end at the next each stand in order, as a layer of RY and a ring or chain of CNOTs gives them.
/// From `shared` on, where the last family starts, all families are one: string s is head_f m_s, head_f the product of
/// family f's factors in front of `shared` and m_s = f_shared ... f_end the product that all of them share. With
/// u_k = sum of head_f times the gradient of f's string that ends at k, d / d f_k = (f_shared ... f_(k-1)) r_k where
/// r_k = u_k + f_(k+1) r_(k+1): one recurrence whatever the number of families, and no division.
/// Cost: 11/4 multiplications per product, and some eight operations more back.
template <const auto& Circuit>
class streamed_products {
    using tables = closed_form_tables<Circuit>;
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& token = plan.token;
    static constexpr std::size_t factors = token.factor_count;
    static constexpr std::size_t chunk = 32;
    static constexpr std::size_t most_factors_in_cache = 20;  ///< fewer are swept array by array
    static constexpr std::size_t most_families = 4;

    /// String number string + i is factor[start] ... factor[end + i], for i < count.
    struct family {
        std::size_t start = 0;
        std::size_t end = 0;
        std::size_t string = 0;
        std::size_t count = 0;
        constexpr std::size_t last() const { return end + count; }  ///< one past the last factor
    };
    struct family_list {
        static_vector<family, most_families> list{};
        std::size_t shared = 0;
        bool complete = false;
    };
    static constexpr family_list families = [] {
        family_list result{};
        if (factors <= most_factors_in_cache || !tables::factors_are_cosines || !tables::one_term_each ||
            !slots<Circuit>::is_plain)
            return result;
        static_vector<bit_set<factors>, token.node_count()> members{};
        for (std::size_t k = 0; k < token.node_count(); ++k) {
            bit_set<factors> set{};
            if (k < factors)
                set.insert(k);
            else
                set = members[token.products[k - factors].left] | members[token.products[k - factors].right];
            members.push_back(set);
        }
        for (std::size_t t = 0; t < plan.term_count; ++t) {
            const auto& term = plan.terms[t];
            if (term.negative || term.coefficient != plan.uniform.none) return result;
            const bit_set<factors>& set = members[term.monomial];
            std::size_t first = factors;
            std::size_t last = 0;
            for (std::size_t w = 0; w < set.word_count; ++w) {
                if (set.words[w] == 0) continue;
                if (first == factors) first = 64 * w + static_cast<std::size_t>(std::countr_zero(set.words[w]));
                last = 64 * w + 63 - static_cast<std::size_t>(std::countl_zero(set.words[w]));
            }
            if (set.count() != last + 1 - first) return result;
            std::size_t f = 0;
            while (f < result.list.size() && (result.list[f].start != first || result.list[f].last() != last ||
                                              result.list[f].string + result.list[f].count != std::size_t{term.string}))
                ++f;
            if (f < result.list.size()) {
                ++result.list[f].count;
            } else {
                if (f == most_families) return result;
                result.list.push_back({first, last, term.string, 1});
            }
        }
        result.complete = result.list.size() > 0;
        for (const family& f : result.list) result.shared = std::max(result.shared, f.start);
        // In front of it stands a scalar or two; strings that end there would need a sweep of their own.
        for (const family& f : result.list)
            result.complete = result.complete && f.end >= result.shared && result.shared <= 2;
        return result;
    }();
    static constexpr std::size_t shared = families.shared;
    static constexpr std::size_t chunks = (factors - shared + chunk - 1) / chunk;

  public:
    static constexpr bool applies = families.complete;
    /// What multiply_out leaves for sweep_back: the shared product in front of each chunk.
    static constexpr std::size_t kept = applies ? chunks : std::size_t{0};

    /// values[s] = string s, for all strings, from the factors; in_front[kept] is written for sweep_back, or null.
    ///
    /// make(first, last) is called for the factors in turn, just before they are read: to write them all first would
    /// leave the memory idle there, and have all values wait for it here.
    template <class S>
    static QVIT_INLINE void multiply_out(const S* factor, S* values, S* in_front, auto&& make) {
        for (std::size_t s = 0; s < Circuit.strings.size(); ++s)
            if (!tables::string_has_term[s]) values[s] = S(real_of<S>(0));
        S head[families.list.size()];
        make(std::size_t{0}, shared);
        heads(factor, head);
        S running(real_of<S>(1));
        for (std::size_t c = 0; c < chunks; ++c) {
            const std::size_t begin = shared + c * chunk;
            const std::size_t end = std::min(begin + chunk, factors);
            make(begin, end);
            S made[chunk + 1];
            if (in_front) in_front[c] = running;
            made[0] = running;
            prefixes(factor + begin, end - begin, running, made + 1);
            unroll<families.list.size()>([&](auto f) QVIT_INLINE_LAMBDA {
                constexpr family now = families.list[f()];
                const std::size_t first = std::max(begin, now.end);
                S* const to = values + now.string;
                for (std::size_t k = first; k < std::min(end, now.last()); ++k)
                    to[k - now.end] = now.start == shared ? made[k - begin + 1] : head[f()] * made[k - begin + 1];
            });
        }
    }

    /// Calls done(k, gradient of factor k) for every factor, last to first, from the factors, the gradients of the
    /// strings and what multiply_out kept.
    template <class S>
    static QVIT_INLINE void sweep_back(const S* factor, const S* upstream, const S* in_front, auto&& done) {
        constexpr std::size_t count = families.list.size();
        const S zero(real_of<S>(0));
        S head[count];
        heads(factor, head);
        S behind[count];  // sum of upstream times the shared product, of each family that has factors in front
        unroll<count>([&](auto f) QVIT_INLINE_LAMBDA { behind[f()] = zero; });
        S running = zero;
        for (std::size_t c = chunks; c-- > 0;) {
            const std::size_t begin = shared + c * chunk;
            const std::size_t end = std::min(begin + chunk, factors);
            S made[chunk + 1];  // made[k - begin]: the shared product in front of factor k
            S product = in_front[c];
            made[0] = product;
            prefixes(factor + begin, end - begin, product, made + 1);
            S term[chunk];  // u_k
            bool written = false;
            unroll<count>([&](auto f) QVIT_INLINE_LAMBDA {
                constexpr family now = families.list[f()];
                const std::size_t first = std::clamp(now.end, begin, end);
                const std::size_t last = std::clamp(now.last(), begin, end);
                if (first == last) return;
                if (!written)
                    for (std::size_t k = begin; k < end; ++k)
                        if (k < first || k >= last) term[k - begin] = zero;
                S sum = behind[f()];
                for (std::size_t k = first; k < last; ++k) {
                    const S from = upstream[now.string + (k - now.end)];
                    const S g = now.start == shared ? from : head[f()] * from;
                    term[k - begin] = written ? term[k - begin] + g : g;
                    if constexpr (now.start != shared) sum = simd::fma(from, made[k - begin + 1], sum);
                }
                behind[f()] = sum;
                written = true;
            });
            if (!written)
                for (S& t : term) t = zero;
            steps(factor + begin, term, end - begin, running, made,
                  [&](std::size_t k, S gradient) QVIT_INLINE_LAMBDA { done(begin + k, gradient); });
        }
        // head_f = f_start ... f_(shared-1), whose gradient is `behind`.
        unroll<shared>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr std::size_t k = shared - 1 - i();
            S gradient = zero;
            unroll<count>([&](auto f) QVIT_INLINE_LAMBDA {
                constexpr family now = families.list[f()];
                if constexpr (now.start <= k) {
                    S others = behind[f()];
                    unroll<shared - now.start, now.start>([&](auto other) QVIT_INLINE_LAMBDA {
                        if constexpr (other() != k) others *= factor[other()];
                    });
                    gradient += others;
                }
            });
            done(k, gradient);
        });
    }

  private:
    template <class S>
    static QVIT_INLINE void heads(const S* factor, S* head) {
        unroll<families.list.size()>([&](auto f) QVIT_INLINE_LAMBDA {
            constexpr std::size_t start = families.list[f()].start;
            head[f()] = S(real_of<S>(1));
            unroll<shared - start, start>([&](auto k) QVIT_INLINE_LAMBDA { head[f()] *= factor[k()]; });
        });
    }
    /// to[i] = running f[0] ... f[i]; four at a time, so that the running product waits once.
    template <class S>
    static QVIT_INLINE void prefixes(const S* f, std::size_t count, S& running, S* to) {
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4) {
            const S two = f[i] * f[i + 1];
            to[i] = running * f[i];
            to[i + 1] = running * two;
            to[i + 2] = running * (two * f[i + 2]);
            running *= two * (f[i + 2] * f[i + 3]);
            to[i + 3] = running;
        }
        for (; i < count; ++i) {
            running *= f[i];
            to[i] = running;
        }
    }
    /// Back over `count` factors: put(k, made[k] r_k), where running comes as f r of the factor behind and goes on as
    /// that of the first factor here.
    template <class S>
    static QVIT_INLINE void steps(const S* f, const S* term, std::size_t count, S& running, const S* made, auto&& put) {
        S g = running;
        std::size_t k = count;
        for (; k >= 4; k -= 4) {
            const S f2 = f[k - 1] * f[k - 2];
            const S f3 = f2 * f[k - 3];
            const S f4 = f2 * (f[k - 3] * f[k - 4]);
            const S t1 = simd::fma(term[k - 1], f[k - 1], term[k - 2]);
            const S t2 = simd::fma(t1, f[k - 2], term[k - 3]);
            const S t3 = simd::fma(t2, f[k - 3], term[k - 4]);
            put(k - 1, made[k - 1] * (g + term[k - 1]));
            put(k - 2, made[k - 2] * simd::fma(g, f[k - 1], t1));
            put(k - 3, made[k - 3] * simd::fma(g, f2, t2));
            put(k - 4, made[k - 4] * simd::fma(g, f3, t3));
            g = simd::fma(g, f4, t3 * f[k - 4]);
        }
        for (; k > 0; --k) {
            g += term[k - 1];
            put(k - 1, made[k - 1] * g);
            g *= f[k - 1];
        }
        running = g;
    }
};

}  // namespace qvit::inline QVIT_ABI
