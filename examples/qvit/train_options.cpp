// SPDX-License-Identifier: Apache-2.0
#include "train_options.hpp"

#include <cstdint>
#include <limits>

namespace qvit::tool {

void add_training_options(option_table& table, train_arguments& a, const std::string& model_key) {
    auto& o = a.options;
    table.text("data", a.data,
               "an .npz file, a folder of images, the name of a MedMNIST set (looked for in QVIT_DATA_DIR and "
               "~/.medmnist), or synthetic");
    table.count("colours", a.colours, 1, 3, "of a folder of images, 1 or 3");
    table.choice("frame", a.frame, {"crop", "stretch"}, "how images of a folder are made square");
    table.text(model_key, a.model,
               "qvit4, qvit8, vit4, vit8, vit4m, vit8m or teacher, or one of these with changes that are part of its "
               "type, such as qvit4+depth=3+patch=4: compiled once, then kept; keys: patch, stride, padding, tokens, "
               "convolutions, stem, width, depth, mlp, heads, positions, norm, layer-scale, drop-path, temperature, "
               "layers and topology (of a circuit)");
    table.choice("pool", a.pool, {"cls", "mean", "distilled"},
                 "what the head sees: a class token (cls), the mean of the patches (mean), or a class token and a "
                 "distillation token with a head each (distilled)");
    table.count("epochs", o.epochs, 1, 1000000, "passes over the training images");
    table.count("batch", o.batch, 1, 65536, "images per step");
    table.choice("optimizer", a.optimizer, {"sgd", "adam", "adamw"}, "the rule of a step");
    table.real("lr", o.learning_rate, 1e-9, 10, "learning rate");
    table.real("momentum", o.optimizer.momentum, 0, 0.9999, "of sgd");
    table.flag("nesterov", o.optimizer.nesterov, "sgd's momentum looks ahead");
    table.real("weight-decay", o.weight_decay, 0, 10, "of weight matrices; decoupled for adamw, else L2");
    table.choice("schedule", a.schedule, {"constant", "step", "cosine", "one-cycle"},
                 "learning rate; step is x 0.1 at 50 % and 75 %");
    table.real("warmup", o.scheduling.warm_up_epochs, 0, 1e6, "epochs over which the rate rises");
    table.real("clip-norm", o.clip_norm, 0, 1e9, "gradients are scaled down to this norm; 0: never");
    table.real("ema", o.average.decay, 0, 0.999999, "decay of the weights' moving average; 0: none");
    table.flag("ema-warmup", o.average.warm_up, "the average forgets the first weights sooner");
    table.count("patience", o.patience, 0, 1000000, "ends after so many epochs without a better one; 0: never");
    table.choice("select", a.select, {"auc", "accuracy", "loss"},
                 "what of the validation split makes an epoch the best");
    table.real("label-smoothing", o.label_smoothing, 0, 0.99, "share of a target spread over all classes");
    table.choice("class-weights", a.class_weights, {"none", "balanced"}, "of the loss");
    table.choice("targets", a.targets, {"classes", "distances", "levels"},
                 "labels as classes, or as grades: near ones count (distances), or is it above? (levels)");
    table.choice(
        "augment", a.augment, {"auto", "none", "mirror", "flips", "dihedral"},
        "training images are shown as they are (none), mirrored left to right (mirror) or both ways (flips), "
        "or in all eight orientations (dihedral); auto is dihedral for sets whose images have no up, else none");
    table.count("shift", o.augment.shift, 0, 28, "training images are moved by up to so many pixels");
    table.real("rotate", o.augment.rotation, 0, 180, "turned by up to so many degrees");
    table.real("brightness", o.augment.brightness, 0, 1, "changed by up to this share");
    table.real("contrast", o.augment.contrast, 0, 1, "changed by up to this share");
    table.count("cutout", o.augment.cutout, 0, 28, "side in pixels of a covered square");
    table.real("mixup", o.augment.mixup, 0, 4, "alpha of mixing two images");
    table.choice("tta", a.tta, view_words, "views of an image whose answers are averaged, after training");
    table.choice("normalise", a.normalise, {"medmnist", "data"},
                 "pixels by mean and deviation .5, or by those of the training images");
    table.count("seed", o.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "start weights, batch order and augmentation");
    table.count("threads", o.threads, 1, 256, "the result does not depend on it");
}

set_options options_of(const train_arguments& arguments) {
    train_arguments copy = arguments;
    CLI::App unused;
    option_table table(unused);
    add_training_options(table, copy);
    return {table.json(), table.texts()};
}

}  // namespace qvit::tool
