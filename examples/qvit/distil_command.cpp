// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <string>

#include <qvit/core/config.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_logits.hpp>
#include <qvit/simd/lanes.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "model_entry.hpp"
#include "progress_display.hpp"

namespace qvit::tool {

namespace {
fit_result<float> run_stage(const char* what, const model_entry& model, const dataset& data,
                            const training_options& options, const fit_start<float>& start) {
    std::fprintf(stderr, "%s: %s, %zu epochs\n", what, std::string(model.name).c_str(), options.epochs);
    progress_display display(options.epochs, data.train.count());
    return model.train(
        data, options,
        [&](const epoch_report& now) {
            display.show(now);
            check_interrupt();
        },
        start);
}

nlohmann::ordered_json summary(const fit_result<float>& result, std::size_t epochs) {
    return {{"epochs", epochs},
            {"best_epoch", result.best_epoch},
            {"val_auc", result.validation.auc},
            {"val_acc", result.validation.accuracy},
            {"train_seconds", result.train_seconds}};
}
}  // namespace

int run_distil(const distil_arguments& arguments) {
    const auto started = std::chrono::steady_clock::now();
    const dataset data = load_dataset(arguments.data);
    for (const std::string& warning : data.warnings)
        std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
    const pooling pool = arguments.pool == "cls" ? pooling::cls : pooling::mean;
    const model_entry& student = find_model(arguments.student, data.channels, pool);
    const model_entry& teacher = find_model(arguments.teacher, data.channels, pool);
    training_options options = arguments.options;
    options.augment = augmentation_named(arguments.augment, data);
    watch_interrupt();

    nlohmann::ordered_json json;
    json["data"] = data.name;
    json["synthetic"] = data.synthetic;
    teacher_signal signal;
    if (!arguments.logits.empty()) {
        signal.logits = read_logits(arguments.logits, data);
        json["teacher"] = {{"logits", arguments.logits}};
    } else {
        training_options lesson = options;
        lesson.epochs = arguments.teacher_epochs;
        lesson.learning_rate = arguments.teacher_learning_rate;
        const auto result = run_stage("teacher", teacher, data, lesson, {});
        signal.logits = teacher.logits(data, result.weights, options.threads);
        json["teacher"] = summary(result, lesson.epochs);
        json["teacher"]["model"] = arguments.teacher;
        json["teacher"]["params"] = result.weights.size();
        json["teacher"]["test_auc"] = result.test.auc;
        json["teacher"]["test_acc"] = result.test.accuracy;
    }
    signal.terms.labels = 1 - arguments.share;
    signal.terms.soft = arguments.loss == "soft" ? arguments.share : 0;
    signal.terms.hard = arguments.loss == "hard" ? arguments.share : 0;
    signal.terms.answers = arguments.loss == "logits" ? arguments.share : 0;
    signal.terms.temperature = arguments.temperature;
    signal.terms.reduction = arguments.reduction == "sum" ? class_reduction::sum : class_reduction::mean;

    training_options first = options;
    first.epochs = arguments.kd_epochs;
    first.learning_rate = arguments.kd_learning_rate;
    const auto distilled =
        run_stage("distillation", student, data, first, {.weights = {}, .teacher = &signal, .read_test = false});
    const auto final = run_stage("labels", student, data, options,
                                 {.weights = distilled.weights, .teacher = nullptr, .read_test = true});
    const double total = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

    if (!arguments.json) {
        std::printf("distilled: validation AUC %.4f, ACC %.4f at epoch %zu\n", distilled.validation.auc,
                    distilled.validation.accuracy, distilled.best_epoch);
        std::printf("then on labels: validation AUC %.4f, ACC %.4f at epoch %zu\n", final.validation.auc,
                    final.validation.accuracy, final.best_epoch);
        std::printf("test AUC %.4f, ACC %.4f; %.1f s in all\n", final.test.auc, final.test.accuracy, total);
        return 0;
    }
    json["model"] = arguments.student;
    json["params"] = final.weights.size();
    json["pool"] = arguments.pool;
    json["loss"] = arguments.loss;
    json["reduction"] = arguments.reduction;
    json["share"] = arguments.share;
    json["temperature"] = arguments.temperature;
    json["augment"] = name_of(options.augment);
    json["distillation"] = summary(distilled, first.epochs);
    json["labels"] = summary(final, options.epochs);
    json["test_auc"] = final.test.auc;
    json["test_acc"] = final.test.accuracy;
    json["total_seconds"] = total;
    json["seed"] = options.seed;
    json["threads"] = options.threads;
    json["isa"] = isa_name;
    json["version"] = version;
    std::printf("%s\n", as_line(json).c_str());
    return 0;
}

}  // namespace qvit::tool
