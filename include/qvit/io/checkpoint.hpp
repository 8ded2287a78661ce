// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/named_tensor.hpp>
#include <qvit/io/safetensors.hpp>

namespace qvit::inline QVIT_ABI {

/// A model's weights, and whatever a run needs to go on (optimiser, random streams, epoch), as named tensors and texts.
///
/// `at` and `text` look up by name; bad_input with the file's name where it is not there.
struct checkpoint {
    std::vector<named_tensor> tensors{};
    std::map<std::string, std::string> metadata{};
    std::string source = "checkpoint";  ///< where it came from, for messages

    [[nodiscard]] const named_tensor& at(std::string_view name) const {
        const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
        if (found == tensors.end()) throw bad_input(source + ": has no tensor '" + std::string(name) + "'");
        return *found;
    }
    [[nodiscard]] const std::string& text(const std::string& name) const {
        const auto found = metadata.find(name);
        if (found == metadata.end()) throw bad_input(source + ": has no metadata '" + name + "'");
        return found->second;
    }
};

inline constexpr std::string_view checkpoint_format_version = "1";

/// Writes a checkpoint as a .safetensors file, whole or not at all, with "format_version" and "qvit_version" added to
/// its metadata. Cost and failures are those of write_safetensors.
///
///     qvit::save_checkpoint("last.safetensors", {.tensors = tensors, .metadata = {{"epoch", "12"}}});
inline void save_checkpoint(const std::filesystem::path& path, const checkpoint& state) {
    safetensors content{.tensors = state.tensors, .metadata = state.metadata};
    content.metadata["format_version"] = checkpoint_format_version;
    content.metadata["qvit_version"] = version;
    write_safetensors(path, content);
}

/// Reads what save_checkpoint wrote, or a weights file of another program without a format version.
/// Fails as read_safetensors does, and with bad_input for a format version that this library does not know.
///
///     const auto state = qvit::load_checkpoint("last.safetensors");
[[nodiscard]] inline checkpoint load_checkpoint(const std::filesystem::path& path) {
    safetensors content = read_safetensors(path);
    checkpoint state{std::move(content.tensors), std::move(content.metadata), printable(path.string())};
    const auto found = state.metadata.find("format_version");
    if (found != state.metadata.end() && found->second != checkpoint_format_version)
        throw bad_input(state.source + ": has checkpoint format " + printable(found->second, 40) + ", expected " +
                        std::string(checkpoint_format_version));
    return state;
}

/// Refuses weights of another model: every parameter must be there with its extents, and no other.
///
/// In: the model's parameters in its order, and what the file has in any order (leave out what is no parameter).
/// Fails: bad_input, "<source>: holds another model: ..." with the first differing name and both shapes.
/// Cost: O(parameters^2) comparisons of names, of which a model has some tens.
///
///     qvit::check_same_model("best.safetensors", model_shapes, file_shapes);
inline void check_same_model(const std::string& source, std::span<const named_shape> expected,
                             std::span<const named_shape> found) {
    const auto find = [](std::span<const named_shape> all, const std::string& name) {
        return std::find_if(all.begin(), all.end(), [&](const named_shape& shape) { return shape.name == name; });
    };
    const auto text = [](const named_shape& shape) {
        return "'" + printable(shape.name, 200) + "' " + shape_text(shape.extents);
    };
    const std::string begin = source + ": holds another model: ";
    const auto extra = std::find_if(found.begin(), found.end(), [&](const named_shape& shape) {
        return find(expected, shape.name) == expected.end();
    });
    for (const named_shape& wanted : expected) {
        const auto at = find(found, wanted.name);
        if (at == found.end())
            throw bad_input(begin + "it has no " + text(wanted) +
                            (extra == found.end() ? "" : ", but " + text(*extra) + " that the model has not"));
        if (at->extents != wanted.extents)
            throw bad_input(begin + "'" + wanted.name + "' is " + shape_text(at->extents) + ", expected " +
                            shape_text(wanted.extents));
    }
    if (extra != found.end()) throw bad_input(begin + "it has " + text(*extra) + ", which the model has not");
}

}  // namespace qvit::inline QVIT_ABI
