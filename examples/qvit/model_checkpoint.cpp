// SPDX-License-Identifier: Apache-2.0
#include "model_checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/checkpoint.hpp>
#include <qvit/io/flat_tensors.hpp>
#include <qvit/io/number_text.hpp>

namespace qvit::tool {

namespace {
constexpr symmetry symmetries[] = {symmetry::none, symmetry::mirror, symmetry::flips, symmetry::dihedral};
constexpr std::string_view symmetry_names[] = {"none", "mirror", "flips", "dihedral"};

template <class Number>
Number number_of(const checkpoint& file, const std::string& key, Number low, Number high) {
    const std::string& text = file.text(key);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
        throw bad_input(file.source + ": metadata '" + key + "' is '" + printable(text, 40) +
                        "', expected a number of " + std::to_string(low) + " to " + std::to_string(high));
    return value;
}
std::size_t word_of(const checkpoint& file, const std::string& key, std::span<const std::string_view> words) {
    const auto at = std::find(words.begin(), words.end(), file.text(key));
    if (at == words.end())
        throw bad_input(file.source + ": metadata '" + key + "' is '" + printable(file.text(key), 40) +
                        "', which is not known");
    return static_cast<std::size_t>(at - words.begin());
}
}  // namespace

std::map<std::string, std::string> trained_model::metadata() const {
    std::string names;
    for (const std::string& name : class_names) names += (names.empty() ? "" : "\n") + name;
    std::map<std::string, std::string> all{{"model", model},
                                           {"pool", pool},
                                           {"data", printable(data)},
                                           {"data_md5", data_md5},
                                           {"colours", std::to_string(colours)},
                                           {"classes", std::to_string(classes)},
                                           {"task", std::string(task_name(kind))},
                                           {"class_names", names},
                                           {"targets", levels ? "levels" : "classes"},
                                           {"tta", std::string(symmetry_names[static_cast<std::size_t>(shown)])}};
    for (std::size_t k = 0; k < 3; ++k) {
        all["pixel_mean." + std::to_string(k)] = number_text(normalise.mean[k]);
        all["pixel_deviation." + std::to_string(k)] = number_text(normalise.deviation[k]);
    }
    return all;
}

namespace {
/// Of a flat vector that a run trains: the model's own weights come first. A projection trained with them follows; it
/// is kept as one tensor, for the run that goes on.
std::size_t own_size(std::span<const named_shape> shapes) {
    std::size_t total = 0;
    for (const named_shape& shape : shapes) {
        std::size_t count = 1;
        for (const std::size_t extent : shape.extents) count *= extent;
        total += count;
    }
    return total;
}
std::string projection_name(const std::string& vector) { return "state.projection." + vector; }
}  // namespace

void save_weights(const std::filesystem::path& path, const trained_model& about, const std::vector<float>& weights,
                  std::size_t epoch) {
    checkpoint file{.tensors = {}, .metadata = about.metadata()};
    file.metadata["epoch"] = std::to_string(epoch);
    const auto shapes = about.entry().shapes(about.outputs());
    add_flat<float>(file, shapes, std::span(weights).first(own_size(shapes)));
    save_checkpoint(path, file);
}

void save_state(const std::filesystem::path& path, const trained_model& about, const training_state<float>& state) {
    const auto shapes = about.entry().shapes(about.outputs());
    checkpoint file{.tensors = {}, .metadata = about.metadata()};
    file.metadata["settings"] = state.settings;
    training_state<float>::visit(
        state,
        [&](const std::string& name, const std::vector<float>& values) {
            if (values.empty()) return;
            const std::span<const float> all(values), own = all.first(own_size(shapes)), more = all.subspan(own.size());
            add_flat<float>(file, shapes, own, name == "weights" ? "" : "state." + name + ".");
            if (!more.empty())
                file.tensors.push_back(named_tensor::of<float>(projection_name(name), {more.size()}, more));
        },
        [&](const std::string& name, const auto& value) {
            if (name == "seconds") return;
            using stored = std::conditional_t<std::is_floating_point_v<std::remove_cvref_t<decltype(value)>>, double,
                                              std::int64_t>;
            const stored one[] = {static_cast<stored>(value)};
            file.tensors.push_back(named_tensor::of<stored>("state." + name, {}, one));
        });
    save_checkpoint(path, file);
}

training_state<float> load_state(const std::filesystem::path& path, const trained_model& about) {
    const auto shapes = about.entry().shapes(about.outputs());
    const checkpoint file = load_checkpoint(path);
    training_state<float> state;
    training_state<float>::visit(
        state,
        [&](const std::string& name, std::vector<float>& values) {
            const std::string prefix = name == "weights" ? "" : "state." + name + ".";
            const bool there = std::any_of(file.tensors.begin(), file.tensors.end(),
                                           [&](const named_tensor& t) { return t.name.starts_with(prefix); });
            if (!there) return;
            values = read_flat<float>(file, shapes, prefix);
            for (const named_tensor& tensor : file.tensors)
                if (tensor.name == projection_name(name)) {
                    const auto more = tensor.values<float>();
                    values.insert(values.end(), more.begin(), more.end());
                }
        },
        [&](const std::string& name, auto& value) {
            if (name == "seconds") return;
            using kept = std::remove_cvref_t<decltype(value)>;
            using stored = std::conditional_t<std::is_floating_point_v<kept>, double, std::int64_t>;
            const auto values = file.at("state." + name).values<stored>();
            if (values.size() != 1 || (std::is_integral_v<stored> && values[0] < 0))
                throw bad_input(file.source + ": expected one number in 'state." + name + "'");
            value = static_cast<kept>(values[0]);
        });
    state.settings = file.text("settings");
    return state;
}

trained_model load_trained_model(const std::filesystem::path& path) {
    const checkpoint file = load_checkpoint(path);
    trained_model about;
    about.model = printable(file.text("model"), 40);
    constexpr std::string_view targets[] = {"classes", "levels"};
    about.pool = std::string(pool_words[word_of(file, "pool", pool_words)]);
    about.data = printable(file.text("data"));
    if (const auto digest = file.metadata.find("data_md5"); digest != file.metadata.end())
        about.data_md5 = printable(digest->second, 32);
    about.colours = number_of<std::size_t>(file, "colours", 1, 3);
    about.classes = number_of<std::size_t>(file, "classes", 2, 1000);
    const std::string_view tasks[] = {task_name(task::multi_class), task_name(task::binary_class),
                                      task_name(task::ordinal_regression), task_name(task::multi_label)};
    about.kind = static_cast<task>(word_of(file, "task", tasks));
    about.levels = word_of(file, "targets", targets) == 1;
    about.shown = symmetries[word_of(file, "tta", symmetry_names)];
    for (std::size_t k = 0; k < 3; ++k) {
        about.normalise.mean[k] = number_of(file, "pixel_mean." + std::to_string(k), -1e3, 1e3);
        about.normalise.deviation[k] = number_of(file, "pixel_deviation." + std::to_string(k), 1e-6, 1e6);
    }
    for (std::string_view names = file.text("class_names"); !names.empty();) {
        const std::string_view name = names.substr(0, names.find('\n'));
        about.class_names.push_back(printable(name, 200));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
    }
    if (about.class_names.size() != about.classes)
        throw bad_input(file.source + ": has " + std::to_string(about.class_names.size()) + " class names, expected " +
                        std::to_string(about.classes));
    const auto shapes = about.entry().shapes(about.outputs());
    const bool averaged = std::any_of(file.tensors.begin(), file.tensors.end(),
                                      [](const named_tensor& t) { return t.name.starts_with("state.average."); });
    about.weights = read_flat<float>(file, shapes, averaged ? "state.average." : "");
    for (std::size_t i = 0; i < about.weights.size(); ++i)
        if (!std::isfinite(about.weights[i]))
            throw bad_input(file.source + ": expected finite weights, found " + number_text(about.weights[i]) +
                            " as number " + std::to_string(i) + " of " + std::to_string(about.weights.size()));
    return about;
}

void warn_of_other_data(const trained_model& model, const dataset& data, const std::string& file) {
    if (data.label_names != model.class_names)
        std::fprintf(stderr, "qvit: warning: the classes of %s have other names than those that %s was trained on\n",
                     printable(data.name).c_str(), printable(file).c_str());
    else if (data.name == model.data && !model.data_md5.empty() && data.md5 != model.data_md5)
        std::fprintf(
            stderr,
            "qvit: warning: %s has changed since %s was trained on it; what is a test image now may have been a "
            "training image then\n",
            printable(data.name).c_str(), printable(file).c_str());
}

}  // namespace qvit::tool
