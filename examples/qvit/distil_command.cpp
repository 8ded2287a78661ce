// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/paired_difference.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_logits.hpp>
#include <qvit/data/task.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/mean_of_teachers.hpp>

#include "commands.hpp"
#include "folder_lock.hpp"
#include "interrupt.hpp"
#include "json_line.hpp"
#include "model_checkpoint.hpp"
#include "model_entry.hpp"
#include "training_job.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;

std::string signed_text(double value) { return (value < 0 ? "" : "+") + number_text(value, 4); }

/// The stages of one command: teachers, and a student that learns from them and then from the labels.
class distillation {
    using taught = std::pair<trained_model, nlohmann::ordered_json>;

  public:
    explicit distillation(const distil_arguments& arguments)
        : a_(arguments), names_(arguments.teachers), data_((check(arguments), load_training_data(arguments.train))) {
        if (names_.empty() && a_.logits.empty()) names_.emplace_back("teacher");
        student_ = &model_for(a_.train, data_);
        if (data_.kind == task::multi_label)
            throw bad_input("a teacher's logits need one label per image; " + printable(data_.name) +
                            " has several (multi-label)");
        signal_.terms = a_.terms;
        signal_.terms.reduction = a_.reduction == "sum" ? class_reduction::sum : class_reduction::mean;
        signal_.terms.projection = a_.projection == "learnt" ? hint_projection::learnt : hint_projection::fixed;
        // The labels teach the class token's head, the teacher the distillation token's.
        signal_.terms.second_head = a_.train.pool == "distilled";
        if (signal_.terms.second_head && signal_.terms.of_features())
            throw bad_input(
                "terms on tokens and attention need a student with as many tokens as its teacher; they do not go with "
                "--pool distilled");
        if (signal_.terms.of_features() && names_.size() != 1)
            throw bad_input("terms on tokens and attention need one teacher that is a model, found " +
                            (a_.logits.empty() ? std::to_string(names_.size()) + " of them" : "--logits"));
        const augmentation& shown = a_.train.options.augment;
        if (signal_.terms.of_features() &&
            (shown.shift > 0 || shown.rotation > 0 || shown.cutout > 0 || shown.mixup > 0))
            throw bad_input(
                "terms on tokens and attention belong to the images that the teacher saw; they do not go with --shift, "
                "--rotate, --cutout and --mixup");
        if (!a_.logits.empty()) signal_.logits = read_logits(a_.logits, data_);
        // A wrong name is found before the first of them is trained.
        for (const std::string& name : names_) {
            train_arguments own = a_.train;
            own.model = name;
            own.pool = teacher_pool();
            if (is_file(name))
                files_.push_back(read_teacher(name));
            else
                static_cast<void>(model_for(own, data_));
        }
    }

    int run() {
        watch_interrupt();
        if (!a_.train.out.empty()) open_folder();
        nlohmann::ordered_json json;
        json["data"] = data_.name;
        json["synthetic"] = data_.synthetic;
        json["student"] = a_.train.model;
        json["teacher"] = find_teacher();
        if (a_.seeds == 1) {
            const auto [distilled, final] = distil(a_.train.options.seed, {});
            json["distillation"] = distilled.json;
            json["labels"] = final.json;
            json["params"] = final.json["params"];
            json["test_auc"] = final.fit.test.auc;
            json["test_acc"] = final.fit.test.accuracy;
            if (!a_.train.json) show(distilled.fit, final.fit);
        } else {
            json["comparison"] = compare();
        }
        const distillation_terms& terms = signal_.terms;
        json["terms"] = {
            {"labels", terms.labels},       {"soft", terms.soft},     {"hard", terms.hard},
            {"answers", terms.answers},     {"hint", terms.hint},     {"attention_map", terms.attention_map},
            {"relations", terms.relations}, {"values", terms.values}, {"similarities", terms.similarities},
            {"distances", terms.distances}};
        json["temperature"] = terms.temperature;
        json["reduction"] = a_.reduction;
        json["options"] = nlohmann::ordered_json::parse(a_.config_text);
        json["seed"] = a_.train.options.seed;
        json["threads"] = a_.train.options.threads;
        json["isa"] = isa_name;
        json["version"] = version;
        if (!a_.train.out.empty()) write_file(fs::path(a_.train.out) / "result.json", as_line(json) + "\n");
        if (a_.train.json) std::printf("%s\n", as_line(json).c_str());
        return 0;
    }

  private:
    /// Before anything is loaded.
    static void check(const distil_arguments& a) {
        train_arguments stage = a.train;
        for (const std::size_t epochs : {a.train.options.epochs, a.kd_epochs, a.teacher_epochs}) {
            stage.options.epochs = epochs;
            check_together(stage);
        }
        if (!a.logits.empty() && !a.teachers.empty())
            throw bad_input("--logits takes the place of --teacher; give one of them");
        if (!a.terms.possible())
            throw bad_input(
                "all terms of the loss weigh 0; expected a weight above 0 for one of --labels, --soft, --hard, "
                "--answers, --hint, --attention-map, --relations, --values, --similarities, --distances");
        const distil_arguments usual;
        const distillation_terms& terms = a.terms;
        const auto needs = [](const char* option, const char* term) {
            throw bad_input(std::string(option) + " is of the term " + term + ", which weighs 0");
        };
        if (terms.temperature != usual.terms.temperature && terms.soft == 0) needs("--temperature", "--soft");
        if (a.reduction != usual.reduction && terms.soft == 0 && terms.answers == 0)
            needs("--reduction", "--soft or --answers");
        if (a.projection != usual.projection && terms.hint == 0) needs("--projection", "--hint");
        if (a.train.targets == "levels")
            throw bad_input("--targets levels has a logit less than classes, which a teacher's logits do not fit");
    }

    void open_folder() {
        const fs::path folder = a_.train.out;
        if (!a_.train.resume) refuse_used_folder(folder);
        make_folder(folder);
        lock_.emplace(folder);
        if (!a_.train.resume) write_file(folder / "config.json", a_.config_text);
    }

    /// The options of a stage, which writes to <out>/<folder> where there is an out.
    train_arguments stage(const fs::path& folder, std::size_t epochs, double rate, std::uint64_t seed) const {
        train_arguments result = a_.train;
        result.options.epochs = epochs;
        result.options.learning_rate = rate;
        result.options.seed = seed;
        if (!result.out.empty()) result.out = (fs::path(result.out) / folder).string();
        return result;
    }

    /// Fills signal_ from the logits or the teachers there are, training those that are names.
    nlohmann::ordered_json find_teacher() {
        if (!a_.logits.empty()) return {{"logits", a_.logits}};
        lesson asked{.terms = signal_.terms, .student_width = student_->config.width, .seed = a_.train.options.seed};
        if (signal_.terms.of_features() || a_.views == "all")
            asked.shown = training_options_of(a_.train, data_).augment.symmetries;
        std::vector<std::vector<double>> logits;
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (std::size_t i = 0, file = 0; i < names_.size(); ++i) {
            auto [teacher, json] = is_file(names_[i]) ? files_[file++] : train_teacher(i);
            asked.normalise = teacher.normalise;
            teacher_signal told = teacher.entry().teach(data_, teacher.weights, asked, a_.train.options.threads);
            logits.push_back(std::move(told.logits));
            signal_ = std::move(told);
            all.push_back(std::move(json));
        }
        signal_.logits = mean_of_teachers(logits, data_.classes,
                                          a_.ensemble == "logits" ? teacher_mean::logits : teacher_mean::probabilities);
        return all.size() == 1 ? all[0] : all;
    }

    std::string teacher_pool() const { return a_.train.pool == "distilled" ? "cls" : a_.train.pool; }
    static bool is_file(const std::string& name) { return name.ends_with(".safetensors"); }
    taught read_teacher(const std::string& file) const {
        trained_model teacher = load_trained_model(file);
        const auto expect = [&](const char* what, const std::string& expected, const std::string& found) {
            if (expected != found)
                throw bad_input(printable(file) + ": the teacher was trained for " + found + ' ' + what +
                                ", the data have " + expected);
        };
        expect("colours", std::to_string(data_.channels), std::to_string(teacher.colours));
        expect("classes", std::to_string(data_.classes), std::to_string(teacher.classes));
        if (teacher.levels || teacher.kind == task::multi_label)
            throw bad_input(printable(file) + ": the teacher has no logit for each of exclusive classes (" +
                            (teacher.levels ? "ordinal levels" : "multi-label") + ')');
        warn_of_other_data(teacher, data_, file);
        return {teacher, {{"model", teacher.model}, {"file", file}, {"params", teacher.weights.size()}}};
    }
    /// Several teachers of one name differ by their seeds.
    taught train_teacher(std::size_t i) {
        train_arguments own = stage(names_.size() == 1 ? "teacher" : "teacher-" + std::to_string(i + 1),
                                    a_.teacher_epochs, a_.teacher_learning_rate, a_.train.options.seed + i);
        own.model = names_[i];
        own.pool = teacher_pool();
        job_result result = run_job(own, model_for(own, data_), data_, {}, "teacher");
        return {std::move(result.model), std::move(result.json)};
    }

    /// The student's two stages, in sub-folders of `place`.
    std::pair<job_result, job_result> distil(std::uint64_t seed, const fs::path& place) const {
        const job_result first = run_job(stage(place / "kd", a_.kd_epochs, a_.kd_learning_rate, seed), *student_, data_,
                                         {.weights = {}, .teacher = &signal_, .read_test = false}, "distillation");
        const training_options& labels = a_.train.options;
        const job_result last =
            run_job(stage(place / "labels", labels.epochs, labels.learning_rate, seed), *student_, data_,
                    {.weights = first.fit.weights, .teacher = nullptr, .read_test = true}, "labels");
        return {first, last};
    }

    /// The student from scratch, on labels for as many epochs as both stages have, and distilled, seed by seed.
    nlohmann::ordered_json compare() const {
        const std::size_t epochs = a_.kd_epochs + a_.train.options.epochs;
        nlohmann::ordered_json json{{"scratch_epochs", epochs}};
        std::vector<double> values[4];  // scratch AUC, distilled AUC, scratch ACC, distilled ACC
        std::string text =
            "| seed | AUC, scratch | AUC, distilled | ACC, scratch | ACC, distilled |\n"
            "|---|---|---|---|---|\n";
        for (std::uint64_t i = 0; i < a_.seeds; ++i) {
            const std::uint64_t seed = a_.train.options.seed + i;
            const fs::path place = "seed-" + std::to_string(seed);
            const fit_result<float> alone =
                run_job(stage(place / "scratch", epochs, a_.kd_learning_rate, seed), *student_, data_, {}, "scratch")
                    .fit;
            const fit_result<float> last = distil(seed, place).second.fit;
            const double row[] = {alone.test.auc, last.test.auc, alone.test.accuracy, last.test.accuracy};
            text += "| " + std::to_string(seed);
            for (std::size_t k = 0; k < 4; ++k) {
                values[k].push_back(row[k]);
                text += " | " + number_text(row[k], 4);
            }
            text += " |\n";
            json["seeds"].push_back({{"seed", seed},
                                     {"scratch_auc", row[0]},
                                     {"distilled_auc", row[1]},
                                     {"scratch_acc", row[2]},
                                     {"distilled_acc", row[3]}});
        }
        text += '\n';
        for (std::size_t k = 0; k < 4; k += 2) {
            const paired_comparison gain = paired_difference(values[k], values[k + 1]);
            const sample_summary alone = summarize(values[k]), after = summarize(values[k + 1]);
            json[k == 0 ? "auc" : "acc"] = {
                {"scratch", {{"mean", alone.mean}, {"deviation", alone.deviation}}},
                {"distilled", {{"mean", after.mean}, {"deviation", after.deviation}}},
                {"gain", {{"mean", gain.difference.mean}, {"deviation", gain.difference.deviation}}},
                {"interval", {gain.interval.low, gain.interval.high}}};
            text += std::string(k == 0 ? "AUC" : "ACC") + ": scratch " + number_text(alone.mean, 4) + " +- " +
                    number_text(alone.deviation, 4) + ", distilled " + number_text(after.mean, 4) + " +- " +
                    number_text(after.deviation, 4) + ", gain " + signed_text(gain.difference.mean) +
                    ", 95 % interval " + signed_text(gain.interval.low) + " to " + signed_text(gain.interval.high) +
                    " (bootstrap over " + std::to_string(a_.seeds) + " paired seeds)\n";
        }
        if (!a_.train.out.empty()) write_file(fs::path(a_.train.out) / "comparison.md", text);
        if (!a_.train.json) std::printf("%s", text.c_str());
        return json;
    }

    static void show(const fit_result<float>& distilled, const fit_result<float>& final) {
        std::printf("distilled: validation AUC %.4f, ACC %.4f at epoch %zu\n", distilled.validation.auc,
                    distilled.validation.accuracy, distilled.best_epoch);
        std::printf("then on labels: validation AUC %.4f, ACC %.4f at epoch %zu\n", final.validation.auc,
                    final.validation.accuracy, final.best_epoch);
        std::printf("test AUC %.4f, ACC %.4f\n", final.test.auc, final.test.accuracy);
    }

    const distil_arguments& a_;
    std::vector<std::string> names_;  ///< of teachers
    dataset data_;
    const model_entry* student_ = nullptr;
    teacher_signal signal_;
    std::vector<taught> files_;  ///< teachers that are files, in the order of their names
    std::optional<folder_lock> lock_;
};
}  // namespace

int run_distil(const distil_arguments& arguments) { return distillation(arguments).run(); }

}  // namespace qvit::tool
