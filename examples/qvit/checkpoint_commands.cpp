// SPDX-License-Identifier: Apache-2.0
// eval, predict and attention: what a trained model says, and what it looked at.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/class_scores.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_dataset.hpp>
#include <qvit/data/read_image.hpp>
#include <qvit/data/resize_dataset.hpp>
#include <qvit/io/atomic_file.hpp>

#include "commands.hpp"
#include "folder_lock.hpp"
#include "json_line.hpp"
#include "model_checkpoint.hpp"
#include "split_report.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;

framing framing_of(const checkpoint_arguments& a) { return a.frame == "crop" ? framing::crop : framing::stretch; }

/// A file, or the name of weights that this repository has: examples/weights/<name>.safetensors.
fs::path checkpoint_at(const std::string& name) {
    const fs::path kept = fs::path(QVIT_WEIGHTS_DIR) / (name + ".safetensors");
    std::error_code failed;
    return !fs::exists(name, failed) && fs::path(name) == fs::path(name).stem() && fs::exists(kept, failed)
               ? kept
               : fs::path(name);
}

trained_model model_of(const checkpoint_arguments& a) {
    trained_model model = load_trained_model(checkpoint_at(a.checkpoint));
    if (a.tta != "as trained") model.shown = symmetry_named(a.tta);
    return model;
}

/// A data set, refused where the model is of another one's shape.
dataset data_for(const trained_model& model, const std::string& name, const checkpoint_arguments& a) {
    dataset data = load_dataset(name, {.channels = model.colours, .frame = framing_of(a)});
    for (const std::string& warning : data.warnings)
        std::fprintf(stderr, "qvit: warning: %s\n", printable(warning).c_str());
    const std::string begin = printable(a.checkpoint) + ": was trained for ";
    if (data.channels != model.colours)
        throw bad_input(begin + std::to_string(model.colours) + " colour(s), " + printable(name) + " has " +
                        std::to_string(data.channels));
    if (data.classes != model.classes || (data.kind == task::multi_label) != (model.kind == task::multi_label))
        throw bad_input(begin + std::to_string(model.classes) + " classes (" + std::string(task_name(model.kind)) +
                        "), " + printable(name) + " has " + std::to_string(data.classes) + " (" +
                        std::string(task_name(data.kind)) + ")");
    warn_of_other_data(model, data, a.checkpoint);
    resize_dataset(data, model.entry().config.image);
    return data;
}

bool is_image_name(const fs::path& path) {
    std::string end = path.extension().string();
    for (char& c : end) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return end == ".png" || end == ".jpg" || end == ".jpeg";
}

/// Images to answer, each with its name.
struct named_images {
    image_split images;
    std::vector<std::string> names;
    std::vector<std::string> damaged;  ///< what is wrong with each file of a folder that has no answer
};
named_images images_at(const trained_model& model, const checkpoint_arguments& a) {
    named_images result;
    if (a.path.ends_with(".npz")) {
        dataset data = data_for(model, a.path, a);
        result.images = a.split == "train" ? data.train : a.split == "val" ? data.validation : data.test;
        for (std::size_t i = 0; i < result.images.count(); ++i)
            result.names.push_back(a.path + ":" + a.split + ":" + std::to_string(i));
        return result;
    }
    std::vector<fs::path> files;
    std::error_code failed;
    if (fs::is_directory(a.path, failed)) {
        for (fs::recursive_directory_iterator at(a.path, failed), end; !failed && at != end; at.increment(failed))
            if (at->is_regular_file(failed) && is_image_name(at->path())) files.push_back(at->path());
        if (failed) throw bad_input(printable(a.path) + ": cannot be read: " + failed.message());
        std::sort(files.begin(), files.end());
        if (files.empty())
            throw bad_input(printable(a.path) + ": expected a folder with .png, .jpg or .jpeg files, found none");
    } else {
        files.emplace_back(a.path);
    }
    for (const fs::path& file : files) {
        std::vector<std::uint8_t> pixels;
        try {
            pixels = read_image(file, model.entry().config.image, model.colours, framing_of(a));
        } catch (const bad_input& problem) {
            result.damaged.emplace_back(problem.what());
            continue;
        }
        result.images.pixels.insert(result.images.pixels.end(), pixels.begin(), pixels.end());
        result.images.labels.push_back(0);
        result.names.push_back(file.string());
    }
    if (result.names.empty()) throw bad_input(result.damaged.front());
    return result;
}
std::string number(double value, const char* format = "%.4f") {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}
}  // namespace

int run_eval(const checkpoint_arguments& a) {
    const trained_model model = model_of(a);
    const dataset data = data_for(model, a.data, a);
    const split_answers answers = answers_to(model, a.split, data, a.threads);
    nlohmann::ordered_json json{
        {"model", model.model},     {"checkpoint", a.checkpoint},        {"data", data.name},
        {"split", a.split},         {"images", answers.images->count()}, {"tta", name_of(model.shown)},
        {"auc", answers.value.auc}, {"acc", answers.value.accuracy}};
    const std::vector<class_score> classes =
        class_scores(answers.scores, answers.images->labels, model.classes, model.kind);
    for (std::size_t k = 0; k < classes.size(); ++k)
        json["classes"].push_back(
            {{"class", model.class_names[k]},
             {"images", classes[k].images},
             {"auc", std::isnan(classes[k].auc) ? nlohmann::ordered_json() : nlohmann::ordered_json(classes[k].auc)},
             {"precision", classes[k].precision},
             {"recall", classes[k].recall}});
    if (!a.out.empty()) {
        refuse_used_folder(a.out);
        make_folder(a.out);
        json["result_file"] = write_result_file(a.out, data, answers, fs::path(a.checkpoint).stem().string()).string();
        report_facts facts{
            .title = model.model + " on " + printable(data.name, 200) + ", " + a.split,
            .summary = a.split + " AUC " + number(answers.value.auc) + ", ACC " + number(answers.value.accuracy) + ".",
            .scores = {{a.split, number(answers.value.auc), number(answers.value.accuracy)}},
            .facts = {{"checkpoint", a.checkpoint}, {"data MD5", data.md5}, {"version", version}},
            .settings = {}};
        write_report(a.out, model, answers, facts, data.height);
        json["out"] = a.out;
    }
    json["version"] = version;
    if (a.json) {
        std::printf("%s\n", as_line(json).c_str());
        return 0;
    }
    std::printf("%s on %s, %s: AUC %.4f, ACC %.4f of %zu images\n", model.model.c_str(), printable(data.name).c_str(),
                a.split.c_str(), answers.value.auc, answers.value.accuracy, answers.images->count());
    for (std::size_t k = 0; k < classes.size(); ++k)
        std::printf("  AUC %s  recall %.4f  %5zu images  %s\n",
                    std::isnan(classes[k].auc) ? "-     " : number(classes[k].auc).c_str(), classes[k].recall,
                    classes[k].images, model.class_names[k].c_str());
    return 0;
}

int run_predict(const checkpoint_arguments& a) {
    const trained_model model = model_of(a);
    const named_images asked = images_at(model, a);
    const std::vector<double> scores =
        model.entry().predict(model.outputs(), model.weights, asked.images, model.kind,
                              {.shown = model.shown, .levels = model.levels, .normalise = model.normalise}, a.threads);
    nlohmann::ordered_json json{{"model", model.model}, {"checkpoint", a.checkpoint}, {"classes", model.class_names}};
    json["predictions"] = nlohmann::json::array();
    for (std::size_t i = 0; i < asked.names.size(); ++i) {
        const double* const row = scores.data() + i * model.classes;
        std::size_t best = static_cast<std::size_t>(std::max_element(row, row + model.classes) - row);
        // As MedMNIST judges: the positive class of two has to be above one half.
        if (model.kind == task::binary_class) best = row[1] > 0.5 ? 1 : 0;
        std::vector<std::string> answers{model.class_names[best]};
        if (model.kind == task::multi_label) {
            answers.clear();
            for (std::size_t k = 0; k < model.classes; ++k)
                if (row[k] > 0.5) answers.push_back(model.class_names[k]);
        }
        if (a.json) {
            nlohmann::ordered_json one{{"image", asked.names[i]}};
            if (model.kind == task::multi_label)
                one["labels"] = answers;
            else
                one["class"] = answers[0];
            one["probabilities"] = std::vector<double>(row, row + model.classes);
            json["predictions"].push_back(std::move(one));
            continue;
        }
        std::string list;
        for (const std::string& answer : answers) list += (list.empty() ? "" : "; ") + answer;
        std::printf("%s: %s\n", printable(asked.names[i]).c_str(), list.empty() ? "none" : list.c_str());
        for (std::size_t k = 0; k < model.classes; ++k)
            std::printf("  %.4f  %s\n", row[k], model.class_names[k].c_str());
    }
    if (!asked.damaged.empty()) json["damaged"] = asked.damaged;
    if (a.json) std::printf("%s\n", as_line(json).c_str());
    std::fflush(stdout);
    for (const std::string& problem : asked.damaged) std::fprintf(stderr, "qvit: %s\n", problem.c_str());
    return asked.damaged.empty() ? 0 : 2;
}

int run_attention(const checkpoint_arguments& a) {
    const trained_model model = model_of(a);
    const std::size_t side = model.entry().config.image;
    const image_split image{read_image(a.path, side, model.colours, framing_of(a)), {0}};
    const shown_attention seen = write_attention(a.out, model, image, side, fs::path(a.path).filename().string());
    if (seen.files.empty()) throw bad_input("the attention of " + model.model + " has no probabilities to show");
    if (a.json) {
        const nlohmann::ordered_json json{{"model", model.model},
                                          {"image", a.path},
                                          {"layers", seen.depth},
                                          {"heads", seen.heads},
                                          {"files", seen.files}};
        std::printf("%s\n", as_line(json).c_str());
    } else {
        for (const std::string& file : seen.files) std::printf("%s\n", printable(file).c_str());
    }
    return 0;
}

}  // namespace qvit::tool
