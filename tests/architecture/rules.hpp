// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "architecture/source_tree.hpp"

// The rules that hold for the headers of the library, each a function from a source tree to the list of what breaks it.
namespace architecture {

using violations = std::vector<std::string>;

inline constexpr std::size_t not_a_layer = static_cast<std::size_t>(-1);

/// From the bottom up; the order stands in cmake/QvitLayers.cmake.
inline const std::vector<std::string>& layers() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        std::istringstream all(QVIT_LAYERS);
        for (std::string name; std::getline(all, name, ',');) result.push_back(name);
        return result;
    }();
    return names;
}

inline std::size_t rank(std::string_view layer) {
    const auto found = std::find(layers().begin(), layers().end(), layer);
    return found == layers().end() ? not_a_layer : static_cast<std::size_t>(found - layers().begin());
}

/// "qvit/nn/linear.hpp" -> "nn"; "" for a file that is in no folder of a layer.
inline std::string folder_of(const std::string& path) {
    const std::size_t first = path.find('/');
    const std::size_t second = first == std::string::npos ? first : path.find('/', first + 1);
    return second == std::string::npos ? "" : path.substr(first + 1, second - first - 1);
}

/// "qvit/nn.hpp" -> "nn"; "" for any other path.
inline std::string umbrella_of(const std::string& path) {
    const bool direct = path.starts_with("qvit/") && path.ends_with(".hpp") && path.find('/', 5) == std::string::npos;
    return direct ? path.substr(5, path.size() - 9) : "";
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.push_back(line);
    return result;
}

/// The rest of each preprocessor line `# <directive> rest`.
inline std::vector<std::string> directives(const std::string& text, std::string_view directive) {
    constexpr const char* blank = " \t";
    std::vector<std::string> result;
    for (const std::string& line : lines_of(text)) {
        std::size_t at = line.find_first_not_of(blank);
        if (at == std::string::npos || line[at] != '#') continue;
        at = line.find_first_not_of(blank, at + 1);
        if (at == std::string::npos || line.compare(at, directive.size(), directive) != 0) continue;
        at = line.find_first_not_of(blank, at + directive.size());
        result.push_back(at == std::string::npos ? "" : line.substr(at));
    }
    return result;
}

/// Included names; one in quotes keeps its opening quote.
inline std::vector<std::string> includes(const std::string& text) {
    std::vector<std::string> result;
    for (const std::string& rest : directives(text, "include")) {
        if (rest.starts_with('<')) {
            result.push_back(rest.substr(1, rest.find('>') - 1));
        } else {
            result.push_back(rest);
        }
    }
    return result;
}

/// A header includes only headers of its own layer or of a lower one, one by one and in angle brackets.
inline violations include_order(const source_tree& tree) {
    violations found;
    for (const auto& [path, text] : tree) {
        const std::string layer = folder_of(path);
        if (layer.empty()) continue;
        if (rank(layer) == not_a_layer) {
            found.push_back(path + ": '" + layer + "' is not a layer");
            continue;
        }
        for (const std::string& name : includes(text)) {
            if (!name.starts_with("qvit/")) {
                if (name.starts_with('"')) found.push_back(path + ": write " + name + " in angle brackets");
                continue;
            }
            const std::string other = folder_of(name);
            if (other.empty()) {
                found.push_back(path + ": includes " + name + ", which is not one header of a layer");
            } else if (!tree.contains(name)) {
                found.push_back(path + ": includes " + name + ", which does not exist");
            } else if (rank(other) > rank(layer)) {
                found.push_back(path + ": includes " + name + ", which is of a higher layer");
            } else if (layer == "vit" && other == "attention") {
                found.push_back(path + ": includes " + name + ", but vit and attention never include each other");
            }
        }
    }
    return found;
}

/// qvit/<layer>.hpp includes all headers of that layer's folder and nothing else; qvit/qvit.hpp includes layers up to
/// models. Headers in a subfolder (detail/) are private and named by no umbrella.
inline violations umbrellas(const source_tree& tree) {
    violations found;
    std::set<std::string> folders;
    for (const auto& [path, text] : tree) {
        if (const std::string layer = folder_of(path); rank(layer) != not_a_layer) folders.insert(layer);
    }
    for (const auto& [path, text] : tree) {
        const std::string name = umbrella_of(path);
        if (name.empty()) {
            if (folder_of(path).empty()) found.push_back(path + ": is in no folder of a layer");
        } else if (name == "qvit") {
            for (const std::string& included : includes(text)) {
                if (rank(umbrella_of(included)) > rank("models")) {
                    found.push_back(path + ": includes " + included + ", which is no layer up to models");
                }
            }
        } else if (!folders.contains(name)) {
            found.push_back(path + ": is the umbrella of no layer with headers");
        }
    }
    for (const std::string& layer : folders) {
        const std::string umbrella = "qvit/" + layer + ".hpp";
        if (!tree.contains(umbrella)) {
            found.push_back(umbrella + ": is missing");
            continue;
        }
        const std::vector<std::string> named = includes(tree.at(umbrella));
        std::set<std::string> expected;
        const std::string folder = "qvit/" + layer + "/";
        for (const auto& [path, text] : tree) {
            if (path.starts_with(folder) && path.find('/', folder.size()) == std::string::npos) expected.insert(path);
        }
        for (const std::string& path : expected) {
            if (std::find(named.begin(), named.end(), path) == named.end()) {
                found.push_back(umbrella + ": does not include " + path);
            }
        }
        for (const std::string& path : named) {
            if (!expected.contains(path)) found.push_back(umbrella + ": includes " + path + " of elsewhere");
        }
    }
    return found;
}

/// One header alone includes xsimd, and it is in simd/.
inline violations xsimd_in_one_place(const source_tree& tree) {
    violations found;
    std::string first;
    for (const auto& [path, text] : tree) {
        for (const std::string& name : includes(text)) {
            if (!name.starts_with("xsimd")) continue;
            if (folder_of(path) != "simd") found.push_back(path + ": includes xsimd, which only simd/ may");
            if (!first.empty() && first != path) found.push_back(path + ": includes xsimd, but " + first + " does too");
            first = path;
        }
    }
    return found;
}

/// Headers that cost much to compile, or bring state, stay out of what lies below data.
inline violations cheap_standard_headers(const source_tree& tree) {
    constexpr std::array<std::string_view, 6> costly{"iostream", "functional", "random", "ranges", "regex", "complex"};
    violations found;
    for (const auto& [path, text] : tree) {
        const std::size_t layer = rank(folder_of(path));
        if (layer == not_a_layer || layer >= rank("data")) continue;
        for (const std::string& name : includes(text)) {
            if (std::find(costly.begin(), costly.end(), name) != costly.end()) {
                found.push_back(path + ": includes <" + name + ">, which is too costly below data");
            }
        }
    }
    return found;
}

/// What evaluators of constants include is compiled by everyone: none of it, however far, is a std::vector or a circuit
/// read at run time.
inline violations evaluators_are_light(const source_tree& tree) {
    constexpr std::array<std::string_view, 2> heavy{"vector", "qvit/circuit/runtime_circuit.hpp"};
    std::vector<std::string> reached{"qvit/statevector/evaluator.hpp"};
    violations found;
    for (std::size_t i = 0; i < reached.size(); ++i) {
        const auto header = tree.find(reached[i]);
        if (header == tree.end()) continue;
        for (const std::string& name : includes(header->second)) {
            if (std::find(heavy.begin(), heavy.end(), name) != heavy.end())
                found.push_back(header->first + ": includes <" + name + "> and is included by the evaluator");
            if (std::find(reached.begin(), reached.end(), name) == reached.end()) reached.push_back(name);
        }
    }
    return found;
}

/// The words of a line of code, without comments and string literals.
inline std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> result;
    std::string word;
    bool in_string = false;
    for (std::size_t i = 0; i <= line.size(); ++i) {
        const char c = i < line.size() ? line[i] : ' ';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!in_string && letter) {
            word += c;
            continue;
        }
        if (!word.empty()) result.push_back(std::exchange(word, {}));
        if (in_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && c == '/' && i + 1 < line.size() && line[i + 1] == '/') {
            break;
        }
    }
    return result;
}

/// What a predictor needs, up to vit, does without exceptions and RTTI. Compiling with -fno-exceptions is not enough:
/// g++ accepts a throw in a template that nobody instantiates.
inline violations no_exceptions(const source_tree& tree) {
    constexpr std::array<std::string_view, 5> forbidden{"throw", "try", "catch", "dynamic_cast", "typeid"};
    violations found;
    for (const auto& [path, text] : tree) {
        const std::size_t layer = rank(folder_of(path));
        if (layer == not_a_layer || layer > rank("vit")) continue;
        for (const std::string& line : lines_of(text)) {
            for (const std::string& word : words_of(line)) {
                if (std::find(forbidden.begin(), forbidden.end(), word) != forbidden.end()) {
                    found.push_back(path + ": uses " + word + ", which layers up to vit do without");
                }
            }
        }
    }
    return found;
}

/// Benchmarks keep values with keep (benchmarks/keep.hpp, which says why), not with benchmark::DoNotOptimize.
inline violations kept_by_address(const source_tree& tree) {
    violations found;
    for (const auto& [path, text] : tree) {
        for (const std::string& line : lines_of(text)) {
            const std::vector<std::string> words = words_of(line);
            if (std::find(words.begin(), words.end(), "DoNotOptimize") != words.end()) {
                found.push_back(path + ": uses DoNotOptimize; write keep(value)");
            }
        }
    }
    return found;
}

/// Macros begin with QVIT_ and are defined in core/config.hpp only; nothing is undefined in place either.
inline violations macros(const source_tree& tree) {
    constexpr std::string_view home = "qvit/core/config.hpp";
    violations found;
    for (const auto& [path, text] : tree) {
        for (const std::string& rest : directives(text, "define")) {
            const std::string name = rest.substr(0, rest.find_first_of(" \t("));
            if (!name.starts_with("QVIT_")) found.push_back(path + ": macro " + name + " does not begin with QVIT_");
            if (path != home) found.push_back(path + ": macro " + name + " is defined outside core/config.hpp");
        }
        for (const std::string& name : directives(text, "undef")) {
            if (path != home) found.push_back(path + ": undefines " + name);
        }
    }
    return found;
}

/// Every header has its licence, its guard, a doc comment and a size that can be read at a sitting.
inline violations form(const source_tree& tree) {
    constexpr std::size_t longest = 260;
    constexpr std::size_t median_below = 130;
    violations found;
    std::vector<std::size_t> lengths;
    for (const auto& [path, text] : tree) {
        const std::vector<std::string> lines = lines_of(text);
        if (!path.ends_with(".hpp")) found.push_back(path + ": is not a .hpp file");
        if (lines.empty() || lines[0] != "// SPDX-License-Identifier: Apache-2.0") {
            found.push_back(path + ": the first line is not the SPDX line");
        }
        if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
            found.push_back(path + ": has no #pragma once");
        }
        if (text.find("///") == std::string::npos) found.push_back(path + ": has no /// comment");
        if (lines.size() > longest) {
            found.push_back(path + ": has " + std::to_string(lines.size()) + " lines, more than " +
                            std::to_string(longest));
        }
        if (!folder_of(path).empty()) lengths.push_back(lines.size());
    }
    if (!lengths.empty()) {
        const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
        std::nth_element(lengths.begin(), middle, lengths.end());
        if (*middle >= median_below) {
            found.push_back("the median header has " + std::to_string(*middle) + " lines, not fewer than " +
                            std::to_string(median_below));
        }
    }
    return found;
}

}  // namespace architecture
