// SPDX-License-Identifier: Apache-2.0
#include "golden/model_golden.hpp"

TEST_CASE("models agree with torch in float") { golden::check_all<qvit::lanes<float>>(2e-5); }
