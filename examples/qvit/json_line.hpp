// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace qvit::tool {

/// A JSON object on one line; bytes that are not UTF-8, as a file's name may have, are replaced and lose nothing else.
inline std::string as_line(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace qvit::tool
