// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace qvit::tool {

/// One run of a sweep: a cell of data sets x models x option sets x seeds.
struct sweep_cell {
    std::string data, model, options, seed;
    std::vector<std::string> words;  ///< of the command line after `train`
};

/// A plan that was checked: its cells, and its JSON in one canonical form.
struct sweep_plan {
    std::vector<sweep_cell> cells;
    std::string text;
};

/// Reads a plan; bad_input names the key at fault and the nearest one that there is.
sweep_plan read_sweep_plan(const std::filesystem::path& path, const CLI::App& train);
/// The first thing in which two plans differ: "/common/epochs was 100 and is 200"; empty where they are equal.
std::string plan_change(const std::string& before, const std::string& now);

}  // namespace qvit::tool
