// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Something a user gave (a file, an option, a name) is not what it has to be.
/// `what()` is one line that says what was expected and what was found; a program prints it and exits with status 2.
/// Thrown by the layers data, io and train only: what lies below them compiles without exceptions.
class bad_input : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace qvit::inline QVIT_ABI
