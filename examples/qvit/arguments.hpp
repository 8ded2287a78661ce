// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace qvit::tool {

/// A finite number of [low, high]; CLI::Range lets nan pass.
CLI::Validator number_in(double low, double high);
/// A whole number without a sign: text to an unsigned integer would wrap a negative one.
CLI::Validator whole_number();

/// Message for a command line that CLI11 refused: what was found, and the nearest option there is.
std::string explain(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace qvit::tool
