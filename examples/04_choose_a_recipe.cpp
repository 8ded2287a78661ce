// SPDX-License-Identifier: Apache-2.0
// Chooses training options without looking at the test split: five-fold cross-validation over training and validation
// images together. In each fold a fifth is held out, 120 images choose the epoch, the rest train.
//
//     04_choose_a_recipe retinamnist.npz        the list of docs/recipe.md, two seeds per fold: some minutes
//     04_choose_a_recipe                        a short run on synthetic images
#include <cmath>
#include <cstdio>
#include <exception>
#include <vector>

#include <qvit/data.hpp>
#include <qvit/models.hpp>
#include <qvit/train.hpp>

using namespace qvit;

namespace {
constexpr std::size_t fold_count = 5;

std::vector<dataset> make_folds(const dataset& data, std::size_t validation_images) {
    const std::size_t bytes = data.image_bytes();
    image_split all = data.train;
    all.pixels.insert(all.pixels.end(), data.validation.pixels.begin(), data.validation.pixels.end());
    all.labels.insert(all.labels.end(), data.validation.labels.begin(), data.validation.labels.end());
    const std::size_t count = all.count();
    std::vector<std::uint32_t> order(count);
    shuffle_epoch(order, 777, 0);
    std::vector<dataset> folds;
    for (std::size_t fold = 0; fold < fold_count; ++fold) {
        dataset part = data;
        part.train = part.validation = part.test = {};
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t place = (i + count - fold * count / fold_count) % count;
            image_split& split = place < count / fold_count                       ? part.test
                                 : place < count / fold_count + validation_images ? part.validation
                                                                                  : part.train;
            const auto first = all.pixels.begin() + static_cast<std::ptrdiff_t>(order[i] * bytes);
            split.pixels.insert(split.pixels.end(), first, first + static_cast<std::ptrdiff_t>(bytes));
            split.labels.push_back(all.labels[order[i]]);
        }
        folds.push_back(std::move(part));
    }
    return folds;
}

struct mean_and_error {
    double mean = 0;
    double error = 0;
};
mean_and_error summary(const std::vector<double>& values) {
    double sum = 0;
    double squares = 0;
    for (double v : values) sum += v, squares += v * v;
    const auto n = static_cast<double>(values.size());
    return {sum / n, std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)) / n)};
}

void try_options(const char* what, const std::vector<dataset>& folds, training_options options, std::size_t seeds) {
    std::vector<double> auc;
    std::vector<double> accuracy;
    for (std::size_t seed = 0; seed < seeds; ++seed)
        for (const dataset& fold : folds) {
            options.seed = 100 + seed;
            const auto result = fit<lanes<float>>(models::qvit4<3, pooling::mean>(fold.classes), fold, options,
                                                  [](const epoch_report&) {});
            auc.push_back(result.test.auc);
            accuracy.push_back(result.test.accuracy);
        }
    const auto [a, a_error] = summary(auc);
    const auto [c, c_error] = summary(accuracy);
    std::printf("%-22s AUC %.4f +- %.4f   ACC %.4f +- %.4f\n", what, a, a_error, c, c_error);
    std::fflush(stdout);
}
}  // namespace

int main(int count, char** words) try {
    const bool full = count > 1;
    const dataset data = load_dataset(full ? words[1] : "synthetic");
    const auto folds = make_folds(data, 120);
    const std::size_t seeds = full ? 2 : 1;
    const training_options base{.epochs = full ? std::size_t{200} : std::size_t{3},
                                .batch = 128,
                                .learning_rate = 1e-2,
                                .weight_decay = 0.05,
                                .schedule = schedule_kind::cosine,
                                .label_smoothing = 0.1,
                                .augment = augmentation::dihedral};
    auto varied = [&](const char* what, auto change) {
        training_options options = base;
        change(options);
        try_options(what, folds, options, seeds);
    };
    varied("the tool's defaults", [](training_options&) {});
    if (!full) return 0;
    varied("100 epochs", [](training_options& o) { o.epochs = 100; });
    varied("400 epochs", [](training_options& o) { o.epochs = 400; });
    varied("batch 32", [](training_options& o) { o.batch = 32; });
    varied("batch 64", [](training_options& o) { o.batch = 64; });
    varied("lr 5e-3", [](training_options& o) { o.learning_rate = 5e-3; });
    varied("lr 2e-2", [](training_options& o) { o.learning_rate = 2e-2; });
    varied("no weight decay", [](training_options& o) { o.weight_decay = 0; });
    varied("weight decay 0.5", [](training_options& o) { o.weight_decay = 0.5; });
    varied("no label smoothing", [](training_options& o) { o.label_smoothing = 0; });
    varied("label smoothing 0.2", [](training_options& o) { o.label_smoothing = 0.2; });
    varied("step schedule", [](training_options& o) { o.schedule = schedule_kind::step; });
    varied("flips only", [](training_options& o) { o.augment = augmentation::flips; });
    varied("no augmentation", [](training_options& o) { o.augment = augmentation::none; });
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
