// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include <qvit/data/bootstrap.hpp>

namespace qvit::tool {

struct compare_arguments {
    std::vector<std::string> files;
    std::vector<std::string> by{"model"};
    std::vector<std::string> metrics{"test_auc", "test_acc"};
    std::string baseline;
    std::string seeds = "all";
    bool pool_data = false;
    std::string data;  ///< for two files of scores: the set whose images they judge
    std::string split = "test";
    bootstrap_options bootstrap;
    bool json = false;
};
void add_compare(CLI::App& app, compare_arguments& arguments);
int run_compare(const compare_arguments& arguments);

}  // namespace qvit::tool
