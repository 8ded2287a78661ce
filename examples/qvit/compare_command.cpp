// SPDX-License-Identifier: Apache-2.0
#include "compare_command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/image_difference.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/paired_difference.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/sample_summary.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/read_medmnist_result.hpp>

#include "arguments.hpp"
#include "json_line.hpp"

namespace qvit::tool {

namespace {
using json = nlohmann::ordered_json;

std::string places(double value) { return std::isnan(value) ? "-" : number_text(value, 4); }
std::string signed_places(double value) { return (value < 0 ? "" : "+") + places(value); }
json or_null(double value) { return std::isnan(value) ? json() : json(value); }

std::string cell(std::string text) {
    text = printable(text, 200);
    for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, 1, '\\');
    return text;
}

void print_row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& one : cells) line += " " + one + " |";
    std::printf("%s\n", line.c_str());
}
void print_header(const std::vector<std::string>& cells) {
    print_row(cells);
    print_row(std::vector<std::string>(cells.size(), "---"));
}

/// All rows of all files; a column `file` says where each is from.
struct table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> places;  ///< of each row, for messages

    explicit table(const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            const std::string name = printable(file);
            csv_rows found = read_csv(file);
            if (found.rows.empty()) throw bad_input(name + ": expected a table with a header line, found nothing");
            for (const char* key : {"data", "model", "seed"})
                if (std::find(found.rows[0].begin(), found.rows[0].end(), key) == found.rows[0].end())
                    throw bad_input(name + ": expected a table of runs as `qvit sweep` writes it, found no column '" +
                                    key + "'; two files of scores are compared with --data");
            found.rows[0].push_back("file");
            std::set<std::string> seen;
            for (const std::string& column : found.rows[0])
                if (!seen.insert(column).second)
                    throw bad_input(name + ": has two columns '" + printable(column, 40) + "'");
            if (columns.empty()) columns = found.rows[0];
            if (columns != found.rows[0]) throw bad_input(name + ": has other columns than " + printable(files[0]));
            for (std::size_t i = 1; i < found.rows.size(); ++i) {
                places.push_back(name + ": row " + std::to_string(i + 1));
                found.rows[i].push_back(file);
                if (found.rows[i].size() != columns.size())
                    throw bad_input(places.back() + " has " + std::to_string(found.rows[i].size() - 1) +
                                    " cells, expected " + std::to_string(columns.size() - 1));
                rows.push_back(std::move(found.rows[i]));
            }
        }
        if (rows.empty()) throw bad_input(printable(files[0]) + ": has no runs");
    }

    std::size_t column(const std::string& name) const {
        const auto found = std::find(columns.begin(), columns.end(), name);
        if (found == columns.end())
            throw bad_input("there is no column '" + printable(name, 40) + "'; did you mean '" +
                            nearest_name(name, columns) + "'?");
        return static_cast<std::size_t>(found - columns.begin());
    }

    double number(std::size_t row, std::size_t column) const {
        const std::string& text = rows[row][column];
        double value = 0;
        const char* const last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, value);
        if (error != std::errc{} || end != last || !std::isfinite(value))
            throw bad_input(places[row] + ": " + columns[column] + ": expected a number, found '" +
                            printable(text, 40) + "'");
        return value;
    }
};

/// Runs of one group on one data set: the row of each seed, of pooled sets the row of each set and seed.
using runs = std::map<std::string, std::size_t>;

int compare_runs(const compare_arguments& a) {
    const table all(a.files);
    std::vector<std::size_t> by, metrics;
    for (const std::string& name : a.by) by.push_back(all.column(name));
    for (const std::string& name : a.metrics) metrics.push_back(all.column(name));
    const std::size_t data = all.column("data"), seed = all.column("seed");

    // In the order in which they stand in the files.
    std::vector<std::string> sets, groups;
    std::map<std::pair<std::string, std::string>, runs> found;
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        std::string group;
        for (const std::size_t column : by) group += (group.empty() ? "" : " ") + all.rows[i][column];
        // Pooled sets are one, and a seed on each of them is a run of its own.
        const std::string set = a.pool_data ? "all" : all.rows[i][data];
        const std::string run = (a.pool_data ? all.rows[i][data] + '\n' : "") + all.rows[i][seed];
        if (std::find(sets.begin(), sets.end(), set) == sets.end()) sets.push_back(set);
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
        const auto [other, fresh] = found[{set, group}].emplace(run, i);
        if (!fresh)
            throw bad_input(all.places[i] + ": seed " + printable(all.rows[i][seed], 40) + " of '" +
                            printable(group, 80) + "' on " + printable(all.rows[i][data], 80) + " is also " +
                            all.places[other->second] + "; tell them apart by more columns, e.g. --by model,options");
    }
    if (!a.baseline.empty() && std::find(groups.begin(), groups.end(), a.baseline) == groups.end())
        throw bad_input("--baseline: there is no '" + printable(a.baseline, 80) + "'; did you mean '" +
                        printable(nearest_name(a.baseline, groups), 80) + "'?");
    if (a.seeds == "paired")  // only seeds that all groups on that data set have
        for (const std::string& set : sets) {
            std::set<std::string> missing;
            for (const std::string& g : groups)
                for (const std::string& h : groups)
                    if (found.contains({set, g}) && found.contains({set, h}))
                        for (const auto& [s, row] : found[{set, g}])
                            if (!found[{set, h}].contains(s)) missing.insert(s);
            for (const std::string& g : groups)
                if (found.contains({set, g}))
                    std::erase_if(found[{set, g}], [&](const auto& run) { return missing.contains(run.first); });
        }

    const auto values_of = [&](const runs& some, std::size_t metric) {
        std::vector<double> values;
        for (const auto& [s, row] : some) values.push_back(all.number(row, metric));
        return values;
    };
    json lines = json::array();
    std::vector<std::vector<std::string>> printed;
    for (const std::string& set : sets)
        for (const std::string& group : groups) {
            if (!found.contains({set, group})) continue;
            const runs& mine = found[{set, group}];
            printed.push_back({cell(set), cell(group), std::to_string(mine.size())});
            for (std::size_t m = 0; m < metrics.size(); ++m) {
                const sample_summary summary = summarize(values_of(mine, metrics[m]));
                json line{{"data", set},
                          {"group", group},
                          {"metric", a.metrics[m]},
                          {"runs", summary.count},
                          {"mean", or_null(summary.mean)},
                          {"deviation", or_null(summary.deviation)}};
                printed.back().push_back(places(summary.mean) + " ± " + places(summary.deviation));
                if (!a.baseline.empty()) {
                    runs ours, theirs;
                    if (group != a.baseline && found.contains({set, a.baseline}))
                        for (const auto& [s, row] : found[{set, a.baseline}])
                            if (mine.contains(s)) theirs.emplace(s, row), ours.emplace(s, mine.at(s));
                    std::string text = "-";
                    if (ours.size() > 1) {  // one pair has no interval
                        const auto pairs =
                            paired_difference(values_of(theirs, metrics[m]), values_of(ours, metrics[m]), a.bootstrap);
                        text = signed_places(pairs.difference.mean) + " [" + signed_places(pairs.interval.low) + ", " +
                               signed_places(pairs.interval.high) + "]";
                        line["difference"] = {{"pairs", pairs.difference.count},
                                              {"mean", pairs.difference.mean},
                                              {"deviation", or_null(pairs.difference.deviation)},
                                              {"low", pairs.interval.low},
                                              {"high", pairs.interval.high}};
                    }
                    printed.back().push_back(text);
                }
                lines.push_back(std::move(line));
            }
        }
    if (a.json) {
        const json result{{"by", a.by},
                          {"baseline", a.baseline.empty() ? json() : json(a.baseline)},
                          {"seeds", a.seeds},
                          {"resamples", a.bootstrap.resamples},
                          {"level", a.bootstrap.level},
                          {"rows", std::move(lines)}};
        std::printf("%s\n", as_line(result).c_str());
        return 0;
    }
    std::string by_text;
    for (const std::string& name : a.by) by_text += (by_text.empty() ? "" : " ") + name;
    std::vector<std::string> header{"data", cell(by_text), "runs"};
    const std::string percent = number_text(100 * a.bootstrap.level, 0) + " %";
    for (const std::string& metric : a.metrics) {
        header.push_back(cell(metric));
        if (!a.baseline.empty()) header.push_back("minus " + cell(a.baseline) + " [" + percent + "]");
    }
    print_header(header);
    for (const auto& line : printed) print_row(line);
    return 0;
}

int compare_images(const compare_arguments& a) {
    if (a.files.size() != 2)
        throw bad_input("expected two files of scores with --data, found " + std::to_string(a.files.size()));
    const dataset set = load_dataset(a.data);
    const image_split& split = a.split == "test" ? set.test : a.split == "val" ? set.validation : set.train;
    const auto first = read_medmnist_result(a.files[0], split.count(), set.classes);
    const auto second = read_medmnist_result(a.files[1], split.count(), set.classes);
    const image_comparison both = image_difference(first, second, split.labels, set.classes, set.kind, a.bootstrap);
    const std::pair<const char*, metric_difference> metrics[] = {{"auc", both.auc}, {"acc", both.accuracy}};
    if (a.json) {
        json result{{"data", set.name},          {"split", a.split}, {"images", split.count()},
                    {"a", a.files[0]},           {"b", a.files[1]},  {"resamples", a.bootstrap.resamples},
                    {"level", a.bootstrap.level}};
        for (const auto& [name, m] : metrics)
            result[name] = {{"a", m.a},
                            {"b", m.b},
                            {"difference", m.difference},
                            {"low", m.interval.low},
                            {"high", m.interval.high}};
        std::printf("%s\n", as_line(result).c_str());
        return 0;
    }
    std::printf("a: %s\nb: %s\n%zu images of %s, %s\n\n", printable(a.files[0]).c_str(), printable(a.files[1]).c_str(),
                split.count(), printable(set.name).c_str(), a.split.c_str());
    print_header({"metric", "a", "b", "b - a", number_text(100 * a.bootstrap.level, 0) + " %"});
    for (const auto& [name, m] : metrics)
        print_row({name, places(m.a), places(m.b), signed_places(m.difference),
                   "[" + signed_places(m.interval.low) + ", " + signed_places(m.interval.high) + "]"});
    return 0;
}
}  // namespace

void add_compare(CLI::App& app, compare_arguments& a) {
    auto& command = *app.add_subcommand(
        "compare", "mean and standard deviation of a sweep's runs, paired differences with bootstrap intervals");
    command.add_option("files", a.files, "results.csv of sweeps; with --data two files of scores in MedMNIST's form")
        ->required();
    command.add_option("--by", a.by, "columns that name a group, with commas between them")
        ->delimiter(',')
        ->capture_default_str();
    command.add_option("--metric", a.metrics, "columns to compare, with commas between them")
        ->delimiter(',')
        ->capture_default_str();
    command.add_option("--baseline", a.baseline, "the group from which differences are taken, seed by seed");
    command
        .add_option("--seeds", a.seeds,
                    "runs that means are taken of: all, or those with a seed that every group has (paired)")
        ->check(CLI::IsMember({"all", "paired"}))
        ->capture_default_str();
    command.add_flag("--pool-data", a.pool_data, "data sets are folds of one: pairs are runs of one fold and seed");
    command.add_option("--data", a.data, "the set whose images two files of scores judge");
    command.add_option("--split", a.split, "of that set")
        ->check(CLI::IsMember({"train", "val", "test"}))
        ->capture_default_str();
    command.add_option("--resamples", a.bootstrap.resamples, "of the bootstrap")
        ->check(whole_number(1, 10'000'000))
        ->capture_default_str();
    command.add_option("--level", a.bootstrap.level, "how much the intervals hold")
        ->check(number_in(0.01, 0.9999))
        ->capture_default_str();
    command.add_option("--seed", a.bootstrap.seed, "of the bootstrap")->check(whole_number())->capture_default_str();
    command.add_flag("--json", a.json, "print one JSON object");
}

int run_compare(const compare_arguments& arguments) {
    return arguments.data.empty() ? compare_runs(arguments) : compare_images(arguments);
}

}  // namespace qvit::tool
