// SPDX-License-Identifier: Apache-2.0
#include "teacher.hpp"

#include <cstdio>
#include <string>

#include <qvit/data/bad_input.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/predict.hpp>

namespace {
template <std::size_t Colours>
std::vector<double> mean_logits(const qvit::dataset& data, std::size_t members, std::size_t epochs) {
    using scalar = qvit::lanes<float>;
    const qvit::models::teacher<Colours, qvit::pooling::mean> model(data.classes);
    std::vector<double> mean(data.train.count() * data.classes);
    for (std::size_t member = 0; member < members; ++member) {
        qvit::training_options options{.epochs = epochs, .batch = 128, .learning_rate = 1e-3, .weight_decay = 0.05};
        options.schedule = qvit::schedule_kind::cosine;
        options.label_smoothing = 0.1;
        options.augment = qvit::augmentation::dihedral;
        options.seed = 1000 + member;
        const auto trained = qvit::fit<scalar>(model, data, options, [](const qvit::epoch_report&) {},
                                               {.weights = {}, .teacher = nullptr, .read_test = false});
        std::fprintf(stderr, "teacher %zu: validation AUC %.3f, %.0f s\n", member, trained.validation.auc,
                     trained.train_seconds);
        const auto logits = qvit::training_logits<scalar>(model, data, trained.weights, 1);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += logits[i] / static_cast<double>(members);
    }
    return mean;
}
}  // namespace

std::vector<double> ensemble_logits(const qvit::dataset& data, std::size_t members, std::size_t epochs) {
    if (data.channels == 3) return mean_logits<3>(data, members, epochs);
    throw qvit::bad_input("this study takes images of 3 colours, found " + std::to_string(data.channels));
}
