// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>

namespace qvit::inline QVIT_ABI {

/// A CSV text taken apart: rows of cells, and how many bytes hold the rows that end with a line's end.
struct csv_rows {
    std::vector<std::vector<std::string>> rows;
    std::size_t whole_bytes = 0;
    bool cut = false;  ///< after these stands a row without its end: a killed program's, or merely the last
};

/// Reads CSV as RFC 4180 writes it: cells in quotes may hold commas, line ends and doubled quotes; lines end with \n or
/// \r\n. A row without its end is the last of `rows` too, and `cut` says so. Cost: linear. Never fails.
///
///     qvit::parse_csv("a,\"b, c\"\n").rows[0][1];   // "b, c"
[[nodiscard]] inline csv_rows parse_csv(std::string_view text) {
    csv_rows result;
    std::vector<std::string> row;
    std::string cell;
    bool quoted = false, begun = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        begun = true;
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (at + 1 < text.size() && text[at + 1] == '"') {
                cell += text[++at];
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            row.push_back(std::exchange(cell, {}));
        } else if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
            continue;  // of the line's end; in quotes it would be the cell's
        } else if (c == '\n') {
            row.push_back(std::exchange(cell, {}));
            result.rows.push_back(std::exchange(row, {}));
            result.whole_bytes = at + 1;
            begun = false;
        } else {
            cell += c;
        }
    }
    if (begun) {
        row.push_back(std::move(cell));
        result.rows.push_back(std::move(row));
        result.cut = true;
    }
    return result;
}

/// A row of CSV with its line's end; cells that need quotes have them.
[[nodiscard]] inline std::string csv_line(std::span<const std::string> cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
            line += cells[i];
            continue;
        }
        line += '"';
        for (const char c : cells[i]) line += c == '"' ? "\"\"" : std::string(1, c);
        line += '"';
    }
    return line + '\n';
}

/// parse_csv of a whole file, without the byte order mark that spreadsheets begin it with; bad_input where it cannot be
/// read.
[[nodiscard]] inline csv_rows read_csv(const std::filesystem::path& path) {
    input_file input(path);
    std::string text(static_cast<std::size_t>(input.size()), '\0');
    input.read_at(0, std::as_writable_bytes(std::span(text)));
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    const std::size_t first = text.starts_with(mark) ? mark.size() : 0;
    csv_rows found = parse_csv(std::string_view(text).substr(first));
    if (found.whole_bytes > 0) found.whole_bytes += first;
    return found;
}

}  // namespace qvit::inline QVIT_ABI
