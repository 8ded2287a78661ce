// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/shape/shape.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// A loss as a sum of terms of which some are left out: the first is taken as it is, others are added on the tape.
///
///     loss_sum<S> sum;  sum.add(tape, tape.apply(similarity_loss<S>{lesson, weight}, tokens));
template <class S>
struct loss_sum {
    variable<S, shape<1>> total{};
    bool empty = true;

    constexpr void add(auto& tape, variable<S, shape<1>> term) {
        total = empty ? term : tape.apply(add_op{}, total, term);
        empty = false;
    }
};

}  // namespace qvit::inline QVIT_ABI
