// SPDX-License-Identifier: Apache-2.0
#include "split_report.hpp"
#include "folder_lock.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <span>
#include <sstream>

#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/calibration.hpp>
#include <qvit/data/class_scores.hpp>
#include <qvit/data/confusion_matrix.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/roc_curve.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/medmnist_result.hpp>
#include <qvit/io/png.hpp>
#include <qvit/io/rasterized.hpp>
#include <qvit/io/training_report.hpp>

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;

std::string csv_text(const std::string& cell) {
    std::string line = csv_line(std::span(&cell, 1));
    line.pop_back();  // its end
    return line;
}
std::string csv_number(double value) {
    return std::isfinite(value) ? number_text(value) : std::isinf(value) ? (value > 0 ? "inf" : "-inf") : "";
}
rgb_image picture_of(const image_split& images, std::size_t number, std::size_t side, std::size_t channels) {
    rgb_image image(side, side);
    const std::uint8_t* pixel = images.pixels.data() + number * side * side * channels;
    for (std::size_t i = 0; i < side * side; ++i, pixel += channels)
        image.pixels[i] = {pixel[0], pixel[channels == 3 ? 1 : 0], pixel[channels == 3 ? 2 : 0]};
    return image;
}
image_split one_image(const image_split& images, std::size_t number, std::size_t bytes) {
    const auto begin = images.pixels.begin() + static_cast<std::ptrdiff_t>(number * bytes);
    return {{begin, begin + static_cast<std::ptrdiff_t>(bytes)}, {0}};
}
/// The maps over one image: per layer and head, then the rollout.
std::vector<attention_heat> heats_of(const trained_model& model, const image_split& image) {
    const attention_answer seen = model.entry().attention(model.outputs(), model.weights, image, model.normalise);
    std::vector<attention_heat> heats;
    for (std::size_t at = 0; at < seen.maps.size(); ++at)
        heats.push_back({"layer " + std::to_string(at / seen.heads) + ", head " + std::to_string(at % seen.heads),
                         seen.side, seen.side, seen.maps[at]});
    if (!seen.rollout.empty()) heats.push_back({"rollout", seen.side, seen.side, seen.rollout});
    return heats;
}
/// Every class with an AUC: its curve.
std::vector<roc_line> roc_lines(const trained_model& model, const split_answers& answers,
                                const std::vector<class_score>& classes, std::string& csv) {
    std::vector<roc_line> lines;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        if (std::isnan(classes[k].auc)) continue;
        roc_line line{model.class_names[k], classes[k].auc, {}, {}};
        for (const roc_point& p : roc_curve(answers.scores, answers.images->labels, model.classes, model.kind, k)) {
            line.false_positive_rate.push_back(p.false_positive_rate);
            line.true_positive_rate.push_back(p.true_positive_rate);
            csv += csv_text(model.class_names[k]) + ',' + csv_number(p.false_positive_rate) + ',' +
                   csv_number(p.true_positive_rate) + ',' + csv_number(p.threshold) + '\n';
        }
        lines.push_back(std::move(line));
    }
    return lines;
}
std::string confusion_csv(const trained_model& model, const std::vector<std::uint64_t>& counts) {
    std::string csv;
    if (model.kind == task::multi_label) {
        csv = "label,true_negatives,false_positives,false_negatives,true_positives\n";
        for (std::size_t k = 0; k < model.classes; ++k) {
            csv += csv_text(model.class_names[k]);
            for (std::size_t i = 0; i < 4; ++i) csv += ',' + std::to_string(counts[4 * k + i]);
            csv += '\n';
        }
        return csv;
    }
    csv = "label";
    for (const std::string& name : model.class_names) csv += ',' + csv_text(name);
    csv += '\n';
    for (std::size_t k = 0; k < model.classes; ++k) {
        csv += csv_text(model.class_names[k]);
        for (std::size_t answer = 0; answer < model.classes; ++answer)
            csv += ',' + std::to_string(counts[k * model.classes + answer]);
        csv += '\n';
    }
    return csv;
}
std::vector<line_chart> curves_of(const report_facts& facts) {
    std::vector<line_chart> charts;
    if (facts.metrics.rows.empty()) return charts;
    const std::vector<double> epochs = facts.metrics.column("epoch");
    const auto chart = [&](const std::string& title, const std::string& y,
                           const std::vector<std::pair<std::string, std::string>>& lines) {
        line_chart one{.title = title, .x_label = "epoch", .y_label = y};
        for (const auto& [name, column] : lines) one.lines.push_back({name, epochs, facts.metrics.column(column)});
        if (facts.best_epoch > 0) one.marked_x = static_cast<double>(facts.best_epoch);
        one.whole_x = true;
        charts.push_back(std::move(one));
    };
    chart("Loss", "loss", {{"training", "loss"}, {"validation", "validation_loss"}});
    chart("Accuracy", "accuracy", {{"training", "train_accuracy"}, {"validation", "validation_acc"}});
    chart("Validation AUC", "AUC", {{"validation", "validation_auc"}});
    chart("Learning rate", "learning rate", {{"learning rate", "learning_rate"}});
    chart("Gradient norm", "norm", {{"gradient norm", "gradient_norm"}});
    return charts;
}
}  // namespace

split_answers answers_to(const trained_model& model, const std::string& split, const dataset& data,
                         std::size_t threads) {
    split_answers answers{.split = split, .images = nullptr, .scores = {}};
    answers.images = split == "train" ? &data.train : split == "val" ? &data.validation : &data.test;
    answers.scores =
        model.entry().predict(model.outputs(), model.weights, *answers.images, model.kind,
                              {.shown = model.shown, .levels = model.levels, .normalise = model.normalise}, threads);
    answers.value.auc = auc(answers.scores, answers.images->labels, model.classes, model.kind);
    answers.value.accuracy = accuracy(answers.scores, answers.images->labels, model.classes, model.kind);
    return answers;
}

std::vector<double> metrics_table::column(const std::string& name) const {
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    std::vector<double> values;
    for (const auto& row : rows) values.push_back(at < row.size() ? row[at] : std::numeric_limits<double>::quiet_NaN());
    return values;
}
metrics_table read_metrics(const fs::path& path) {
    metrics_table table;
    std::ifstream input(path);
    for (std::string line; std::getline(input, line);) {
        std::istringstream cells(line);
        std::vector<double> row;
        const bool header = table.names.empty();
        for (std::string cell; std::getline(cells, cell, ',');) {
            double value = std::numeric_limits<double>::quiet_NaN();
            if (header)
                table.names.push_back(cell);
            else
                std::from_chars(cell.data(), cell.data() + cell.size(), value);
            row.push_back(value);
        }
        if (!header) table.rows.push_back(std::move(row));
    }
    return table;
}

fs::path write_result_file(const fs::path& folder, const dataset& data, const split_answers& answers,
                           const std::string& run) {
    std::string flag = data.known_as;
    if (flag.empty())
        for (const char c : data.name)
            if (c >= 'a' && c <= 'z') flag += c;
    if (flag.empty()) flag = "data";
    return write_medmnist_result(folder, flag, answers.split, answers.scores, data.classes, answers.value.auc,
                                 answers.value.accuracy, run);
}

void write_report(const fs::path& folder, const trained_model& model, const split_answers& answers,
                  const report_facts& facts, std::size_t image_side) {
    const auto& labels = answers.images->labels;
    make_folder(folder / "pictures");
    training_report report{.title = facts.title, .summary = facts.summary};
    report.scores = {"", {"split", "AUC", "ACC"}, facts.scores};
    report.facts = facts.facts;
    report.configuration = facts.settings;
    report.curves = curves_of(facts);

    const auto counts = confusion_matrix(answers.scores, labels, model.classes, model.kind);
    write_file(folder / "confusion.csv", confusion_csv(model, counts));
    if (model.kind != task::multi_label)
        report.confusion = confusion_counts{model.class_names, {counts.begin(), counts.end()}};

    const std::vector<class_score> classes = class_scores(answers.scores, labels, model.classes, model.kind);
    report.per_class = {"", {"class", "images", "AUC", "precision", "recall", "F1"}, {}};
    if (model.kind == task::multi_label)  // a matrix of its own for each label
        for (const char* column : {"true negatives", "false positives", "false negatives", "true positives"})
            report.per_class.header.emplace_back(column);
    std::string csv = "class,images,auc,precision,recall,f1\n";
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const class_score& c = classes[k];
        csv += csv_text(model.class_names[k]) + ',' + std::to_string(c.images) + ',' + csv_number(c.auc) + ',' +
               csv_number(c.precision) + ',' + csv_number(c.recall) + ',' + csv_number(c.f1) + '\n';
        report.per_class.rows.push_back({model.class_names[k], std::to_string(c.images),
                                         std::isnan(c.auc) ? "-" : number_text(c.auc, 3), number_text(c.precision, 3),
                                         number_text(c.recall, 3), number_text(c.f1, 3)});
        if (model.kind == task::multi_label)
            for (std::size_t i = 0; i < 4; ++i)
                report.per_class.rows.back().push_back(std::to_string(counts[4 * k + i]));
    }
    write_file(folder / "classes.csv", csv);

    csv = "class,false_positive_rate,true_positive_rate,threshold\n";
    report.roc = roc_lines(model, answers, classes, csv);
    write_file(folder / "roc.csv", csv);

    reliability calibration;
    csv = "low,high,answers,confidence,accuracy\n";
    const auto bins = calibration_bins(answers.scores, labels, model.classes, model.kind);
    for (std::size_t b = 0; b < bins.size(); ++b) {
        const double low = static_cast<double>(b) / static_cast<double>(bins.size());
        const double high = static_cast<double>(b + 1) / static_cast<double>(bins.size());
        calibration.bins.push_back({low, high, bins[b].answers, bins[b].confidence, bins[b].accuracy});
        csv += csv_number(low) + ',' + csv_number(high) + ',' + std::to_string(bins[b].answers) + ',' +
               csv_number(bins[b].confidence) + ',' + csv_number(bins[b].accuracy) + '\n';
    }
    calibration.expected_calibration_error = calibration_error(answers.scores, labels, model.classes, model.kind);
    write_file(folder / "calibration.csv", csv);
    report.facts.emplace_back("calibration error", number_text(calibration.expected_calibration_error, 4));
    report.calibration = calibration;

    const std::size_t bytes = image_side * image_side * model.colours;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, answers.images->count()); ++i) {
        const image_split image = one_image(*answers.images, i, bytes);
        auto heats = heats_of(model, image);
        if (heats.empty()) continue;
        report.attention.push_back({answers.split + " image " + std::to_string(i),
                                    picture_of(image, 0, image_side, model.colours), std::move(heats)});
    }

    const auto draw = [&](const std::string& name, const picture& drawing) {
        write_png(folder / "pictures" / (name + ".png"), rasterized(drawing));
    };
    for (const line_chart& chart : report.curves) {
        std::string name = chart.title;
        for (char& c : name) c = c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        draw(name, line_plot(chart));
    }
    if (report.confusion) draw("confusion", confusion_plot(*report.confusion));
    if (!report.roc.empty()) draw("roc", roc_plot(report.roc));
    draw("calibration", reliability_plot(calibration));
    for (std::size_t i = 0; i < report.attention.size(); ++i)
        draw("attention_" + std::to_string(i),
             attention_plot(report.attention[i].title, report.attention[i].image, report.attention[i].maps));
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder))
        if (file.path().filename().string()[0] != '.' && file.path().filename() != "report.html")
            names.push_back(file.path().filename().string());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) report.files.emplace_back(name, "./" + name);
    write_file(folder / "report.html", report_page(training_page(report)));
}

shown_attention write_attention(const fs::path& folder, const trained_model& model, const image_split& image,
                                std::size_t image_side, const std::string& title) {
    shown_attention result;
    const auto heats = heats_of(model, image);
    if (heats.empty()) return result;
    const attention_answer seen = model.entry().attention(model.outputs(), model.weights, image, model.normalise);
    result.depth = seen.depth;
    result.heads = seen.heads;
    make_folder(folder);
    const rgb_image shown = picture_of(image, 0, image_side, model.colours);
    const auto write = [&](const std::string& name, const rgb_image& pixels) {
        write_png(folder / name, pixels);
        result.files.push_back((folder / name).string());
    };
    for (std::size_t at = 0; at < heats.size(); ++at)
        write(at + 1 == heats.size()
                  ? "rollout.png"
                  : "layer" + std::to_string(at / seen.heads) + "_head" + std::to_string(at % seen.heads) + ".png",
              heat_overlay(shown, heats[at], 8));
    write("attention.png", rasterized(attention_plot(title, shown, heats)));
    return result;
}

}  // namespace qvit::tool
