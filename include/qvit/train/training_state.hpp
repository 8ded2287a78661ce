// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// All that a trainer needs to go on to the same bits: plain vectors and numbers, for a checkpoint to write.
///
/// Everything random is keyed by seed, epoch and image, so no generator has a state. The vectors have one real per
/// parameter, or none where the run has no average, no momentum, no best epoch yet.
template <class R>
struct training_state {
    std::vector<R> weights;
    std::vector<R> average;
    std::vector<R> first_moment;
    std::vector<R> second_moment;
    std::vector<R> best_weights;
    std::uint64_t epoch = 0;  ///< that are complete
    std::uint64_t batch = 0;  ///< of the next epoch that are complete
    std::uint64_t step = 0;   ///< of the optimiser, in all
    std::uint64_t best_epoch = 0;
    double best_auc = 0, best_accuracy = 0, best_loss = 0;
    double epoch_loss = 0, epoch_right = 0, epoch_norm = 0;  ///< sums over the complete batches of the next epoch
    double seconds = 0;
    std::string settings;  ///< of the run, as text: another run's state is refused, see settings_text

    /// Calls vector(name, std::vector<R>&) and number(name, std::uint64_t& or double&) for every member but `settings`,
    /// in an order that does not change; `state` may be constant.
    static void visit(auto& state, auto&& vector, auto&& number) {
        vector("weights", state.weights);
        vector("average", state.average);
        vector("first_moment", state.first_moment);
        vector("second_moment", state.second_moment);
        vector("best_weights", state.best_weights);
        number("epoch", state.epoch);
        number("batch", state.batch);
        number("step", state.step);
        number("best_epoch", state.best_epoch);
        number("best_auc", state.best_auc);
        number("best_accuracy", state.best_accuracy);
        number("best_loss", state.best_loss);
        number("epoch_loss", state.epoch_loss);
        number("epoch_right", state.epoch_right);
        number("epoch_norm", state.epoch_norm);
        number("seconds", state.seconds);
    }
};

}  // namespace qvit::inline QVIT_ABI
