// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <qvit/simd/lanes.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "json_line.hpp"
#include "training_job.hpp"

namespace qvit::tool {

int run_train(const train_arguments& arguments) {
    check_together(arguments);
    watch_interrupt();
    dataset data = load_training_data(arguments);
    const model_entry& model = model_for(arguments, data);
    const auto [fit, trained, json] = run_job(arguments, model, data, {});
    if (arguments.json) {
        std::printf("%s\n", as_line(json).c_str());
        return 0;
    }
    const std::size_t threads = arguments.options.threads;
    std::printf("best epoch %zu of %zu by validation %s: AUC %.4f, ACC %.4f\n", fit.best_epoch, fit.epochs,
                arguments.select.c_str(), fit.validation.auc, fit.validation.accuracy);
    std::printf("test AUC %.4f, ACC %.4f; trained in %.2f s on %zu thread%s (%s)\n", fit.test.auc, fit.test.accuracy,
                fit.train_seconds, threads, threads == 1 ? "" : "s", isa_name);
    return 0;
}

}  // namespace qvit::tool
