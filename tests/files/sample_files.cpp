// SPDX-License-Identifier: Apache-2.0
// Writes one file of each kind that the layer io writes, for programs that know nothing of this library:
//   sample_files write <folder>
//   sample_files read <file.safetensors>    name, dtype, extents and elements of each tensor, then the metadata
//   sample_files ink <file.png>             width, height, share of pixels that are not light, blue pixels, orange
//   pixels
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/io/bar_plot.hpp>
#include <qvit/io/checkpoint.hpp>
#include <qvit/io/medmnist_result.hpp>
#include <qvit/io/metrics_file.hpp>
#include <qvit/io/png.hpp>
#include <qvit/io/rasterized.hpp>
#include <qvit/io/tensorboard_file.hpp>
#include <qvit/io/training_report.hpp>

namespace {

namespace fs = std::filesystem;
using qvit::number_text;

/// Numbers in [0, 1) that are the same on every machine.
class numbers {
  public:
    double next() {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<double>(state_ >> 11U) * 0x1p-53;
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() * static_cast<double>(n)); }

  private:
    std::uint64_t state_ = 42;
};

void write_checkpoint(const fs::path& path) {
    std::vector<float> f32(15);
    std::vector<double> f64(6);
    for (std::size_t i = 0; i < f32.size(); ++i) f32[i] = 0.25F * static_cast<float>(i) - 1;
    for (std::size_t i = 0; i < f64.size(); ++i) f64[i] = 1 / (static_cast<double>(i) + 1);
    const std::vector<std::int64_t> i64{-9007199254740993, 7};
    const std::vector<std::uint8_t> u8{0, 128, 255};
    qvit::save_checkpoint(path, {.tensors = {qvit::named_tensor::of<float>("blocks.0.attention.q.theta", {3, 5}, f32),
                                             qvit::named_tensor::of<std::uint8_t>("order", {3}, u8),
                                             qvit::named_tensor::of<double>("optimizer.m", {2, 1, 3}, f64),
                                             qvit::named_tensor::of<std::int64_t>("random \"state\"", {2}, i64),
                                             qvit::named_tensor::of<float>("scalar", {}, std::vector{0.1F})},
                                 .metadata = {{"model", "qvit4"}, {"note", "\xc3\xa9\n\"quoted\""}}});
}

/// Scores and labels of each kind of task as MedMNIST's evaluator takes them; ties on purpose.
void write_results(const fs::path& folder) {
    numbers random;
    std::string list = "[";
    for (const auto& [flag, kind, kind_name, classes] :
         {std::tuple{"retinamnist", qvit::task::ordinal_regression, "ordinal-regression", std::size_t{5}},
          std::tuple{"bloodmnist", qvit::task::multi_class, "multi-class", std::size_t{8}},
          std::tuple{"breastmnist", qvit::task::binary_class, "binary-class", std::size_t{2}},
          std::tuple{"chestmnist", qvit::task::multi_label, "multi-label, binary-class", std::size_t{14}}}) {
        constexpr std::size_t images = 500;
        std::vector<double> scores(images * classes);
        std::vector<std::uint8_t> labels;
        std::string label_rows;
        for (std::size_t i = 0; i < images; ++i) {
            const std::size_t truth = random.below(classes);
            double sum = 0;
            label_rows += i > 0 ? ",[" : "[";
            for (std::size_t k = 0; k < classes; ++k) {
                const bool positive = kind == qvit::task::multi_label ? random.next() < 0.3 : k == truth;
                if (kind == qvit::task::multi_label || k == truth)
                    labels.push_back(static_cast<std::uint8_t>(kind == qvit::task::multi_label ? positive : k));
                if (kind == qvit::task::multi_label) label_rows += (k > 0 ? "," : "") + std::to_string(labels.back());
                double& score = scores[i * classes + k];
                score = std::round((random.next() + (positive ? 0.3 : 0)) * 50 + 1) / 70;
                sum += score;
            }
            if (kind != qvit::task::multi_label) {
                label_rows += std::to_string(labels.back());
                for (std::size_t k = 0; k < classes; ++k) scores[i * classes + k] /= sum;
            }
            label_rows += "]";
        }
        const double auc = qvit::auc(scores, labels, classes, kind);
        const double accuracy = qvit::accuracy(scores, labels, classes, kind);
        const fs::path path =
            qvit::write_medmnist_result(folder, flag, "test", scores, classes, auc, accuracy, "qvit4_seed1");
        list += std::string(list.size() > 1 ? "," : "") + "\n{\"file\":" + qvit::json_text(path.filename().string()) +
                ",\"task\":\"" + kind_name + "\",\"auc\":" + qvit::json_number(auc) +
                ",\"acc\":" + qvit::json_number(accuracy) + ",\"labels\":[" + label_rows + "]}";
    }
    qvit::write_file(folder / "results.json", list + "]\n");
}

void write_logs(const fs::path& folder) {
    qvit::metrics_file csv(folder / "metrics.csv", qvit::metrics_format::csv, {"loss", "validation, \"AUC\""});
    qvit::metrics_file jsonl(folder / "metrics.jsonl", qvit::metrics_format::jsonl, {"loss", "validation, \"AUC\""});
    qvit::tensorboard_file events(folder);
    for (std::size_t epoch = 1; epoch <= 200; ++epoch) {
        const std::vector<double> row{1 / static_cast<double>(epoch),
                                      epoch == 3 ? NAN : 0.1 * static_cast<double>(epoch)};
        csv.append(epoch, row);
        jsonl.append(epoch, row);
        events.scalar("train/loss", row[0], static_cast<std::int64_t>(epoch));
    }
    qvit::tensorboard_file resumed(folder, 101);
    resumed.scalar("train/loss", 0.5, 101);
}

qvit::training_report sample_report() {
    numbers random;
    const std::vector<std::string> classes{"0", "1", "2", "3", "4 <b>\"worst\" & last</b>"};
    std::vector<double> epochs, loss, validation_loss, auc, accuracy;
    for (double epoch = 1; epoch <= 60; ++epoch) {
        epochs.push_back(epoch);
        loss.push_back(0.9 + 0.8 * std::exp(-epoch / 12) + 0.02 * random.next());
        validation_loss.push_back(1.05 + 0.7 * std::exp(-epoch / 10) + 0.05 * random.next());
        auc.push_back(0.75 - 0.25 * std::exp(-epoch / 9) + 0.01 * random.next());
        accuracy.push_back(0.53 - 0.15 * std::exp(-epoch / 9) + 0.02 * random.next());
    }
    qvit::training_report run{.title = "qvit4 on retinamnist <script>alert(1)</script>",
                              .summary =
                                  "Test AUC 0.742, ACC 0.535 with 913 parameters; the epoch was chosen on the "
                                  "validation split."};
    run.scores = {"Scores",
                  {"split", "AUC", "ACC", "loss"},
                  {{"train", "0.781", "0.570", "1.021"},
                   {"validation", "0.752", "0.542", "1.055"},
                   {"test", "0.742", "0.535", "1.083"}}};
    run.facts = {{"parameters", "913"}, {"attention parameters", "32"}, {"best epoch", "43"},
                 {"training", "1.2 s"}, {"engine", "closed form"},      {"seed", "1"}};
    run.curves = {{.title = "Loss",
                   .x_label = "epoch",
                   .y_label = "cross entropy",
                   .lines = {{"training", epochs, loss}, {"validation", epochs, validation_loss}},
                   .marked_x = 43,
                   .whole_x = true,
                   .width = 330},
                  {.title = "Validation scores",
                   .x_label = "epoch",
                   .y_label = "score",
                   .lines = {{"AUC", epochs, auc}, {"ACC", epochs, accuracy}},
                   .marked_x = 43,
                   .whole_x = true,
                   .width = 330}};
    run.confusion = {classes, {150, 10, 10, 4, 0, 20, 15, 9, 2, 0, 22, 9, 40, 20, 1, 8, 2, 18, 36, 4, 2, 0, 4, 9, 5}};
    run.per_class = {"Per class", {"class", "images", "precision", "recall", "F1"}, {}};
    for (std::size_t k = 0; k < classes.size(); ++k) {
        qvit::roc_line curve{classes[k], 0.6 + 0.07 * static_cast<double>(k), {}, {}};
        for (double x = 0; x <= 1.0001; x += 0.02) {
            curve.false_positive_rate.push_back(x);
            curve.true_positive_rate.push_back(std::pow(x, 0.66 - 0.1 * static_cast<double>(k)));
        }
        run.roc.push_back(curve);
        run.per_class.rows.push_back({classes[k], "80", number_text(random.next(), 3), number_text(random.next(), 3),
                                      number_text(random.next(), 3)});
    }
    qvit::reliability calibration{{}, 0.061};
    for (std::size_t i = 0; i < 10; ++i) {
        const double middle = 0.1 * static_cast<double>(i) + 0.05;
        calibration.bins.push_back(
            {middle - 0.05, middle + 0.05, i < 2 ? 0 : 70 - 6 * i, middle, middle * (1 - 0.1 * random.next())});
    }
    run.calibration = calibration;
    qvit::rgb_image image(28, 28);
    for (std::size_t y = 0; y < 28; ++y)
        for (std::size_t x = 0; x < 28; ++x) {
            const double d = std::hypot(static_cast<double>(x) - 13.5, static_cast<double>(y) - 13.5);
            if (d < 13)
                image.at(x, y) = {static_cast<std::uint8_t>(200 - 6 * d), static_cast<std::uint8_t>(100 - 4 * d), 40};
        }
    qvit::attention_example example{"Image 17: class 2, answered 2 with 0.61", image, {}};
    for (const char* caption : {"layer 0", "layer 1", "rollout"}) {
        std::vector<double> weights(16);
        for (double& weight : weights) weight = random.next() * random.next();
        example.maps.push_back({caption, 4, 4, weights});
    }
    run.attention = {example};
    run.configuration = {{"model", "qvit4"},         {"epochs", "60"},       {"batch", "128"},
                         {"learning rate", "0.005"}, {"schedule", "cosine"}, {"weight decay", "0.0001"}};
    run.files = {{"weights of the best epoch", "best.safetensors"}, {"predictions", "retinamnist_test_[AUC]0.742.csv"}};
    return run;
}

void write_pictures(const fs::path& folder, const qvit::training_report& run) {
    const auto save = [&](const std::string& name, const qvit::picture& drawing) {
        qvit::write_png(folder / (name + ".png"), qvit::rasterized(drawing));
        qvit::write_file(folder / (name + ".svg"), qvit::svg_text(drawing));
    };
    save("curves", qvit::joined({qvit::line_plot(run.curves[0]), qvit::line_plot(run.curves[1])}, 2));
    save("confusion", qvit::confusion_plot(*run.confusion));
    save("roc", qvit::roc_plot(run.roc));
    save("reliability", qvit::reliability_plot(*run.calibration));
    save("attention", qvit::attention_plot(run.attention[0].title, run.attention[0].image, run.attention[0].maps));
    save("bars", qvit::bar_plot({.title = "Test AUC, mean of 5 seeds",
                                 .y_label = "AUC",
                                 .groups = {"retinamnist", "breastmnist", "pneumoniamnist", "bloodmnist"},
                                 .series = {{"qvit4", {.74, .85, .93, .97}, {.01, .02, .01, .003}},
                                            {"vit4", {.72, .84, .92, .96}, {.02, .02, .01, .004}}}}));
}

void print(const fs::path& path) {
    const qvit::checkpoint state = qvit::load_checkpoint(path);
    const auto line = [](const auto& elements) {
        for (const auto element : elements) {
            if constexpr (std::is_floating_point_v<std::decay_t<decltype(element)>>)
                std::printf(" %s", number_text(element).c_str());
            else
                std::printf(" %s", std::to_string(element).c_str());
        }
        std::printf("\n");
    };
    for (const qvit::named_tensor& tensor : state.tensors) {
        std::printf("%s\n%s %s\n", tensor.name.c_str(), qvit::detail::facts_of(tensor.type).name.data(),
                    qvit::shape_text(tensor.extents).c_str());
        if (tensor.type == qvit::tensor_type::f32) line(tensor.values<float>());
        if (tensor.type == qvit::tensor_type::f64) line(tensor.values<double>());
        if (tensor.type == qvit::tensor_type::i64) line(tensor.values<std::int64_t>());
        if (tensor.type == qvit::tensor_type::u8) line(tensor.values<std::uint8_t>());
    }
    for (const auto& [key, value] : state.metadata) std::printf("%s=%s\n", key.c_str(), value.c_str());
}

void print_ink(const char* path) {
    png_image control{};
    control.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_file(&control, path)) throw qvit::bad_input(control.message);
    control.format = PNG_FORMAT_RGB;
    qvit::rgb_image image(control.width, control.height);
    if (!png_image_finish_read(&control, nullptr, image.pixels.data(), 0, nullptr))
        throw qvit::bad_input(control.message);
    const auto like = [](qvit::rgb a, qvit::rgb b) {
        return std::abs(a.red - b.red) < 12 && std::abs(a.green - b.green) < 12 && std::abs(a.blue - b.blue) < 12;
    };
    std::size_t ink = 0, blue = 0, orange = 0;
    for (const qvit::rgb pixel : image.pixels) {
        ink += std::min({pixel.red, pixel.green, pixel.blue}) < 200;
        blue += like(pixel, qvit::series_colour(0));
        orange += like(pixel, qvit::series_colour(1));
    }
    std::printf("%zu %zu %.6f %zu %zu\n", image.width, image.height,
                static_cast<double>(ink) / static_cast<double>(image.pixels.size()), blue, orange);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string command = argc == 3 ? argv[1] : "";
        if (command == "read") {
            print(argv[2]);
        } else if (command == "ink") {
            print_ink(argv[2]);
        } else if (command == "write") {
            const fs::path folder = argv[2];
            write_checkpoint(folder / "checkpoint.safetensors");
            write_results(folder);
            write_logs(folder);
            const qvit::training_report run = sample_report();
            write_pictures(folder, run);
            qvit::write_file(folder / "report.html", qvit::report_page(qvit::training_page(run)));
        } else {
            std::fprintf(stderr, "expected: sample_files write <folder> | read <file.safetensors> | ink <file.png>\n");
            return 2;
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "sample_files: %s\n", error.what());
        return 1;
    }
}
