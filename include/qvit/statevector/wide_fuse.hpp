// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// earlier = later * earlier, as matrices, in each lane.
template <class R>
void multiply(wide_step<R>& earlier, const wide_step<R>& later) {
    // For lane wires the matrix is of the indices "own" and "partner", for either lane of a pair.
    for (std::size_t lane = 0; lane < wide_step<R>::width; ++lane) {
        std::array<R, 4> re{};
        std::array<R, 4> im{};
        for (std::size_t i = 0; i < 8; ++i) {
            const std::size_t entry = i / 2;  // of the product: row entry / 2, column entry % 2
            const std::size_t l = entry / 2 * 2 + i % 2;
            const std::size_t e = i % 2 * 2 + entry % 2;
            re[entry] += later.re[l].lane[lane] * earlier.re[e].lane[lane];
            if (earlier.real && later.real) continue;
            re[entry] -= later.im[l].lane[lane] * earlier.im[e].lane[lane];
            im[entry] += later.re[l].lane[lane] * earlier.im[e].lane[lane];
            im[entry] += later.im[l].lane[lane] * earlier.re[e].lane[lane];
        }
        for (std::size_t i = 0; i < 4; ++i) {
            earlier.re[i].lane[lane] = re[i];
            earlier.im[i].lane[lane] = im[i];
        }
    }
    earlier.real = earlier.real && later.real;
    earlier.meaning.controls |= later.meaning.controls;
    if (!(earlier.meaning.is_diagonal() && later.meaning.is_diagonal()))
        earlier.meaning.matrix = {1, 1, 1, 1};  // neither diagonal nor a flip
}

/// Multiplies a step into an earlier one of the same target and controls other than lanes, if nothing in between
/// forbids it; false where there is none, and nothing is changed. Cost: a look at each step back to that one, some
/// hundred instructions for the product.
///
///     if (!fuse(steps, step)) steps.push_back(step);
template <class R>
bool fuse(std::vector<wide_step<R>>& steps, const wide_step<R>& step) {
    using form = typename wide_step<R>::form;
    if (step.what == form::flip_register || step.overlap >= 0) return false;
    for (std::size_t i = steps.size(); i-- > 0;) {
        wide_step<R>& earlier = steps[i];
        if (earlier.what == step.what && earlier.overlap < 0 && earlier.position == step.position &&
            earlier.register_controls == step.register_controls && earlier.register_values == step.register_values &&
            earlier.controls == step.controls && earlier.values == step.values &&
            earlier.outer_controls == step.outer_controls && earlier.outer_values == step.outer_values) {
            multiply(earlier, step);
            return true;
        }
        if (!step.meaning.commutes(earlier.meaning)) return false;
    }
    return false;
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
