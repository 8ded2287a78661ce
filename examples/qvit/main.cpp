// SPDX-License-Identifier: Apache-2.0
// qvit: trains vision transformers with quantum or classical attention on medical images.
// Exit status: 0 well, 1 failure at run time, 2 bad input, 130 interrupted.
#include <fcntl.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "compare_command.hpp"
#include "interrupt.hpp"
#include "option_table.hpp"
#include "sweep_command.hpp"
#include "train_options.hpp"

namespace {
using namespace qvit::tool;

void add_model_options(CLI::App& command, std::string& model, std::string& pool) {
    command.add_option("--model", model, "qvit4, qvit8, vit4, vit8, vit4m, vit8m or teacher")->capture_default_str();
    command
        .add_option("--pool", pool,
                    "what the head sees: a class token (cls), the mean of the patches (mean), or "
                    "a class and a distillation token (distilled)")
        ->check(CLI::IsMember({"cls", "mean", "distilled"}))
        ->capture_default_str();
}

/// Options that are no part of what a run computes.
void add_run_options(CLI::App& command, train_arguments& a) {
    command.add_option("--config", a.config, "a JSON file of these options; the command line wins");
    command.add_option("--out", a.out, "a new folder for everything that is worth keeping of the run");
    command.add_flag("--resume", a.resume, "go on with the run in --out, with its options");
    command.add_flag("--json", a.json, "print the result as one JSON object");
}

option_table add_train(CLI::App& app, train_arguments& a) {
    auto& command = *app.add_subcommand("train", "train a model and report its test AUC and accuracy");
    option_table table(command);
    add_training_options(table, a);
    add_run_options(command, a);
    return table;
}

option_table add_distil(CLI::App& app, distil_arguments& a) {
    auto& command = *app.add_subcommand(
        "distil", "train a teacher, distil it into a student, then train that on labels; options as of train, and:");
    option_table table(command);
    table.words("teacher", a.teachers,
                "what teaches: a model to train, a .safetensors file of a trained one, or several of them; "
                "teacher if not given");
    table.choice("ensemble", a.ensemble, {"logits", "probabilities"}, "what is averaged over several teachers");
    table.text("logits", a.logits, "an .npz with an array `logits`, training images x classes, instead of a teacher");
    table.choice("views", a.views, {"upright", "all"},
                 "what the teacher sees of an image that the student is shown turned: it upright, or as shown");
    table.count("teacher-epochs", a.teacher_epochs, 1, 1000000, "of the teacher's training");
    table.real("teacher-lr", a.teacher_learning_rate, 1e-9, 10, "its learning rate");
    table.count("kd-epochs", a.kd_epochs, 1, 1000000, "of distillation");
    table.real("kd-lr", a.kd_learning_rate, 1e-9, 10, "its learning rate");
    const auto weight = [&](const char* name, double& value, const char* help) {
        table.real(name, value, 0, 1e6, help);
    };
    weight("labels", a.terms.labels, "weight of the labels' cross entropy while distilling");
    weight("soft", a.terms.soft, "weight of the teacher's softened distribution");
    weight("hard", a.terms.hard, "weight of the teacher's answer as a label");
    weight("answers", a.terms.answers, "weight of the logits' squared error");
    table.real("temperature", a.terms.temperature, 0.01, 1000, "T of the softened distribution");
    table.choice("reduction", a.reduction, {"sum", "mean"}, "of soft and answers over classes");
    weight("hint", a.terms.hint, "weight of the teacher's tokens, through a projection");
    table.choice("projection", a.projection, {"learnt", "fixed"}, "of hints: trained with the student, or random");
    weight("attention-map", a.terms.attention_map, "weight of where the tokens are large (attention transfer)");
    weight("relations", a.terms.relations, "weight of how the last block's queries and keys relate");
    weight("values", a.terms.values, "weight of how its values relate");
    weight("similarities", a.terms.similarities, "weight of the similarities of tokens");
    weight("distances", a.terms.distances, "weight of the distances of tokens");
    table.count("seeds", a.seeds, 1, 1000,
                "more than 1: trains the student from scratch and distilled with so many seeds from --seed on, and "
                "prints paired differences");
    add_training_options(table, a.train, "student");
    add_run_options(command, a.train);
    return table;
}

/// A file of options, or those of a run that is resumed; the command line is read again after it, and wins.
void read_options(CLI::App& app, const option_table& table, const train_arguments& a, int count, char** words) {
    if (!a.resume && a.config.empty()) return;
    const auto saved = std::filesystem::path(a.out) / "config.json";
    if (a.resume && !a.out.empty()) {
        if (!std::filesystem::exists(saved))
            throw qvit::bad_input(qvit::printable(a.out) + ": holds no run to resume (no config.json)");
        table.read(saved);
    }
    const auto kept = table.texts();
    if (!a.config.empty()) table.read(a.config);
    app.parse(count, words);
    if (!a.resume || !app.got_subcommand("distil")) return;  // train asks the run's state, which knows more
    const auto now = table.texts();
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i] != now[i] && kept[i].first != "threads")
            throw qvit::bad_input(qvit::printable(a.out) + ": another run's folder: expected --" + kept[i].first + ' ' +
                                  qvit::printable(kept[i].second, 80) + ", found " +
                                  qvit::printable(now[i].second, 80) + "; --resume goes on with a run's options");
}

void add_checkpoint_commands(CLI::App& app, checkpoint_arguments& a) {
    const auto add = [&](const char* name, const char* help) -> CLI::App& {
        auto& command = *app.add_subcommand(name, help);
        command
            .add_option("--checkpoint", a.checkpoint,
                        "a .safetensors file that train wrote; or qvit4 or qvit8: weights that come with this program, "
                        "trained on RetinaMNIST")
            ->capture_default_str();
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
    eval.add_option("--data", a.data, "as for train")->required();
    add_views(eval);
    eval.add_option("--out", a.out, "a folder for the answers, tables, pictures and report.html");
    auto& predict = add("predict", "class names and probabilities of images");
    predict.add_option("path", a.path, "an image, a folder of images or an .npz file")->required();
    add_views(predict);
    auto& attention = add("attention", "pictures of what a model looked at in an image");
    attention.add_option("image", a.path, "a PNG or JPEG file")->required();
    attention.add_option("--out", a.out, "a folder for the pictures")->required();
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
    const option_table distil_table = add_distil(app, distil);
    add_checkpoint_commands(app, trained);
    add_sweep(app, sweep);
    add_compare(app, compare);
    add_info(app, info);
    add_draw(app, info);
    try {
        app.parse(count, words);
        if (app.got_subcommand("train")) read_options(app, train_table, train, count, words);
        if (app.got_subcommand("distil")) read_options(app, distil_table, distil.train, count, words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        throw qvit::bad_input(explain(error, app, std::vector<std::string>(words + 1, words + count)));
    }
    for (int i = 0; i < count; ++i) train.command_line += (i == 0 ? "" : " ") + std::string(words[i]);
    distil.train.command_line = train.command_line;
    distil.config_text = distil_table.json();
    if (app.got_subcommand("train")) return run_train(train);
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
    // A closed stdin, stdout or stderr would be the number of the next file that is opened, and be written into.
    for (int file = 0; file < 3; ++file)
        if (::fcntl(file, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error with a message
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
