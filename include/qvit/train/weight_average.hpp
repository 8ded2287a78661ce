// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// An exponential moving average of the weights, to be scored and kept in their place. A decay of 0 is none.
struct average_options {
    double decay = 0;      ///< share of the average kept at each step; .99 to .9999, by the length of the run
    bool warm_up = false;  ///< min(decay, (1 + t) / (10 + t)) at step t: the first weights are forgotten sooner
};

/// The decay of step t = 1, 2, ...; without warm-up timm's ModelEmaV2, with it TensorFlow's `num_updates`.
inline double average_decay(const average_options& options, std::uint64_t t) {
    const double steps = static_cast<double>(t);
    return options.warm_up ? std::min(options.decay, (1 + steps) / (10 + steps)) : options.decay;
}

/// average = decay * average + (1 - decay) * weights, for `count` reals, W at a time. It begins as the start weights.
///
///     update_average(weights.data(), average.data(), weights.size(), average_decay({.decay = 0.999}, step));
template <class R>
void update_average(const R* weights, R* average, std::size_t count, double decay) {
    const auto update = [&]<class S>(std::size_t i, S kept, S taken) {
        simd::store(average + i, kept * simd::load<S>(average + i) + taken * simd::load<S>(weights + i));
    };
    using S = lanes<R>;
    const R kept = static_cast<R>(decay);
    const R taken = static_cast<R>(1 - decay);
    std::size_t i = 0;
    for (; i + lane_count<S> <= count; i += lane_count<S>) update(i, S(kept), S(taken));
    for (; i < count; ++i) update(i, kept, taken);
}

}  // namespace qvit::inline QVIT_ABI
