// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

/// All bytes of a file.
inline std::string content_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

/// What a call says when it throws Error; the test fails if it does not, or if the message has several lines.
template <class Error, class Call>
std::string message_of_error(Call call) {
    try {
        call();
    } catch (const Error& error) {
        const std::string message = error.what();
        CHECK_MESSAGE(message.find('\n') == std::string::npos, message);
        return message;
    }
    FAIL_CHECK("no error was thrown");
    return "";
}
