// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::convolutional_embedding] a stem has one to four convolutions.
// EXPECT-GCC: [with Convolutions = 5]
// EXPECT-CLANG: 5UL <= 4
// ONE-ERROR
// CLANG-LINES: 32
#include <qvit/attention/classical_attention.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::vit_config config{.tokens_from = qvit::tokenizer::convolutions, .convolutions = 5};
#else
constexpr qvit::vit_config config{.tokens_from = qvit::tokenizer::convolutions, .convolutions = 4};
#endif
const qvit::vision_transformer<config, qvit::classical_attention<4>> model(5);
