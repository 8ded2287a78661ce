// SPDX-License-Identifier: Apache-2.0
// qvit: trains vision transformers with quantum or classical attention on medical images.
// Exit status: 0 well, 1 failure at run time, 2 bad input, 130 interrupted.
#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "compare_command.hpp"
#include "option_table.hpp"
#include "sweep_command.hpp"

namespace {
using namespace qvit::tool;

void add_model_options(CLI::App& command, std::string& model, std::string& pool) {
    command.add_option("--model", model, "qvit4, qvit8, vit4, vit8, vit4m, vit8m or teacher")->capture_default_str();
    command.add_option("--pool", pool, "what the head sees: a class token (cls) or the mean of the patches (mean)")
        ->check(CLI::IsMember({"cls", "mean"}))
        ->capture_default_str();
}

/// What --tta takes: the views of an image whose answers are averaged.
const std::vector<std::string> view_words{"none", "mirror", "flips", "dihedral"};

option_table add_train(CLI::App& app, train_arguments& a) {
    auto& command = *app.add_subcommand("train", "train a model and report its test AUC and accuracy");
    option_table table(command);
    auto& o = a.options;
    table.text("data", a.data,
               "an .npz file, a folder of images, the name of a MedMNIST set (looked for in QVIT_DATA_DIR and "
               "~/.medmnist), or synthetic");
    table.count("colours", a.colours, 1, 3, "of a folder of images, 1 or 3");
    table.choice("frame", a.frame, {"crop", "stretch"}, "how images of a folder are made square");
    table.text("model", a.model, "qvit4, qvit8, vit4, vit8, vit4m, vit8m or teacher");
    table.choice("pool", a.pool, {"cls", "mean"},
                 "what the head sees: a class token (cls) or the mean of the patches (mean)");
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
    table.choice("select", a.select, {"auc", "accuracy", "loss"}, "what of the validation split makes an epoch the best");
    table.real("label-smoothing", o.label_smoothing, 0, 0.99, "share of a target spread over all classes");
    table.choice("class-weights", a.class_weights, {"none", "balanced"}, "of the loss");
    table.choice("targets", a.targets, {"classes", "distances", "levels"},
                 "labels as classes, or as grades: near ones count (distances), or is it above? (levels)");
    table.choice("augment", a.augment, {"auto", "none", "mirror", "flips", "dihedral"},
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
    command.add_option("--config", a.config, "a JSON file of these options; the command line wins");
    command.add_option("--out", a.out, "a new folder for everything that is worth keeping of the run");
    command.add_flag("--resume", a.resume, "go on with the run in --out, with its options");
    command.add_flag("--json", a.json, "print the result as one JSON object");
    return table;
}

void add_checkpoint_commands(CLI::App& app, checkpoint_arguments& a) {
    const auto add = [&](const char* name, const char* help) -> CLI::App& {
        auto& command = *app.add_subcommand(name, help);
        command.add_option("--checkpoint", a.checkpoint, "a .safetensors file that train wrote")->required();
        command.add_option("--frame", a.frame, "how images that are not square are made so: crop or stretch")
            ->check(CLI::IsMember({"crop", "stretch"}))
            ->capture_default_str();
        command.add_flag("--json", a.json, "print one JSON object");
        return command;
    };
    const auto add_views = [&](CLI::App& command) {
        command.add_option("--split", a.split, "train, val or test")
            ->check(CLI::IsMember({"train", "val", "test"}))
            ->capture_default_str();
        command.add_option("--tta", a.tta, "views of an image whose answers are averaged; the run's own if not given")
            ->check(CLI::IsMember(view_words));
        command.add_option("--threads", a.threads)->check(whole_number(1, 256))->capture_default_str();
    };
    auto& eval = add("eval", "judge a trained model on a split of a data set");
    eval.add_option("--data", a.data, "as for train")->capture_default_str();
    add_views(eval);
    eval.add_option("--out", a.out, "a folder for the answers, tables, pictures and report.html");
    auto& predict = add("predict", "class names and probabilities of images");
    predict.add_option("path", a.path, "an image, a folder of images or an .npz file")->required();
    add_views(predict);
    auto& attention = add("attention", "pictures of what a model looked at in an image");
    attention.add_option("image", a.path, "a PNG or JPEG file")->required();
    attention.add_option("--out", a.out, "a folder for the pictures")->required();
}

void add_distil(CLI::App& app, distil_arguments& a) {
    auto& command =
        *app.add_subcommand("distil", "train a teacher, distil it into a student, then train that on labels");
    command.add_option("--data", a.data, "as for train")->capture_default_str();
    auto* teacher = command.add_option("--teacher", a.teacher, "the model that teaches")->capture_default_str();
    command
        .add_option("--logits", a.logits, "an .npz with an array `logits`, training images x classes, as the teacher")
        ->excludes(teacher);
    command.add_option("--student", a.student, "the model that learns")->capture_default_str();
    command.add_option("--pool", a.pool, "cls or mean")->check(CLI::IsMember({"cls", "mean"}))->capture_default_str();
    command.add_option("--loss", a.loss, "what is learnt: the soft distribution, its hard answer or the logits")
        ->check(CLI::IsMember({"soft", "hard", "logits"}))
        ->capture_default_str();
    command.add_option("--reduction", a.reduction, "of the loss over classes")
        ->check(CLI::IsMember({"sum", "mean"}))
        ->capture_default_str();
    command.add_option("--share", a.share, "of the teacher in the loss, the rest is the labels'")
        ->check(number_in(0, 1))
        ->capture_default_str();
    command.add_option("--temperature", a.temperature, "T of the soft loss")
        ->check(number_in(0.01, 1000))
        ->capture_default_str();
    command.add_option("--augment", a.augment, "as for train")
        ->check(CLI::IsMember({"auto", "none", "flips", "dihedral"}))
        ->capture_default_str();
    command.add_option("--teacher-epochs", a.teacher_epochs)->check(whole_number(1, 1000000))->capture_default_str();
    command.add_option("--teacher-lr", a.teacher_learning_rate)->check(number_in(1e-9, 10))->capture_default_str();
    command.add_option("--kd-epochs", a.kd_epochs, "of distillation")
        ->check(whole_number(1, 1000000))
        ->capture_default_str();
    command.add_option("--kd-lr", a.kd_learning_rate)->check(number_in(1e-9, 10))->capture_default_str();
    auto& o = a.options;
    command.add_option("--epochs", o.epochs, "on labels, last")->check(whole_number(1, 1000000))->capture_default_str();
    command.add_option("--lr", o.learning_rate, "on labels")->check(number_in(1e-9, 10))->capture_default_str();
    command.add_option("--batch", o.batch)->check(whole_number(1, 65536))->capture_default_str();
    command.add_option("--seed", o.seed)->check(whole_number())->capture_default_str();
    command.add_option("--threads", o.threads)->check(whole_number(1, 256))->capture_default_str();
    command.add_flag("--json", a.json, "print the result as one JSON object");
}

void add_info(CLI::App& app, info_arguments& a) {
    auto& command = *app.add_subcommand("info", "print a model's layers, shapes, parameters, work and circuit");
    add_model_options(command, a.model, a.pool);
    command.add_option("--colours", a.colours, "of the images, 1 or 3")
        ->check(CLI::IsMember({1, 3}))
        ->capture_default_str();
    command.add_option("--classes", a.classes, "of the data set")->check(whole_number(2, 1000))->capture_default_str();
    command.add_flag("--json", a.json, "print one JSON object");
}

void add_draw(CLI::App& app, info_arguments& a) {
    auto& command = *app.add_subcommand("draw", "print the circuit of a model's projections");
    command.add_option("--model", a.model, "qvit4 or qvit8")->capture_default_str();
    command.add_flag("--qasm", a.qasm, "as an OpenQASM 3 program");
    command.add_flag("--json", a.json, "print one JSON object");
}

int run(int count, char** words) {
    CLI::App app("qvit: vision transformers whose attention is made of quantum circuits", "qvit");
    app.set_version_flag("--version", std::string("qvit ") + qvit::version);
    app.require_subcommand(1);
    train_arguments train;
    distil_arguments distil;
    info_arguments info;
    checkpoint_arguments trained;
    sweep_arguments sweep;
    compare_arguments compare;
    const option_table train_table = add_train(app, train);
    add_distil(app, distil);
    add_checkpoint_commands(app, trained);
    add_sweep(app, sweep);
    add_compare(app, compare);
    add_info(app, info);
    add_draw(app, info);
    try {
        app.parse(count, words);
        if (app.got_subcommand("train") && (train.resume || !train.config.empty())) {
            const bool known = !train.out.empty();
            const auto saved = std::filesystem::path(train.out) / "config.json";
            if (train.resume && known && !std::filesystem::exists(saved))
                throw qvit::bad_input(qvit::printable(train.out) + ": holds no run to resume (no config.json)");
            if (train.resume && known) train_table.read(saved);
            if (!train.config.empty()) train_table.read(train.config);
            app.parse(count, words);  // the command line wins
        }
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        throw qvit::bad_input(explain(error, app, std::vector<std::string>(words + 1, words + count)));
    }
    if (app.got_subcommand("train")) {
        train.config_text = train_table.json();
        train.settings = train_table.texts();
        for (int i = 0; i < count; ++i) train.command_line += (i == 0 ? "" : " ") + std::string(words[i]);
        return run_train(train);
    }
    if (app.got_subcommand("distil")) return run_distil(distil);
    if (app.got_subcommand("sweep")) return run_sweep(sweep);
    if (app.got_subcommand("compare")) return run_compare(compare);
    if (app.got_subcommand("eval")) return run_eval(trained);
    if (app.got_subcommand("predict")) return run_predict(trained);
    if (app.got_subcommand("attention")) return run_attention(trained);
    return app.got_subcommand("draw") ? run_draw(info) : run_info(info);
}
}  // namespace

int main(int count, char** words) {
    try {
        const int status = run(count, words);
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
        std::fprintf(stderr, "qvit: the result could not be written to standard output\n");
        return 1;
    } catch (const qvit::bad_input& error) {
        std::fprintf(stderr, "qvit: %s\n", error.what());
        return 2;
    } catch (const interrupted&) {
        std::fprintf(stderr, "qvit: interrupted\n");
        return 130;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "qvit: %s\n", error.what());
        return 1;
    }
}
