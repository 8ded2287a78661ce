// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace qvit::tool {

/// The options of a command, each declared once: CLI11 reads them from the command line, `read` from a JSON object
/// whose keys are their names, and `json` and `texts` write what they are set to. What is given here must outlive the
/// table.
class option_table {
  public:
    explicit option_table(CLI::App& command) : command_(command) {}

    void text(const std::string& name, std::string& value, const std::string& help);
    /// One word or several, as `--name a b`; in JSON a string or a list of strings.
    void words(const std::string& name, std::vector<std::string>& value, const std::string& help);
    void choice(const std::string& name, std::string& value, std::vector<std::string> words, const std::string& help);
    void real(const std::string& name, double& value, double low, double high, const std::string& help);
    void count(const std::string& name, std::size_t& value, std::uint64_t low, std::uint64_t high,
               const std::string& help);
    void flag(const std::string& name, bool& value, const std::string& help);

    /// Sets what the file names. Refuses, as bad_input with the file and the key, a file that is no JSON object, an
    /// unknown key (the nearest known one is named), one given twice, a value of another type or out of range.
    void read(const std::filesystem::path& file) const;
    [[nodiscard]] std::string json() const;
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> texts() const;

  private:
    struct entry {
        std::string name;
        std::variant<std::string*, std::vector<std::string>*, double*, std::size_t*, bool*> value;
        CLI::Validator check;
    };
    CLI::App& command_;
    std::vector<entry> entries_;
};

}  // namespace qvit::tool
