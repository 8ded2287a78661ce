// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <qvit/data/bad_input.hpp>

/// What a call says when it throws bad_input; the test fails if it does not, or if the message has several lines.
template <class Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const qvit::bad_input& error) {
        const std::string message = error.what();
        CHECK_MESSAGE(message.find('\n') == std::string::npos, message);
        return message;
    }
    FAIL_CHECK("no bad_input was thrown");
    return "";
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Checks that `text` contains `part`, and shows both if it does not.
#define CHECK_CONTAINS(TEXT, PART)                                                        \
    do {                                                                                  \
        const std::string text_ = (TEXT);                                                 \
        CHECK_MESSAGE(contains(text_, PART), "'" << text_ << "' lacks '" << PART << "'"); \
    } while (false)
