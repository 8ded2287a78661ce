// SPDX-License-Identifier: Apache-2.0
// EXPECT: [self_test::first] width must be even; add a wire
// EXPECT-GCC: the comparison reduces to '(1 == 0)'
// EXPECT-CLANG: '3 % 2 == 0'
// ONE-ERROR
#include <qvit/core/config.hpp>

template <int Width>
constexpr int half() {
    static_assert(Width % 2 == 0, "[self_test::first] width must be even; add a wire");
    return Width / 2;
}

#ifdef QVIT_MISTAKE
constexpr int width = half<3>();
#else
constexpr int width = half<4>();
#endif
