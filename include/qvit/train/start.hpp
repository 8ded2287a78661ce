// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <qvit/train/teacher_signal.hpp>

namespace qvit::inline QVIT_ABI {

/// What a run starts from besides its options.
template <class R>
struct fit_start {
    std::vector<R> weights;                   ///< empty: drawn from options.seed
    const teacher_signal* teacher = nullptr;  ///< null: labels alone
    bool read_test = true;                    ///< false for a stage that another one follows
};

}  // namespace qvit::inline QVIT_ABI
