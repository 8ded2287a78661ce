// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::vision_transformer] with a padding as wide as the patch, patches would see no image.
// EXPECT-GCC: Patch = 7
// EXPECT-GCC: Padding = 7
// EXPECT-CLANG: (7 < 7)
// ONE-ERROR
#include <qvit/attention/classical_attention.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::vit_config config{.patch = 7, .padding = 7};
#else
constexpr qvit::vit_config config{.patch = 7, .padding = 3};
#endif
const qvit::vision_transformer<config, qvit::classical_attention<4>> model(5);
