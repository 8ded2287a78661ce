// SPDX-License-Identifier: Apache-2.0
#include "golden/options_golden.hpp"

TEST_CASE("models with options agree with torch in float") { golden::check_all_options<qvit::lanes<float>>(2e-5); }
