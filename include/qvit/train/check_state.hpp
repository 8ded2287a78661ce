// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <qvit/data/bad_input.hpp>
#include <qvit/train/settings_text.hpp>
#include <qvit/train/training_state.hpp>

namespace qvit::inline QVIT_ABI {

/// Throws bad_input, with what was expected and what was found, where a saved state is not one of the run whose fresh
/// state is given: other settings, other sizes, or numbers that contradict each other.
template <class R>
void check_state(const training_state<R>& fresh, const training_state<R>& saved, std::size_t epochs,
                 std::size_t batches_per_epoch) {
    const std::string difference = settings_text::difference(fresh.settings, saved.settings);
    if (!difference.empty()) throw bad_input("[qvit::trainer] the saved state is another run's: " + difference);
    auto expect = [](const char* name, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::trainer] expected " + std::to_string(expected) + " entries of " + name +
                            " in the saved state, found " + std::to_string(found));
    };
    expect("weights", fresh.weights.size(), saved.weights.size());
    expect("average", fresh.average.size(), saved.average.size());
    expect("first_moment", fresh.first_moment.size(), saved.first_moment.size());
    expect("second_moment", fresh.second_moment.size(), saved.second_moment.size());
    expect("best_weights", saved.epoch == 0 ? 0 : fresh.weights.size(), saved.best_weights.size());
    const bool possible = saved.epoch <= epochs && saved.best_epoch <= saved.epoch &&
                          (saved.best_epoch == 0) == (saved.epoch == 0) && saved.batch < batches_per_epoch &&
                          saved.step == saved.epoch * batches_per_epoch + saved.batch;
    if (!possible)
        throw bad_input("[qvit::trainer] the saved state contradicts itself or the run: epoch " +
                        std::to_string(saved.epoch) + " of " + std::to_string(epochs) + ", best epoch " +
                        std::to_string(saved.best_epoch) + ", batch " + std::to_string(saved.batch) + " of " +
                        std::to_string(batches_per_epoch) + ", step " + std::to_string(saved.step));
}

}  // namespace qvit::inline QVIT_ABI
