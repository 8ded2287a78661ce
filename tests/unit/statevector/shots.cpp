// SPDX-License-Identifier: Apache-2.0
// Expectations from samples: fixed seeds, bounds of 5 standard errors.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/measurement_groups.hpp>
#include <qvit/statevector/parameter_shift.hpp>
#include <qvit/statevector/running_mean.hpp>
#include <qvit/statevector/sample_outputs.hpp>
#include <qvit/statevector/shot_expectations.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>
#include <reference/close.hpp>
#include <reference/random_circuit.hpp>
#include <reference/random_numbers.hpp>

#include "wide_instances.hpp"

using namespace qvit;
using reference::close;
using reference::random_numbers;

namespace {
using numbers = std::vector<double>;

constexpr auto bell = circuit<2>(apply<h, 0>, apply<cnot, 0, 1>, measure<z>);
constexpr auto ring_of_three = circuit<3>(encode<ry>, repeat<2>(rotate<rx>, rotate<crz, 0, 1>, entangle<cnot>(ring)),
                                          measure<z>, measure<x, 0>, measure<y, 2>);

pauli_string<64> string_of(std::initializer_list<operation> paulis) {
    pauli_string<64> string;
    std::size_t wire = 0;
    for (const operation pauli : paulis) string.set(wire++, pauli);
    return string;
}

/// The mean of ((value - truth) / error)^2 over `repeats` evaluations: 1 where the errors are right.
double spread(const runtime_circuit& c, const numbers& x, const numbers& w, std::size_t output, double truth,
              std::size_t shots, std::size_t repeats) {
    double sum = 0;
    for (std::size_t i = 0; i < repeats; ++i) {
        const auto found = shot_expectations{shots, 11}(c, x, w, nullptr, i);
        const double distance = (found->values[output] - truth) / found->standard_errors[output];
        sum += distance * distance / static_cast<double>(repeats);
    }
    return sum;
}
}  // namespace

TEST_CASE("running mean: mean, standard error, equal numbers, one number") {
    running_mean m;
    for (const double value : {1e9 + 1, 1e9 + 2, 1e9 + 6}) m.add(value);
    CHECK(m.mean == 1e9 + 3);
    CHECK(close(m.standard_error(), std::sqrt(14.0 / 2 / 3), 1e-12, 0));
    running_mean same;
    same.add(0.3);
    CHECK(same.standard_error() == std::numeric_limits<double>::infinity());
    for (int i = 0; i < 9; ++i) same.add(0.3);
    CHECK(same.mean == 0.3);
    CHECK(same.standard_error() == 0);
}

TEST_CASE("measurement groups: strings that share a basis share samples") {
    CHECK(measurement_groups(bell).size() == 1);
    CHECK(measurement_groups(circuit<3>(apply<h>, measure<z>, measure_probabilities<0, 2>)).size() == 1);
    CHECK(measurement_groups(circuit<1>(apply<h>, measure<operation::x>, measure<y>, measure<z>)).size() == 3);
    CHECK(measurement_groups(circuit<2>(apply<h>, measure<x, 0>, measure<z, 1>, measure<y, 1>)).size() == 2);
    // The longest string goes first: listed in order, X_0 and Z_1 would have made one group.
    runtime_circuit three(2);
    three.strings = {string_of({operation::x}), string_of({id, z}), string_of({z, z})};
    three.terms = {{0, 0, 1}, {0, 1, 1}, {0, 2, 1}};
    three.outputs = 1;
    const auto groups = measurement_groups(three);
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].strings == std::vector<std::size_t>{2, 1});
    CHECK(groups[1].strings == std::vector<std::size_t>{0});
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const runtime_circuit c = reference::random_circuit(seed);
        std::vector<int> needed(c.strings.size());
        for (const readout_term& term : c.terms) needed[term.string] = c.strings[term.string].is_identity() ? 0 : 1;
        std::size_t blocks = 0;
        for (const measurement_group& group : measurement_groups(c)) {
            for (const std::size_t i : group.strings) {
                --needed[i];
                for (std::size_t wire = 0; wire < c.width; ++wire)
                    CHECK((!c.strings[i].acts_on(wire) || c.strings[i].at(wire) == group.basis.at(wire)));
            }
            for (const std::size_t block : group.blocks) {
                ++blocks;
                const auto& all = c.strings[c.probabilities[block].first_string +
                                            (std::size_t{1} << c.probabilities[block].wires) - 1];
                for (std::size_t wire = 0; wire < c.width; ++wire)
                    CHECK((!all.acts_on(wire) || group.basis.at(wire) == z));
            }
        }
        CHECK(blocks == c.probabilities.size());
        CHECK(std::all_of(needed.begin(), needed.end(), [](int left) { return left == 0; }));
    }
}

TEST_CASE("shots: within 5 standard errors of the exact outputs, random circuits in all bases") {
    double largest_error = 0;
    std::size_t compared = 0;
    double squares = 0;
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit c = reference::random_circuit(seed);
        const numbers x = random_numbers(c.inputs, 2 * seed);
        const numbers w = random_numbers(c.parameters, 2 * seed + 1);
        const auto exact = exact_expectations{}(c, x, w);
        const auto found = shot_expectations{4000, seed}(c, x, w);
        REQUIRE(exact);
        REQUIRE(found);
        REQUIRE(found->values.size() == c.outputs);
        for (std::size_t o = 0; o < c.outputs; ++o) {
            INFO("output " << o);
            // Outcomes of probability below 1/4000 may not occur, then an error of 0 is found; hence the 3e-3.
            const double difference = std::fabs(found->values[o] - exact->values[o]);
            CHECK(difference <= 5 * found->standard_errors[o] + 3e-3);
            CHECK(found->standard_errors[o] < 0.15);
            if (found->standard_errors[o] < 5e-3) continue;
            ++compared;
            squares += std::pow(difference / found->standard_errors[o], 2);
            largest_error = std::max(largest_error, found->standard_errors[o]);
        }
    }
    CHECK(compared > 200);
    CHECK(close(squares / static_cast<double>(compared), 1, 0, 5 * std::sqrt(2.0 / static_cast<double>(compared))));
    CHECK(largest_error > 0.015);
}

TEST_CASE("shots: a wrong probability is detected") {
    const auto c = circuit<1>(apply<ry>(input(0)), measure<z>, measure_probabilities<>);
    const auto found = shot_expectations{100000, 3}(c, numbers{1.2}, {});
    const auto right = exact_expectations{}(c, numbers{1.2}, {});
    const auto wrong = exact_expectations{}(c, numbers{1.24}, {});
    REQUIRE(found);
    for (std::size_t o = 0; o < 3; ++o) {
        CHECK(std::fabs(found->values[o] - right->values[o]) < 5 * found->standard_errors[o]);
        CHECK(std::fabs(found->values[o] - wrong->values[o]) > 5 * found->standard_errors[o]);
    }
}

TEST_CASE("shots: the same bits for the same seed and evaluation, other samples otherwise") {
    const runtime_circuit c = ring_of_three;
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    const auto first = shot_expectations{500, 42}(c, x, w);
    const auto again = shot_expectations{500, 42}(c, x, w);
    CHECK(first->values == again->values);
    CHECK(first->standard_errors == again->standard_errors);
    CHECK(first->values != shot_expectations{500, 43}(c, x, w)->values);
    CHECK(first->values != shot_expectations{500, 42}(c, x, w, nullptr, 1)->values);
    // Two groups of one circuit draw different samples: X_0 and Z_0 of a state that looks alike in both.
    const auto both = circuit<1>(apply<ry>(pi / 4), measure<z>, measure<operation::x>);
    const auto measured = shot_expectations{1000, 42}(both, {}, {});
    CHECK(measured->values[0] != measured->values[1]);
}

TEST_CASE("shots: the same bits for any number of threads, exact and sampled") {
    const runtime_circuit c = circuit<17>(encode<ry>, rotate<rx>, entangle<cnot>(ring), measure<z>, measure<x, 3>);
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    const auto exact = exact_expectations{}(c, x, w);
    const auto shots = shot_expectations{20, 42}(c, x, w);
    for (const std::size_t threads : {0U, 2U, 3U}) {
        CHECK(exact_expectations{.threads = threads}(c, x, w)->values == exact->values);
        CHECK(shot_expectations{20, 42, threads}(c, x, w)->values == shots->values);
    }
}

TEST_CASE("shots: sampling leaves the state as it was") {
    const runtime_circuit c = ring_of_three;
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    auto state = wide_statevector<double>::make(3, false);
    auto kept = wide_statevector<double>::make(3, false);
    REQUIRE(run_wide(*state, c, x.data(), w.data()));
    REQUIRE(run_wide(*kept, c, x.data(), w.data()));
    REQUIRE(measurement_groups(c).size() == 2);
    const auto first = sample_outputs(*state, c, measurement_groups(c), 100, 5);
    for (std::size_t i = 0; i < 8; ++i) CHECK((state->amplitude(i) - kept->amplitude(i)).norm() < 1e-30);
    const auto second = sample_outputs(*state, c, measurement_groups(c), 100, 5);
    for (std::size_t o = 0; o < c.outputs; ++o) CHECK(first[o].value == second[o].value);
}

TEST_CASE("shots: strings that share samples are correlated, and the errors of sums know it") {
    runtime_circuit c = bell;
    c.strings.push_back({});  // the identity
    c.terms = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, -1}, {2, 0, 3}, {2, 2, 0.5}};
    c.outputs = 3;
    const std::size_t shots = 10000;
    const auto found = shot_expectations{shots, 1}(c, {}, {});
    REQUIRE(found);
    const double n = static_cast<double>(shots);
    // <Z_0 + Z_1> of a Bell state is 2 or -2: variance 4, not the 2 of independent bits. Z_0 - Z_1 is always 0.
    CHECK(close(found->standard_errors[0], std::sqrt((4 - found->values[0] * found->values[0]) / (n - 1)), 1e-12, 0));
    CHECK(std::fabs(found->values[0]) < 5 * found->standard_errors[0]);
    CHECK(found->values[1] == 0);
    CHECK(found->standard_errors[1] == 0);
    // 3 <Z_0> + 1/2 from the same samples.
    CHECK(close(found->values[2], 1.5 * found->values[0] + 0.5, 1e-12, 0));
    CHECK(close(found->standard_errors[2], 1.5 * found->standard_errors[0], 1e-12, 0));
}

TEST_CASE("shots: standard errors are those of repetitions") {
    const std::size_t repeats = 600;
    const double bound = 5 * std::sqrt(2.0 / static_cast<double>(repeats));
    const runtime_circuit c = ring_of_three;
    const numbers x = random_numbers(c.inputs, 8);
    const numbers w = random_numbers(c.parameters, 9);
    const auto exact = exact_expectations{}(c, x, w);
    for (std::size_t o = 0; o < c.outputs; ++o) {
        INFO("output " << o << " = " << exact->values[o]);
        REQUIRE(std::fabs(exact->values[o]) < 0.95);
        CHECK(close(spread(c, x, w, o, exact->values[o], 400, repeats), 1, 0, bound));
        CHECK_FALSE(close(spread(c, x, w, o, exact->values[o] + 0.06, 400, repeats), 1, 0, bound));
    }
    // A sum over three bases, with a correlated pair.
    runtime_circuit sum = c;
    sum.strings = {string_of({z, z}), string_of({z}), string_of({operation::x, y}), string_of({y, id, y})};
    sum.strings[1].negative = true;
    sum.terms = {{0, 0, 1}, {0, 1, 0.7}, {0, 2, -2}, {0, 3, 0.5}};
    sum.outputs = 1;
    REQUIRE(measurement_groups(sum).size() == 3);
    CHECK(close(spread(sum, x, w, 0, exact_expectations{}(sum, x, w)->values[0], 400, repeats), 1, 0, bound));
}

TEST_CASE("shots: probabilities are relative frequencies") {
    const runtime_circuit c =
        circuit<3>(encode<ry>, entangle<cnot>(chain), apply<rx>(0.3), measure_probabilities<2, 0>);
    const numbers x{0.5, 1.5, -0.8};
    const std::size_t shots = 5000;
    const double n = static_cast<double>(shots);
    const auto found = shot_expectations{shots, 9}(c, x, {});
    const auto exact = exact_expectations{}(c, x, {});
    double sum = 0;
    for (std::size_t o = 0; o < 4; ++o) {
        const double p = found->values[o];
        sum += p;
        CHECK(close(p * n, std::round(p * n), 1e-14, 0));
        CHECK(close(found->standard_errors[o], std::sqrt(p * (1 - p) / (n - 1)), 1e-12, 0));
        CHECK(std::fabs(p - exact->values[o]) < 5 * found->standard_errors[o]);
    }
    CHECK(close(sum, 1, 1e-14, 0));
    // One outcome as an output that has a term too: both of the same sample, P(1) + <Z> / 2 = 1/2 without a doubt.
    runtime_circuit mixed = circuit<1>(apply<ry>(0.9), measure_probabilities<>);
    mixed.terms.push_back({1, 1, 0.5});
    const auto certain = shot_expectations{100, 9}(mixed, {}, {});
    CHECK(certain->values[1] == 0.5);
    CHECK(certain->standard_errors[1] == 0);
}

TEST_CASE("shots: gradients by parameter shift, with their errors") {
    const runtime_circuit c = ring_of_three;
    const numbers x = random_numbers(c.inputs, 21);
    const numbers w = random_numbers(c.parameters, 22);
    const numbers upstream{1, -0.5, 2, 0.3, 1.1};
    const auto exact = parameter_shift(c, x, w, upstream);
    double squares = 0;
    std::size_t count = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        std::string why;
        const auto found = parameter_shift(c, x, w, upstream, shot_expectations{500, seed}, &why);
        INFO(why);
        REQUIRE(found);
        const auto compare = [&](const numbers& values, const numbers& errors, const numbers& truth) {
            for (std::size_t i = 0; i < values.size(); ++i, ++count) {
                CHECK(std::fabs(values[i] - truth[i]) < 5 * errors[i]);
                CHECK(errors[i] < 0.3);
                squares += std::pow((values[i] - truth[i]) / errors[i], 2);
            }
        };
        compare(found->inputs, found->input_errors, exact->inputs);
        compare(found->weights, found->weight_errors, exact->weights);
    }
    CHECK(count == 40 * (3 + 8));
    CHECK(close(squares / static_cast<double>(count), 1, 0, 5 * std::sqrt(2.0 / static_cast<double>(count))));
    const auto once = parameter_shift(c, x, w, upstream, shot_expectations{500, 1});
    CHECK(once->weights == parameter_shift(c, x, w, upstream, shot_expectations{500, 1})->weights);
}

TEST_CASE("shots: one shot, and none") {
    const auto one = shot_expectations{1, 0}(bell, {}, {});
    REQUIRE(one);
    for (const double value : one->values) CHECK(std::fabs(value) == 1);
    CHECK(one->values[0] == one->values[1]);
    CHECK(one->standard_errors == numbers(2, std::numeric_limits<double>::infinity()));
    std::string why;
    CHECK_FALSE(shot_expectations{0, 0}(bell, {}, {}, &why));
    CHECK(why == "[qvit::shot_expectations] at least 1 shot is needed, 0 given");
    CHECK_FALSE(shot_expectations{10, 0}(bell, numbers{1}, {}, &why));
    CHECK(why == "[qvit::runtime_circuit] the circuit has 0 inputs, 1 given");
    why.clear();
    CHECK_FALSE(parameter_shift(ring_of_three, numbers(3), numbers(8), numbers(5, 1.0), shot_expectations{0, 0}, &why));
    CHECK(why == "[qvit::shot_expectations] at least 1 shot is needed, 0 given");
}
