// SPDX-License-Identifier: Apache-2.0
#include "golden/model_golden.hpp"

TEST_CASE("models agree with torch in double") { golden::check_all<qvit::lanes<double>>(1e-10); }
