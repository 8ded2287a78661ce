// SPDX-License-Identifier: Apache-2.0
// Any error at all would do for this file, so it tests nothing.
#ifdef QVIT_MISTAKE
static_assert(1 == 2, "whatever");
#endif
