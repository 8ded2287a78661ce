// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/io/detail/file_handle.hpp>
#include <qvit/io/json_text.hpp>
#include <qvit/io/number_text.hpp>

namespace qvit::inline QVIT_ABI {

/// How a metrics_file writes a row: `csv` has a header line, `jsonl` one JSON object per line.
enum class metrics_format : std::uint8_t { csv, jsonl };

/// A log of numbers per epoch that is whole after every epoch, whatever ends the program.
///
/// Each row goes to the file in one piece; where that fails (a full disk) the piece is taken back. To resume, say which
/// epoch was the last that is kept: rows after it, from the first on that is not the next epoch's, and half a row that
/// a crash left, are cut off; kept_epochs() says how many there are. 0 begins anew.
/// A number that is none becomes an empty CSV cell or JSON's null.
/// Cost: one write per epoch. Fails: io_error where it cannot be written; bad_input where a CSV file to be
/// resumed has other columns; std::invalid_argument for a row of the wrong length.
///
///     qvit::metrics_file log("metrics.csv", qvit::metrics_format::csv, {"loss", "validation_auc"}, resumed_epoch);
///     log.append(epoch, std::array{loss, auc});
class metrics_file {
  public:
    metrics_file(const std::filesystem::path& path, metrics_format format, std::vector<std::string> names,
                 std::size_t last_kept_epoch = 0)
        : names_(std::move(names)), format_(format), file_(path, O_RDWR | O_CREAT | O_APPEND) {
        const std::string header = format == metrics_format::csv ? csv_header() : "";
        bytes_ = last_kept_epoch == 0 ? 0 : kept_bytes(path, header, last_kept_epoch);
        file_.truncate(bytes_);
        if (bytes_ == 0 && !header.empty()) put(header);
    }

    void append(std::size_t epoch, std::span<const double> values) {
        if (values.size() != names_.size())
            throw std::invalid_argument("metrics_file: expected " + std::to_string(names_.size()) + " numbers, found " +
                                        std::to_string(values.size()));
        const bool csv = format_ == metrics_format::csv;
        std::string row = (csv ? "" : json_begin) + std::to_string(epoch);
        for (std::size_t i = 0; i < values.size(); ++i)
            row += csv ? ',' + (std::isnan(values[i]) ? "" : number_text(values[i]))
                       : ',' + json_text(names_[i]) + ':' + json_number(values[i]);
        put(row + (csv ? "\n" : "}\n"));
    }

    /// Rows of epochs 1, 2, ... that were there; less than was asked for where the file was changed or damaged.
    [[nodiscard]] std::size_t kept_epochs() const { return kept_epochs_; }

  private:
    static constexpr const char* json_begin = "{\"epoch\":";

    void put(const std::string& line) {
        try {
            file_.write(line);
        } catch (...) {
            file_.truncate(bytes_);
            throw;
        }
        bytes_ += line.size();
    }

    std::string csv_header() const {
        std::string line = "epoch";
        for (const std::string& name : names_) {
            if (name.find_first_of(",\"\r\n") == name.npos) {
                line += ',' + name;
                continue;
            }
            line += ",\"";  // RFC 4180
            for (const char c : name) line += c == '"' ? "\"\"" : std::string(1, c);
            line += '"';
        }
        return line + '\n';
    }

    /// How much of the file is the header and whole rows of epochs 1, 2, ... up to `last`.
    std::size_t kept_bytes(const std::filesystem::path& path, std::string_view header, std::size_t last) {
        input_file input(path);
        std::string text(static_cast<std::size_t>(input.size()), '\0');
        input.read_at(0, std::as_writable_bytes(std::span(text)));
        const std::string_view all = text;
        if (!all.starts_with(header)) {
            if (header.starts_with(all)) return 0;  // empty, or killed while the header was written
            input.fail("has other columns: expected '" + printable(header.substr(0, header.size() - 1), 400) +
                       "', found '" + printable(all.substr(0, all.find('\n')), 400) + "'");
        }
        std::size_t kept = header.size();
        for (std::size_t next = 0; (next = all.find('\n', kept)) != all.npos; kept = next + 1) {
            std::string_view row = all.substr(kept, next - kept);
            if (format_ == metrics_format::jsonl) {
                if (!row.starts_with(json_begin)) break;
                row.remove_prefix(std::string_view(json_begin).size());
            }
            std::size_t epoch = 0;
            const auto [end, error] = std::from_chars(row.data(), row.data() + row.size(), epoch);
            if (error != std::errc{} || epoch > last) break;
            if (epoch != kept_epochs_ + 1) break;
            kept_epochs_ = epoch;
        }
        return kept;
    }

    std::vector<std::string> names_;
    metrics_format format_;
    detail::file_handle file_;
    std::size_t bytes_ = 0, kept_epochs_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
