// SPDX-License-Identifier: Apache-2.0
// The build without SIMD, as on a machine for which xsimd has no instruction set: one image at a time.
#define QVIT_SCALAR
#include "golden/model_golden.hpp"

static_assert(qvit::lane_count<qvit::lanes<float>> == 1);

TEST_CASE("models agree with torch without SIMD") { golden::check_all<qvit::lanes<float>>(2e-5); }
