// SPDX-License-Identifier: Apache-2.0
// qvit: trains vision transformers with quantum or classical attention on medical images.
// Exit status: 0 well, 1 failure at run time, 2 bad input, 130 interrupted.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>

#include "arguments.hpp"
#include "commands.hpp"

namespace {
using namespace qvit::tool;

void add_model_options(CLI::App& command, std::string& model, std::string& pool) {
    command.add_option("--model", model, "qvit4, qvit8, vit4, vit8, vit4m, vit8m or teacher")->capture_default_str();
    command.add_option("--pool", pool, "what the head sees: a class token (cls) or the mean of the patches (mean)")
        ->check(CLI::IsMember({"cls", "mean"}))
        ->capture_default_str();
}

void add_train(CLI::App& app, train_arguments& a) {
    auto& command = *app.add_subcommand("train", "train a model and report its test AUC and accuracy");
    command
        .add_option(
            "--data", a.data,
            "an .npz file, the name of a MedMNIST set (looked for in QVIT_DATA_DIR and ~/.medmnist), or synthetic")
        ->capture_default_str();
    add_model_options(command, a.model, a.pool);
    auto& o = a.options;
    command.add_option("--epochs", o.epochs, "passes over the training images")
        ->check(whole_number(1, 1000000))
        ->capture_default_str();
    command.add_option("--batch", o.batch, "images per step")->check(whole_number(1, 65536))->capture_default_str();
    command.add_option("--lr", o.learning_rate, "learning rate of AdamW")
        ->check(number_in(1e-9, 10))
        ->capture_default_str();
    command.add_option("--weight-decay", o.weight_decay, "decoupled decay of weight matrices")
        ->check(number_in(0, 10))
        ->capture_default_str();
    command.add_option("--schedule", a.schedule, "learning rate: constant, step (x 0.1 at 50 % and 75 %) or cosine")
        ->check(CLI::IsMember({"constant", "step", "cosine"}))
        ->capture_default_str();
    command.add_option("--label-smoothing", o.label_smoothing, "share of a target spread over all classes")
        ->check(number_in(0, 0.99))
        ->capture_default_str();
    command
        .add_option("--augment", a.augment,
                    "training images are shown as they are (none), mirrored (flips) or in all eight orientations "
                    "(dihedral); auto is dihedral for sets whose images have no up, else none")
        ->check(CLI::IsMember({"auto", "none", "flips", "dihedral"}))
        ->capture_default_str();
    command.add_option("--seed", o.seed, "start weights, batch order and augmentation")
        ->check(whole_number())
        ->capture_default_str();
    command.add_option("--threads", o.threads, "the result does not depend on it")
        ->check(whole_number(1, 256))
        ->capture_default_str();
    command.add_flag("--json", a.json, "print the result as one JSON object");
}

void add_distil(CLI::App& app, distil_arguments& a) {
    auto& command =
        *app.add_subcommand("distil", "train a teacher, distil it into a student, then train that on labels");
    command.add_option("--data", a.data, "as for train")->capture_default_str();
    auto* teacher = command
                        .add_option("--teacher", a.teachers,
                                    "what teaches: a model to train, a .safetensors file of a trained one, or several")
                        ->capture_default_str();
    command.add_option("--ensemble", a.ensemble, "what is averaged over several teachers")
        ->check(CLI::IsMember({"logits", "probabilities"}))
        ->capture_default_str();
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
    const auto weight = [&](const char* name, auto& value, const char* what) {
        command.add_option(name, value, what)->check(number_in(0, 1e6));
    };
    weight("--labels", a.labels, "weight of the labels' cross entropy, instead of 1 - share");
    weight("--soft", a.soft, "weight of the softened distribution, instead of --loss and --share");
    weight("--hard", a.hard, "weight of the teacher's answer, likewise");
    weight("--answers", a.answers, "weight of the logits' squared error, likewise");
    weight("--hint", a.terms.hint, "weight of the teacher's tokens, through a projection");
    weight("--attention-map", a.terms.attention_map, "weight of where the tokens are large (attention transfer)");
    weight("--relations", a.terms.relations, "weight of the last block's queries and keys");
    weight("--values", a.terms.values, "weight of relations of its values");
    weight("--similarities", a.terms.similarities, "weight of the similarities of tokens");
    weight("--distances", a.terms.distances, "weight of the distances of tokens");
    command.add_option("--projection", a.projection, "of hints: trained with the student, or fixed and random")
        ->check(CLI::IsMember({"learnt", "fixed"}))
        ->capture_default_str();
    command.add_option("--views", a.views, "what the teacher sees of an augmented image: it upright, or its orientation")
        ->check(CLI::IsMember({"upright", "all"}))
        ->capture_default_str();
    command.add_option("--temperature", a.terms.temperature, "T of the soft loss")
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
    command
        .add_option("--seeds", a.seeds,
                    "more than 1: trains the student from scratch and distilled with so many seeds from --seed on, and "
                    "prints paired differences")
        ->check(whole_number(1, 1000))
        ->capture_default_str();
    auto* out = command.add_option("--out", a.out, "a folder for the stages' runs: teacher, kd, labels");
    command.add_flag("--resume", a.resume, "go on with the runs in --out")->needs(out);
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

int run(int count, char** words) {
    CLI::App app("qvit: vision transformers whose attention is made of quantum circuits", "qvit");
    app.set_version_flag("--version", std::string("qvit ") + qvit::version);
    app.require_subcommand(1);
    train_arguments train;
    distil_arguments distil;
    info_arguments info;
    add_train(app, train);
    add_distil(app, distil);
    add_info(app, info);
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        throw qvit::bad_input(explain(error, app, std::vector<std::string>(words + 1, words + count)));
    }
    if (app.got_subcommand("train")) return run_train(train);
    return app.got_subcommand("distil") ? run_distil(distil) : run_info(info);
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
