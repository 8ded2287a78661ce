// SPDX-License-Identifier: Apache-2.0
// The rules themselves: each on a small tree that keeps it and on trees that break it.
#include <doctest/doctest.h>

#include "architecture/rules.hpp"
#include "architecture/std_includes.hpp"

using architecture::source_tree;
using architecture::violations;

namespace {

source_tree good_tree() {
    const std::string head = "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n/// What it is.\n";
    return {
        {"qvit/core/config.hpp", head + "#define QVIT_ABI v0\n"},
        {"qvit/simd/batch.hpp", head + "#include <xsimd/xsimd.hpp>\n#include <qvit/core/config.hpp>\n"},
        {"qvit/simd/lanes.hpp", head + "#include <qvit/simd/batch.hpp>\n"},
        {"qvit/attention/softmax.hpp", head + "#include <qvit/simd/lanes.hpp>\n"},
        {"qvit/vit/block.hpp", head + "#include <cstddef>\n#include <qvit/simd/lanes.hpp>\n"},
        {"qvit/data/reader.hpp", head + "#include <random>\n#include <qvit/vit/block.hpp>\n"},
        {"qvit/core.hpp", head + "#include <qvit/core/config.hpp>\n"},
        {"qvit/simd.hpp", head + "#include <qvit/simd/batch.hpp>\n#include <qvit/simd/lanes.hpp>\n"},
        {"qvit/attention.hpp", head + "#include <qvit/attention/softmax.hpp>\n"},
        {"qvit/vit.hpp", head + "#include <qvit/vit/block.hpp>\n"},
        {"qvit/data.hpp", head + "#include <qvit/data/reader.hpp>\n"},
        {"qvit/qvit.hpp", head + "#include <qvit/core.hpp>\n#include <qvit/vit.hpp>\n"},
    };
}

/// The good tree with `addition` at the end of the header at `path`.
source_tree with(const std::string& path, const std::string& addition) {
    source_tree tree = good_tree();
    tree[path] += addition;
    return tree;
}

violations all_rules(const source_tree& tree) {
    violations found;
    for (auto rule : {architecture::include_order, architecture::umbrellas, architecture::xsimd_in_one_place,
                      architecture::cheap_standard_headers, architecture::no_exceptions, architecture::macros,
                      architecture::form, architecture::standard_includes}) {
        for (const std::string& violation : rule(tree)) found.push_back(violation);
    }
    return found;
}

/// Exactly one violation, and it is this one.
void breaks(const source_tree& tree, const std::string& expected) {
    const violations found = all_rules(tree);
    for (const std::string& violation : found) INFO(violation);
    REQUIRE(found.size() == 1);
    CHECK(found[0] == expected);
}

}  // namespace

TEST_CASE("a tree that keeps all rules has no violation") { CHECK(all_rules(good_tree()).size() == 0); }

TEST_CASE("an upward include is found") {
    breaks(with("qvit/simd/lanes.hpp", "#include <qvit/vit/block.hpp>\n"),
           "qvit/simd/lanes.hpp: includes qvit/vit/block.hpp, which is of a higher layer");
    breaks(with("qvit/attention/softmax.hpp", "  #  include  <qvit/data/reader.hpp>\n"),
           "qvit/attention/softmax.hpp: includes qvit/data/reader.hpp, which is of a higher layer");
}

TEST_CASE("vit and attention are kept apart in both directions") {
    breaks(with("qvit/vit/block.hpp", "#include <qvit/attention/softmax.hpp>\n"),
           "qvit/vit/block.hpp: includes qvit/attention/softmax.hpp, but vit and attention never include each other");
    breaks(with("qvit/attention/softmax.hpp", "#include <qvit/vit/block.hpp>\n"),
           "qvit/attention/softmax.hpp: includes qvit/vit/block.hpp, which is of a higher layer");
}

TEST_CASE("other ways around the order of layers are found") {
    breaks(with("qvit/simd/lanes.hpp", "#include \"batch.hpp\"\n"),
           "qvit/simd/lanes.hpp: write \"batch.hpp\" in angle brackets");
    breaks(with("qvit/vit/block.hpp", "#include <qvit/simd.hpp>\n"),
           "qvit/vit/block.hpp: includes qvit/simd.hpp, which is not one header of a layer");
    breaks(with("qvit/vit/block.hpp", "#include <qvit/simd/gone.hpp>\n"),
           "qvit/vit/block.hpp: includes qvit/simd/gone.hpp, which does not exist");
    source_tree tree = good_tree();
    tree["qvit/misc/odd.hpp"] = tree["qvit/core.hpp"];
    breaks(tree, "qvit/misc/odd.hpp: 'misc' is not a layer");
}

TEST_CASE("an umbrella that is not its layer is found") {
    source_tree tree = good_tree();
    tree["qvit/simd/extra.hpp"] = tree["qvit/core.hpp"];
    breaks(tree, "qvit/simd.hpp: does not include qvit/simd/extra.hpp");
    breaks(with("qvit/simd.hpp", "#include <qvit/core/config.hpp>\n"),
           "qvit/simd.hpp: includes qvit/core/config.hpp of elsewhere");
    breaks(with("qvit/qvit.hpp", "#include <qvit/data.hpp>\n"),
           "qvit/qvit.hpp: includes qvit/data.hpp, which is no layer up to models");
    tree = good_tree();
    tree.erase("qvit/core.hpp");
    breaks(tree, "qvit/core.hpp: is missing");
    tree = good_tree();
    tree["qvit/nn.hpp"] = tree["qvit/core.hpp"];
    CHECK(all_rules(tree)[0] == "qvit/nn.hpp: is the umbrella of no layer with headers");
}

TEST_CASE("a second include of xsimd is found") {
    breaks(with("qvit/simd/lanes.hpp", "#include <xsimd/xsimd.hpp>\n"),
           "qvit/simd/lanes.hpp: includes xsimd, but qvit/simd/batch.hpp does too");
    CHECK(all_rules(with("qvit/vit/block.hpp", "#include <xsimd/xsimd.hpp>\n")).size() == 2);
}

TEST_CASE("a costly standard header is found") {
    breaks(with("qvit/vit/block.hpp", "#include <complex>\n"),
           "qvit/vit/block.hpp: includes <complex>, which is too costly below data");
}

TEST_CASE("an exception below vit is found") {
    breaks(with("qvit/vit/block.hpp", "inline void f() { throw 1; }\n"),
           "qvit/vit/block.hpp: uses throw, which layers up to vit do without");
    const std::string innocent = "// nothing to try\ninline const char* rethrow = \"a \\\" catch\";  // throw\n";
    CHECK(all_rules(with("qvit/vit/block.hpp", innocent)).size() == 0);
    CHECK(all_rules(with("qvit/data/reader.hpp", "inline void f() { throw 1; }\n")).size() == 0);
}

TEST_CASE("a standard header that is not included is found") {
    breaks(with("qvit/vit/block.hpp", "inline std::size_t f(std::uint8_t);\n"),
           "qvit/vit/block.hpp: uses std::uint8_t without <cstdint>");
    breaks(with("qvit/vit/block.hpp", "inline auto g() { return std::get<0>(h()); }\n"),
           "qvit/vit/block.hpp: uses std::get without <array> or <tuple> or <utility> or <variant>");
    breaks(with("qvit/vit/block.hpp", "using t = std::novelty;\n"),
           "qvit/vit/block.hpp: uses std::novelty, which tests/architecture/std_includes.hpp does not know");
    const std::string innocent = "#include <vector>\nstd::vector<std::size_t> f();  // no std::string\n";
    CHECK(all_rules(with("qvit/vit/block.hpp", innocent)).size() == 0);
}

TEST_CASE("a stray macro is found") {
    breaks(with("qvit/core/config.hpp", "#define T1 3\n"), "qvit/core/config.hpp: macro T1 does not begin with QVIT_");
    breaks(with("qvit/vit/block.hpp", "# define QVIT_TWICE(x) x x\n"),
           "qvit/vit/block.hpp: macro QVIT_TWICE is defined outside core/config.hpp");
    breaks(with("qvit/vit/block.hpp", "#undef QVIT_ABI\n"), "qvit/vit/block.hpp: undefines QVIT_ABI");
}

TEST_CASE("a header of bad form is found") {
    source_tree tree = good_tree();
    tree["qvit/core/config.hpp"] = "#pragma once\n/// No licence.\n";
    breaks(tree, "qvit/core/config.hpp: the first line is not the SPDX line");
    tree["qvit/core/config.hpp"] = "// SPDX-License-Identifier: Apache-2.0\n/// No guard.\n";
    breaks(tree, "qvit/core/config.hpp: has no #pragma once");
    tree["qvit/core/config.hpp"] = "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n// No doc comment.\n";
    breaks(tree, "qvit/core/config.hpp: has no /// comment");
    breaks(with("qvit/core/config.hpp", std::string(300, '\n')), "qvit/core/config.hpp: has 304 lines, more than 260");
    tree = good_tree();
    for (auto& [path, text] : tree) text += std::string(200, '\n');
    CHECK(all_rules(tree).back().starts_with("the median header has 20"));
    tree = good_tree();
    tree["qvit/core/notes.txt"] = tree["qvit/core.hpp"];
    CHECK(architecture::form(tree)[0] == "qvit/core/notes.txt: is not a .hpp file");
}

TEST_CASE("an evaluator that reaches a costly header is found") {
    const std::string head = "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n/// What it is.\n";
    source_tree tree = good_tree();
    tree["qvit/statevector/evaluator.hpp"] = head + "#include <qvit/circuit/engine.hpp>\n";
    tree["qvit/circuit/engine.hpp"] = head + "#include <cstddef>\n";
    CHECK(architecture::evaluators_are_light(tree).empty());
    tree["qvit/circuit/engine.hpp"] += "#include <vector>\n";
    const violations found = architecture::evaluators_are_light(tree);
    REQUIRE(found.size() == 1);
    CHECK(found[0] == "qvit/circuit/engine.hpp: includes <vector> and is included by the evaluator");
}

TEST_CASE("a value kept by DoNotOptimize is found") {
    CHECK(architecture::kept_by_address({{"a.cpp", "    benchmark::DoNotOptimize(x);\n"}})[0] ==
          "a.cpp: uses DoNotOptimize; write keep(value)");
    CHECK(architecture::kept_by_address({{"a.cpp", "keep(x);  // not DoNotOptimize\n"}}).size() == 0);
}
