// SPDX-License-Identifier: Apache-2.0
// A token mixer that makes other tokens than it gets.
// EXPECT-CLANG: shape<17, 2>
// EXPECT: [qvit::vision_transformer] the attention must map tokens x width to tokens x width.
#include <qvit/nn/linear.hpp>
#include <qvit/vit/vision_transformer.hpp>

struct own_attention {
#ifdef QVIT_MISTAKE
    qvit::linear<4, 2> projection;
#else
    qvit::linear<4, 4> projection;
#endif
    constexpr auto operator()(auto& tape, auto x) const { return projection(tape, x); }
};
const qvit::vision_transformer<qvit::vit_config{}, own_attention> model(5);
