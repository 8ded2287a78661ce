// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <qvit/circuit/lane_diagonal.hpp>
#include <qvit/circuit/lane_program.hpp>
#include <qvit/circuit/stage_shape.hpp>

namespace qvit::inline QVIT_ABI {

/// A lane_program with run-time sizes, for circuits known at run time; `make_lane_program` fills it, at its cost.
///
///     runtime_lane_program lane;   lane.feasible;
using runtime_lane_program = basic_lane_program<std::vector<lane_step>, std::vector<lane_stage>,
                                                std::vector<stage_shape>, std::vector<lane_observable>>;
/// Its lane_diagonal.
using runtime_lane_diagonal = basic_lane_diagonal<std::vector<std::uint16_t>, std::vector<std::uint16_t>>;

}  // namespace qvit::inline QVIT_ABI
