// SPDX-License-Identifier: Apache-2.0
#include "training_job.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/default_augmentation.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/resize_dataset.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/simd/lanes.hpp>

#include "interrupt.hpp"
#include "json_line.hpp"
#include "progress_display.hpp"
#include "run_folder.hpp"
#include "split_report.hpp"
#include "train_options.hpp"

namespace qvit::tool {

namespace {
schedule_kind schedule_named(const std::string& name) {
    return name == "constant" ? schedule_kind::constant
           : name == "step"   ? schedule_kind::step
           : name == "cosine" ? schedule_kind::cosine
                              : schedule_kind::one_cycle;
}

/// All epochs that are left; saves and throws `interrupted` after Ctrl-C.
void train_to_end(training_run& run, run_folder* folder, std::size_t epochs, std::size_t images) {
    const training_state<float> before = run.state();
    progress_display display(epochs, images, before.epoch,
                             {.epoch = before.best_epoch, .validation = {.auc = before.best_auc}});
    while (!run.finished()) {
        const std::optional<epoch_report> now = run.run_epoch([] { return interrupt_asked(); });
        if (now) {
            display.show(*now);
            if (folder != nullptr) folder->add(*now);
        }
        const bool stop = interrupt_asked();
        if (folder != nullptr) folder->save(run, stop || run.finished());
        if (stop && folder != nullptr)
            std::fprintf(stderr, "\nsaved after %zu epochs; --resume goes on\n", run.epochs_done());
        if (stop) throw interrupted{};
    }
}

std::string four(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", value);
    return text;
}
}  // namespace

symmetry symmetry_named(const std::string& name) {
    return name == "none"     ? symmetry::none
           : name == "mirror" ? symmetry::mirror
           : name == "flips"  ? symmetry::flips
                              : symmetry::dihedral;
}
const char* name_of(symmetry kind) {
    constexpr const char* names[] = {"none", "mirror", "flips", "dihedral"};
    return names[static_cast<int>(kind)];
}

void check_together(const train_arguments& a) {
    const training_options& o = a.options;
    if (o.optimizer.momentum > 0 && a.optimizer != "sgd")
        throw bad_input("--momentum is an option of --optimizer sgd, found --optimizer " + a.optimizer);
    if (o.optimizer.nesterov && o.optimizer.momentum == 0) throw bad_input("--nesterov needs a --momentum above 0");
    if (o.scheduling.warm_up_epochs > 0 && a.schedule == "one-cycle")
        throw bad_input("--warmup does not go with --schedule one-cycle, which rises by itself");
    if (o.scheduling.warm_up_epochs >= static_cast<double>(o.epochs) && o.scheduling.warm_up_epochs > 0)
        throw bad_input("--warmup must be shorter than --epochs " + std::to_string(o.epochs));
    if (o.average.warm_up && o.average.decay == 0) throw bad_input("--ema-warmup needs an --ema above 0");
    if (a.colours == 2) throw bad_input("--colours: expected 1 or 3, found 2");
    if (a.resume && a.out.empty()) throw bad_input("--resume continues the run of a folder: give it with --out");
}

dataset load_training_data(const train_arguments& a) {
    std::error_code failed;
    const train_arguments usual;
    if ((a.colours != usual.colours || a.frame != usual.frame) && !std::filesystem::is_directory(a.data, failed))
        throw bad_input(std::string(a.colours != usual.colours ? "--colours" : "--frame") +
                        " is of a folder of images; " + printable(a.data) + " is none");
    dataset data =
        load_dataset(a.data, {.channels = a.colours, .frame = a.frame == "crop" ? framing::crop : framing::stretch});
    for (const std::string& warning : data.warnings)
        std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
    return data;
}

const model_entry& model_for(const train_arguments& a, dataset& data) {
    const model_entry& model = find_model(a.model, data.channels, a.pool);
    if (data.height != model.config.image) {
        std::fprintf(stderr, "qvit: warning: images of %zu x %zu pixels are made %zu x %zu\n", data.height, data.width,
                     model.config.image, model.config.image);
        resize_dataset(data, model.config.image);
    }
    return model;
}

training_options training_options_of(const train_arguments& a, const dataset& data) {
    training_options o = a.options;
    o.optimizer.kind = a.optimizer == "sgd"    ? optimizer_kind::sgd
                       : a.optimizer == "adam" ? optimizer_kind::adam
                                               : optimizer_kind::adamw;
    o.schedule = schedule_named(a.schedule);
    o.select = a.select == "auc" ? selection::auc : a.select == "accuracy" ? selection::accuracy : selection::loss;
    o.targets.ordinal = a.targets == "distances" ? ordinal_targets::distances
                        : a.targets == "levels"  ? ordinal_targets::levels
                                                 : ordinal_targets::none;
    if (a.class_weights == "balanced") {
        const auto counts = class_counts(data.train, data.classes);
        o.targets.class_weights = data.kind == task::multi_label ? positive_weights(counts, data.train.count())
                                                                 : balanced_class_weights(counts);
    }
    o.augment.symmetries = a.augment == "auto" ? default_augmentation(data).symmetries : symmetry_named(a.augment);
    if (a.normalise == "data") o.normalise = normalisation_of(data.train, data.channels);
    return o;
}

job_result run_job(const train_arguments& arguments, const model_entry& model, const dataset& data,
                   const fit_start<float>& start, const std::string& title) {
    const auto started = std::chrono::steady_clock::now();
    const training_options options = training_options_of(arguments, data);
    trained_model about{.model = arguments.model,
                        .pool = arguments.pool,
                        .data = data.name,
                        .data_md5 = data.md5,
                        .colours = data.channels,
                        .classes = data.classes,
                        .kind = data.kind,
                        .class_names = data.label_names,
                        .levels = options.targets.ordinal == ordinal_targets::levels,
                        .shown = symmetry_named(arguments.tta),
                        .normalise = options.normalise,
                        .weights = {}};
    const model_description description = model.describe(about.outputs());
    const auto run = model.start(data, options, start);
    std::optional<run_folder> folder;
    if (!arguments.out.empty()) {
        folder.emplace(arguments, about, data, description, title.empty() ? "training" : title);
        folder->open(arguments, *run);
    }
    std::fprintf(stderr, "%s%s on %s (%zu/%zu/%zu images, %zu classes%s): %zu parameters, %zu of them attention\n",
                 title.empty() ? "" : (title + ": ").c_str(), arguments.model.c_str(), printable(data.name).c_str(),
                 data.train.count(), data.validation.count(), data.test.count(), data.classes,
                 data.synthetic ? ", drawn by a program" : "", description.parameters,
                 description.attention_parameters);
    train_to_end(*run, folder ? &*folder : nullptr, options.epochs, data.train.count());
    job_result outcome{.fit = run->result(), .model = std::move(about), .json = {}};
    fit_result<float>& fit = outcome.fit;
    trained_model& trained = outcome.model;
    trained.weights = fit.weights;
    std::optional<split_answers> validation, test;
    if (start.read_test && (folder || trained.shown != symmetry::none)) {
        validation = answers_to(trained, "val", data, options.threads);
        test = answers_to(trained, "test", data, options.threads);
        fit.validation.auc = validation->value.auc;
        fit.validation.accuracy = validation->value.accuracy;
        fit.test.auc = test->value.auc;
        fit.test.accuracy = test->value.accuracy;
    }

    nlohmann::ordered_json& json = outcome.json;
    json["model"] = arguments.model;
    json["data"] = data.name;
    json["synthetic"] = data.synthetic;
    json["classes"] = data.classes;
    json["params"] = description.parameters;
    json["attention_params"] = description.attention_parameters;
    json["multiply_adds"] = description.multiply_adds;
    json["pool"] = arguments.pool;
    json["epochs"] = options.epochs;
    json["epochs_run"] = fit.epochs;
    json["batch"] = options.batch;
    json["lr"] = options.learning_rate;
    json["weight_decay"] = options.weight_decay;
    json["optimizer"] = arguments.optimizer;
    json["schedule"] = arguments.schedule;
    json["label_smoothing"] = options.label_smoothing;
    json["targets"] = arguments.targets;
    json["class_weights"] = arguments.class_weights;
    json["augment"] = name_of(options.augment.symmetries);
    json["tta"] = arguments.tta;
    json["select"] = arguments.select;
    json["best_epoch"] = fit.best_epoch;
    json["val_auc"] = fit.validation.auc;
    json["val_acc"] = fit.validation.accuracy;
    if (start.read_test) {
        json["test_auc"] = fit.test.auc;
        json["test_acc"] = fit.test.accuracy;
    }
    json["train_seconds"] = fit.train_seconds;
    json["images_per_second"] = static_cast<double>(data.train.count() * fit.epochs) / fit.train_seconds;
    json["total_seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    json["seed"] = options.seed;
    json["threads"] = options.threads;
    json["isa"] = isa_name;
    json["engine"] = description.engine;
    json["version"] = version;
    if (!folder) return outcome;

    json["out"] = arguments.out;
    write_file(folder->path() / "result.json", as_line(json) + "\n");
    if (test) {
        const std::string name = arguments.model + "_seed" + std::to_string(options.seed);
        write_result_file(folder->path(), data, *validation, name);
        write_result_file(folder->path(), data, *test, name);
        const report_facts facts{.title = arguments.model + " on " + printable(data.name, 200),
                                 .summary = "Test AUC " + four(fit.test.auc) + ", ACC " + four(fit.test.accuracy) +
                                            "; best epoch " + std::to_string(fit.best_epoch) + " of " +
                                            std::to_string(fit.epochs) + " by validation " + arguments.select + ".",
                                 .scores = {{"validation", four(fit.validation.auc), four(fit.validation.accuracy)},
                                            {"test", four(fit.test.auc), four(fit.test.accuracy)}},
                                 .facts = {{"parameters", std::to_string(description.parameters)},
                                           {"of them attention", std::to_string(description.attention_parameters)},
                                           {"engine", description.engine},
                                           {"seconds of training", four(fit.train_seconds)},
                                           {"seed", std::to_string(options.seed)},
                                           {"version", version},
                                           {"compiler", __VERSION__},
                                           {"SIMD", std::string(simd_library) + ", " + isa_name},
                                           {"data MD5", data.md5}},
                                 .settings = options_of(arguments).texts,
                                 .metrics = read_metrics(folder->path() / "metrics.csv"),
                                 .best_epoch = fit.best_epoch};
        write_report(folder->path(), trained, *test, facts, data.height);
    }
    folder->finish(*run);
    return outcome;
}

}  // namespace qvit::tool
