// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/edit_distance.hpp>
#include <qvit/data/printable.hpp>

#include "model_entry.hpp"

namespace qvit::tool {

std::vector<model_entry>& models() {
    static std::vector<model_entry> all;
    return all;
}

const model_entry& find_model(std::string_view name, std::size_t colours, std::string_view pool) {
    for (const model_entry& entry : models())
        if (entry.name == name && entry.colours == colours && pool_of(entry.config) == pool) return entry;
    std::vector<std::string_view> names;
    for (const model_entry& entry : models()) names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string list;
    for (std::string_view one : names) list += (list.empty() ? "" : ", ") + std::string(one);
    const bool known = std::any_of(models().begin(), models().end(), [&](const model_entry& entry) {
        return entry.name == name && entry.colours == colours;
    });
    if (known)
        throw bad_input("model " + std::string(name) + " was not compiled with pool '" + printable(pool, 40) + "'");
    if (std::find(names.begin(), names.end(), name) != names.end())
        throw bad_input("model " + std::string(name) + " takes images of 1 or 3 colours, found " +
                        std::to_string(colours));
    const auto nearest = *std::min_element(names.begin(), names.end(), [&](std::string_view a, std::string_view b) {
        return edit_distance(a, name) < edit_distance(b, name);
    });
    throw bad_input("unknown model '" + printable(name, 40) + "', expected one of " + list + "; did you mean " +
                    std::string(nearest) + "?");
}

std::string_view summary_of(std::string_view model) {
    if (model == "qvit4") return "quantum vision transformer, q, k, v and o are circuits of 4 wires (arXiv:2503.07294)";
    if (model == "qvit8") return "quantum vision transformer, q, k, v and o are circuits of 8 wires (arXiv:2503.07294)";
    if (model == "vit4") return "classical control of qvit4: the same widths, linear q, k, v and o";
    if (model == "vit8") return "classical control of qvit8: the same widths, linear q, k, v and o";
    if (model == "vit4m") return "classical control of qvit4 matched in parameters: the knob is the MLP width, 8 -> 1";
    if (model == "vit8m") return "classical control of qvit8 matched in parameters: the knob is the MLP width, 16 -> 1";
    if (model == "teacher") return "classical teacher for distillation: 64 channels, depth 4, 4 heads";
    return "";
}

}  // namespace qvit::tool
