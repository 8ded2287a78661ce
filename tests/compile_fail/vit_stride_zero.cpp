// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::vision_transformer] the stride must be at least one pixel.
// EXPECT-GCC: [with Stride = 0]
// EXPECT-CLANG: 0UL > 0
// ONE-ERROR
#include <qvit/attention/classical_attention.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::vit_config config{.patch = 7, .stride = 0};
#else
constexpr qvit::vit_config config{.patch = 7, .stride = 3};
#endif
const qvit::vision_transformer<config, qvit::classical_attention<4>> model(5);
