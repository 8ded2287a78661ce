// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <qvit/data/input_file.hpp>

namespace qvit::tool {

/// The JSON object of a file; bad_input with the file's name where it is none, or has a key twice.
nlohmann::json read_json_object(input_file& file);

}  // namespace qvit::tool
