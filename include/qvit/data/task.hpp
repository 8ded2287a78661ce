// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What a label means, and with it how scores are judged; MedMNIST's four kinds.
enum class task { multi_class, binary_class, ordinal_regression, multi_label };

/// MedMNIST's name of a task. Never fails.
///
///     qvit::task_name(qvit::task::multi_label);   // "multi-label, binary-class"
[[nodiscard]] constexpr std::string_view task_name(task kind) {
    constexpr std::string_view names[] = {"multi-class", "binary-class", "ordinal-regression",
                                          "multi-label, binary-class"};
    return names[static_cast<int>(kind)];
}

}  // namespace qvit::inline QVIT_ABI
