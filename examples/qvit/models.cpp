// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <string>
#include <string_view>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

#include "custom_model.hpp"
#include "model_entry.hpp"

namespace qvit::tool {

std::deque<model_entry>& models() {
    static std::deque<model_entry> all;
    return all;
}

const model_entry& find_model(std::string_view name, std::size_t colours, std::string_view pool) {
    const auto entry_of = [&]() -> const model_entry* {
        for (const model_entry& entry : models())
            if (entry.name == name && entry.colours == colours && pool_of(entry.config) == pool) return &entry;
        return nullptr;
    };
    if (const model_entry* entry = entry_of()) return *entry;
    static_cast<void>(parse_custom_model(name));  // a wrong name comes first
    if (colours != 1 && colours != 3)
        throw bad_input("model " + std::string(name) + " takes images of 1 or 3 colours, found " +
                        std::to_string(colours));
    if (std::find(std::begin(pool_words), std::end(pool_words), pool) == std::end(pool_words))
        throw bad_input("model " + std::string(name) + " has no pool '" + printable(pool, 40) + "'");
    add_custom_model(std::string(name), colours, pool);
    if (const model_entry* entry = entry_of()) return *entry;
    throw bad_input("model '" + std::string(name) + "' was loaded, but is another one");
}

std::string_view summary_of(std::string_view model) {
    model = model.substr(0, model.find('+'));
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
