// SPDX-License-Identifier: Apache-2.0
#include "run_stage.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <type_traits>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/checkpoint.hpp>
#include <qvit/io/flat_tensors.hpp>
#include <qvit/io/metrics_file.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "progress_display.hpp"

namespace qvit::tool {

namespace {
/// The model's parameters, and what is trained with it beyond them.
std::vector<named_shape> with_projection(std::vector<named_shape> shapes, std::size_t own, std::size_t all) {
    if (all > own) shapes.push_back({"projection", {all - own}});
    return shapes;
}
std::size_t numbers_of(std::span<const named_shape> shapes) {
    std::size_t total = 0;
    for (const named_shape& shape : shapes) {
        std::size_t count = 1;
        for (const std::size_t extent : shape.extents) count *= extent;
        total += count;
    }
    return total;
}
template <class Number>
using stored = std::conditional_t<std::is_floating_point_v<Number>, double, std::int64_t>;

void save_state(const std::filesystem::path& path, const std::vector<named_shape>& shapes,
                const training_state<float>& state) {
    const std::size_t own = numbers_of(shapes);
    const auto all = with_projection(shapes, own, state.weights.size());
    checkpoint file;
    add_flat<float>(file, shapes, std::span(state.weights).first(own));
    training_state<float>::visit(
        state,
        [&](const std::string& name, const std::vector<float>& values) {
            if (!values.empty()) add_flat<float>(file, all, values, "state." + name + ".");
        },
        [&](const std::string& name, auto number) {
            const auto value = static_cast<stored<decltype(number)>>(number);
            file.tensors.push_back(
                named_tensor::of<stored<decltype(number)>>("state.number." + name, {1}, std::span(&value, 1)));
        });
    file.metadata["settings"] = state.settings;
    save_checkpoint(path, file);
}

training_state<float> load_state(const std::filesystem::path& path, const std::vector<named_shape>& shapes,
                                 std::size_t parameters) {
    const checkpoint file = load_checkpoint(path);
    const auto all = with_projection(shapes, numbers_of(shapes), parameters);
    training_state<float> state;
    training_state<float>::visit(
        state,
        [&](const std::string& name, std::vector<float>& values) {
            const std::string prefix = "state." + name + ".";
            if (std::any_of(file.tensors.begin(), file.tensors.end(),
                            [&](const named_tensor& tensor) { return tensor.name.starts_with(prefix); }))
                values = read_flat<float>(file, all, prefix);
        },
        [&](const std::string& name, auto& number) {
            using Number = std::remove_reference_t<decltype(number)>;
            const auto values = file.at("state.number." + name).template values<stored<Number>>();
            if (values.size() != 1) throw bad_input(file.source + ": state.number." + name + " is not one number");
            number = static_cast<Number>(values[0]);
        });
    state.settings = file.text("settings");
    return state;
}
}  // namespace

fit_result<float> run_stage(const stage& what, const dataset& data, bool resume) {
    std::fprintf(stderr, "%s: %s, %zu epochs\n", what.title.c_str(), std::string(what.model.name).c_str(),
                 what.options.epochs);
    const auto run = what.model.start(data, what.options, what.start);
    const std::vector<named_shape> shapes = what.model.shapes(data.classes);
    const bool writes = !what.folder.empty();
    const std::filesystem::path last = what.folder / "last.safetensors";
    const bool resumed = writes && std::filesystem::exists(last);
    if (resumed) {
        if (!resume)
            throw bad_input(printable(what.folder.string()) +
                            " holds a run; --resume goes on with it, another --out begins anew");
        run->restore(load_state(last, shapes, run->state().weights.size()));
    }
    std::optional<metrics_file> log;
    if (writes) {
        std::filesystem::create_directories(what.folder);
        log.emplace(
            what.folder / "metrics.csv", metrics_format::csv,
            std::vector<std::string>{"learning_rate", "loss", "train_accuracy", "validation_loss", "validation_auc",
                                     "validation_acc", "gradient_norm", "seconds", "images_per_second"},
            run->epochs_done());
    }
    {
        progress_display display(what.options.epochs, data.train.count());
        std::chrono::steady_clock::time_point saved_at{};  // long ago
        while (!run->finished()) {
            const auto now = run->run_epoch(was_interrupted);
            if (now) {
                display.show(*now);
                if (log)
                    log->append(now->epoch,
                                std::array{now->learning_rate, now->loss, now->train_accuracy, now->validation.loss,
                                           now->validation.auc, now->validation.accuracy, now->gradient_norm,
                                           now->seconds, now->images_per_second});
            }
            // A flush to the disk takes longer than an epoch of a small model.
            const auto clock = std::chrono::steady_clock::now();
            if (writes &&
                (!now || was_interrupted() || run->finished() || clock - saved_at > std::chrono::seconds(1))) {
                save_state(last, shapes, run->state());
                saved_at = clock;
            }
            check_interrupt();
        }
    }
    fit_result<float> result = run->result();
    if (writes) {
        checkpoint best;
        add_flat<float>(best, shapes, result.weights);
        best.metadata["model"] = what.model.name;
        save_checkpoint(what.folder / "best.safetensors", best);
        nlohmann::ordered_json json{{"model", what.model.name},
                                    {"epochs", what.options.epochs},
                                    {"best_epoch", result.best_epoch},
                                    {"val_auc", result.validation.auc},
                                    {"val_acc", result.validation.accuracy},
                                    {"train_seconds", result.train_seconds}};
        if (what.start.read_test) {
            json["test_auc"] = result.test.auc;
            json["test_acc"] = result.test.accuracy;
        }
        write_file(what.folder / "result.json", as_line(json) + "\n");
    }
    return result;
}

loaded_model load_model(const std::filesystem::path& path, const dataset& data) {
    const checkpoint file = load_checkpoint(path);
    std::vector<named_shape> found;
    for (const named_tensor& tensor : file.tensors)
        if (!tensor.name.starts_with(state_prefix)) found.push_back({tensor.name, tensor.extents});
    const auto by_name = [](const named_shape& a, const named_shape& b) { return a.name < b.name; };
    std::sort(found.begin(), found.end(), by_name);
    for (const model_entry& entry : models()) {
        if (entry.colours != data.channels) continue;
        const std::vector<named_shape> shapes = entry.shapes(data.classes);
        std::vector<named_shape> sorted = shapes;
        std::sort(sorted.begin(), sorted.end(), by_name);
        if (std::equal(
                found.begin(), found.end(), sorted.begin(), sorted.end(),
                [](const named_shape& a, const named_shape& b) { return a.name == b.name && a.extents == b.extents; }))
            return {&entry, read_flat<float>(file, shapes)};
    }
    throw bad_input(file.source + ": holds the weights of no model of this program for " +
                    std::to_string(data.channels) + " colours and " + std::to_string(data.classes) + " classes");
}

}  // namespace qvit::tool
