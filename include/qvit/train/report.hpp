// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How well a model does on a split, by MedMNIST's evaluator.
struct score {
    double auc = 0;
    double accuracy = 0;
};

/// What an epoch came to; handed to the progress callback. Epochs count from 1.
struct epoch_report {
    std::size_t epoch = 0;
    double learning_rate = 0;  ///< of the epoch's last step
    double loss = 0;           ///< mean over the epoch's training images
    score validation{};
    bool best = false;  ///< best validation AUC so far; ties go to the earlier epoch
};

/// The outcome of a run: the weights of the best epoch by validation AUC, and their scores.
template <class R>
struct fit_result {
    std::vector<R> weights;
    std::size_t best_epoch = 0;
    score validation{};
    score test{};
    double train_seconds = 0;  ///< training and validation, without loading data or the test
};

}  // namespace qvit::inline QVIT_ABI
