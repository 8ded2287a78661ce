// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How the learning rate changes over a run: not at all; in steps, by default x 0.1 at 50 % and 75 % of the epochs
/// (MedMNIST's recipe); along half a cosine, step by step; or up and down once (torch's OneCycleLR).
enum class schedule_kind : std::uint8_t { constant, step, cosine, one_cycle };

/// The numbers of the schedules. What a schedule does not name it does not use.
struct schedule_options {
    double warm_up_epochs = 0;                  ///< constant, step, cosine: the rate rises linearly over so many epochs
    double final_fraction = 0;                  ///< cosine: of the learning rate, where it ends
    std::vector<double> milestones{0.5, 0.75};  ///< step: shares of the epochs after which it takes effect
    double step_factor = 0.1;                   ///< step: the rate is multiplied by it at each milestone
    double rising_share = 0.3;                  ///< one_cycle: torch's pct_start
    double start_divisor = 25;                  ///< one_cycle: torch's div_factor
    double end_divisor = 1e4;                   ///< one_cycle: torch's final_div_factor
};

}  // namespace qvit::inline QVIT_ABI
