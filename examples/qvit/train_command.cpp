// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include <qvit/core/config.hpp>
#include <qvit/data/default_augmentation.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/simd/lanes.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "model_entry.hpp"
#include "progress_display.hpp"

namespace qvit::tool {

namespace {
volatile std::sig_atomic_t interrupt_requested = 0;
void request_interrupt(int) { interrupt_requested = 1; }

schedule_kind schedule_named(const std::string& name) {
    return name == "constant" ? schedule_kind::constant : name == "step" ? schedule_kind::step : schedule_kind::cosine;
}
}  // namespace

augmentation augmentation_named(const std::string& name, const dataset& data) {
    if (name == "auto") return default_augmentation(data);
    return name == "none" ? augmentation::none : name == "flips" ? augmentation::flips : augmentation::dihedral;
}
const char* name_of(augmentation kind) {
    return kind == augmentation::none ? "none" : kind == augmentation::flips ? "flips" : "dihedral";
}
void watch_interrupt() { std::signal(SIGINT, request_interrupt); }
bool was_interrupted() { return interrupt_requested != 0; }
void check_interrupt() {
    if (was_interrupted()) throw interrupted{};
}

int run_train(const train_arguments& arguments) {
    const auto started = std::chrono::steady_clock::now();
    const dataset data = load_dataset(arguments.data);
    for (const std::string& warning : data.warnings)
        std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
    const pooling pool = arguments.pool == "cls" ? pooling::cls : pooling::mean;
    const model_entry& model = find_model(arguments.model, data.channels, pool);
    const model_description description = model.describe(data.classes);
    training_options options = arguments.options;
    options.schedule = schedule_named(arguments.schedule);
    options.augment = augmentation_named(arguments.augment, data);

    std::fprintf(stderr, "%s on %s (%zu/%zu/%zu images, %zu classes%s): %zu parameters, %zu of them attention\n",
                 arguments.model.c_str(), printable(data.name).c_str(), data.train.count(), data.validation.count(),
                 data.test.count(), data.classes, data.synthetic ? ", drawn by a program" : "", description.parameters,
                 description.attention_parameters);
    watch_interrupt();
    const fit_result<float> result = [&] {
        progress_display display(options.epochs, data.train.count());
        return model.train(data, options,
                           [&](const epoch_report& now) {
                               display.show(now);
                               check_interrupt();
                           },
                           {});
    }();
    const double total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

    if (!arguments.json) {
        std::printf("best epoch %zu of %zu by validation AUC %.4f (ACC %.4f)\n", result.best_epoch, options.epochs,
                    result.validation.auc, result.validation.accuracy);
        std::printf("test AUC %.4f, ACC %.4f; trained in %.2f s on %zu thread%s (%s)\n", result.test.auc,
                    result.test.accuracy, result.train_seconds, options.threads, options.threads == 1 ? "" : "s",
                    isa_name);
        return 0;
    }
    nlohmann::ordered_json json;
    json["model"] = arguments.model;
    json["data"] = data.name;
    json["synthetic"] = data.synthetic;
    json["classes"] = data.classes;
    json["params"] = description.parameters;
    json["attention_params"] = description.attention_parameters;
    json["pool"] = arguments.pool;
    json["epochs"] = options.epochs;
    json["batch"] = options.batch;
    json["lr"] = options.learning_rate;
    json["weight_decay"] = options.weight_decay;
    json["schedule"] = arguments.schedule;
    json["label_smoothing"] = options.label_smoothing;
    json["augment"] = name_of(options.augment);
    json["best_epoch"] = result.best_epoch;
    json["val_auc"] = result.validation.auc;
    json["val_acc"] = result.validation.accuracy;
    json["test_auc"] = result.test.auc;
    json["test_acc"] = result.test.accuracy;
    json["train_seconds"] = result.train_seconds;
    json["total_seconds"] = total_seconds;
    json["seed"] = options.seed;
    json["threads"] = options.threads;
    json["isa"] = isa_name;
    json["engine"] = description.engine;
    json["version"] = version;
    std::printf("%s\n", as_line(json).c_str());
    return 0;
}

}  // namespace qvit::tool
