// SPDX-License-Identifier: Apache-2.0
#include "option_table.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/edit_distance.hpp>
#include <qvit/data/printable.hpp>

#include "arguments.hpp"

namespace qvit::tool {

void option_table::text(const std::string& name, std::string& value, const std::string& help) {
    command_.add_option("--" + name, value, help)->capture_default_str();
    entries_.push_back({name, &value, CLI::Validator{}});
}
void option_table::words(const std::string& name, std::vector<std::string>& value, const std::string& help) {
    command_.add_option("--" + name, value, help)->capture_default_str();
    entries_.push_back({name, &value, CLI::Validator{}});
}
void option_table::choice(const std::string& name, std::string& value, std::vector<std::string> words,
                          const std::string& help) {
    const CLI::IsMember check(std::move(words));
    command_.add_option("--" + name, value, help)->check(check)->capture_default_str();
    entries_.push_back({name, &value, check});
}
void option_table::real(const std::string& name, double& value, double low, double high, const std::string& help) {
    const CLI::Validator check = number_in(low, high);
    command_.add_option("--" + name, value, help)->check(check)->capture_default_str();
    entries_.push_back({name, &value, check});
}
void option_table::count(const std::string& name, std::size_t& value, std::uint64_t low, std::uint64_t high,
                         const std::string& help) {
    const CLI::Validator check = whole_number(low, high);
    command_.add_option("--" + name, value, help)->check(check)->capture_default_str();
    entries_.push_back({name, &value, check});
}
void option_table::flag(const std::string& name, bool& value, const std::string& help) {
    command_.add_flag("--" + name, value, help);
    entries_.push_back({name, &value, CLI::Validator{}});
}

void option_table::read(const std::filesystem::path& file) const {
    const std::string begin = printable(file.string()) + ": ";
    std::ifstream input(file);
    if (!input) throw bad_input(begin + "cannot be read; expected a JSON file of options");
    std::set<std::string> seen;
    std::string twice;
    const auto note_keys = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        if (event == nlohmann::json::parse_event_t::key && depth == 1 && !seen.insert(parsed).second)
            twice = parsed.get<std::string>();
        return true;
    };
    nlohmann::json all;
    try {
        all = nlohmann::json::parse(input, note_keys);
    } catch (const nlohmann::json::exception& error) {
        throw bad_input(begin + "is no JSON: " + printable(error.what(), 200));
    }
    if (!all.is_object()) throw bad_input(begin + "expected a JSON object of options, found " + all.type_name());
    if (!twice.empty()) throw bad_input(begin + "has the key '" + printable(twice, 40) + "' twice");
    for (const auto& [key, value] : all.items()) {
        const auto at =
            std::find_if(entries_.begin(), entries_.end(), [&](const entry& known) { return known.name == key; });
        if (at == entries_.end()) {
            const auto nearest =
                std::min_element(entries_.begin(), entries_.end(), [&](const entry& a, const entry& b) {
                    return edit_distance(a.name, key) < edit_distance(b.name, key);
                });
            throw bad_input(begin + "unknown key '" + printable(key, 40) + "'; did you mean '" + nearest->name + "'?");
        }
        const auto expect = [&](bool fits, const char* kind) {
            if (!fits)
                throw bad_input(begin + "key '" + key + "': expected " + kind + ", found " +
                                printable(value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), 40));
        };
        std::string text;
        if (std::holds_alternative<std::string*>(at->value)) {
            expect(value.is_string(), "a string");
            text = value.get<std::string>();
        } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&at->value)) {
            const bool several = value.is_array() && !value.empty() &&
                                 std::all_of(value.begin(), value.end(), [](const auto& one) { return one.is_string(); });
            expect(value.is_string() || several, "a string or a list of strings");
            **list = several ? value.get<std::vector<std::string>>() : std::vector{value.get<std::string>()};
        } else if (std::holds_alternative<bool*>(at->value)) {
            expect(value.is_boolean(), "true or false");
        } else {
            expect(value.is_number(), "a number");
            text = value.dump();
        }
        if (!text.empty())
            if (const std::string problem = at->check(text); !problem.empty())
                throw bad_input(begin + "key '" + key + "': " + printable(problem, 300));
        if (auto* const* word = std::get_if<std::string*>(&at->value)) **word = text;
        if (auto* const* on = std::get_if<bool*>(&at->value)) **on = value.get<bool>();
        if (auto* const* number = std::get_if<double*>(&at->value)) **number = value.get<double>();
        if (auto* const* whole = std::get_if<std::size_t*>(&at->value)) **whole = value.get<std::size_t>();
    }
}

std::string option_table::json() const {
    nlohmann::ordered_json all = nlohmann::ordered_json::object();
    for (const entry& option : entries_)
        std::visit([&](const auto* value) { all[option.name] = *value; }, option.value);
    return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::vector<std::pair<std::string, std::string>> option_table::texts() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const entry& option : entries_) {
        std::visit(
            [&](const auto* value) {
                if constexpr (std::is_same_v<decltype(value), const std::string*>)
                    all.emplace_back(option.name, *value);
                else
                    all.emplace_back(option.name, nlohmann::json(*value).dump());
            },
            option.value);
    }
    return all;
}

}  // namespace qvit::tool
