// SPDX-License-Identifier: Apache-2.0
// The mistake fails, but for another reason than expected.
// EXPECT: a text that no compiler prints
#ifdef QVIT_MISTAKE
static_assert(1 == 2, "something else");
#endif
