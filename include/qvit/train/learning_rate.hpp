// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <qvit/train/options.hpp>

namespace qvit::inline QVIT_ABI {

/// The learning rate of step `step` (from 0) of a run of `epochs` epochs of `steps_per_epoch` steps.
inline double learning_rate_at(const training_options& options, std::size_t step, std::size_t steps_per_epoch) {
    const std::size_t epoch = step / steps_per_epoch;
    switch (options.schedule) {
        case schedule_kind::constant:
            break;
        case schedule_kind::step:
            return options.learning_rate * (4 * epoch >= 3 * options.epochs ? 0.01
                                            : 2 * epoch >= options.epochs   ? 0.1
                                                                            : 1.0);
        case schedule_kind::cosine: {
            const double done = static_cast<double>(step) / static_cast<double>(options.epochs * steps_per_epoch);
            return options.learning_rate * 0.5 * (1 + std::cos(3.14159265358979323846 * done));
        }
    }
    return options.learning_rate;
}

}  // namespace qvit::inline QVIT_ABI
