// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_program.hpp>

namespace qvit::inline QVIT_ABI {

/// How the backward pass goes over one stage of a lane_program.
enum class stage_pass : std::uint8_t {
    undo_both,             ///< psi after the stage; the stage is undone on psi and lambda
    gradient_then_lambda,  ///< psi after the stage was kept and is only read
    lambda_then_gradient   ///< psi before the stage was kept; only where its rotations commute
};

/// What the forward pass of a lane_program keeps for the backward pass, in amplitudes.
///
/// With psi kept before and after every second stage, the way back never undoes psi: of two stages A, B the second has
/// its gradients taken with psi after it and then lambda undone, the first lambda undone and then its gradients taken
/// with psi before it. Rotations that do not commute need psi after themselves; they undo it in registers. Where all
/// that takes more than `most_kept_reals`, nothing is kept and the state is made again and undone.
/// `product`: as many growing stages come first and make a product state; their gradients need no psi at all.
template <std::size_t Stages>
struct lane_schedule {
    static constexpr std::uint16_t not_kept = 0xffff;
    bool keeps = false;
    std::size_t product = 0;
    std::size_t kept_amplitudes = 0;
    std::array<stage_pass, Stages + 1> pass{};
    std::array<std::uint16_t, Stages + 1> kept{};  ///< by stage before which psi is kept: where
};

/// Reals over lanes that may be kept per token: 64 KiB on 16 lanes of float, so that some tokens fit into the L2 cache.
inline constexpr std::size_t most_kept_reals = 1024;

/// Nothing kept, no product: what circuits known only at run time do.
struct undo_schedule {
    static constexpr bool keeps = false;
    static constexpr std::size_t product = 0;
};

/// How many stages at the start of a program make a product state over all of its bits, one each: no sign of an
/// earlier bit, and real.
constexpr std::size_t product_stages(const auto& lane) {
    if (!lane.real || lane.amplitude_input || lane.bits == 0 || lane.stages.size() < lane.bits) return 0;
    for (std::size_t bit = 0; bit < lane.bits; ++bit) {
        const auto& step = lane.steps[bit];
        const std::uint32_t own = std::uint32_t{1} << bit;
        if (!step.grows || step.pauli.mask != own || step.pauli.row != own || step.pauli.quarter != 1 ||
            lane.stages[bit].renormalise)
            return 0;
    }
    return lane.bits;
}

template <std::size_t Stages>
constexpr lane_schedule<Stages> make_lane_schedule(const auto& lane) {
    lane_schedule<Stages> result{};
    result.product = product_stages(lane);
    for (auto& place : result.kept) place = result.not_kept;
    std::array<bool, Stages + 1> wanted{};
    wanted[Stages] = true;
    for (std::size_t s = Stages; s-- > result.product;) {
        const auto& stage = lane.stages[s];
        result.pass[s] = stage_pass::gradient_then_lambda;
        if (wanted[s + 1]) continue;
        if (stage.axes != 0 && lane.shapes[stage.shape].commuting) {
            result.pass[s] = stage_pass::lambda_then_gradient;
            wanted[s] = true;
        } else {
            wanted[s + 1] = true;
        }
    }
    for (std::size_t s = result.product; s <= Stages; ++s) {
        if (!wanted[s]) continue;
        result.kept[s] = static_cast<std::uint16_t>(result.kept_amplitudes);
        result.kept_amplitudes += std::size_t{1} << (s == 0 ? lane.bits : std::size_t{lane.stages[s - 1].bits});
        if (result.kept_amplitudes * (lane.real ? 1 : 2) > most_kept_reals) {
            for (std::size_t k = 0; k <= Stages; ++k) {
                result.kept[k] = result.not_kept;
                result.pass[k] = stage_pass::undo_both;
            }
            result.kept_amplitudes = 0;
            return result;
        }
    }
    result.keeps = true;
    return result;
}

}  // namespace qvit::inline QVIT_ABI
