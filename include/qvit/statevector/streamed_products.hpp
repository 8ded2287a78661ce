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
/// Here upstream gradients are read where they stand, products are made again from those in front of each chunk, and no
/// array of either is kept. `applies` where every string is the product of the cosines of neighbouring slots and
/// strings that start at one slot and end at the next each stand in order, as a layer of RY and a ring or chain of
/// CNOTs gives them. Cost: 7/4 multiplications per product, and some six operations more back.
template <const auto& Circuit>
class streamed_products {
    using tables = closed_form_tables<Circuit>;
    static constexpr const auto& plan = closed_form<Circuit>;
    static constexpr const auto& token = plan.token;
    static constexpr std::size_t factors = token.factor_count;
    static constexpr std::size_t chunk = 32;
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
        bool complete = false;
    };
    static constexpr family_list families = [] {
        family_list result{};
        if (factors <= chunk || !tables::factors_are_cosines || !tables::one_term_each || !slots<Circuit>::is_plain)
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
        result.complete = true;
        return result;
    }();

  public:
    static constexpr bool applies = families.complete;

    /// values[s] = string s, for all strings, from the factors.
    template <class S>
    static QVIT_INLINE void multiply_out(const S* factor, S* values) {
        for (std::size_t s = 0; s < Circuit.strings.size(); ++s)
            if (!tables::string_has_term[s]) values[s] = S(real_of<S>(0));
        unroll<families.list.size()>([&](auto f) QVIT_INLINE_LAMBDA {
            constexpr family now = families.list[f()];
            S running = product_of(factor + now.start, now.end - now.start);
            prefixes(factor + now.end, now.count, running, values + now.string);
        });
    }

    /// Calls done(k, gradient of factor k) for every factor, last to first, from the factors and the gradients of the
    /// strings.
    template <class S>
    static QVIT_INLINE void sweep_back(const S* factor, const S* upstream, auto&& done) {
        constexpr std::size_t count = families.list.size();
        constexpr std::size_t chunks = (factors + chunk - 1) / chunk;
        S before_chunk[count][chunks];  // each family's product in front of a chunk
        S running[count];               // the gradient of the product behind the factor that the family has come to
        unroll<count>([&](auto f) QVIT_INLINE_LAMBDA {
            constexpr family now = families.list[f()];
            running[f()] = S(real_of<S>(0));
            S product(real_of<S>(1));
            for (std::size_t c = now.start / chunk; c * chunk < now.last(); ++c) {
                const std::size_t begin = std::max(c * chunk, now.start);
                before_chunk[f()][c] = product;
                product *= product_of(factor + begin, std::min((c + 1) * chunk, now.last()) - begin);
            }
        });
        for (std::size_t c = chunks; c-- > 0;) {
            const std::size_t begin = c * chunk;
            const std::size_t end = std::min(begin + chunk, factors);
            S gradient[chunk];
            for (std::size_t k = begin; k < end; ++k) gradient[k - begin] = S(real_of<S>(0));
            unroll<count>([&](auto f) QVIT_INLINE_LAMBDA {
                constexpr family now = families.list[f()];
                const std::size_t from = std::max(begin, now.start);
                const std::size_t to = std::min(end, now.last());
                if (from >= to) return;
                S made[chunk + 1];  // made[k - from]: the product in front of factor k
                made[0] = before_chunk[f()][c];
                S product = made[0];
                prefixes(factor + from, to - from - 1, product, made + 1);
                const std::size_t first_string = std::clamp(now.end, from, to);
                if (to > first_string)
                    steps<true>(factor + first_string, upstream + (now.string + first_string - now.end),
                                to - first_string, running[f()], made + (first_string - from),
                                gradient + (first_string - begin));
                steps<false>(factor + from, upstream, first_string - from, running[f()], made,
                             gradient + (from - begin));
            });
            for (std::size_t k = end; k-- > begin;) done(k, gradient[k - begin]);
        }
    }

  private:
    /// f[0] ... f[count - 1] as four chains, which do not wait for each other.
    template <class S>
    static QVIT_INLINE S product_of(const S* f, std::size_t count) {
        const S one(real_of<S>(1));
        S product[4] = {one, one, one, one};
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4) unroll<4>([&](auto j) QVIT_INLINE_LAMBDA { product[j()] *= f[i + j()]; });
        for (; i < count; ++i) product[0] *= f[i];
        return (product[0] * product[1]) * (product[2] * product[3]);
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
    /// Back over `count` factors: gradient[k] += running made[k], and running, to which the string that ends at factor
    /// k adds term[k] (Adds), goes on to the product in front.
    template <bool Adds, class S>
    static QVIT_INLINE void steps(const S* f, const S* term, std::size_t count, S& running, const S* made,
                                  S* gradient) {
        const auto put = [&](std::size_t k, S g)
                             QVIT_INLINE_LAMBDA { gradient[k] = simd::fma(g, made[k], gradient[k]); };
        S g = running;
        std::size_t k = count;
        for (; k >= 4; k -= 4) {
            const S f2 = f[k - 1] * f[k - 2];
            const S f3 = f2 * f[k - 3];
            const S f4 = f2 * (f[k - 3] * f[k - 4]);
            if constexpr (Adds) {
                const S t1 = simd::fma(term[k - 1], f[k - 1], term[k - 2]);
                const S t2 = simd::fma(t1, f[k - 2], term[k - 3]);
                const S t3 = simd::fma(t2, f[k - 3], term[k - 4]);
                put(k - 1, g + term[k - 1]);
                put(k - 2, simd::fma(g, f[k - 1], t1));
                put(k - 3, simd::fma(g, f2, t2));
                put(k - 4, simd::fma(g, f3, t3));
                g = simd::fma(g, f4, t3 * f[k - 4]);
            } else {
                put(k - 1, g);
                put(k - 2, g * f[k - 1]);
                put(k - 3, g * f2);
                put(k - 4, g * f3);
                g *= f4;
            }
        }
        for (; k > 0; --k) {
            if constexpr (Adds) g += term[k - 1];
            put(k - 1, g);
            g *= f[k - 1];
        }
        running = g;
    }
};

}  // namespace qvit::inline QVIT_ABI
