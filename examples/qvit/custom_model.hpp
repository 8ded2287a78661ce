// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/vit/config.hpp>

namespace qvit::tool {

/// A named model, or one derived from it: `qvit4+depth=3+patch=4` is qvit4 with three blocks and patches of 4.
///
/// Keys are what is part of a model's type: patch, stride, padding, tokens, convolutions, stem, width, depth, mlp,
/// heads, positions, norm, layer-scale, drop-path, temperature, and of a quantum model's circuit layers and topology.
struct custom_model {
    std::string base;
    vit_config config{};
    bool quantum = false;
    std::size_t heads = 1;
    bool learnable_temperature = false;
    std::size_t layers = 1;         ///< of a circuit: rotations and an entangling layer
    std::string topology = "ring";  ///< of the entangling layer
};

/// The names that may stand before the first '+'.
inline constexpr std::string_view named_models[] = {"qvit4", "qvit8", "vit4", "vit8", "vit4m", "vit8m", "teacher"};

/// bad_input for a base, a key or a value that is not known, and for a key that would change nothing.
custom_model parse_custom_model(std::string_view name);

/// Adds a model that was not built in to models(): loads what an earlier command compiled and kept, or writes one
/// source file, compiles it through CMake with this program's own flags and keeps it, in $QVIT_MODEL_DIR,
/// $XDG_CACHE_HOME/qvit or ~/.cache/qvit.
///
/// Cost: about half a minute the first time. bad_input where the name is wrong, where a static_assert of the library
/// refuses the model (its text is in the message), or where there is no compiler.
void add_custom_model(const std::string& name, std::size_t colours, std::string_view pool);

}  // namespace qvit::tool
