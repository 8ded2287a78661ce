// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/data/edit_distance.hpp>

namespace qvit::tool {

std::string explain(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments) {
    const CLI::App* command = &app;
    if (!app.get_subcommands().empty()) command = app.get_subcommands().front();
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
        dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
        // The first word that is neither known nor an option's value.
        std::vector<std::string> known;
        for (const CLI::Option* option : command->get_options())
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
        if (command == &app)
            for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
                known.push_back(sub->get_name());
        for (const std::string& word : arguments) {
            const std::string name = word.substr(0, word.find('='));
            const bool is_option = name.starts_with("--");
            const bool is_command = command == &app && !name.starts_with("-");
            if ((!is_option && !is_command) || std::find(known.begin(), known.end(), name) != known.end()) continue;
            const auto nearest =
                *std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
                    return edit_distance(a, name) < edit_distance(b, name);
                });
            return std::string("unknown ") + (is_option ? "option " : "command ") + name + "; did you mean " + nearest +
                   "?";
        }
    }
    if (command == &app && arguments.empty()) return "expected a command, train or info; see qvit --help";
    std::string text = error.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

}  // namespace qvit::tool
