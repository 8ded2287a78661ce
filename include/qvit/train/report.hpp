// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How well a model does on a split: AUC and accuracy by MedMNIST's evaluator, and the mean loss against the labels.
struct score {
    double auc = 0;
    double accuracy = 0;
    double loss = 0;
};

/// What an epoch came to; handed to the progress callback. Epochs count from 1.
struct epoch_report {
    std::size_t epoch = 0;
    double learning_rate = 0;   ///< of the epoch's last step
    double loss = 0;            ///< what is minimised, mean over the epoch's training images as they were learnt from
    double train_accuracy = 0;  ///< of the same passes
    double gradient_norm = 0;   ///< mean over the epoch's steps, before clipping
    score validation{};         ///< of the averaged weights where there is an average
    bool best = false;          ///< best by options.select so far; ties go to the earlier epoch
    double seconds = 0;         ///< training and validation
    double images_per_second = 0;  ///< of training
};

/// The outcome of a run: the weights of the best epoch, and their scores.
template <class R>
struct fit_result {
    std::vector<R> weights;
    std::size_t best_epoch = 0;
    score validation{};
    score test{};
    double train_seconds = 0;  ///< training and validation, without loading data or the test
    std::size_t epochs = 0;    ///< that were run; fewer than asked for where patience ended it
};

}  // namespace qvit::inline QVIT_ABI
