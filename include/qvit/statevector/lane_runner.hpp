// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <qvit/circuit/lane_routes.hpp>
#include <qvit/circuit/lane_schedule.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/lane_growth.hpp>
#include <qvit/statevector/lane_kernels.hpp>
#include <qvit/statevector/lane_measure.hpp>
#include <qvit/statevector/lane_product.hpp>
#include <qvit/statevector/lane_route_stage.hpp>
#include <qvit/statevector/lane_signs.hpp>
#include <qvit/statevector/lane_small.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <class A>
using run_kernel = void (*)(const lane_stage&, const lane_step*, const lane_angles<typename amplitude<A>::lanes_type>&,
                            const A*, A*);
/// Psi is A where it is undone, const A where it was kept.
template <class Psi, class A>
using back_kernel = void (*)(const lane_stage&, const lane_step*, const lane_angles<typename amplitude<A>::lanes_type>&,
                             Psi*, A*, typename amplitude<A>::lanes_type*);
}  // namespace detail

/// Runs a lane_program that is a constant: one kernel per shape, addresses and angles by table.
///
/// `prepare`: psi[2^bits] from the angles (norm 1 over the norms that uniform rotations were run without), and what the
/// schedule keeps of it. `measure`: values[string] = <psi| O |psi>. `apply_observables`: lambda = sum of gradient *
/// O psi. `back`: from lambda and psi to gradient[slot] += d / d angle. All up to the scales that lane_pass knows.
template <const auto& Program, const auto& Diagonal, class S>
struct lane_runner {
    using R = real_of<S>;
    using A = std::conditional_t<Program.real, S, complex_lanes<S>>;
    static constexpr std::size_t bits = Program.bits;
    static constexpr std::size_t size = std::size_t{1} << bits;
    static constexpr const auto& program = Program;
    static constexpr std::size_t stages = Program.stages.size();
    static constexpr auto schedule = make_lane_schedule<stages>(Program);
    static constexpr bool reads_signs = Diagonal.count > 0 && Diagonal.singles;
    static constexpr bool off_diagonal = [] {
        for (const lane_observable& o : Program.observables)
            if (!o.vanishes && !is_diagonal(o)) return true;
        return false;
    }();
    /// For a forward pass alone; not for deep circuits, since more kernels cost compile time.
    static constexpr auto routes = [] {
        if constexpr (schedule.keeps && !detail::runs_in_registers<Program>)
            return make_lane_routes<stages>(Program, size * sizeof(A), reads_signs && !off_diagonal);
        else
            return lane_routes<stages>{};
    }();

    /// Returns the final psi: it stands in `kept` where the schedule keeps states, unless kept is null, else in `psi`.
    /// `block_scale[b]`: what the b-th renormalisation multiplies by. With amplitude_input psi holds the state already.
    static const A* prepare(const lane_angles<S>& angles, const R* block_scale, A* psi, A* kept) {
        if constexpr (detail::runs_in_registers<Program>) {
            A* const to = schedule.keeps && kept ? kept + schedule.kept[stages] : psi;
            detail::prepare_in_registers<Program, schedule>(angles, block_scale, schedule.keeps ? kept : nullptr, to);
            return to;
        } else {
            return prepare_by_stages(angles, block_scale, psi, kept);
        }
    }
    /// `kept`: what prepare was given; where that was null, psi stands as `routes` leave it.
    static void measure(const A* psi, [[maybe_unused]] const A* kept, S* values) {
        if constexpr (reads_signs) {
            S sign[bits + 1];
            measure_signs<bits>(psi, (kept ? signs_at<false> : signs_at<routes.used>).data(), sign);
            for (std::size_t o = 0; o < Program.observables.size(); ++o) {
                const lane_observable& observable = Program.observables[o];
                if (!is_diagonal(observable)) continue;
                const S value = sign[sign_of[o]];
                values[observable.string] = observable.negative ? -value : value;
            }
        } else if constexpr (Diagonal.count > 0) {
            measure_diagonal(Program, Diagonal, psi, values);
        }
        if constexpr (off_diagonal)
            measure_off_diagonal(Program, psi, values);
        else
            for (const lane_observable& o : Program.observables)
                if (o.vanishes) values[o.string] = S(R(0));
    }
    static void apply_observables(const S* gradient, const A* psi, A* lambda) {
        if constexpr (reads_signs) {
            S sign[bits + 1];
            for (S& one : sign) one = S(R(0));
            for (std::size_t o = 0; o < Program.observables.size(); ++o) {
                const lane_observable& observable = Program.observables[o];
                if (!is_diagonal(observable)) continue;
                const S g = gradient[observable.string];
                sign[sign_of[o]] += observable.negative ? -g : g;
            }
            apply_signs<bits>(sign, sign[bits], signs_at<false>.data(), psi, lambda);
        } else if constexpr (Diagonal.count > 0) {
            apply_diagonal(Program, Diagonal, gradient, psi, lambda);
        } else {
            for (std::size_t k = 0; k < size; ++k) lambda[k] = amplitude<A>::real(S(R(0)));
        }
        if constexpr (off_diagonal) apply_off_diagonal(Program, gradient, psi, lambda);
    }
    /// `psi`: the final state, which is undone, or all kept ones, which are only read.
    static void back(const lane_angles<S>& angles, const R* undo_scale, std::size_t blocks,
                     std::conditional_t<schedule.keeps, const A, A>* psi, A* lambda, S* gradient) {
        if constexpr (detail::backs_in_registers<Program, schedule>)
            detail::back_in_registers<Program, schedule>(angles, undo_scale, blocks, psi, lambda, gradient);
        else
            back_by_stages(angles, undo_scale, blocks, psi, lambda, gradient);
        if constexpr (schedule.product > 0) {
            S c[bits];
            S s[bits];
            S product_gradient[bits];
            read_product(angles, c, s);
            gradient_product<bits>(lambda, c, s, product_gradient);
            for (std::size_t bit = 0; bit < bits; ++bit) gradient[Program.steps[bit].slot] += product_gradient[bit];
        }
    }

  private:
    /// Whether a stage behind the product reaches new amplitudes.
    static constexpr bool grows = [] {
        for (std::size_t i = schedule.product; i < stages; ++i)
            if (Program.stages[i].axes == 0) return true;
        return false;
    }();
    /// Where the amplitude of every sign stands, in bytes.
    template <bool BehindRoutes>
    static constexpr auto signs_at = [] {
        std::array<std::uint32_t, size> result{};
        std::uint32_t* to = result.data();
        for (const std::uint32_t q : Diagonal.stored)
            *to++ = (BehindRoutes ? routes.end_of(q) : q) * static_cast<std::uint32_t>(sizeof(A));
        return result;
    }();
    /// By observable: which sign it reads, or the sum of all.
    static constexpr auto sign_of = [] {
        std::array<std::uint16_t, Program.observables.size() + 1> result{};
        for (std::size_t o = 0; o < Program.observables.size(); ++o)
            result[o] = static_cast<std::uint16_t>(
                Diagonal.index[o] == 0 ? bits : static_cast<std::size_t>(std::countr_zero(Diagonal.index[o])));
        return result;
    }();

    static void read_product(const lane_angles<S>& angles, S* c, S* s) {
        for (std::size_t bit = 0; bit < schedule.product; ++bit) {
            const lane_step& step = Program.steps[bit];
            c[bit] = angles.c(step.slot, step.uniform);
            s[bit] = angles.s(step.slot, step.uniform);
        }
    }
    static void back_by_stages(const lane_angles<S>& angles, const R* undo_scale, std::size_t blocks,
                               std::conditional_t<schedule.keeps, const A, A>* psi, A* lambda, S* gradient) {
        for (std::size_t i = stages; i-- > schedule.product;) {
            const lane_stage& stage = Program.stages[i];
            if (stage.renormalise) {
                --blocks;
                if constexpr (!schedule.keeps) rescale_state(undo_scale[blocks], stage.bits, psi);
                rescale_state(undo_scale[blocks], stage.bits, lambda);
            }
            auto* const at = [&] {
                if constexpr (schedule.keeps)
                    return psi + schedule.kept[schedule.pass[i] == stage_pass::lambda_then_gradient ? i : i + 1];
                else
                    return psi;
            }();
            if constexpr (grows) {
                if (stage.axes == 0) {
                    shrink<!schedule.keeps, A>(Program.steps[stage.first], angles, at, lambda, gradient);
                    continue;
                }
            }
            back_kernels[static_cast<std::size_t>(schedule.pass[i])][stage.shape](stage, Program.steps.begin(), angles,
                                                                                  at, lambda, gradient);
        }
    }
    static const A* prepare_by_stages(const lane_angles<S>& angles, const R* block_scale, A* psi, A* kept) {
        auto place_at = [&](std::size_t stage) {
            const bool keep = schedule.keeps && kept != nullptr && schedule.kept[stage] != schedule.not_kept;
            return keep ? kept + schedule.kept[stage] : psi;
        };
        const A* at = psi;
        if constexpr (schedule.product > 0) {
            S c[bits];
            S s[bits];
            read_product(angles, c, s);
            A* const to = place_at(schedule.product);
            prepare_product<bits>(c, s, to);
            at = to;
        } else if constexpr (!Program.amplitude_input) {
            psi[0] = amplitude<A>::real(S(R(1)));
        }
        if constexpr (Program.amplitude_input || stages == 0) at = copy(psi, bits, place_at(0));
        const bool on_routes = routes.used && !kept;
        std::size_t block = 0;
        for (std::size_t i = schedule.product; i < (on_routes ? routes.first : stages); ++i) {
            const lane_stage& stage = Program.stages[i];
            A* const to = place_at(i + 1);
            bool grown = false;
            if constexpr (grows) {
                grown = stage.axes == 0;
                if (grown) {
                    copy(at, stage.bits - 1u, psi);
                    grow<A>(Program.steps[stage.first], angles, psi);
                    copy(psi, stage.bits, to);
                }
            }
            if (!grown) run_kernels[stage.shape](stage, Program.steps.begin(), angles, at, to);
            if (stage.renormalise) rescale_state(block_scale[block++], stage.bits, to);
            at = to;
        }
        if constexpr (routes.used)
            if (on_routes) run_on_routes<Program, routes>(angles, block_scale + block, psi);
        return at;
    }
    static const A* copy(const A* from, std::size_t from_bits, A* to) {
        if (from != to)
            for (std::size_t k = 0; k < std::size_t{1} << from_bits; ++k) to[k] = from[k];
        return to;
    }

    static constexpr std::size_t shapes = Program.shapes.size();
    static constexpr auto run_kernels = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<detail::run_kernel<A>, sizeof...(I) + 1>{&run_stage<Program.shapes[I], A>..., nullptr};
    }
    (std::make_index_sequence<shapes>{});
    using kept_psi = std::conditional_t<schedule.keeps, const A, A>;
    /// The kernel of a shape for a pass, null where no stage needs it.
    template <std::size_t Shape, stage_pass Pass>
    static constexpr detail::back_kernel<kept_psi, A> back_kernel_of() {
        constexpr bool used = [] {
            for (std::size_t i = 0; i < stages; ++i)
                if (Program.stages[i].axes != 0 && Program.stages[i].shape == Shape && schedule.pass[i] == Pass)
                    return true;
            return false;
        }();
        if constexpr (used)
            return &back_stage<Program.shapes[Shape], Pass, A>;
        else
            return nullptr;
    }
    template <stage_pass Pass>
    static constexpr auto kernels_of_pass = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<detail::back_kernel<kept_psi, A>, sizeof...(I) + 1>{back_kernel_of<I, Pass>()..., nullptr};
    }
    (std::make_index_sequence<shapes>{});
    static constexpr std::array<std::array<detail::back_kernel<kept_psi, A>, shapes + 1>, 3> back_kernels = {
        kernels_of_pass<stage_pass::undo_both>, kernels_of_pass<stage_pass::gradient_then_lambda>,
        kernels_of_pass<stage_pass::lambda_then_gradient>};
};

}  // namespace qvit::inline QVIT_ABI
