// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace qvit::tool {

/// A finite number of [low, high]; CLI::Range lets nan pass.
CLI::Validator number_in(double low, double high);
/// A whole number of [low, high] in plain decimals: CLI11 would wrap -1, clip 2^64 and read 010 as eight.
CLI::Validator whole_number(std::uint64_t low = 0, std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

/// Message for a command line that CLI11 refused: what was found, and the nearest option there is.
std::string explain(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace qvit::tool
