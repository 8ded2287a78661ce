// SPDX-License-Identifier: Apache-2.0
#include "sweep_plan.hpp"

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/number_text.hpp>

#include "custom_model.hpp"
#include "json_file.hpp"
#include "model_entry.hpp"
#include "train_options.hpp"
#include "training_job.hpp"

namespace qvit::tool {

namespace {
using nlohmann::json;
constexpr std::size_t most_cells = 1'000'000;

std::string shown(const json& value) {
    return printable(value.dump(-1, ' ', false, json::error_handler_t::replace), 80);
}

/// What is wrong with a plan, with its file's name before it.
class plan_reader {
  public:
    plan_reader(const std::filesystem::path& path, const CLI::App& train) : file_(path) {
        for (const CLI::Option* option : train.get_options())
            for (const std::string& name : option->get_lnames())
                if (name != "help") (option->get_expected_max() == 0 ? flags_ : valued_).insert(name);
    }

    sweep_plan read() {
        const json plan = read_json_object(file_);
        const std::set<std::string> keys{"data", "model", "seed", "options", "common"};
        for (const auto& [key, value] : plan.items())
            if (!keys.contains(key)) unknown("", key, keys);
        const json common = plan.value("common", json::object());
        check_options("common", common);
        json sets = plan.value("options", json::array({{{"name", "base"}}}));
        if (!sets.is_array() || sets.empty())
            file_.fail("\"options\": expected a list of objects with a \"name\", found " + shown(sets));
        const auto data = list(plan, "data"), model = list(plan, "model"), seed = list(plan, "seed");
        if (data.size() * model.size() > most_cells || data.size() * model.size() * sets.size() > most_cells ||
            data.size() * model.size() * sets.size() * seed.size() > most_cells)
            file_.fail("has more than " + std::to_string(most_cells) + " runs");

        std::map<std::string, std::vector<std::string>> words_of;
        std::vector<std::string> names;
        for (json& set : sets) {
            if (!set.is_object() || !set.contains("name") || !set["name"].is_string())
                file_.fail("\"options\": expected an object with a \"name\", found " + shown(set));
            const std::string name = set["name"];
            if (words_of.contains(name)) file_.fail("\"options\": two are named '" + printable(name, 80) + "'");
            set.erase("name");
            check_options("options: " + name, set);
            json all = common;
            all.update(set);
            words_of[name] = words(all);
            names.push_back(name);
            check_values("options: " + name, words_of[name], model);
        }
        sweep_plan result;
        // Seeds vary slowest: after a part of the sweep every cell of the table has some runs.
        for (const auto& s : seed)
            for (const auto& d : data)
                for (const auto& m : model)
                    for (const auto& o : names) {
                        sweep_cell cell{d, m, o, s, {"--data=" + d, "--model=" + m, "--seed=" + s, "--json"}};
                        cell.words.insert(cell.words.end(), words_of[o].begin(), words_of[o].end());
                        result.cells.push_back(std::move(cell));
                    }
        result.text = plan.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
        return result;
    }

  private:
    [[noreturn]] void unknown(const std::string& where, const std::string& key, const std::set<std::string>& known) {
        file_.fail((where.empty() ? "" : where + ": ") + "unknown key '" + printable(key, 40) + "'; did you mean '" +
                   nearest_name(key, known) + "'?");
    }

    /// One value or a list of different ones, as text.
    std::vector<std::string> list(const json& plan, const std::string& key) {
        const bool numbers = key == "seed";
        const std::string expected =
            "\"" + key + "\": expected " + (numbers ? "a whole number or a list of them" : "a name or a list of names");
        if (!plan.contains(key)) file_.fail(expected + ", found nothing");
        const json values = plan[key].is_array() ? plan[key] : json::array({plan[key]});
        std::vector<std::string> result;
        for (const json& value : values) {
            if (numbers ? !value.is_number_unsigned() : !value.is_string() || value.get<std::string>().empty())
                file_.fail(expected + ", found " + shown(value));
            result.push_back(numbers ? std::to_string(value.get<std::uint64_t>()) : value.get<std::string>());
            if (result.back().find('\0') != std::string::npos) file_.fail(expected + ", found " + shown(value));
        }
        if (result.empty()) file_.fail(expected + ", found an empty list");
        if (std::set(result.begin(), result.end()).size() != result.size())
            file_.fail("\"" + key + "\": has the same entry twice: " + shown(values));
        return result;
    }

    void check_options(const std::string& where, const json& options) {
        if (!options.is_object())
            file_.fail("\"" + where + "\": expected an object of options, found " + shown(options));
        const std::set<std::string> own{"data", "model", "seed", "json", "out", "resume", "config"};
        std::set<std::string> known;
        for (const auto* names : {&flags_, &valued_})
            for (const std::string& name : *names)
                if (!own.contains(name)) known.insert(name);
        for (const auto& [key, value] : options.items()) {
            if (own.contains(key)) file_.fail(where + ": '" + key + "' is set by the sweep, not by its options");
            if (!known.contains(key)) unknown(where, key, known);
            const bool fits = flags_.contains(key) ? value.is_boolean() : value.is_string() || value.is_number();
            if (!fits || (value.is_string() && value.get<std::string>().find('\0') != std::string::npos))
                file_.fail(where + ": '" + key + "': expected " +
                           (flags_.contains(key) ? "true or false" : "a number or a text") + ", found " + shown(value));
        }
    }

    /// What each run would refuse, before the first of them is started.
    void check_values(const std::string& where, std::vector<std::string> words,
                      const std::vector<std::string>& models) {
        train_arguments parsed;
        CLI::App app;
        option_table table(app);
        add_training_options(table, parsed);
        try {
            std::reverse(words.begin(), words.end());  // as CLI11 takes them
            app.parse(std::move(words));
            check_together(parsed);
            // What is not built in is compiled by the run that needs it, for its images.
            for (const std::string& name : models) static_cast<void>(parse_custom_model(name));
        } catch (const CLI::ParseError& error) {
            file_.fail(where + ": " + printable(error.what(), 200));
        } catch (const bad_input& error) {
            file_.fail(where + ": " + error.what());
        }
    }

    static std::vector<std::string> words(const json& options) {
        std::vector<std::string> result;
        for (const auto& [key, value] : options.items()) {
            if (value.is_boolean()) {
                if (value.get<bool>()) result.push_back("--" + key);
                continue;
            }
            result.push_back("--" + key + "=" +
                             (value.is_string()         ? value.get<std::string>()
                              : value.is_number_float() ? number_text(value.get<double>())
                                                        : value.dump()));
        }
        return result;
    }

    input_file file_;
    std::set<std::string> flags_, valued_;
};
}  // namespace

sweep_plan read_sweep_plan(const std::filesystem::path& path, const CLI::App& train) {
    return plan_reader(path, train).read();
}

std::string plan_change(const std::string& before, const std::string& now) {
    json a;
    try {
        a = json::parse(before);
    } catch (const json::exception&) {
        return "the plan that is there cannot be read";
    }
    const json b = json::parse(now), changes = json::diff(a, b);
    if (changes.empty()) return {};
    const std::string path = changes[0]["path"], kind = changes[0]["op"];
    const json::json_pointer place(path);
    const std::string name = path.empty() ? "the plan" : printable(path, 80);
    if (kind == "add") return name + " is new: " + shown(changes[0]["value"]);
    if (kind == "remove") return name + " is gone, was " + shown(a[place]);
    return name + " was " + shown(a[place]) + " and is " + shown(changes[0]["value"]);
}

}  // namespace qvit::tool
