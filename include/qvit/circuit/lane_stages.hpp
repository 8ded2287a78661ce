// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include <qvit/circuit/lane_program.hpp>

namespace qvit::inline QVIT_ABI {

// How the rotations of a lane_program are cut into stages, and what each stage's groups of amplitudes are: for
// make_lane_program, which calls add_to_stages for one rotation after the other, then finish_stage for every stage.
// Cost: O(1) per rotation, and O(bits^3) per stage at worst.

namespace detail {
constexpr bool commute(const amplitude_pauli& p, const amplitude_pauli& q) {
    return __builtin_parity((p.mask & q.row) ^ (p.row & q.mask)) == 0;
}

/// Whether a stage of complex amplitudes ends before a step, so that few kinds of stages come up, and few kernels are
/// compiled: before and after a long run of diagonal rotations, and where a rotation would bring a new axis but does
/// not commute with those that brought the others, which are of another layer then.
template <class Program>
constexpr bool ends_before(const Program& program, const lane_stage& stage, std::size_t step, const echelon& span) {
    constexpr std::size_t enough = 5;
    const auto diagonal = [&](std::size_t i) { return i < program.steps.size() && program.steps[i].pauli.mask == 0; };
    if (span.reduce(program.steps[step].pauli.mask) != 0)
        for (std::size_t i = stage.first; i < stage.last; ++i)
            if (!diagonal(i) && !commute(program.steps[i].pauli, program.steps[step].pauli)) return true;
    if (diagonal(step) == diagonal(step - 1)) return false;
    if (diagonal(step)) {
        std::size_t run = 0;
        while (run < enough && diagonal(step + run)) ++run;
        return run == enough;
    }
    return span.rank == 0 && std::size_t{stage.last} - stage.first >= enough;
}

/// Starts the stage of rotation number `step`, or adds the rotation to the last stage, whose masks `span` holds, where
/// that has room.
template <class Program>
constexpr void add_to_stages(Program& program, echelon& span, std::size_t step, std::size_t most_axes,
                             std::size_t most_steps) {
    const lane_step s = program.steps[step];
    if (!program.stages.empty() && !s.grows) {
        const lane_stage stage = program.stages.back();
        bool open = stage.axes > 0 && stage.bits == s.bits && std::size_t{stage.last} - stage.first < most_steps &&
                    (span.rank < most_axes || span.reduce(s.pauli.mask) == 0);
        if (open && !program.real) open = !ends_before(program, stage, step, span);
        // A state that is one group runs forward in registers, whatever its stages. Backward, rotations that commute
        // need one vector in registers instead of two.
        if (open && program.bits <= most_axes)
            for (std::size_t i = stage.first; i < stage.last; ++i)
                open = open && commute(program.steps[i].pauli, s.pauli);
        if (open) {
            span.add(s.pauli.mask);
            program.stages.back().last = static_cast<std::uint16_t>(step + 1);
            return;
        }
    }
    span = {};
    span.add(s.pauli.mask);
    lane_stage stage{};
    stage.first = static_cast<std::uint16_t>(step);
    stage.last = static_cast<std::uint16_t>(step + 1);
    stage.bits = s.bits;
    stage.axes = s.grows ? 0 : 1;  // not yet counted
    program.stages.push_back(stage);
}

/// The rows so that every pivot is in one row only.
constexpr echelon reduced_echelon(const std::uint32_t* row, std::size_t count) {
    echelon result;
    for (std::size_t i = 0; i < count; ++i) result.add(row[i]);
    for (std::size_t i = result.rank; i-- > 0;)
        for (std::size_t k = 0; k < i; ++k)
            if (result.rows[k] & result.pivots[i]) result.rows[k] ^= result.rows[i];
    return result;
}
/// The vector of a bit that is no pivot which every row of a reduced echelon has even overlap with; 0 for a pivot.
constexpr std::uint32_t orthogonal_to(const echelon& rows, std::uint32_t bit) {
    std::uint32_t vector = bit;
    for (std::size_t i = 0; i < rows.rank; ++i) {
        if (rows.pivots[i] == bit) return 0;
        if (rows.rows[i] & bit) vector |= rows.pivots[i];
    }
    return vector;
}

/// A vector that row k, of independent rows, has odd overlap with, and the others even.
constexpr std::uint32_t dual_of(const std::uint32_t* row, std::size_t count, std::size_t k) {
    std::uint32_t others[most_stage_steps] = {};
    std::size_t n = 0;
    for (std::size_t i = 0; i < count; ++i)
        if (i != k) others[n++] = row[i];
    const echelon signs = reduced_echelon(others, n);
    for (std::uint32_t bit = 1;; bit <<= 1) {
        const std::uint32_t vector = orthogonal_to(signs, bit);
        if (__builtin_parity(vector & row[k])) return vector;
    }
}

/// Axes and bases of a stage whose rotations are known; its shape is returned. All in local variables: while compiling,
/// a reference into a table is walked at every use.
constexpr stage_shape finish_stage(lane_stage& result, const auto& steps, std::size_t most_axes) {
    lane_stage stage = result;
    const std::size_t count = std::size_t{stage.last} - stage.first;
    amplitude_pauli pauli[most_stage_steps] = {};
    stage_shape shape{};
    shape.steps = static_cast<std::uint8_t>(count);
    for (std::size_t i = 0; i < count; ++i) {
        const lane_step step = steps[stage.first + i];
        pauli[i] = step.pauli;
        shape.at[i].quarter = step.pauli.quarter;
        shape.at[i].uniform = step.uniform;
    }
    // The axes are the masks that are new as they come. A stage of diagonal rotations could take any; it takes those on
    // each of which the sign of one rotation alone depends, so that such stages have one shape.
    std::uint32_t axis[most_stage_axes] = {};
    std::size_t axes = 0;
    echelon span;
    for (std::size_t i = 0; i < count; ++i)
        if (span.add(pauli[i].mask)) axis[axes++] = pauli[i].mask;
    const std::uint32_t all = (std::uint32_t{1} << stage.bits) - 1;
    if (axes == 0) {
        echelon independent;
        std::uint32_t rows[most_stage_steps] = {};
        std::size_t rank = 0;
        for (std::size_t i = 0; i < count; ++i)
            if (independent.add(pauli[i].row & all)) rows[rank++] = pauli[i].row & all;
        for (; axes < rank && axes < most_axes; ++axes) {
            axis[axes] = dual_of(rows, rank, axes);
            span.add(axis[axes]);
        }
    }
    for (std::uint32_t bit = 1; bit <= all && axes == 0; bit <<= 1)
        if (span.add(bit)) axis[axes++] = bit;
    stage.axes = static_cast<std::uint8_t>(axes);
    stage.offset[0] = 0;
    for (std::size_t a = 0, half = 1; a < axes; ++a, half *= 2)
        for (std::size_t l = 0; l < half; ++l) stage.offset[half + l] = stage.offset[l] ^ axis[a];
    for (std::size_t i = 0; i < count; ++i) {
        unsigned row = 0;
        for (std::size_t a = 0; a < axes; ++a)
            if (__builtin_parity(pauli[i].row & axis[a])) row |= 1u << a;
        shape.at[i].row = static_cast<std::uint8_t>(row);
    }
    // The groups' bases: as many as there are on which no rotation's sign depends, then such that few do. Diagonal
    // rotations that are the same on a whole group, whose signs depend on it anyway, are the last to be asked.
    std::uint32_t row_of[most_stage_steps] = {};
    std::size_t rows = 0;
    echelon independent;
    for (const bool last : {false, true})
        for (std::size_t i = 0; i < count; ++i)
            if ((shape.at[i].row == 0 && pauli[i].mask == 0) == last && independent.add(pauli[i].row & all))
                row_of[rows++] = pauli[i].row & all;
    std::size_t bases = 0;
    const std::size_t wanted = stage.bits - axes;
    for (std::size_t asked = rows; bases < wanted; --asked) {
        const echelon signs = reduced_echelon(row_of, asked);
        for (std::uint32_t bit = 1; bit <= all && bases < wanted; bit <<= 1) {
            const std::uint32_t vector = orthogonal_to(signs, bit);
            if (vector != 0 && span.add(vector)) stage.base[bases++] = vector;
        }
    }

    shape.axes = stage.axes;
    for (std::size_t i = 0; i < count; ++i) {
        const amplitude_pauli p = pauli[i];
        std::size_t mask = 0;
        while (stage.offset[mask] != p.mask) ++mask;
        bool varies = false;
        for (std::size_t b = 0; b < wanted && !varies; ++b) varies = __builtin_parity(p.row & stage.base[b]) != 0;
        shape.at[i].mask = static_cast<std::uint8_t>(mask);
        shape.at[i].varies = varies;
        for (std::size_t j = 0; j < i && shape.commuting; ++j) shape.commuting = commute(p, pauli[j]);
    }
    result = stage;
    return shape;
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
