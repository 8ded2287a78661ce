// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/find_dataset_file.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/read_dataset.hpp>
#include <qvit/data/synthetic.hpp>

namespace qvit::inline QVIT_ABI {

/// The image set that a user names: "synthetic", a path to an .npz file, or a name such as "retinamnist" that is
/// looked for in $QVIT_DATA_DIR and ~/.medmnist.
///
/// Cost and failures (bad_input) are those of find_dataset_file, read_dataset and synthetic_dataset. Nothing is
/// ever downloaded. The caller shows `warnings`.
///
///     const qvit::dataset set = qvit::load_dataset(argc > 1 ? argv[1] : "synthetic");
[[nodiscard]] inline dataset load_dataset(std::string_view path_or_name) {
    if (path_or_name == "synthetic") return synthetic_dataset();
    return read_dataset(find_dataset_file(path_or_name));
}

}  // namespace qvit::inline QVIT_ABI
