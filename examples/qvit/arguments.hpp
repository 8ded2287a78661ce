// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace qvit::tool {

/// Message for a command line that CLI11 refused: what was found, and the nearest option there is.
std::string explain(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace qvit::tool
