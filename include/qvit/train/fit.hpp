// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/data/dataset.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/trainer.hpp>

namespace qvit::inline QVIT_ABI {

/// Trains a model on a data set and reads the test split once, at the end, with the best epoch's weights.
///
/// S is lanes<float> or another scalar. `report(epoch_report)` is called after every epoch. The result depends on
/// options.seed and not on options.threads. The last partial batch of an epoch is used. Errors: those of trainer, which
/// is this loop taken apart, for runs that are saved and resumed.
///
///     auto result = fit<lanes<float>>(models::qvit4<3>(set.classes), set, options, [](const epoch_report&) {});
template <class S, class Model>
fit_result<real_of<S>> fit(const Model& model, const dataset& data, const training_options& options, auto&& report,
                           const fit_start<real_of<S>>& start = {}) {
    trainer<S, Model> run(model, data, options, start);
    while (!run.finished()) {
        const epoch_report now = *run.run_epoch();
        report(now);
    }
    return run.result();
}

}  // namespace qvit::inline QVIT_ABI
