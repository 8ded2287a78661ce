// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_logits.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/mean_of_teachers.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "model_entry.hpp"
#include "paired_difference.hpp"
#include "run_stage.hpp"

namespace qvit::tool {

namespace {
nlohmann::ordered_json summary(const fit_result<float>& result, std::size_t epochs, bool tested = false) {
    nlohmann::ordered_json json{{"epochs", epochs},
                                {"best_epoch", result.best_epoch},
                                {"val_auc", result.validation.auc},
                                {"val_acc", result.validation.accuracy},
                                {"train_seconds", result.train_seconds}};
    if (tested) {
        json["test_auc"] = result.test.auc;
        json["test_acc"] = result.test.accuracy;
    }
    return json;
}

distillation_terms terms_of(const distil_arguments& a) {
    distillation_terms terms = a.terms;
    terms.labels = 1 - a.share;
    terms.soft = a.loss == "soft" ? a.share : 0;
    terms.hard = a.loss == "hard" ? a.share : 0;
    terms.answers = a.loss == "logits" ? a.share : 0;
    if (a.labels) terms.labels = *a.labels;
    if (a.soft) terms.soft = *a.soft;
    if (a.hard) terms.hard = *a.hard;
    if (a.answers) terms.answers = *a.answers;
    terms.reduction = a.reduction == "sum" ? class_reduction::sum : class_reduction::mean;
    terms.projection = a.projection == "learnt" ? hint_projection::learnt : hint_projection::fixed;
    return terms;
}

/// What one command does: the data, the options of its stages, and where they write.
class distillation {
  public:
    explicit distillation(const distil_arguments& arguments)
        : a_(arguments),
          data_(load_dataset(arguments.data)),
          pool_(arguments.pool == "cls" ? pooling::cls : pooling::mean),
          student_(find_model(arguments.student, data_.channels, pool_)),
          labels_(arguments.options) {
        for (const std::string& warning : data_.warnings)
            std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
        labels_.augment = augmentation_named(arguments.augment, data_);
        signal_.terms = terms_of(arguments);
        if (!signal_.terms.possible())
            throw bad_input("expected a term of the loss with a weight above 0, see --labels, --soft, --hard");
        if (signal_.terms.of_features() && (arguments.teachers.size() > 1 || !arguments.logits.empty()))
            throw bad_input(
                "terms on features need one teacher that is a model, found " +
                (arguments.logits.empty() ? std::to_string(arguments.teachers.size()) + " of them" : "--logits"));
    }

    int run() {
        const auto started = std::chrono::steady_clock::now();
        watch_interrupt();
        nlohmann::ordered_json json;
        json["data"] = data_.name;
        json["synthetic"] = data_.synthetic;
        json["teacher"] = find_teacher();
        if (a_.seeds == 1) {
            const outcome result = distil(labels_.seed, {});
            json["distillation"] = summary(result.distilled, a_.kd_epochs);
            json["labels"] = summary(result.final, labels_.epochs);
            json["test_auc"] = result.final.test.auc;
            json["test_acc"] = result.final.test.accuracy;
            if (!a_.json) show(result);
        } else {
            json["comparison"] = compare();
        }
        json["model"] = a_.student;
        json["params"] = parameters_;
        json["pool"] = a_.pool;
        json["loss"] = a_.loss;
        json["reduction"] = a_.reduction;
        json["share"] = a_.share;
        json["temperature"] = a_.terms.temperature;
        json["terms"] = {{"labels", signal_.terms.labels},
                         {"soft", signal_.terms.soft},
                         {"hard", signal_.terms.hard},
                         {"answers", signal_.terms.answers},
                         {"hint", signal_.terms.hint},
                         {"attention_map", signal_.terms.attention_map},
                         {"relations", signal_.terms.relations},
                         {"values", signal_.terms.values},
                         {"similarities", signal_.terms.similarities},
                         {"distances", signal_.terms.distances}};
        json["augment"] = name_of(labels_.augment);
        json["total_seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        json["seed"] = labels_.seed;
        json["threads"] = labels_.threads;
        json["isa"] = isa_name;
        json["version"] = version;
        if (!a_.out.empty()) write_file(std::filesystem::path(a_.out) / "result.json", as_line(json) + "\n");
        if (a_.json) std::printf("%s\n", as_line(json).c_str());
        return 0;
    }

  private:
    struct outcome {
        fit_result<float> distilled, final;
    };

    /// DIR/<folder>, or nothing where nothing is written.
    std::filesystem::path folder(const std::filesystem::path& name) const {
        return a_.out.empty() ? std::filesystem::path() : std::filesystem::path(a_.out) / name;
    }

    /// Fills signal_ from the logits or the teachers there are, training those that are names.
    nlohmann::ordered_json find_teacher() {
        if (!a_.logits.empty()) {
            signal_.logits = read_logits(a_.logits, data_);
            nlohmann::ordered_json json;
            json["logits"] = a_.logits;
            return json;
        }
        lesson asked{.terms = signal_.terms, .student_width = student_.config.width, .seed = labels_.seed};
        if (asked.terms.of_features() || a_.views == "all") asked.shown = labels_.augment.symmetries;
        std::vector<std::vector<double>> logits;
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (std::size_t i = 0; i < a_.teachers.size(); ++i) {
            const std::string& name = a_.teachers[i];
            nlohmann::ordered_json json;
            loaded_model taught;
            if (name.ends_with(".safetensors")) {
                taught = load_model(name, data_);
                json["file"] = name;
            } else {
                training_options options = labels_;
                options.epochs = a_.teacher_epochs;
                options.learning_rate = a_.teacher_learning_rate;
                options.seed += i;  // several of one name are to differ
                const std::string where = a_.teachers.size() == 1 ? "teacher" : "teacher-" + std::to_string(i + 1);
                const model_entry& model = find_model(name, data_.channels, pool_);
                const auto result = run_stage({where, folder(where), model, options}, data_, a_.resume);
                json = summary(result, options.epochs, true);
                taught = {&model, result.weights};
            }
            json["model"] = taught.model->name;
            json["params"] = taught.weights.size();
            teacher_signal signal = taught.model->teach(data_, taught.weights, asked, labels_.threads);
            logits.push_back(std::move(signal.logits));
            signal_ = std::move(signal);
            all.push_back(std::move(json));
        }
        signal_.logits = mean_of_teachers(logits, data_.classes,
                                          a_.ensemble == "logits" ? teacher_mean::logits : teacher_mean::probabilities);
        return all.size() == 1 ? all[0] : all;
    }

    /// The student's two stages, in sub-folders of `place`.
    outcome distil(std::uint64_t seed, const std::filesystem::path& place) {
        training_options first = labels_;
        first.epochs = a_.kd_epochs;
        first.learning_rate = a_.kd_learning_rate;
        first.seed = seed;
        training_options last = labels_;
        last.seed = seed;
        outcome result;
        result.distilled = run_stage({"distillation",
                                      folder(place / "kd"),
                                      student_,
                                      first,
                                      {.weights = {}, .teacher = &signal_, .read_test = false}},
                                     data_, a_.resume);
        result.final = run_stage({"labels",
                                  folder(place / "labels"),
                                  student_,
                                  last,
                                  {.weights = result.distilled.weights, .teacher = nullptr, .read_test = true}},
                                 data_, a_.resume);
        parameters_ = result.final.weights.size();
        return result;
    }

    /// The student from scratch, on labels for as many epochs as both stages have, and distilled, seed by seed.
    nlohmann::ordered_json compare() {
        training_options scratch = labels_;
        scratch.epochs = a_.kd_epochs + labels_.epochs;
        scratch.learning_rate = a_.kd_learning_rate;
        nlohmann::ordered_json json;
        json["scratch_epochs"] = scratch.epochs;
        std::vector<double> auc, accuracy;
        if (!a_.json)
            std::printf(
                "| seed | scratch AUC | distilled AUC | scratch ACC | distilled ACC |\n|---|---|---|---|---|\n");
        for (std::uint64_t i = 0; i < a_.seeds; ++i) {
            const std::uint64_t seed = labels_.seed + i;
            const std::string place = "seed-" + std::to_string(seed);
            scratch.seed = seed;
            const auto alone = run_stage({"scratch", folder(place + "/scratch"), student_, scratch}, data_, a_.resume);
            const auto taught = distil(seed, place).final;
            auc.push_back(taught.test.auc - alone.test.auc);
            accuracy.push_back(taught.test.accuracy - alone.test.accuracy);
            if (!a_.json)
                std::printf("| %llu | %.4f | %.4f | %.4f | %.4f |\n", static_cast<unsigned long long>(seed),
                            alone.test.auc, taught.test.auc, alone.test.accuracy, taught.test.accuracy);
            json["seeds"].push_back({{"seed", seed},
                                     {"scratch_auc", alone.test.auc},
                                     {"distilled_auc", taught.test.auc},
                                     {"scratch_acc", alone.test.accuracy},
                                     {"distilled_acc", taught.test.accuracy}});
        }
        for (const auto& [name, differences] : {std::pair{"auc", &auc}, std::pair{"acc", &accuracy}}) {
            const paired_difference d(*differences);
            json[name] = {{"difference", d.mean}, {"low", d.low}, {"high", d.high}};
            if (!a_.json)
                std::printf("%s: distilled - scratch = %+.4f, 95 %% interval %+.4f to %+.4f (paired t, %zu seeds)\n",
                            name, d.mean, d.low, d.high, differences->size());
        }
        return json;
    }

    static void show(const outcome& result) {
        std::printf("distilled: validation AUC %.4f, ACC %.4f at epoch %zu\n", result.distilled.validation.auc,
                    result.distilled.validation.accuracy, result.distilled.best_epoch);
        std::printf("then on labels: validation AUC %.4f, ACC %.4f at epoch %zu\n", result.final.validation.auc,
                    result.final.validation.accuracy, result.final.best_epoch);
        std::printf("test AUC %.4f, ACC %.4f\n", result.final.test.auc, result.final.test.accuracy);
    }

    const distil_arguments& a_;
    dataset data_;
    pooling pool_;
    const model_entry& student_;
    training_options labels_;
    teacher_signal signal_;
    std::size_t parameters_ = 0;
};
}  // namespace

int run_distil(const distil_arguments& arguments) { return distillation(arguments).run(); }

}  // namespace qvit::tool
