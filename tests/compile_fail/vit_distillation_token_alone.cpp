// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::vision_transformer] a distillation token stands beside a class token: use pooling::cls.
// ONE-ERROR
#include <qvit/attention/classical_attention.hpp>
#include <qvit/vit/vision_transformer.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::vit_config config{.pool = qvit::pooling::mean, .distillation_token = true};
#else
constexpr qvit::vit_config config{.pool = qvit::pooling::cls, .distillation_token = true};
#endif
const qvit::vision_transformer<config, qvit::classical_attention<4>> model(5);
