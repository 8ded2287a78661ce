// SPDX-License-Identifier: Apache-2.0
#include "option_table.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>

#include "arguments.hpp"
#include "json_file.hpp"

namespace qvit::tool {

void option_table::text(const std::string& name, std::string& value, const std::string& help) {
    const CLI::Validator check(
        [may_be_empty = value.empty()](const std::string& word) -> std::string {
            if (word.empty() && !may_be_empty) return "expected a name, found an empty text";
            return word.find('\0') == word.npos ? "" : "expected a name, found one with a zero byte";
        },
        "");
    command_.add_option("--" + name, value, help)->check(check)->capture_default_str();
    entries_.push_back({name, &value, check});
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
    input_file input(file);
    const nlohmann::json all = read_json_object(input);
    for (const auto& item : all.items()) {
        const std::string& key = item.key();  // no structured binding: clang++ 14 cannot capture one
        const nlohmann::json& value = item.value();
        const auto at =
            std::find_if(entries_.begin(), entries_.end(), [&](const entry& known) { return known.name == key; });
        if (at == entries_.end()) {
            const entry& nearest = nearest_name(key, entries_, [](const entry& known) { return known.name; });
            throw bad_input(begin + "unknown key '" + printable(key, 40) + "'; did you mean '" + nearest.name + "'?");
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
            const bool several = value.is_array() && std::all_of(value.begin(), value.end(),
                                                                 [](const auto& one) { return one.is_string(); });
            expect(value.is_string() || several, "a string or a list of strings");
            **list = several ? value.get<std::vector<std::string>>() : std::vector{value.get<std::string>()};
        } else if (std::holds_alternative<bool*>(at->value)) {
            expect(value.is_boolean(), "true or false");
        } else {
            expect(value.is_number(), "a number");
            text = value.dump();
        }
        const bool checked =
            !std::holds_alternative<bool*>(at->value) && !std::holds_alternative<std::vector<std::string>*>(at->value);
        if (const std::string problem = checked ? at->check(text) : ""; !problem.empty())
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
