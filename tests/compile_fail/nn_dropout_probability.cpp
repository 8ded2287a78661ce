// SPDX-License-Identifier: Apache-2.0
// A percentage where a probability is meant.
// EXPECT: refuse
#include <qvit/nn/dropout.hpp>

#ifdef QVIT_MISTAKE
constexpr qvit::dropout drop(10);
#else
constexpr qvit::dropout drop(0.1);
#endif
