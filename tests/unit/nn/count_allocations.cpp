// SPDX-License-Identifier: Apache-2.0
// The same replacement of operator new for this test program.
#include "unit/train/count_allocations.cpp"
