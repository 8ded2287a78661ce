// SPDX-License-Identifier: Apache-2.0
// Fails with and without the mistake.
// EXPECT: always
static_assert(1 == 2, "always");
