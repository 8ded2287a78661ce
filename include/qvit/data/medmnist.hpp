// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// One of MedMNIST's two-dimensional sets, as the 28 x 28 file of version 3.0.2 has it.
struct medmnist_set {
    std::string_view flag;  ///< the file is <flag>.npz
    task kind;
    std::size_t channels;
    std::span<const std::string_view> label_names;
    std::size_t train, validation, test;  ///< images
    std::string_view md5, licence;

    [[nodiscard]] constexpr std::size_t classes() const { return label_names.size(); }
    /// Where to download the file; the larger images of MedMNIST+ have a stem such as "retinamnist_64".
    [[nodiscard]] std::string url(std::string_view stem = {}) const {
        return "https://zenodo.org/records/10519652/files/" + std::string(stem.empty() ? flag : stem) + ".npz";
    }
};

namespace detail {
using label_list = std::string_view[];
inline constexpr label_list path_labels = {"adipose",
                                           "background",
                                           "debris",
                                           "lymphocytes",
                                           "mucus",
                                           "smooth muscle",
                                           "normal colon mucosa",
                                           "cancer-associated stroma",
                                           "colorectal adenocarcinoma epithelium"};
inline constexpr label_list chest_labels = {"atelectasis", "cardiomegaly", "effusion",     "infiltration",  "mass",
                                            "nodule",      "pneumonia",    "pneumothorax", "consolidation", "edema",
                                            "emphysema",   "fibrosis",     "pleural",      "hernia"};
inline constexpr label_list derma_labels = {"actinic keratoses and intraepithelial carcinoma",
                                            "basal cell carcinoma",
                                            "benign keratosis-like lesions",
                                            "dermatofibroma",
                                            "melanoma",
                                            "melanocytic nevi",
                                            "vascular lesions"};
inline constexpr label_list oct_labels = {"choroidal neovascularization", "diabetic macular edema", "drusen", "normal"};
inline constexpr label_list pneumonia_labels = {"normal", "pneumonia"};
inline constexpr label_list retina_labels = {"0", "1", "2", "3", "4"};
inline constexpr label_list breast_labels = {"malignant", "normal, benign"};
inline constexpr label_list blood_labels = {
    "basophil",   "eosinophil", "erythroblast", "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)",
    "lymphocyte", "monocyte",   "neutrophil",   "platelet"};
inline constexpr label_list tissue_labels = {"Collecting Duct, Connecting Tubule",
                                             "Distal Convoluted Tubule",
                                             "Glomerular endothelial cells",
                                             "Interstitial endothelial cells",
                                             "Leukocytes",
                                             "Podocytes",
                                             "Proximal Tubule Segments",
                                             "Thick Ascending Limb"};
inline constexpr label_list organ_labels = {"bladder",     "femur-left",   "femur-right", "heart",
                                            "kidney-left", "kidney-right", "liver",       "lung-left",
                                            "lung-right",  "pancreas",     "spleen"};
inline constexpr std::string_view by = "CC BY 4.0", by_nc = "CC BY-NC 4.0";
}  // namespace detail

/// The twelve sets, in MedMNIST's order. Source: medmnist/info.py 3.0.2 (Zenodo record 10519652).
inline constexpr std::array<medmnist_set, 12> medmnist_sets = {{
    {"pathmnist", task::multi_class, 3, detail::path_labels, 89996, 10004, 7180, "a8b06965200029087d5bd730944a56c1",
     detail::by},
    {"chestmnist", task::multi_label, 1, detail::chest_labels, 78468, 11219, 22433, "02c8a6516a18b556561a56cbdd36c4a8",
     detail::by},
    {"dermamnist", task::multi_class, 3, detail::derma_labels, 7007, 1003, 2005, "0744692d530f8e62ec473284d019b0c7",
     detail::by_nc},
    {"octmnist", task::multi_class, 1, detail::oct_labels, 97477, 10832, 1000, "c68d92d5b585d8d81f7112f81e2d0842",
     detail::by},
    {"pneumoniamnist", task::binary_class, 1, detail::pneumonia_labels, 4708, 524, 624,
     "28209eda62fecd6e6a2d98b1501bb15f", detail::by},
    {"retinamnist", task::ordinal_regression, 3, detail::retina_labels, 1080, 120, 400,
     "bd4c0672f1bba3e3a89f0e4e876791e4", detail::by},
    {"breastmnist", task::binary_class, 1, detail::breast_labels, 546, 78, 156, "750601b1f35ba3300ea97c75c52ff8f6",
     detail::by},
    {"bloodmnist", task::multi_class, 3, detail::blood_labels, 11959, 1712, 3421, "7053d0359d879ad8a5505303e11de1dc",
     detail::by},
    {"tissuemnist", task::multi_class, 1, detail::tissue_labels, 165466, 23640, 47280,
     "ebe78ee8b05294063de985d821c1c34b", detail::by},
    {"organamnist", task::multi_class, 1, detail::organ_labels, 34561, 6491, 17778, "68e3f8846a6bd62f0c9bf841c0d9eacc",
     detail::by},
    {"organcmnist", task::multi_class, 1, detail::organ_labels, 12975, 2392, 8216, "b9ceb9546e10131b32923c5bbeaea2b1",
     detail::by},
    {"organsmnist", task::multi_class, 1, detail::organ_labels, 13932, 2452, 8827, "9ab87b696fb54e2a387ebe992d6ed5f1",
     detail::by},
}};

/// The set of that flag, or nullptr.
[[nodiscard]] constexpr const medmnist_set* medmnist_by_flag(std::string_view flag) {
    for (const medmnist_set& set : medmnist_sets)
        if (set.flag == flag) return &set;
    return nullptr;
}

/// The set that a file's stem names, with or without the size of MedMNIST+: "retinamnist", "retinamnist_64"; or
/// nullptr.
[[nodiscard]] constexpr const medmnist_set* medmnist_by_stem(std::string_view stem) {
    for (const std::string_view size : {"_64", "_128", "_224"})
        if (stem.ends_with(size)) return medmnist_by_flag(stem.substr(0, stem.size() - size.size()));
    return medmnist_by_flag(stem);
}

/// The set whose official file has that MD5 (lower-case hexadecimal), or nullptr.
[[nodiscard]] constexpr const medmnist_set* medmnist_by_md5(std::string_view md5) {
    for (const medmnist_set& set : medmnist_sets)
        if (set.md5 == md5) return &set;
    return nullptr;
}

/// The set with the longest flag that `name` begins with ("bloodmnist_like": bloodmnist), or nullptr.
[[nodiscard]] constexpr const medmnist_set* medmnist_by_prefix(std::string_view name) {
    const medmnist_set* longest = nullptr;
    for (const medmnist_set& set : medmnist_sets)
        if (name.starts_with(set.flag) && (!longest || set.flag.size() > longest->flag.size())) longest = &set;
    return longest;
}

/// The set whose flag is fewest edits away from a mistyped one; the first of several.
[[nodiscard]] inline const medmnist_set& nearest_medmnist(std::string_view name) {
    return nearest_name(name, medmnist_sets, [](const medmnist_set& set) { return set.flag; });
}

}  // namespace qvit::inline QVIT_ABI
