// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

#include <qvit/core/config.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/find_dataset_file.hpp>
#include <qvit/data/image_folder.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/read_dataset.hpp>
#include <qvit/data/synthetic.hpp>

namespace qvit::inline QVIT_ABI {

/// The image set that a user names: "synthetic", a folder of images, a path to an .npz file, or a name such as
/// "retinamnist" that is looked for in $QVIT_DATA_DIR and ~/.medmnist (a folder of that name is ./retinamnist).
///
/// A folder is read as `folder` says; .npz files and the synthetic set keep their own side and channels (resize_dataset
/// changes the side). Cost and failures (bad_input) are those of read_image_folder, find_dataset_file, read_dataset and
/// synthetic_dataset. Nothing is ever downloaded. The caller shows `warnings`.
///
///     const qvit::dataset set = qvit::load_dataset(argc > 1 ? argv[1] : "synthetic");
[[nodiscard]] inline dataset load_dataset(std::string_view path_or_name, const folder_options& folder = {}) {
    if (path_or_name == "synthetic") return synthetic_dataset();
    std::error_code ignored;
    if (!medmnist_by_stem(path_or_name) && std::filesystem::is_directory(path_or_name, ignored))
        return read_image_folder(path_or_name, folder);
    return read_dataset(find_dataset_file(path_or_name));
}

}  // namespace qvit::inline QVIT_ABI
