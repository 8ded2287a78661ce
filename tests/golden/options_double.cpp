// SPDX-License-Identifier: Apache-2.0
#include "golden/options_golden.hpp"

TEST_CASE("models with options agree with torch in double") { golden::check_all_options<qvit::lanes<double>>(1e-10); }
