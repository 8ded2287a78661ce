// SPDX-License-Identifier: Apache-2.0
// One mistake that gives two errors.
// EXPECT: first
// ONE-ERROR
#ifdef QVIT_MISTAKE
static_assert(1 == 2, "first");
static_assert(1 == 3, "second");
#endif
