// SPDX-License-Identifier: Apache-2.0
#pragma once

// Precompiled once for all tests: the two headers that cost the most to read. Tests include what they use as if this
// did not exist.
#include <doctest/doctest.h>
#if !defined(QVIT_SCALAR)
#include <xsimd/xsimd.hpp>
#endif
