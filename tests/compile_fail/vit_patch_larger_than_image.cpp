// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::vision_transformer] the patch is larger than the image with its padding.
// EXPECT-GCC: [with PaddedImage = 30; Patch = 32]
// EXPECT-CLANG: 32UL <= 30UL
// ONE-ERROR
#include <qvit/attention/classical_attention.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::vit_config config{.image = 28, .patch = 32, .padding = 1};
#else
constexpr qvit::vit_config config{.image = 28, .patch = 14, .padding = 1};
#endif
const qvit::vision_transformer<config, qvit::classical_attention<4>> model(5);
