// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/circuit/lane_stages.hpp>

namespace qvit::inline QVIT_ABI {

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
    detail::echelon span;
    for (std::size_t i = 0; i < result.steps.size(); ++i) {
        lane_step& step = result.steps[i];
        step.pauli.row = basis.row(program.rotations[step.slot].z) & ((std::uint32_t{1} << step.bits) - 1);
        const std::size_t stages = result.stages.size();
        detail::add_to_stages(result, span, i, most_axes, most_stage_steps);
        if (result.stages.size() > stages && uniform_steps > 40) {
            result.stages[stages - 1].renormalise = true;
            uniform_steps = 0;
        }
        if (step.uniform && !step.grows) ++uniform_steps;
    }
    for (lane_stage& stage : result.stages) {
        if (stage.axes == 0) continue;
        const stage_shape shape = detail::finish_stage(stage, result.steps, most_axes);
        std::size_t number = 0;
        while (number < result.shapes.size() && !(result.shapes[number] == shape)) ++number;
        if (number == result.shapes.size()) result.shapes.push_back(shape);
        stage.shape = static_cast<std::uint16_t>(number);
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
