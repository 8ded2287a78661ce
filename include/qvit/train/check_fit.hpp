// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/train/check_teacher.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/start.hpp>

namespace qvit::inline QVIT_ABI {

/// Throws bad_input, with what was expected and what was found, where a model cannot be trained on a data set from that
/// start with these options: shapes and counts that differ, a class missing from a split that is scored, zeros.
template <class Model, class R>
void check_fit(const Model& model, const dataset& data, const training_options& options, const fit_start<R>& start) {
    auto expect = [](const std::string& what, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::fit] expected " + std::to_string(expected) + " " + what + ", found " +
                            std::to_string(found));
    };
    const bool levels = options.targets.ordinal == ordinal_targets::levels;
    expect(levels ? "grades in the data set, one more than the model's logits"
                  : "classes in the data set, as in the model",
           model.classes() + (levels ? 1 : 0), data.classes);
    expect("colours in the data set, as in the model", Model::config.colours, data.channels);
    expect("rows of pixels in the data set, as in the model", Model::config.image, data.height);
    expect("columns of pixels in the data set, as in the model", Model::config.image, data.width);
    if (!start.weights.empty()) expect("weights to start from", parameter_count(model), start.weights.size());
    if (start.teacher != nullptr) check_teacher(model, data, options, *start.teacher);
    auto expect_every_class = [&](const char* name, const image_split& split) {
        const auto counts = class_counts(split, data.classes);
        for (std::size_t label = 0; label < data.classes; ++label)
            if (counts[label] == 0)
                throw bad_input(std::string("[qvit::fit] expected a ") + name +
                                " image of every class, found none of class " + std::to_string(label) +
                                ": the AUC is undefined");
    };
    static_cast<void>(class_counts(data.train, data.classes));  // refuses labels that are no class
    expect_every_class("validation", data.validation);
    if (start.read_test) expect_every_class("test", data.test);
    if (options.epochs == 0 || options.batch == 0 || options.threads == 0)
        throw bad_input("[qvit::fit] epochs, batch and threads must be at least 1");
    if (!(options.average.decay >= 0 && options.average.decay < 1))
        throw bad_input("[qvit::fit] the decay of the weights' average must be at least 0 and below 1, found " +
                        std::to_string(options.average.decay));
    if (!(options.clip_norm >= 0))
        throw bad_input("[qvit::fit] the norm to clip to must not be negative, found " +
                        std::to_string(options.clip_norm));
    auto expect_within = [](const char* what, double most, double found) {
        if (!(found >= 0 && found <= most))
            throw bad_input(std::string("[qvit::fit] ") + what + " must be from 0 to " + std::to_string(most) +
                            ", found " + std::to_string(found));
    };
    const auto side = static_cast<double>(Model::config.image);
    const augmentation& shown = options.augment;
    expect_within("the shift of augmented images, in pixels,", side, static_cast<double>(shown.shift));
    expect_within("their rotation, in degrees,", 180, shown.rotation);
    expect_within("their change of brightness", 1, shown.brightness);
    expect_within("their change of contrast", 1, shown.contrast);
    expect_within("the side of the square cut out of them", side, static_cast<double>(shown.cutout));
    expect_within("the alpha of their mixture", 4, shown.mixup);
    expect_within("label smoothing", 1, options.label_smoothing);
}

}  // namespace qvit::inline QVIT_ABI
