// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>

namespace qvit::tool {

struct sweep_arguments {
    std::string plan;
    std::string out;
    std::size_t jobs = 1;
    bool json = false;
    const CLI::App* train = nullptr;  ///< knows which options a plan may set
};
/// After `train` was added to the app.
void add_sweep(CLI::App& app, sweep_arguments& arguments);
int run_sweep(const sweep_arguments& arguments);

}  // namespace qvit::tool
