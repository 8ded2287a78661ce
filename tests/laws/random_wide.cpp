// SPDX-License-Identifier: Apache-2.0
// The same random circuits and laws on the engine for wide registers, with one tile and with many.
#include <doctest/doctest.h>

#include <reference/random_laws.hpp>
#include <reference/wide_subject.hpp>

namespace {
using namespace reference;

template <class R>
engine_subject wide(const qvit::runtime_circuit& circuit) {
    return wide_subject<R>("wide", circuit);
}
/// The smallest tiles that registers allow.
template <class R>
engine_subject in_small_tiles(const qvit::runtime_circuit& circuit) {
    return wide_subject<R>("wide, small tiles", circuit, {.chunk_bits = 0, .tile_bits = 0});
}
}  // namespace

TEST_CASE("random circuits on the wide engine, in double") { check_random_circuits(wide<double>, 600); }
TEST_CASE("random circuits on the wide engine, in small tiles") {
    check_random_circuits(in_small_tiles<double>, 40, {.least_width = 6, .most_width = 9, .most_gates = 60}, 10000);
}
TEST_CASE("random circuits on the wide engine, in float") {
    check_random_circuits(wide<float>, 300, {.most_width = 5}, 20000);
}
