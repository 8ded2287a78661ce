// SPDX-License-Identifier: Apache-2.0
// The mistake was forgotten.
// EXPECT: whatever
constexpr int width = 4;
