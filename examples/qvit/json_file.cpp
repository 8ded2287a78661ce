// SPDX-License-Identifier: Apache-2.0
#include "json_file.hpp"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <qvit/data/printable.hpp>

namespace qvit::tool {

nlohmann::json read_json_object(input_file& file) {
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    file.read_at(0, std::as_writable_bytes(std::span(text)));
    std::vector<std::set<std::string>> keys;  // of the objects that are open
    std::string twice;
    const auto note = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        if (event == nlohmann::json::parse_event_t::object_start) keys.emplace_back();
        if (event == nlohmann::json::parse_event_t::object_end) keys.pop_back();
        if (event == nlohmann::json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            twice = parsed.get<std::string>();
        return true;
    };
    nlohmann::json all;
    try {
        all = nlohmann::json::parse(text, note);
    } catch (const nlohmann::json::out_of_range& error) {
        file.fail("has a number that is too large: " + printable(error.what(), 200));
    } catch (const nlohmann::json::exception& error) {
        file.fail("is no JSON: " + printable(error.what(), 200));
    }
    if (!all.is_object()) file.fail(std::string("expected a JSON object, found ") + all.type_name());
    if (!twice.empty()) file.fail("has the key '" + printable(twice, 40) + "' twice");
    return all;
}

}  // namespace qvit::tool
