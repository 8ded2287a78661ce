// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/file.h>

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/detail/file_handle.hpp>

namespace qvit::inline QVIT_ABI {

/// A CSV table with a header line that grows by whole rows and can be gone on with after any end of the program.
///
/// Opening keeps the rows that are there and cuts off half a row that a crash left. One program at a time has it open.
/// A row is flushed to the disk; where that fails it is taken back. Cost: one write and one fsync a row.
/// Fails: bad_input for a file with other columns, a row of another length, or one that another program has open;
/// io_error where it cannot be written; std::invalid_argument for a row to append that is too short or long.
///
///     qvit::csv_file results("results.csv", {"model", "seed", "test_auc"});
///     results.append({"qvit4", "0", "0.74"});   // results.rows() are those before and this one
class csv_file {
  public:
    using row = std::vector<std::string>;

    csv_file(const std::filesystem::path& path, row columns)
        : columns_(std::move(columns)), file_(path, O_RDWR | O_CREAT | O_APPEND) {
        const std::string name = printable(path.string());
        if (::flock(file_.descriptor(), LOCK_EX | LOCK_NB) != 0)
            throw bad_input(name + ": another program is writing it");
        csv_rows found = read_csv(path);
        if (found.cut) found.rows.pop_back();
        for (std::size_t i = 0; i < found.rows.size(); ++i) {
            if (i == 0 && found.rows[0] != columns_)
                throw bad_input(name + ": has other columns: expected '" + line(columns_) + "', found '" +
                                printable(line(found.rows[0]), 400) + "'");
            if (found.rows[i].size() != columns_.size())
                throw bad_input(name + ": row " + std::to_string(i + 1) + " has " +
                                std::to_string(found.rows[i].size()) + " cells, expected " +
                                std::to_string(columns_.size()));
            if (i > 0) rows_.push_back(std::move(found.rows[i]));
        }
        bytes_ = found.whole_bytes;
        file_.truncate(bytes_);
        if (bytes_ == 0) put(csv_line(columns_));
    }

    /// Without the header line.
    [[nodiscard]] const std::vector<row>& rows() const { return rows_; }

    void append(row cells) {
        if (cells.size() != columns_.size())
            throw std::invalid_argument("[qvit::csv_file] expected " + std::to_string(columns_.size()) +
                                        " cells, found " + std::to_string(cells.size()));
        put(csv_line(cells));
        rows_.push_back(std::move(cells));
    }

  private:
    static std::string line(const row& cells) {
        const std::string text = csv_line(cells);
        return text.substr(0, text.size() - 1);
    }

    void put(std::string_view text) {
        try {
            file_.write(text);
            file_.flush();
        } catch (...) {
            file_.truncate(bytes_);
            throw;
        }
        bytes_ += text.size();
    }

    row columns_;
    std::vector<row> rows_;
    detail::file_handle file_;
    std::size_t bytes_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
