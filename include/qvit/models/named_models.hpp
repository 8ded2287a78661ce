// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/vit/vision_transformer.hpp>

namespace qvit::inline QVIT_ABI {

/// RY angle encoding, Layers x (RY on every wire, CNOT ring), <Z> of every wire: the projection of arXiv:2503.07294.
template <std::size_t Wires, std::size_t Layers = 1>
inline constexpr auto ry_ring = circuit<Wires>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)),
                                               measure<z>);

/// The sizes of the 4-channel and 8-channel models: patch 7, depth 2, MLP twice the width.
constexpr vit_config small_vit(std::size_t width, std::size_t colours, pooling pool, std::size_t mlp) {
    return {.colours = colours, .width = width, .mlp = mlp, .pool = pool};
}
}  // namespace qvit::inline QVIT_ABI

/// The named configurations; `Colours` is 1 or 3, `Pool` how tokens are pooled. Each is a vision_transformer.
///
///     constexpr models::qvit4<3> model(5);
namespace qvit::inline QVIT_ABI::models {

/// 4 wires, one-layer circuits for q, k, v and o: 913 parameters on 28x28x3 with 5 classes and a class token.
template <std::size_t Colours, pooling Pool = pooling::cls, std::size_t Layers = 1>
using qvit4 = vision_transformer<small_vit(4, Colours, Pool, 8), quantum_attention<ry_ring<4, Layers>>>;

/// The same with 8 wires and MLP 16.
template <std::size_t Colours, pooling Pool = pooling::cls, std::size_t Layers = 1>
using qvit8 = vision_transformer<small_vit(8, Colours, Pool, 16), quantum_attention<ry_ring<8, Layers>>>;

/// Classical controls of the same width: linear q, k, v and o.
template <std::size_t Colours, pooling Pool = pooling::cls>
using vit4 = vision_transformer<small_vit(4, Colours, Pool, 8), classical_attention<4>>;
template <std::size_t Colours, pooling Pool = pooling::cls>
using vit8 = vision_transformer<small_vit(8, Colours, Pool, 16), classical_attention<8>>;

/// Controls matched in parameters: vit4 and vit8 with MLP 1, the nearest that MLP width and biases allow
/// (915 for qvit4's 913, 2079 for qvit8's 2077).
template <std::size_t Colours, pooling Pool = pooling::cls>
using vit4m = vision_transformer<small_vit(4, Colours, Pool, 1), classical_attention<4>>;
template <std::size_t Colours, pooling Pool = pooling::cls>
using vit8m = vision_transformer<small_vit(8, Colours, Pool, 1), classical_attention<8>>;

/// A classical teacher: 64 channels, depth 4, 4 heads, MLP 128.
template <std::size_t Colours, pooling Pool = pooling::cls>
using teacher = vision_transformer<vit_config{.colours = Colours, .width = 64, .depth = 4, .mlp = 128, .pool = Pool},
                                   classical_attention<64, 4>>;

}  // namespace qvit::inline QVIT_ABI::models
