// SPDX-License-Identifier: Apache-2.0
// EXPECT: the channels must be a multiple of 4: sines and cosines of two axes.
// EXPECT-GCC: [with Channels = 6]
// EXPECT-CLANG: 6UL % 4 == 0
// ONE-ERROR IN 20 LINES
// CLANG-LINES: 32
#include <qvit/attention/classical_attention.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr std::size_t width = 6;
#else
constexpr std::size_t width = 8;
#endif
constexpr qvit::vit_config config{.width = width, .positions = qvit::position_embedding::sinusoidal};
void run(qvit::inference_tape<float>& tape) {
    constexpr qvit::vision_transformer<config, qvit::classical_attention<width>> model(5);
    model(tape, tape.create(decltype(model)::input_shape{}));
}
