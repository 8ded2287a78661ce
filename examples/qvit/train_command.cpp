// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
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
#include <qvit/io/metrics_file.hpp>
#include <qvit/io/tensorboard_file.hpp>
#include <qvit/simd/lanes.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "model_checkpoint.hpp"
#include "model_entry.hpp"
#include "progress_display.hpp"
#include "split_report.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;
volatile std::sig_atomic_t interrupt_requested = 0;
void request_interrupt(int) { interrupt_requested = 1; }

schedule_kind schedule_named(const std::string& name) {
    return name == "constant" ? schedule_kind::constant
           : name == "step"   ? schedule_kind::step
           : name == "cosine" ? schedule_kind::cosine
                              : schedule_kind::one_cycle;
}

/// Refuses options that say nothing together, before anything is loaded.
void check_together(const train_arguments& a) {
    const training_options& o = a.options;
    if (o.optimizer.momentum > 0 && a.optimizer != "sgd")
        throw bad_input("--momentum is an option of --optimizer sgd, found --optimizer " + a.optimizer);
    if (o.optimizer.nesterov && o.optimizer.momentum == 0)
        throw bad_input("--nesterov needs a --momentum above 0");
    if (o.scheduling.warm_up_epochs > 0 && a.schedule == "one-cycle")
        throw bad_input("--warmup does not go with --schedule one-cycle, which rises by itself");
    if (o.scheduling.warm_up_epochs >= static_cast<double>(o.epochs) && o.scheduling.warm_up_epochs > 0)
        throw bad_input("--warmup must be shorter than --epochs " + std::to_string(o.epochs));
    if (o.average.warm_up && o.average.decay == 0) throw bad_input("--ema-warmup needs an --ema above 0");
    if (a.resume && a.out.empty()) throw bad_input("--resume continues the run of a folder: give it with --out");
}

/// The options as the library takes them, now that the data are known.
training_options options_for(const train_arguments& a, const dataset& data) {
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
    o.augment.symmetries = augmentation_named(a.augment, data).symmetries;
    if (a.normalise == "data") o.normalise = normalisation_of(data.train, data.channels);
    return o;
}

std::string time_text() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

/// The folder of a run, written as the run goes. Whatever ends the program, last.safetensors is a whole state of the
/// run, and the logs have every epoch up to it.
class run_folder {
  public:
    run_folder(const train_arguments& arguments, const trained_model& about, const dataset& data,
               const model_description& description)
        : path_(arguments.out), about_(about), threads_(arguments.options.threads) {
        if (!arguments.resume && (fs::exists(path_ / "config.json") || fs::exists(path_ / "last.safetensors")))
            throw bad_input(printable(path_.string()) +
                            ": holds a run already; --resume continues it, or give another folder");
        std::error_code failed;
        fs::create_directories(path_, failed);
        if (failed) throw io_error(printable(path_.string()) + ": cannot be made: " + failed.message());
        facts_ = {{"version", version},
                  {"compiler", __VERSION__},
                  {"isa", isa_name},
#ifdef QVIT_SCALAR
                  {"simd", "none"},
#else
                  {"simd", "xsimd"},
#endif
                  {"lanes", lane_count<lanes<float>>},
                  {"seed", arguments.options.seed},
                  {"threads", threads_},
                  {"data", data.name},
                  {"data_md5", data.md5},
                  {"model", about.model},
                  {"parameters", description.parameters},
                  {"engine", {{"q, k, v, o", description.engine}}},
                  {"command", arguments.command_line},
                  {"started", time_text()},
                  {"finished", nullptr},
                  {"train_seconds", 0.0}};
    }

    /// Takes up a saved state where there is one.
    void open(const train_arguments& arguments, training_run& run) {
        if (arguments.resume && fs::exists(path_ / "last.safetensors")) {
            training_state<float> saved = load_state(path_ / "last.safetensors", about_);
            std::ifstream input(path_ / "run.json");
            const auto before = nlohmann::ordered_json::parse(input, nullptr, false);
            if (before.is_object()) {
                if (before.contains("train_seconds") && before["train_seconds"].is_number())
                    saved.seconds = before["train_seconds"].get<double>();
                if (before.contains("started") && before["started"].is_string())
                    facts_["started"] = before["started"];
            }
            run.restore(saved);
            saved_best_ = 0;
        }
        write_file(path_ / "config.json", arguments.config_text);
        const std::size_t done = run.epochs_done();
        const std::vector<std::string> names{"learning_rate",   "loss",           "train_accuracy", "validation_loss",
                                             "validation_auc",  "validation_acc", "gradient_norm",  "seconds",
                                             "images_per_second"};
        csv_.emplace(path_ / "metrics.csv", metrics_format::csv, names, done);
        jsonl_.emplace(path_ / "metrics.jsonl", metrics_format::jsonl, names, done);
        events_.emplace(path_, done == 0 ? 0 : static_cast<std::int64_t>(done + 1));
        write_facts(run.state().seconds, false);
    }

    void add(const epoch_report& now) {
        const double row[] = {now.learning_rate,  now.loss,           now.train_accuracy,      now.validation.loss,
                              now.validation.auc, now.validation.accuracy, now.gradient_norm, now.seconds,
                              now.images_per_second};
        csv_->append(now.epoch, row);
        jsonl_->append(now.epoch, row);
        const auto step = static_cast<std::int64_t>(now.epoch);
        events_->scalar("train/loss", now.loss, step);
        events_->scalar("train/accuracy", now.train_accuracy, step);
        events_->scalar("train/learning_rate", now.learning_rate, step);
        events_->scalar("train/gradient_norm", now.gradient_norm, step);
        events_->scalar("validation/loss", now.validation.loss, step);
        events_->scalar("validation/auc", now.validation.auc, step);
        events_->scalar("validation/acc", now.validation.accuracy, step);
    }

    /// At most once a second unless asked: a small model's epoch takes less time than a flushed file.
    void save(const training_run& run, bool at_once) {
        const auto now = std::chrono::steady_clock::now();
        if (!at_once && now - saved_at_ < std::chrono::seconds(1)) return;
        const training_state<float> state = run.state();
        save_state(path_ / "last.safetensors", about_, state);
        if (state.best_epoch != saved_best_) {
            save_weights(path_ / "best.safetensors", about_, state.best_weights, state.best_epoch);
            saved_best_ = state.best_epoch;
        }
        write_facts(state.seconds, false);
        saved_at_ = std::chrono::steady_clock::now();
    }

    void finish(const training_run& run) { write_facts(run.state().seconds, true); }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    void write_facts(double seconds, bool finished) {
        facts_["train_seconds"] = seconds;
        if (finished) facts_["finished"] = time_text();
        write_file(path_ / "run.json",
                   facts_.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    }

    fs::path path_;
    trained_model about_;
    std::size_t threads_;
    nlohmann::ordered_json facts_;
    std::optional<metrics_file> csv_, jsonl_;
    std::optional<tensorboard_file> events_;
    std::size_t saved_best_ = 0;
    std::chrono::steady_clock::time_point saved_at_ = std::chrono::steady_clock::now();
};

/// All epochs that are left; saves and throws `interrupted` after Ctrl-C.
void train_on(training_run& run, run_folder* folder, const training_options& options, const dataset& data) {
    progress_display display(options.epochs, data.train.count(), run.epochs_done());
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
    if (folder != nullptr) folder->save(run, true);
}
}  // namespace

augmentation augmentation_named(const std::string& name, const dataset& data) {
    if (name == "auto") return default_augmentation(data);
    return {.symmetries = symmetry_named(name)};
}
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
const char* name_of(augmentation kind) { return name_of(kind.symmetries); }
void watch_interrupt() { std::signal(SIGINT, request_interrupt); }
bool interrupt_asked() { return interrupt_requested != 0; }
void check_interrupt() {
    if (interrupt_requested) throw interrupted{};
}

int run_train(const train_arguments& arguments) {
    const auto started = std::chrono::steady_clock::now();
    check_together(arguments);
    watch_interrupt();
    dataset data = load_dataset(
        arguments.data, {.channels = arguments.colours,
                         .frame = arguments.frame == "crop" ? framing::crop : framing::stretch});
    for (const std::string& warning : data.warnings)
        std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
    const pooling pool = arguments.pool == "cls" ? pooling::cls : pooling::mean;
    const model_entry& model = find_model(arguments.model, data.channels, pool);
    if (data.height != model.config.image) {
        std::fprintf(stderr, "qvit: warning: images of %zu x %zu pixels are made %zu x %zu\n", data.height, data.width,
                     model.config.image, model.config.image);
        resize_dataset(data, model.config.image);
    }
    const training_options options = options_for(arguments, data);
    trained_model about{.model = arguments.model,
                        .pool = arguments.pool,
                        .data = data.name,
                        .colours = data.channels,
                        .classes = data.classes,
                        .kind = data.kind,
                        .class_names = data.label_names,
                        .levels = options.targets.ordinal == ordinal_targets::levels,
                        .shown = symmetry_named(arguments.tta),
                        .normalise = options.normalise,
                        .weights = {}};
    const model_description description = model.describe(about.outputs());
    const auto run = model.start(data, options, {});
    std::optional<run_folder> folder;
    if (!arguments.out.empty()) {
        folder.emplace(arguments, about, data, description);
        folder->open(arguments, *run);
    }
    std::fprintf(stderr, "%s on %s (%zu/%zu/%zu images, %zu classes%s): %zu parameters, %zu of them attention\n",
                 arguments.model.c_str(), printable(data.name).c_str(), data.train.count(), data.validation.count(),
                 data.test.count(), data.classes, data.synthetic ? ", drawn by a program" : "", description.parameters,
                 description.attention_parameters);
    train_on(*run, folder ? &*folder : nullptr, options, data);
    fit_result<float> result = run->result();
    about.weights = result.weights;
    std::optional<split_answers> validation, test;
    if (folder || about.shown != symmetry::none) {
        validation = answers_to(about, "val", data, options.threads);
        test = answers_to(about, "test", data, options.threads);
        result.validation.auc = validation->value.auc;
        result.validation.accuracy = validation->value.accuracy;
        result.test.auc = test->value.auc;
        result.test.accuracy = test->value.accuracy;
    }

    nlohmann::ordered_json json;
    json["model"] = arguments.model;
    json["data"] = data.name;
    json["synthetic"] = data.synthetic;
    json["classes"] = data.classes;
    json["params"] = description.parameters;
    json["attention_params"] = description.attention_parameters;
    json["multiply_adds"] = description.multiply_adds;
    json["pool"] = arguments.pool;
    json["epochs"] = options.epochs;
    json["epochs_run"] = result.epochs;
    json["batch"] = options.batch;
    json["lr"] = options.learning_rate;
    json["weight_decay"] = options.weight_decay;
    json["optimizer"] = arguments.optimizer;
    json["schedule"] = arguments.schedule;
    json["label_smoothing"] = options.label_smoothing;
    json["targets"] = arguments.targets;
    json["class_weights"] = arguments.class_weights;
    json["augment"] = name_of(options.augment);
    json["tta"] = arguments.tta;
    json["select"] = arguments.select;
    json["best_epoch"] = result.best_epoch;
    json["val_auc"] = result.validation.auc;
    json["val_acc"] = result.validation.accuracy;
    json["test_auc"] = result.test.auc;
    json["test_acc"] = result.test.accuracy;
    json["train_seconds"] = result.train_seconds;
    json["images_per_second"] = static_cast<double>(data.train.count() * result.epochs) / result.train_seconds;
    json["total_seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    json["seed"] = options.seed;
    json["threads"] = options.threads;
    json["isa"] = isa_name;
    json["engine"] = description.engine;
    json["version"] = version;
    if (folder) {
        json["out"] = arguments.out;
        const std::string name = arguments.model + "_seed" + std::to_string(options.seed);
        write_result_file(folder->path(), data, *validation, name);
        write_result_file(folder->path(), data, *test, name);
        char line[160];
        std::snprintf(line, sizeof line, "Test AUC %.4f, ACC %.4f; best epoch %zu of %zu by validation AUC %.4f.",
                      result.test.auc, result.test.accuracy, result.best_epoch, result.epochs, result.validation.auc);
        const auto three = [](double value) {
            char text[16];
            std::snprintf(text, sizeof text, "%.4f", value);
            return std::string(text);
        };
        report_facts facts{.title = arguments.model + " on " + printable(data.name, 200),
                           .summary = line,
                           .scores = {{"validation", three(result.validation.auc), three(result.validation.accuracy)},
                                      {"test", three(result.test.auc), three(result.test.accuracy)}},
                           .facts = {{"parameters", std::to_string(description.parameters)},
                                     {"of them attention", std::to_string(description.attention_parameters)},
                                     {"engine", description.engine},
                                     {"seconds of training", three(result.train_seconds)},
                                     {"seed", std::to_string(options.seed)},
                                     {"version", version},
                                     {"compiler", __VERSION__},
                                     {"SIMD", isa_name},
                                     {"data MD5", data.md5}},
                           .settings = arguments.settings,
                           .metrics = read_metrics(folder->path() / "metrics.csv"),
                           .best_epoch = result.best_epoch};
        write_file(folder->path() / "result.json", as_line(json) + "\n");
        write_report(folder->path(), about, *test, facts, data.height);
        folder->finish(*run);
    }

    if (!arguments.json) {
        std::printf("best epoch %zu of %zu by validation AUC %.4f (ACC %.4f)\n", result.best_epoch, options.epochs,
                    result.validation.auc, result.validation.accuracy);
        std::printf("test AUC %.4f, ACC %.4f; trained in %.2f s on %zu thread%s (%s)\n", result.test.auc,
                    result.test.accuracy, result.train_seconds, options.threads, options.threads == 1 ? "" : "s",
                    isa_name);
        return 0;
    }
    std::printf("%s\n", as_line(json).c_str());
    return 0;
}

}  // namespace qvit::tool
