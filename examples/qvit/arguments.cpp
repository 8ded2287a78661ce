// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::tool {

CLI::Validator number_in(double low, double high) {
    char range[64];
    std::snprintf(range, sizeof range, "%g to %g", low, high);
    auto check = [low, high, range = std::string(range)](const std::string& text) -> std::string {
        double value = 0;
        if (CLI::detail::lexical_cast(text, value) && value >= low && value <= high) return {};
        return "expected a number from " + range + ", found '" + printable(text, 40) + "'";
    };
    return CLI::Validator(check, std::string(range));
}

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
    const bool all = high == std::numeric_limits<std::uint64_t>::max();
    const std::string range = std::to_string(low) + " to " + (all ? "2^64 - 1" : std::to_string(high));
    auto check = [low, high, range](const std::string& text) -> std::string {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool plain = error == std::errc{} && end == text.data() + text.size() && (text == "0" || text[0] != '0');
        if (plain && value >= low && value <= high) return {};
        return "expected a whole number from " + range + ", found '" + printable(text, 40) + "'";
    };
    return CLI::Validator(check, range);
}

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
            return std::string("unknown ") + (is_option ? "option " : "command ") + printable(name, 40) +
                   "; did you mean " + nearest_name(name, known) + "?";
        }
    }
    if (command == &app && (arguments.empty() || arguments[0].starts_with("-")) &&
        dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
        (arguments.empty() || !arguments[0].starts_with("--")))
        return "expected a command, such as train, predict or info; see qvit --help";
    std::string text = error.what();
    return printable(text, 400);
}

}  // namespace qvit::tool
