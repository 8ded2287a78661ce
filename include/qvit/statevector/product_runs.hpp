// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/meta/static_vector.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// Multiplies out the token monomials of a closed_form_plan over lanes, and sweeps back over them.
///
/// Products go in runs in which each is the one before times the next factor. A running product waits for its last
/// multiplication at every step; so long runs go four steps at a time: the four factors are multiplied among
/// themselves first, and the running product waits once. The same for the running gradient. Short programs are
/// unrolled product by product. Cost: 7/4 multiplications per product, twice that back.
template <const auto& Plan>
class product_runs {
    static constexpr const auto& program = Plan.token;  // clang takes no member of an object as a template argument
    static constexpr std::size_t factors = program.factor_count;
    static constexpr std::size_t products = program.product_count;
    struct run {
        std::uint16_t product = 0;  ///< number of its first product
        std::uint16_t left = 0;     ///< node that it starts from
        std::uint16_t right = 0;    ///< first factor
        std::uint16_t length = 0;
        bool first_back = false;  ///< the sweep back has not written the gradients of its factors before
    };
    static constexpr bool is_long = products > 64;
    static constexpr auto runs = [] {
        static_vector<run, products + 1> result{};
        for (std::size_t k = 0; k < products; ++k) {
            const auto [left, right] = program.products[k];
            if (is_long && !result.empty() && left + 1u == factors + k &&
                right == result.back().right + result.back().length)
                ++result.back().length;
            else
                result.push_back({static_cast<std::uint16_t>(k), left, right, 1, false});
        }
        return result;
    }();
    /// Runs in the order of the sweep back, and which factors' gradients have to start from zero.
    struct sweep {
        static_vector<run, products + 1> order{};
        std::array<bool, factors + 1> starts_at_zero{};
    };
    static constexpr sweep back = [] {
        sweep result{};
        std::array<bool, factors + 1> written{};
        for (std::size_t r = runs.size(); r-- > 0;) {
            run next = runs[r];
            next.first_back = true;
            for (std::size_t i = 0; i < next.length; ++i) next.first_back = next.first_back && !written[next.right + i];
            // What it adds to has to be there: gradients of factors that nothing wrote, and of a factor it starts from.
            for (std::size_t i = 0; i < next.length; ++i) {
                if (!next.first_back && !written[next.right + i]) result.starts_at_zero[next.right + i] = true;
                written[next.right + i] = true;
            }
            if (next.left < factors) {
                if (!written[next.left]) result.starts_at_zero[next.left] = true;
                written[next.left] = true;
            }
            result.order.push_back(next);
        }
        for (std::size_t k = 0; k < factors; ++k) result.starts_at_zero[k] = result.starts_at_zero[k] || !written[k];
        return result;
    }();

  public:
    template <class S>
    static QVIT_INLINE S read(const S* factor, const S* product, std::size_t node) {
        return node < factors ? factor[node] : product[node - factors];
    }

    /// product[k] of all products, from the factors.
    template <class S>
    static QVIT_INLINE void multiply_out(const S* factor, S* product) {
        unroll_short<runs.size()>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            const run& now = runs[r];
            S running = read(factor, product, now.left);
            const S* f = factor + now.right;
            S* to = product + now.product;
            std::size_t i = 0;
            if constexpr (is_long)
                for (; i + 4 <= now.length; i += 4) {
                    const S two = f[i] * f[i + 1];
                    const S three = two * f[i + 2];
                    const S four = two * (f[i + 2] * f[i + 3]);
                    to[i] = running * f[i];
                    to[i + 1] = running * two;
                    to[i + 2] = running * three;
                    running *= four;
                    to[i + 3] = running;
                }
            for (; i < now.length; ++i) {
                running *= f[i];
                to[i] = running;
            }
        });
    }

    /// Factors whose gradient sweep_back adds to without having written it: the caller sets these, and where a term is
    /// a factor alone.
    static constexpr bool starts_at_zero(std::size_t factor) { return back.starts_at_zero[factor]; }

    /// From the gradients of all products, as far as terms read them, to those of the factors, written or (where a term
    /// reads a factor: AddAll) added to. product_gradient is used up.
    template <bool AddAll, class S>
    static QVIT_INLINE void sweep_back(const S* factor, const S* product, S* factor_gradient, S* product_gradient) {
        unroll_short<back.order.size()>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            const run& now = back.order[r];
            const bool add = AddAll || !now.first_back;
            const S* const f = factor + now.right;
            S* const to = factor_gradient + now.right;
            // Step i > 0 starts from product i - 1 of the run, whose gradient starts from what terms gave it.
            const S* const made = product + now.product;
            const S* const term = product_gradient + now.product;
            S g = product_gradient[now.product + now.length - 1u];
            auto put = [&](std::size_t i, S upstream, S left)
                           QVIT_INLINE_LAMBDA { to[i] = add ? simd::fma(upstream, left, to[i]) : upstream * left; };
            std::size_t i = now.length;
            if constexpr (is_long)
                for (; i > 4; i -= 4) {
                    const S f1 = f[i - 1];
                    const S f2 = f1 * f[i - 2];
                    const S f3 = f2 * f[i - 3];
                    const S f4 = f2 * (f[i - 3] * f[i - 4]);
                    const S t2 = simd::fma(term[i - 2], f[i - 2], term[i - 3]);
                    const S t3 = simd::fma(t2, f[i - 3], term[i - 4]);
                    const S t4 = simd::fma(t3, f[i - 4], term[i - 5]);
                    put(i - 1, g, made[i - 2]);
                    put(i - 2, simd::fma(g, f1, term[i - 2]), made[i - 3]);
                    put(i - 3, simd::fma(g, f2, t2), made[i - 4]);
                    put(i - 4, simd::fma(g, f3, t3), made[i - 5]);
                    g = simd::fma(g, f4, t4);
                }
            for (; i > 1; --i) {
                put(i - 1, g, made[i - 2]);
                g = simd::fma(g, f[i - 1], term[i - 2]);
            }
            put(0, g, read(factor, product, now.left));
            S& left = now.left < factors ? factor_gradient[now.left] : product_gradient[now.left - factors];
            left = simd::fma(g, f[0], left);
        });
    }
};

}  // namespace qvit::inline QVIT_ABI
