// SPDX-License-Identifier: Apache-2.0
// The rules of rules.hpp on the headers of this library.
#include <doctest/doctest.h>

#include "architecture/rules.hpp"
#include "architecture/std_includes.hpp"

namespace {

const architecture::source_tree& library() {
    static const architecture::source_tree tree = architecture::read_tree(QVIT_SOURCE_DIR "/include");
    return tree;
}

void none(const architecture::violations& found) {
    for (const std::string& violation : found) MESSAGE(violation);
    CHECK(found.size() == 0);
}

}  // namespace

TEST_CASE("the library has headers") { REQUIRE(library().contains("qvit/core/config.hpp")); }
TEST_CASE("no include goes upward") { none(architecture::include_order(library())); }
TEST_CASE("umbrellas include exactly their layer") { none(architecture::umbrellas(library())); }
TEST_CASE("one header includes xsimd") { none(architecture::xsimd_in_one_place(library())); }
TEST_CASE("no costly standard header below data") { none(architecture::cheap_standard_headers(library())); }
TEST_CASE("evaluators of constants include nothing heavy") {
    REQUIRE(library().contains("qvit/statevector/evaluator.hpp"));
    none(architecture::evaluators_are_light(library()));
}
TEST_CASE("no exceptions and RTTI up to vit") { none(architecture::no_exceptions(library())); }
TEST_CASE("macros stand in core/config.hpp") { none(architecture::macros(library())); }
TEST_CASE("headers include what they use of the standard library") { none(architecture::standard_includes(library())); }
TEST_CASE("headers are short and documented") { none(architecture::form(library())); }
TEST_CASE("benchmarks keep values by their address") {
    const architecture::source_tree tree = architecture::read_tree(QVIT_SOURCE_DIR "/benchmarks");
    REQUIRE(tree.contains("keep.hpp"));
    none(architecture::kept_by_address(tree));
}
