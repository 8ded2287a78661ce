// SPDX-License-Identifier: Apache-2.0
#include "custom_model.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/md5.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/detail/file_handle.hpp>

#include "child_process.hpp"
#include "folder_lock.hpp"
#include "interrupt.hpp"
#include "model_entry.hpp"
#include "tool_build.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view name, const std::string& problem) {
    throw bad_input("model '" + printable(name, 120) + "': " + problem);
}

/// The sizes that a named model has of its own; what is not here it has from vit_config.
std::optional<custom_model> named(const std::string& name) {
    if (std::find(std::begin(named_models), std::end(named_models), name) == std::end(named_models)) return {};
    custom_model model;
    model.base = name;
    model.quantum = name.starts_with("qvit");
    model.config.width = name == "teacher" ? 64 : name.find('8') != name.npos ? 8 : 4;
    model.config.mlp = name.ends_with('m') ? 1 : 2 * model.config.width;
    if (name == "teacher") model.config.depth = model.heads = 4;
    return model;
}

/// What a key does with its value; it answers what was expected where the value is wrong.
using setter = std::function<std::string(const std::string&)>;

setter whole(std::size_t& to, std::size_t low, std::size_t high) {
    return [&to, low, high](const std::string& text) -> std::string {
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool plain = error == std::errc{} && end == text.data() + text.size() && (text == "0" || text[0] != '0');
        if (!plain || value < low || value > high)
            return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
        to = value;
        return {};
    };
}
template <class T>
setter one_of(T& to, std::vector<std::pair<std::string, T>> words) {
    return [&to, words = std::move(words)](const std::string& text) -> std::string {
        std::string known;
        for (const auto& [word, value] : words) {
            if (text == word) {
                to = value;
                return {};
            }
            known += (known.empty() ? "" : ", ") + word;
        }
        return "one of " + known;
    };
}

std::map<std::string, setter> setters(custom_model& m) {
    vit_config& c = m.config;
    const auto on_off = [](bool& to) { return one_of<bool>(to, {{"on", true}, {"off", false}}); };
    std::map<std::string, setter> all{
        {"patch", whole(c.patch, 1, 28)},
        {"stride", whole(c.stride, 1, 28)},
        {"padding", whole(c.padding, 0, 27)},
        {"tokens", one_of<tokenizer>(c.tokens_from, {{"patches", tokenizer::patches},
                                                     {"shifted", tokenizer::shifted_patches},
                                                     {"convolutions", tokenizer::convolutions}})},
        {"convolutions", whole(c.convolutions, 1, 4)},
        {"stem", whole(c.stem_channels, 1, 64)},
        {"width", whole(c.width, 1, 256)},
        {"depth", whole(c.depth, 1, 64)},
        {"mlp", whole(c.mlp, 1, 1024)},
        {"heads", whole(m.heads, 1, 64)},
        {"positions", one_of<position_embedding>(c.positions, {{"learned", position_embedding::learned},
                                                               {"sinusoidal", position_embedding::sinusoidal},
                                                               {"none", position_embedding::none}})},
        {"norm", one_of<norm_placement>(c.norm, {{"pre", norm_placement::pre}, {"post", norm_placement::post}})},
        {"layer-scale", on_off(c.layer_scale)},
        {"drop-path", whole(c.drop_path_percent, 0, 90)},
        {"temperature", one_of<bool>(m.learnable_temperature, {{"fixed", false}, {"learnable", true}})}};
    if (m.quantum) {
        all["layers"] = whole(m.layers, 1, 64);
        all["topology"] = one_of<std::string>(m.topology, {{"ring", "ring"},
                                                           {"chain", "chain"},
                                                           {"star", "star"},
                                                           {"all-to-all", "all_to_all"},
                                                           {"pairs", "pairs"},
                                                           {"brick", "brick"}});
    }
    return all;
}

/// The folder of what this very program has compiled; another build of it has another one.
fs::path model_folder() {
    const auto set = [](const char* variable) {
        const char* const value = std::getenv(variable);
        return value != nullptr && *value != '\0' ? std::optional<fs::path>(value) : std::nullopt;
    };
    fs::path folder;
    if (const auto own = set("QVIT_MODEL_DIR"))
        folder = *own;
    else if (const auto cache = set("XDG_CACHE_HOME"))
        folder = *cache / "qvit";
    else if (const auto home = set("HOME"))
        folder = *home / ".cache" / "qvit";
    else
        throw bad_input("a model that is not built in has to be kept somewhere: set QVIT_MODEL_DIR to a folder");
    return fs::absolute(folder) / md5::of_file("/proc/self/exe").substr(0, 12);
}

/// What the compiler, or CMake, said of the first mistake.
std::string first_error(const fs::path& log) {
    std::ifstream input(log);
    for (std::string line; std::getline(input, line);)
        if (const std::size_t at = line.find("error: "); at != line.npos) {
            std::string text = line.substr(at + 7);
            constexpr std::string_view begin = "static assertion failed: ";
            if (text.starts_with(begin)) text.erase(0, begin.size());
            return printable(text, 400);
        } else if (line.starts_with("CMake Error")) {
            for (std::string more; line.ends_with(':') && std::getline(input, more);)
                if (!more.empty()) line = "CMake: " + more.substr(std::min(more.find_first_not_of(' '), more.size()));
            return printable(line, 400);
        }
    return "see the log";
}

/// The model's one source file, for images of that many colours and a pooling.
std::string source_of(const custom_model& model, std::string_view name, std::size_t colours, std::string_view pool) {
    const vit_config& c = model.config;
    const auto number = [](std::size_t value) { return std::to_string(value); };
    const auto truth = [](bool value) { return std::string(value ? "true" : "false"); };
    constexpr const char* tokens[] = {"patches", "shifted_patches", "convolutions"};
    constexpr const char* positions[] = {"learned", "sinusoidal", "none"};
    std::string text = "// Made by qvit for the model " + std::string(name) +
                       ".\n"
                       "#include <qvit/attention.hpp>\n#include <qvit/circuit.hpp>\n#include <qvit/vit.hpp>\n\n"
                       "#include \"compiled_model.hpp\"\n\nnamespace {\nusing namespace qvit;\n";
    const std::string options = number(model.heads) +
                                ", attention_options{.learnable_temperature = " + truth(model.learnable_temperature) +
                                "}>";
    if (model.quantum)
        text += "constexpr auto projection = circuit<" + number(c.width) + ">(encode<ry>, repeat<" +
                number(model.layers) + ">(rotate<ry>, entangle<cnot>(" + model.topology +
                ")), measure<z>);\n"
                "using attention = quantum_attention<projection, quantum_layer<projection>, " +
                options + ";\n";
    else
        text += "using attention = classical_attention<" + number(c.width) + ", " + options + ";\n";
    text += "constexpr vit_config config{.colours = " + number(colours) + ", .patch = " + number(c.patch) +
            ", .width = " + number(c.width) + ", .depth = " + number(c.depth) + ", .mlp = " + number(c.mlp) +
            ", .pool = pooling::" + (pool == "mean" ? "mean" : "cls") + ", .stride = " + number(c.stride) +
            ", .padding = " + number(c.padding) +
            ", .tokens_from = tokenizer::" + tokens[static_cast<int>(c.tokens_from)] +
            ", .convolutions = " + number(c.convolutions) + ", .stem_channels = " + number(c.stem_channels) +
            ", .positions = position_embedding::" + positions[static_cast<int>(c.positions)] +
            ", .norm = norm_placement::" + (c.norm == norm_placement::pre ? "pre" : "post") +
            ", .layer_scale = " + truth(c.layer_scale) + ", .distillation_token = " + truth(pool == "distilled") +
            ", .drop_path_percent = " + number(c.drop_path_percent) + "};\n";
    return text +
           "const tool::registration registered = tool::registration::of<vision_transformer<config, attention>>(\"" +
           std::string(name) + "\");\n}  // namespace\n";
}

void run_cmake(const std::vector<std::string>& arguments, const fs::path& log, std::string_view name) {
    child_process cmake(arguments, log, log, tool_build::cmake);
    for (;;) {
        if (const std::optional<int> status = cmake.poll()) {
            if (*status == 0) return;
            if (*status == 127)
                refuse(name, std::string("is not built in, and there is no ") + tool_build::cmake + " to compile it");
            refuse(name, "does not compile: " + first_error(log) + " (all of it: " + printable(log.string()) + ")");
        }
        if (interrupt_asked()) {
            cmake.signal(SIGTERM);
            throw interrupted{};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

void compile(const fs::path& folder, const std::string& source, const std::string& name) {
    std::fprintf(stderr, "compiling %s, which is kept in %s\n", name.c_str(), printable(folder.string()).c_str());
    write_file(folder / "model.cpp", source);
    write_file(folder / "CMakeLists.txt", tool_build::cmake_lists);
    const fs::path build = folder / "build";
    std::error_code failed;
    fs::remove_all(build, failed);
    std::vector<std::string> configure{"-S", folder.string(), "-B", build.string()};
    configure.insert(configure.end(), std::begin(tool_build::configure), std::end(tool_build::configure));
    run_cmake(configure, folder / "configure.log", name);
    run_cmake({"--build", build.string()}, folder / "build.log", name);
    fs::rename(build / "libmodel.so", folder / "libmodel.so", failed);
    if (failed) refuse(name, "was compiled but cannot be kept: " + failed.message());
    fs::remove_all(build, failed);
}
}  // namespace

custom_model parse_custom_model(std::string_view name) {
    if (name.size() > 150) refuse(name, "the name has more than 150 characters");
    std::size_t end = name.find('+');
    const std::string base(name.substr(0, end));
    std::optional<custom_model> model = named(base);
    if (!model) {
        std::string all;
        for (const std::string_view one : named_models) all += (all.empty() ? "" : ", ") + std::string(one);
        throw bad_input("unknown model '" + printable(base, 40) + "', expected one of " + all + "; did you mean " +
                        std::string(nearest_name(base, std::span(named_models))) + "?");
    }
    const std::map<std::string, setter> keys = setters(*model);
    std::map<std::string, std::string> given;
    while (end != name.npos) {
        const std::size_t begin = end + 1;
        end = name.find('+', begin);
        const std::string pair(name.substr(begin, end == name.npos ? end : end - begin));
        const std::size_t equals = pair.find('=');
        if (equals == pair.npos) refuse(name, "expected key=value after each '+', found '" + printable(pair, 40) + "'");
        const std::string key = pair.substr(0, equals), value = pair.substr(equals + 1);
        const auto found = keys.find(key);
        if (found == keys.end()) {
            const auto& nearest = nearest_name(key, keys, [](const auto& known) { return known.first; });
            refuse(name, "unknown key '" + printable(key, 40) + "'; did you mean '" + nearest.first + "'?");
        }
        if (!given.emplace(key, value).second) refuse(name, "has the key '" + key + "' twice");
        if (const std::string expected = found->second(value); !expected.empty())
            refuse(name, key + ": expected " + expected + ", found '" + printable(value, 40) + "'");
    }
    // What would change nothing.
    vit_config& c = model->config;
    const bool convolutions = c.tokens_from == tokenizer::convolutions;
    for (const char* key : {"patch", "stride", "padding"})
        if (convolutions && given.contains(key))
            refuse(name, std::string(key) + " does not go with tokens=convolutions");
    for (const char* key : {"convolutions", "stem"})
        if (!convolutions && given.contains(key)) refuse(name, std::string(key) + " needs tokens=convolutions");
    if (given.contains("width") && !given.contains("mlp") && !base.ends_with('m')) c.mlp = 2 * c.width;
    if (given.contains("patch") && !given.contains("stride")) c.stride = c.patch;
    return *model;
}

void add_custom_model(const std::string& name, std::size_t colours, std::string_view pool) {
    const std::string source = source_of(parse_custom_model(name), name, colours, pool);
    const fs::path folder = model_folder() / (name + "-" + std::to_string(colours) + "-" + std::string(pool));
    make_folder(folder);
    // Runs of a sweep may want one model at once: the first compiles, the others wait for it.
    const qvit::detail::file_handle lock(folder / ".lock", O_RDWR | O_CREAT);
    while (::flock(lock.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            refuse(name, std::string("cannot be locked: ") + std::strerror(errno));
        if (interrupt_asked()) throw interrupted{};
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    std::error_code failed;
    const fs::path library = folder / "libmodel.so";
    if (!fs::exists(library, failed)) compile(folder, source, name);
    // Its registration runs while it is loaded; it stays loaded to the end.
    if (::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr)
        refuse(name, std::string("cannot be loaded: ") + printable(::dlerror(), 300));
}

}  // namespace qvit::tool
