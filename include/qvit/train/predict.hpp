// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/evaluation.hpp>
#include <qvit/vit/patch_order.hpp>

namespace qvit::inline QVIT_ABI {

/// What a trained model says about images: N x classes probabilities or logits, row-major, in the order asked for.
///
/// `kind` decides between softmax and sigmoids; labels are not read. The result does not depend on `threads`.
/// bad_input where weights, pixels or image numbers do not fit the model.
///
///     const auto scores = predict<lanes<float>>(model, weights, set.test, set.kind,
///                                               {.shown = symmetry::dihedral});
template <class S, class Model>
std::vector<double> predict(const Model& model, const std::vector<real_of<S>>& weights, const image_split& images,
                            task kind, const evaluation& how = {}, std::size_t threads = 1) {
    auto expect = [](const char* what, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::predict] expected " + std::to_string(expected) + " " + what + ", found " +
                            std::to_string(found));
    };
    expect("weights, as many as the model has", parameter_count(model), weights.size());
    constexpr std::size_t bytes = Model::config.image * Model::config.image * Model::config.colours;
    expect("bytes of pixels, one image each of the model's size", images.count() * bytes, images.pixels.size());
    if (how.images)
        for (const std::uint32_t image : *how.images)
            if (image >= images.count())
                throw bad_input("[qvit::predict] expected numbers of " + std::to_string(images.count()) +
                                " images, found " + std::to_string(image));
    worker_pool pool(threads);
    const label_targets answers(kind, model.classes() + (how.levels ? 1 : 0), 0,
                                {.ordinal = how.levels ? ordinal_targets::levels : ordinal_targets::none});
    block_runner<Model, S> runner(model, pool, 1, {answers});
    std::vector<double> scores((how.images ? how.images->size() : images.count()) *
                               (how.logits ? model.classes() : answers.classes()));
    runner.evaluate(
        weights.data(),
        ordered_images(images, Model::config.image, Model::config.colours, patch_order(Model::config), how.normalise),
        how, scores);
    return scores;
}

/// Logits of a trained model for every training image: what it teaches a student.
template <class S, class Model>
std::vector<double> training_logits(const Model& model, const dataset& data, const std::vector<real_of<S>>& weights,
                                    std::size_t threads) {
    return predict<S>(model, weights, data.train, data.kind, {.logits = true}, threads);
}

}  // namespace qvit::inline QVIT_ABI
