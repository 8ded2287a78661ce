// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/circuit/lane_program.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
constexpr bool commute(const amplitude_pauli& p, const amplitude_pauli& q) {
    return parity(p.mask & q.row) == parity(p.row & q.mask);
}

/// Starts the stage of rotation number `step`, or adds the rotation to the last stage where that has room.
template <class Program>
constexpr void add_to_stages(Program& program, std::size_t step, std::size_t most_axes, std::size_t most_steps) {
    const lane_step& s = program.steps[step];
    const auto number = static_cast<std::uint16_t>(step);
    if (!program.stages.empty() && !s.grows) {
        lane_stage& stage = program.stages.back();
        echelon span;
        bool open = stage.axes > 0 && stage.bits == s.bits && std::size_t{stage.last} - stage.first < most_steps;
        if (open) {
            for (std::size_t i = stage.first; i < stage.last; ++i) span.add(program.steps[i].pauli.mask);
            span.add(s.pauli.mask);
            open = span.rows.size() <= most_axes;
            // A state that is one group runs forward in registers, whatever its stages. Backward, rotations that
            // commute need one vector in registers instead of two.
            if (program.bits <= most_axes)
                for (std::size_t i = stage.first; i < stage.last; ++i)
                    open = open && commute(program.steps[i].pauli, s.pauli);
        }
        if (open) {
            stage.last = static_cast<std::uint16_t>(step + 1);
            return;
        }
    }
    lane_stage stage{};
    stage.first = number;
    stage.last = static_cast<std::uint16_t>(step + 1);
    stage.bits = s.bits;
    stage.axes = s.grows ? 0 : 1;  // not yet counted
    program.stages.push_back(stage);
}

/// Axes, bases and shape of a stage whose rotations are known.
template <class Program>
constexpr void finish_stage(Program& program, lane_stage& stage) {
    if (stage.axes == 0) return;
    // The axes are the masks that are new as they come; a stage of diagonal rotations takes any amplitudes as axes.
    std::uint32_t axis[most_stage_axes] = {};
    std::size_t axes = 0;
    echelon span;
    for (std::size_t i = stage.first; i < stage.last; ++i)
        if (span.add(program.steps[i].pauli.mask)) axis[axes++] = program.steps[i].pauli.mask;
    const std::uint32_t all = (std::uint32_t{1} << stage.bits) - 1;
    for (std::uint32_t bit = 1; bit <= all && axes == 0; bit <<= 1)
        if (span.add(bit)) axis[axes++] = bit;
    stage.axes = static_cast<std::uint8_t>(axes);
    for (std::size_t l = 0; l < std::size_t{1} << axes; ++l) {
        stage.offset[l] = 0;
        for (std::size_t a = 0; a < axes; ++a)
            if ((l >> a) & 1) stage.offset[l] ^= axis[a];
    }
    // Bases on which no rotation's sign depends, as far as there are any; then any others.
    echelon rows;
    for (std::size_t i = stage.first; i < stage.last; ++i) rows.add(program.steps[i].pauli.row & all);
    std::size_t bases = 0;
    const std::size_t wanted = stage.bits - axes;
    // Reduced echelon form: every pivot in one row only. A free bit then gives a vector orthogonal to all rows.
    for (std::size_t i = rows.rows.size(); i-- > 0;)
        for (std::size_t k = 0; k < i; ++k) {
            const std::uint32_t pivot = rows.rows[i] & (~rows.rows[i] + 1);
            if (rows.rows[k] & pivot) rows.rows[k] ^= rows.rows[i];
        }
    std::uint32_t pivots = 0;
    for (const std::uint32_t row : rows.rows) pivots |= row & (~row + 1);
    for (std::uint32_t bit = 1; bit <= all && bases < wanted; bit <<= 1) {
        if (pivots & bit) continue;
        std::uint32_t vector = bit;
        for (const std::uint32_t row : rows.rows)
            if (row & bit) vector |= row & (~row + 1);
        if (span.add(vector)) stage.base[bases++] = vector;
    }
    for (std::uint32_t bit = 1; bit <= all && bases < wanted; bit <<= 1)
        if (span.add(bit)) stage.base[bases++] = bit;

    stage_shape shape{};
    shape.axes = stage.axes;
    shape.steps = static_cast<std::uint8_t>(stage.last - stage.first);
    for (std::size_t i = stage.first; i < stage.last; ++i) {
        const amplitude_pauli& p = program.steps[i].pauli;
        stage_shape::step& local = shape.at[i - stage.first];
        for (std::size_t l = 0; l < std::size_t{1} << axes; ++l)
            if (stage.offset[l] == p.mask) local.mask = static_cast<std::uint8_t>(l);
        for (std::size_t a = 0; a < axes; ++a)
            if (parity(p.row & axis[a])) local.row = static_cast<std::uint8_t>(local.row | (1u << a));
        for (std::size_t b = 0; b < wanted; ++b) local.varies = local.varies || parity(p.row & stage.base[b]);
        local.quarter = p.quarter;
        local.uniform = program.steps[i].uniform;
        for (std::size_t j = stage.first; j < i; ++j) {
            const amplitude_pauli& q = program.steps[j].pauli;
            if (!commute(p, q)) shape.commuting = false;
        }
    }
    std::size_t number = 0;
    while (number < program.shapes.size() && !(program.shapes[number] == shape)) ++number;
    if (number == program.shapes.size()) program.shapes.push_back(shape);
    stage.shape = static_cast<std::uint16_t>(number);
}
}  // namespace detail

/// Lays out those rotations of a pauli_program for which `kept(rotation)` and those strings for which `wanted(string)`.
///
/// Cost: O(rotations * bits). See lane_program. After every 40 uniform rotations a stage is marked `renormalise`: these
/// run without their cosines, so norms grow by up to sqrt(2) each.
template <class LaneProgram>
constexpr LaneProgram make_lane_program(const auto& program, auto&& kept, auto&& wanted) {
    using source = std::remove_cvref_t<decltype(program)>;
    constexpr std::size_t max_width = source::max_width;
    LaneProgram result{};
    detail::reached_basis<max_width> basis;
    bit_set<max_width> rest;
    result.amplitude_input = program.amplitude_input;
    if (program.amplitude_input) {
        if (program.width > lane_statevector_max_width) {
            result.feasible = false;
            return result;
        }
        for (std::size_t wire = 0; wire < program.width; ++wire) {
            bit_set<max_width> unit;
            unit.insert(wire);
            basis.add(unit, unit, 0);
        }
    }
    for (std::size_t i = 0; i < program.rotations.size(); ++i) {
        if (!kept(i)) continue;
        lane_step step{};
        step.pauli.mask = basis.coordinates(program.rotations[i].x, rest);
        step.grows = !rest.empty();
        if (step.grows) {
            if (basis.full()) {
                result.feasible = false;
                return result;
            }
            const std::uint32_t next = std::uint32_t{1} << basis.size();
            basis.add(program.rotations[i].x, rest, step.pauli.mask);
            step.pauli.mask = next;
        }
        if (basis.size() == 0) continue;  // a phase of |0..0>
        step.bits = static_cast<std::uint8_t>(basis.size());
        step.slot = static_cast<std::uint16_t>(i);
        step.uniform = program.uniform[i] != 0;
        step.pauli.quarter = static_cast<std::uint8_t>(program.rotations[i].y_count() % 4);
        result.real = result.real && step.pauli.is_real();
        if (step.pauli.quarter >= 2 && !step.grows) {
            step.pauli.quarter = static_cast<std::uint8_t>(step.pauli.quarter - 2);
            step.turned = true;
        }
        result.steps.push_back(step);
    }
    result.bits = basis.size();
    for (std::size_t k = 0; k < program.strings.size(); ++k) {
        if (!wanted(k)) continue;
        lane_observable o{};
        o.string = static_cast<std::uint16_t>(k);
        o.negative = program.strings[k].negative;
        o.pauli.mask = basis.coordinates(program.strings[k].x, rest);
        o.pauli.row = basis.row(program.strings[k].z);
        o.pauli.quarter = static_cast<std::uint8_t>(program.strings[k].y_count() % 4);
        o.vanishes = !rest.empty();
        result.observables.push_back(o);
    }
    // <P> of a real state is zero where P is imaginary.
    if (result.real)
        for (auto& o : result.observables) o.vanishes = o.vanishes || o.pauli.quarter % 2 == 1;

    const std::size_t most_axes = result.real ? 4 : 3;
    std::size_t uniform_steps = 0;
    for (std::size_t i = 0; i < result.steps.size(); ++i) {
        lane_step& step = result.steps[i];
        step.pauli.row = basis.row(program.rotations[step.slot].z) & ((std::uint32_t{1} << step.bits) - 1);
        const std::size_t stages = result.stages.size();
        detail::add_to_stages(result, i, most_axes, most_stage_steps);
        if (result.stages.size() > stages && uniform_steps > 40) {
            result.stages[stages - 1].renormalise = true;
            uniform_steps = 0;
        }
        if (step.uniform && !step.grows) ++uniform_steps;
    }
    for (lane_stage& stage : result.stages) detail::finish_stage(result, stage);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
