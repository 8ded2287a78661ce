// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How often a measured bit is read wrongly, every wire for itself, in whatever basis it is measured.
///
///     readout_error{.read_1_of_0 = 0.01, .read_0_of_1 = 0.03}
struct readout_error {
    double read_1_of_0 = 0;  ///< p(1 | 0)
    double read_0_of_1 = 0;  ///< p(0 | 1)

    constexpr bool none() const { return read_1_of_0 == 0 && read_0_of_1 == 0; }
    constexpr double mean_of_0() const { return 1 - 2 * read_1_of_0; }  ///< mean of the +-1 that is read of a 0
    constexpr double mean_of_1() const { return 2 * read_0_of_1 - 1; }
};

}  // namespace qvit::inline QVIT_ABI
