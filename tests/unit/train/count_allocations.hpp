// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Heap allocations of this test program so far, on all threads: count_allocations.cpp replaces operator new.
std::size_t allocations_so_far();
