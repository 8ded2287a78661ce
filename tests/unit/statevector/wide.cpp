// SPDX-License-Identifier: Apache-2.0
// The wide engine's state against the dense oracle: every gate on every wire, with tiles so small that few wires are
// inside a register, others inside a tile, others outside.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_pair.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_stage_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>
#include <qvit/statevector/wide_tile.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>

#include "wide_instances.hpp"

using qvit::gate;
using qvit::random_stream;
using qvit::unitary_matrix;
using qvit::wide_options;
using qvit::wide_primitive;
using qvit::wide_statevector;

namespace {

/// The smallest tiles that registers allow, and others.
constexpr std::array<wide_options, 3> cuts{{{0, 0, 1}, {5, 9, 1}, {8, 16, 1}}};

reference::state random_state(std::size_t width, bool real, random_stream& draw) {
    reference::state psi(std::size_t{1} << width);
    double squares = 0;
    for (reference::complex& amplitude : psi) {
        amplitude = {draw.normal(), real ? 0 : draw.normal()};
        squares += std::norm(amplitude);
    }
    for (reference::complex& amplitude : psi) amplitude /= std::sqrt(squares);
    return psi;
}

template <class R>
bool set(wide_statevector<R>& state, const reference::state& psi) {
    std::vector<R> re;
    std::vector<R> im;
    for (const reference::complex& amplitude : psi) {
        re.push_back(static_cast<R>(amplitude.real()));
        im.push_back(static_cast<R>(amplitude.imag()));
    }
    return state.set_amplitudes(re.data(), state.is_real() ? nullptr : im.data());
}

/// max over amplitudes of |state - psi|; infinite where one is not a number.
template <class R>
double distance(const wide_statevector<R>& state, const reference::state& psi) {
    double largest = 0;
    for (std::size_t i = 0; i < psi.size(); ++i) {
        const qvit::complex_constant a = state.amplitude(i);
        const double difference = std::abs(reference::complex(a.re, a.im) - psi[i]);
        if (!(difference <= largest)) largest = difference;
        if (std::isnan(largest)) return std::numeric_limits<double>::infinity();
    }
    return largest;
}

template <class R>
constexpr double tolerance = sizeof(R) == 4 ? 2e-6 : 1e-14;

/// The same, the largest of all cuts, where `factors` act on `psi`.
template <class R>
double worst_distance(const reference::state& psi, bool real, const std::vector<wide_primitive>& factors,
                      const reference::state& expected) {
    auto state = wide_statevector<R>::make(static_cast<std::size_t>(std::countr_zero(psi.size())), real);
    REQUIRE(state);
    double worst = 0;
    for (const wide_options& cut : cuts) {
        REQUIRE(set(*state, psi));
        REQUIRE(state->run(factors, cut));
        worst = std::max(worst, distance(*state, expected));
    }
    return worst;
}

/// What `moved` says of the stage, without and with what is controlled from outside of a tile.
template <class R>
std::vector<unsigned> moved_registers(const qvit::wide_stage<R>& stage) {
    std::vector<std::size_t> rows(256);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i << 12;
    const qvit::wide_tile<R> tile{nullptr, nullptr, rows.data(), 12};
    qvit::wide_stage_run<R> run;
    run.begin(stage, tile, std::size_t{1} << 12);
    std::vector<unsigned> result;
    for (const std::uint64_t base : {std::uint64_t{0}, ~std::uint64_t{0}}) {
        run.move_to(base);
        result.push_back(run.moved());
    }
    return result;
}

reference::matrix dense_matrix(const unitary_matrix& m) {
    reference::matrix result(m.dimension());
    for (std::size_t j = 0; j < m.dimension(); ++j)
        for (std::size_t k = 0; k < m.dimension(); ++k) result(j, k) = {m.entry[j][k].re, m.entry[j][k].im};
    return result;
}

/// One gate on the wires given, from a random state, through every cut.
template <class R>
double worst_error(qvit::operation kind, std::size_t width, qvit::fixed_array<std::uint16_t, 3> wires, bool real,
                   random_stream& draw) {
    gate g{kind, wires, {}, 0};
    std::array<double, 3> angles{};
    for (double& angle : angles) angle = draw.uniform(-7, 7);
    const unitary_matrix own = reference::circuit_drawer(draw.next_u64(), reference::gate_choice::any)
                                   .unitary(kind == qvit::unitary2 ? 2 : 1, real);
    const reference::state psi = random_state(width, real, draw);
    const reference::matrix m =
        qvit::is_user_matrix(kind) ? dense_matrix(own) : reference::matrix_of(kind, angles[0], angles[1], angles[2]);
    const reference::state expected = reference::apply_matrix(m, reference::wires_of(g), psi);
    std::vector<wide_primitive> factors;
    qvit::lower_gate(g, angles, &own, [&](const wide_primitive& factor) { factors.push_back(factor); });
    return worst_distance<R>(psi, real, factors, expected);
}

template <class R>
void check_every_gate(std::size_t width) {
    random_stream draw(7, 1, static_cast<std::uint32_t>(width), sizeof(R));
    for (std::size_t k = 0; k < qvit::operation_count; ++k) {
        const auto kind = static_cast<qvit::operation>(k);
        const std::size_t count = qvit::wires_of(kind);
        if (count > width) continue;
        const bool user = qvit::is_user_matrix(kind);
        double worst = 0;
        const auto w = static_cast<std::uint16_t>(width);
        for (std::uint16_t a = 0; a < w; ++a)
            for (std::uint16_t b = 0; b < (count > 1 ? w : 1); ++b)
                for (std::uint16_t c = 0; c < (count > 2 ? w : 1); ++c) {
                    if ((count > 1 && a == b) || (count > 2 && (a == c || b == c))) continue;
                    if (count > 2 && width > 7 && (a + b + c) % 5 != 0) continue;  // 720 triples of each are slow
                    worst = std::max(worst, worst_error<R>(kind, width, {a, b, c}, false, draw));
                    if (user || qvit::facts_of(kind).real)
                        worst = std::max(worst, worst_error<R>(kind, width, {a, b, c}, true, draw));
                }
        INFO(qvit::name_of(kind), " width ", width);
        CHECK(worst < tolerance<R>);
    }
}

TEST_CASE_TEMPLATE("wide: every gate on every wire agrees with the dense matrix", R, float, double) {
    for (std::size_t width = 1; width <= 10; ++width) check_every_gate<R>(width);
}

TEST_CASE_TEMPLATE("wide: random circuits agree with the oracle for every cut and number of threads", R, float,
                   double) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed ", seed);
        const qvit::runtime_circuit circuit = reference::random_circuit(
            seed, {.least_width = 1, .most_width = 11, .most_gates = 80, .amplitude_input = true});
        random_stream draw(seed, 3);
        std::vector<double> inputs(circuit.inputs);
        std::vector<double> weights(circuit.parameters);
        for (double& x : inputs) x = draw.uniform(-3, 3);
        for (double& x : weights) x = draw.uniform(-3, 3);
        const reference::state expected = reference::run(reference::dense(circuit), inputs.data(), weights.data());
        const bool real = qvit::stays_real(circuit);
        for (int as_real = 0; as_real <= (real ? 1 : 0); ++as_real)
            for (const wide_options& cut : cuts) {
                auto state = wide_statevector<R>::make(circuit.width, as_real == 1);
                REQUIRE(state);
                REQUIRE(qvit::run_wide(*state, circuit, inputs.data(), weights.data(), cut));
                CHECK(distance(*state, expected) < 4 * tolerance<R>);
                for (std::size_t threads = 2; threads <= 3; ++threads) {
                    auto other = wide_statevector<R>::make(circuit.width, as_real == 1);
                    REQUIRE(qvit::run_wide(*other, circuit, inputs.data(), weights.data(),
                                           {cut.chunk_bits, cut.tile_bits, threads}));
                    bool same = true;
                    for (std::size_t i = 0; i < state->size(); ++i)
                        same = same && state->amplitude(i) == other->amplitude(i);
                    CHECK(same);
                }
            }
    }
}

TEST_CASE_TEMPLATE("wide: rings and random runs of flips, which are done by addresses", R, float, double) {
    constexpr std::array kinds{qvit::cnot, qvit::cnot, qvit::cnot, qvit::cnot, qvit::x,
                               qvit::swap, qvit::ry,   qvit::ccx,  qvit::cswap};
    for (std::uint32_t round = 0; round < 36; ++round) {
        INFO("round ", round);
        // One run of amplitudes in memory, more, and so many that plans are compared.
        const std::uint32_t width = round < 24 ? 12 : round < 28 ? 14 : 16;
        random_stream draw(17, 1, round);
        const reference::state psi = random_state(width, true, draw);
        reference::state expected = psi;
        std::vector<wide_primitive> factors;
        for (std::size_t i = 0; i < 3 * width; ++i) {
            gate g{kinds[draw.below(kinds.size())], {}, {}, 0};
            for (std::size_t k = 0; k < 3; ++k) do
                    g.wires[k] = static_cast<std::uint16_t>(draw.below(width));
                while ((k > 0 && g.wires[k] == g.wires[0]) || (k > 1 && g.wires[k] == g.wires[1]));
            if (round % 14 < 4) {  // layers of RY and a ring
                const auto wire = static_cast<std::uint16_t>(i % width);
                g.kind = i / width % 2 == 0 ? qvit::ry : qvit::cnot;
                g.wires = {wire, static_cast<std::uint16_t>((wire + round % 14 + 1) % width), 0};
            }
            const std::array<double, 3> angles{draw.uniform(-3, 3), 0, 0};
            expected =
                reference::apply_matrix(reference::matrix_of(g.kind, angles[0]), reference::wires_of(g), expected);
            qvit::lower_gate(g, angles, nullptr, [&](const wide_primitive& factor) { factors.push_back(factor); });
        }
        CHECK(worst_distance<R>(psi, true, factors, expected) < 4 * tolerance<R>);
    }
}

// Such stages have loops of their own (wide_shears.hpp), by what the flips do to lanes.
TEST_CASE_TEMPLATE("wide: a rotation of every wire, then a few flips, for every kind of such a stage", R, float,
                   double) {
    constexpr std::size_t width = 12;
    constexpr std::size_t lane_count = qvit::lane_count<qvit::lanes<R>>;
    constexpr bool has_lanes = lane_count >= 4;        // enough for every kind to occur
    std::array<std::array<std::size_t, 3>, 3> seen{};  // by which wires are turned, and what happens to lanes
    std::array<std::array<std::size_t, 4>, 2> half{};  // by whether the last wire is flipped, and whose lanes are moved
    std::size_t seen_added = 0;                        // stages whose lanes' order depends on the group
    for (std::uint32_t round = 0; round < 80; ++round) {
        INFO("round ", round);
        random_stream draw(18, 1, round);
        const bool real = round % 3 != 0;
        const reference::state psi = random_state(width, real, draw);
        reference::state expected = psi;
        std::vector<wide_primitive> factors;
        const auto add = [&](const gate& g, double angle) {
            expected = reference::apply_matrix(reference::matrix_of(g.kind, angle), reference::wires_of(g), expected);
            qvit::lower_gate(g, {angle}, nullptr, [&](const wide_primitive& factor) { factors.push_back(factor); });
        };
        // Four wires that nothing turns can control flips of lanes from outside of a stage's registers.
        const bool chain = round % 4 == 1;
        const std::size_t still = round % 2 == 0 || chain ? width : 4 * draw.below(3);
        for (std::size_t i = 0; i < width; ++i)
            if (i / 4 * 4 != still) add({qvit::ry, {static_cast<std::uint16_t>(i)}, {}, 0}, draw.uniform(-3.1, 3.1));
        // Four wires, with one before them or not, and a lane: half of the registers move their lanes.
        constexpr std::size_t lane_bits = qvit::wide_lane_bits<R>;
        constexpr std::size_t start = lane_bits + (width - lane_bits) / 4 * 4 - 4;
        for (std::size_t i = draw.below(2); chain && i < 5; ++i)
            add({qvit::cnot,
                 {static_cast<std::uint16_t>(start + i - 1), static_cast<std::uint16_t>(i == 4 ? 0 : start + i)},
                 {},
                 0},
                0);
        for (std::size_t flips = chain ? 0 : 1 + draw.below(4); flips-- > 0;) {
            std::array<std::uint16_t, 3> wires{};
            wires[0] = static_cast<std::uint16_t>(draw.below(width));
            do wires[1] = static_cast<std::uint16_t>(draw.below(width));
            while (wires[1] == wires[0]);
            do wires[2] = static_cast<std::uint16_t>(draw.below(width));
            while (wires[2] == wires[0] || wires[2] == wires[1]);
            if (draw.below(2) == 0)
                wires[1] = static_cast<std::uint16_t>((wires[0] + (draw.below(2) == 0 ? 1 : width - 1)) % width);
            if (wires[2] == wires[1]) continue;
            add({draw.below(8) == 0 ? qvit::ccx : qvit::cnot, {wires[0], wires[1], wires[2]}, {}, 0}, 0);
        }
        CHECK(worst_distance<R>(psi, real, factors, expected) < 2 * tolerance<R>);
        for (const wide_options& cut : cuts)
            for (const auto& pass : qvit::wide_plan<R>(factors, width, cut).passes)
                for (const auto& stage : pass.stages) {
                    const qvit::wide_permutation& p = stage.permutation;
                    const std::size_t moves = p.exchanges ? 2 : p.reorders ? 1 : 0;
                    ++seen[static_cast<std::size_t>(stage.shears)][moves];
                    if (stage.shears == qvit::wide_steps::register_shears && !p.exchanges)
                        for (const unsigned moved : moved_registers(stage))
                            ++half[stage.last_flipped ? 1 : 0][moved == 0        ? 0
                                                               : moved == 0x6996 ? 1
                                                               : moved == 0x9669 ? 2
                                                                                 : 3];
                    for (const auto& c : p.conditionals)
                        seen_added += stage.shears != qvit::wide_steps::any && p.lanes_of(c.image) != 0;
                }
    }
    for (const qvit::wide_steps wires : {qvit::wide_steps::register_shears, qvit::wide_steps::all_shears})
        for (std::size_t moves = 0; moves < (has_lanes ? 3 : 1); ++moves) {
            INFO("kind ", static_cast<int>(wires), ", moves ", moves);
            if (has_lanes || wires == qvit::wide_steps::all_shears)
                CHECK(seen[static_cast<std::size_t>(wires)][moves] > 0);
        }
    for (std::size_t flipped = 0; flipped < (qvit::detail::wide_pairs ? 2 : 1); ++flipped)
        for (std::size_t moved = 0; moved < 4; ++moved) {
            INFO("flipped ", flipped, ", moved ", moved);
            if (has_lanes) CHECK(half[flipped][moved] > 0);
        }
    if (has_lanes) CHECK(seen[0][2] > 0);  // an exchange that these loops do not know
    if (has_lanes) CHECK(seen_added > 0);
}

TEST_CASE("wide: the last stage of a ring orders the lanes for the first, which turns them") {
    constexpr std::size_t width = 16;
    std::vector<wide_primitive> factors;
    const auto add = [&](const gate& g) {
        qvit::lower_gate(g, {0.5}, nullptr, [&](const wide_primitive& factor) { factors.push_back(factor); });
    };
    const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % width); };
    for (std::size_t i = 0; i < width; ++i) add({qvit::ry, {wire(i)}, {}, 0});
    for (std::size_t i = 0; i < width; ++i) add({qvit::cnot, {wire(i), wire(i + 1)}, {}, 0});
    const qvit::wide_plan<float> plan(factors, width, {});
    REQUIRE(plan.passes.size() == 1);
    const auto& stages = plan.passes[0].stages;
    REQUIRE(stages.size() >= 3);
    CHECK(stages[0].steps_on_lanes() == (qvit::wide_lane_bits<float> > 0));
    for (std::size_t i = 0; i + 1 < stages.size(); ++i) CHECK_FALSE(stages[i].permutation.reorders);
    CHECK(stages.back().permutation.reorders == (qvit::wide_lane_bits<float> > 0));
}

TEST_CASE_TEMPLATE("wide: two rotations at once are one after the other, divided by their divisor", R, float, double) {
    using S = qvit::lanes<R>;
    constexpr double rounding = 8 * std::numeric_limits<R>::epsilon();
    random_stream draw(19);
    for (int round = 0; round < 200; ++round) {
        INFO("round ", round);
        const double sign = round % 2 == 0 ? 1 : -1;
        const double t = round < 4 ? 0 : sign * draw.uniform(0, round < 100 ? 1 : 16);
        const double u = round % 50 < 2 ? 0 : sign * draw.uniform(0, round < 100 ? 1 : 16);
        const double factor = round % 3 == 0 ? 1 : draw.uniform(-2, 2);
        std::array<S, 4> v{};
        std::array<double, 4> x{};
        for (std::size_t i = 0; i < 4; ++i) {
            x[i] = static_cast<double>(static_cast<R>(draw.uniform(-1, 1)));
            v[i] = S(static_cast<R>(x[i]));
        }
        const R exact_t = static_cast<R>(t), exact_u = static_cast<R>(u), exact_factor = static_cast<R>(factor);
        qvit::detail::wide_pair<S>(S(exact_t), S(exact_u), exact_factor).turn(v[0], v[1], v[2], v[3]);
        const auto turn = [](double& low, double& high, double tangent) {
            const double old = low;
            low -= tangent * high;
            high += tangent * old;
        };
        turn(x[0], x[1], static_cast<double>(exact_t));
        turn(x[2], x[3], static_cast<double>(exact_t));
        turn(x[0], x[2], static_cast<double>(exact_u));
        turn(x[1], x[3], static_cast<double>(exact_u));
        const double divisor = (1 + static_cast<double>(exact_t) * static_cast<double>(exact_u)) / 2;
        CHECK(std::abs(static_cast<double>(qvit::detail::wide_pair<S>::divisor(exact_t, exact_u)) - divisor) <=
              rounding * divisor);
        const double size = std::sqrt((1 + t * t) * (1 + u * u)) * 2 / divisor * std::abs(factor);  // at least the norm
        for (std::size_t i = 0; i < 4; ++i) {
            const double found = static_cast<double>(qvit::simd::sum(v[i])) / qvit::lane_count<S>;
            CHECK(std::abs(found - x[i] / divisor * static_cast<double>(exact_factor)) <= rounding * size);
        }
    }
}

TEST_CASE_TEMPLATE("wide: a real gate that is no rotation may have a rotation's diagonal", R, float, double) {
    // Not unitary, as a user's may be where no gradient is asked for: [a b; b a] is no rotation whatever a.
    constexpr std::size_t width = 9;
    random_stream draw(20);
    const reference::state psi = random_state(width, true, draw);
    reference::state expected = psi;
    std::vector<wide_primitive> factors;
    for (std::uint16_t wire = 0; wire < width; ++wire) {
        const double a = draw.uniform(0.5, 1), b = draw.uniform(-0.5, 0.5);
        const unitary_matrix own{1, {{{a, b}, {wire % 3 == 0 ? -b : b, a}}}};
        expected = reference::apply_matrix(dense_matrix(own), wire, expected);
        qvit::lower_gate({qvit::unitary1, {wire}, {}, 0}, {}, &own,
                         [&](const wide_primitive& factor) { factors.push_back(factor); });
    }
    CHECK(worst_distance<R>(psi, true, factors, expected) < 4 * tolerance<R>);
}

TEST_CASE_TEMPLATE("wide: deep runs, whose cosines multiply to less than a float holds", R, float, double) {
    constexpr std::size_t width = 9;
    constexpr std::size_t layers =
        40;  // 360 rotations, by nearly a quarter turn: cosines of 1e-54 together; or by a half
    for (const auto& [least, most] : {std::array{1.5, 1.57}, std::array{3.14159, 3.1416}}) {
        INFO("angles from ", least);
        random_stream draw(12);
        const reference::state psi = random_state(width, true, draw);
        std::vector<wide_primitive> factors;
        const auto add = [&](const gate& g, double angle) {
            qvit::lower_gate(g, {angle}, nullptr, [&](const wide_primitive& factor) { factors.push_back(factor); });
        };
        const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % width); };
        for (std::size_t layer = 0; layer < layers; ++layer) {
            for (std::size_t i = 0; i < width; ++i) add({qvit::ry, {wire(i)}, {}, 0}, draw.uniform(least, most));
            for (std::size_t i = 0; i < width; ++i) add({qvit::cnot, {wire(i), wire(i + 1)}, {}, 0}, 0);
        }
        auto gate_by_gate = wide_statevector<double>::make(width, true);
        REQUIRE(gate_by_gate);
        REQUIRE(set(*gate_by_gate, psi));
        for (const wide_primitive& factor : factors) REQUIRE(gate_by_gate->run({factor}));
        reference::state expected(psi.size());
        for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = gate_by_gate->amplitude(i).re;
        CHECK(worst_distance<R>(psi, true, factors, expected) < (sizeof(R) == 4 ? 1e-5 : 1e-13));
    }
}

TEST_CASE("wide: a gate with complex entries is refused on a real register and changes nothing") {
    auto state = wide_statevector<float>::make(3, true);
    REQUIRE(state);
    CHECK(state->apply({qvit::h, {1}, {}, 0}));
    CHECK_FALSE(state->apply({qvit::rx, {0}, {}, 0}, {0.5, 0, 0}));
    CHECK_FALSE(state->apply({qvit::iswap, {0, 1}, {}, 0}));
    CHECK(std::abs(state->amplitude(0).re - std::sqrt(0.5)) < 1e-6);
    CHECK(std::abs(state->amplitude(2).re - std::sqrt(0.5)) < 1e-6);
    CHECK(state->amplitude(1).re == 0);
}

TEST_CASE_TEMPLATE("wide: a Kraus operator of one wire is not unitary: scale and norm", R, float, double) {
    const unitary_matrix damped{1, {{{0, {0, 0.5}}, {0.25, 0}}}};
    random_stream draw(9);
    for (std::uint16_t wire = 0; wire < 9; ++wire) {
        const reference::state psi = random_state(9, false, draw);
        reference::state expected = reference::apply_matrix(dense_matrix(damped), wire, psi);
        auto state = wide_statevector<R>::make(9, false);
        REQUIRE(state);
        REQUIRE(set(*state, psi));
        REQUIRE(state->apply_matrix(damped, {wire}));
        CHECK(distance(*state, expected) < tolerance<R>);
        CHECK(std::abs(state->norm_squared() - reference::inner(expected, expected).real()) < tolerance<R>);
        state->scale(-3);
        for (reference::complex& amplitude : expected) amplitude *= -3;
        CHECK(distance(*state, expected) < 4 * tolerance<R>);
    }
}

TEST_CASE_TEMPLATE("wide: Pauli strings, probabilities, inner products", R, float, double) {
    for (int kind = 0; kind < 4; ++kind) {
        const int real = kind % 2;
        const std::size_t width = kind < 2 ? 12 : 14;  // more than a chunk of the sums, more than a run in memory
        random_stream draw(11, sizeof(R), static_cast<std::uint32_t>(kind));
        const reference::state psi = random_state(width, real == 1, draw);
        const reference::state phi = random_state(width, real == 1, draw);
        auto state = wide_statevector<R>::make(width, real == 1);
        auto other = wide_statevector<R>::make(width, real == 1);
        REQUIRE(state);
        REQUIRE(other);
        REQUIRE(set(*state, psi));
        REQUIRE(set(*other, phi));
        for (int i = 0; i < 100; ++i) {
            qvit::pauli_string<64> string;
            reference::state image = psi;
            for (std::size_t wire = 0; wire < width; ++wire) {
                constexpr std::array paulis{qvit::id, qvit::x, qvit::y, qvit::z};
                const qvit::operation pauli = paulis[draw.below(4)];
                string.set(wire, pauli);
                image = reference::apply_matrix(reference::matrix_of(pauli), wire, image);
            }
            string.negative = draw.below(2) == 1;
            const double expected = reference::inner(psi, image).real() * (string.negative ? -1 : 1);
            CHECK(std::abs(state->expectation(string) - expected) < tolerance<R>);
        }
        for (std::size_t wire = 0; wire < width; ++wire) {
            double expected = 0;
            for (std::size_t i = 0; i < psi.size(); ++i) expected += ((i >> wire) & 1U) != 0 ? std::norm(psi[i]) : 0;
            CHECK(std::abs(state->probability(wire) - expected) < tolerance<R>);
        }
        const reference::complex overlap = reference::inner(psi, phi);
        const qvit::complex_constant found = state->inner(*other);
        CHECK(std::abs(reference::complex(found.re, found.im) - overlap) < tolerance<R>);
        CHECK(std::abs(state->fidelity(*other) - std::norm(overlap)) < tolerance<R>);
        const auto copied = state->copy();
        REQUIRE(copied);
        CHECK(distance(*copied, psi) < tolerance<R>);
    }
}

TEST_CASE("wide: samples follow the amplitudes, and the seed") {
    constexpr std::size_t width = 11;
    constexpr std::size_t shots = 200000;
    random_stream draw(13);
    const reference::state psi = random_state(width, false, draw);
    auto state = wide_statevector<double>::make(width, false);
    REQUIRE(state);
    REQUIRE(set(*state, psi));
    const std::vector<std::uint64_t> found = state->sample(shots, 5, 2);
    CHECK(found == state->sample(shots, 5, 2));
    CHECK(found != state->sample(shots, 6, 2));
    CHECK(found != state->sample(shots, 5, 3));
    const std::vector<std::uint64_t> fewer = state->sample(100, 5, 2);
    CHECK(fewer == std::vector<std::uint64_t>(found.begin(), found.begin() + 100));
    std::vector<double> counts(psi.size());
    for (const std::uint64_t index : found) counts.at(index) += 1;
    // Chi squared of 2047 degrees of freedom: mean 2047, standard deviation 64.
    double chi_squared = 0;
    for (std::size_t i = 0; i < psi.size(); ++i) {
        const double expected = shots * std::norm(psi[i]);
        chi_squared += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    CHECK(chi_squared > 2047 - 5 * 64);
    CHECK(chi_squared < 2047 + 5 * 64);
    state->scale(3);  // what is not normalised is measured all the same
    CHECK(state->sample(100, 5, 2) == fewer);
}

// <Z> of RY(t_i) on every wire and a ring of CNOTs: wire w > 0 ends with the parity of wires 0 to w, wire 0 with that
// of wires 1 to n - 1.
TEST_CASE("wide: many tiles of the default size, in few passes") {
    constexpr std::size_t wires = 22;
    qvit::runtime_circuit circuit(wires);
    std::array<double, wires> t{};
    for (std::size_t i = 0; i < wires; ++i) {
        t[i] = 0.1 + 0.03 * static_cast<double>(i);
        circuit.gates.push_back({qvit::ry, {static_cast<std::uint16_t>(i)}, {qvit::weight(i)}, 0});
    }
    for (std::size_t i = 0; i < wires; ++i)
        circuit.gates.push_back(
            {qvit::cnot, {static_cast<std::uint16_t>(i), static_cast<std::uint16_t>((i + 1) % wires)}, {}, 0});
    circuit.parameters = wires;
    circuit.measure_all_z();
    auto state = wide_statevector<float>::make(wires, true);
    REQUIRE(state);
    qvit::run_wide(*state, circuit, nullptr, t.data());
    const std::vector<double> found = qvit::wide_outputs(*state, circuit);
    double up_to = 1, all_but_first = 1;
    for (std::size_t i = 0; i < wires; ++i) {
        up_to *= std::cos(t[i]);
        if (i > 0) all_but_first *= std::cos(t[i]);
        if (i > 0) CHECK(std::fabs(found[i] - up_to) < 1e-5);
    }
    CHECK(std::fabs(found[0] - all_but_first) < 1e-5);

    // 44 gates: two passes over memory, five sweeps within them; all steps are rotations divided by their cosines, and
    // all CNOTs are in the permutations.
    const qvit::wide_plan<float> plan(qvit::primitives_of(circuit, nullptr, t.data()), wires, wide_options{});
    CHECK(plan.passes.size() == 2);
    std::size_t stages = 0;
    for (const auto& pass : plan.passes) {
        stages += pass.stages.size();
        for (const auto& stage : pass.stages)
            for (const auto& step : stage.steps) {
                using form = qvit::wide_step<float>::form;
                CHECK((step.what == form::shear_register || step.what == form::shear_lane));
            }
    }
    CHECK(stages <= (qvit::lane_count<qvit::lanes<float>> >= 8 ? 6 : 8));
}

// Phases that other lanes control turn a rotation's sign from lane to lane: it must stay behind what changes these
// lanes.
TEST_CASE_TEMPLATE("wide: a rotation between two controlled phases, among rotations of all other wires", R, float,
                   double) {
    constexpr std::size_t lane_bits = qvit::wide_lane_bits<R>;
    for (std::uint16_t control = 1; control < lane_bits + 4; ++control)
        for (const bool before : {false, true}) {
            const std::size_t width = lane_bits + 4;
            random_stream draw(37, control, before ? 1 : 0);
            reference::state expected = random_state(width, true, draw);
            auto state = wide_statevector<R>::make(width, true);
            REQUIRE(state);
            REQUIRE(set(*state, expected));
            std::vector<wide_primitive> factors;
            const auto add = [&](const gate& g) {
                const std::array<double, 3> angles{draw.uniform(-1.4, 1.4), 0, 0};
                expected =
                    reference::apply_matrix(reference::matrix_of(g.kind, angles[0]), reference::wires_of(g), expected);
                qvit::lower_gate(g, angles, nullptr, [&](const wide_primitive& factor) { factors.push_back(factor); });
            };
            const auto add_others = [&] {
                for (std::uint16_t wire = 1; wire < width; ++wire) add({qvit::ry, {wire}, {}, 0});
            };
            if (before) add_others();
            add({qvit::cz, {control, 0}, {}, 0});
            add({qvit::ry, {0}, {}, 0});
            add({qvit::cz, {control, 0}, {}, 0});
            if (!before) add_others();
            REQUIRE(state->run(factors));
            CHECK(distance(*state, expected) < 4 * tolerance<R>);
        }
}

TEST_CASE("wide: a tile as small as its chunk still takes gates on higher wires") {
    auto state = wide_statevector<double>::make(14, true);
    REQUIRE(state);
    std::vector<wide_primitive> factors;
    const auto add = [&](const wide_primitive& factor) { factors.push_back(factor); };
    qvit::lower_gate({qvit::x, {13}, {}, 0}, {}, nullptr, add);
    qvit::lower_gate({qvit::x, {2}, {}, 0}, {}, nullptr, add);
    REQUIRE(state->run(factors, {.chunk_bits = 12, .tile_bits = 12}));
    CHECK(state->amplitude((std::size_t{1} << 13) + 4).re == 1);
}

TEST_CASE("wide plan: layers are planned one after the other where that is less work") {
    constexpr std::size_t wires = 20;
    const auto plan_of = [](std::size_t layers, bool entangled_by_phases) {
        qvit::runtime_circuit circuit(wires);
        circuit.parameters = 1;
        for (std::size_t layer = 0; layer < layers; ++layer) {
            for (std::uint16_t i = 0; i < wires; ++i) circuit.gates.push_back({qvit::ry, {i}, {qvit::weight(0)}, 0});
            for (std::uint16_t i = 0; i < wires; ++i) {
                const auto next = static_cast<std::uint16_t>((i + 1) % wires);
                circuit.gates.push_back({qvit::cnot, {i, next}, {}, 0});
                if (!entangled_by_phases) continue;
                circuit.gates.push_back({qvit::rz, {next}, {qvit::weight(0)}, 0});
                circuit.gates.push_back({qvit::cnot, {i, next}, {}, 0});
            }
        }
        const double angle = 0.3;
        return qvit::wide_plan<float>(qvit::primitives_of(circuit, nullptr, &angle), wires, wide_options{});
    };
    const auto sweeps = [](const auto& plan) {
        std::size_t result = 0;
        for (const auto& pass : plan.passes) result += pass.stages.size();
        return result;
    };
    // Each layer of a ring takes as many sweeps as one alone would.
    const std::size_t one_ring = sweeps(plan_of(2, false)) / 2;
    CHECK(one_ring <= (qvit::lane_count<qvit::lanes<float>> >= 8 ? 5 : 6));
    CHECK(sweeps(plan_of(6, false)) == 6 * one_ring);
    // CNOT, RZ, CNOT is a block of its own each time: these are left together.
    CHECK(sweeps(plan_of(2, true)) < 40);
}

TEST_CASE("wide: samples of a register of more than one run in memory") {
    auto state = wide_statevector<float>::make(15, true);
    REQUIRE(state);
    std::vector<float> amplitudes(std::size_t{1} << 15);
    const std::vector<std::size_t> there{5, 4095, 4096, 12345, 32767};
    for (const std::size_t index : there) amplitudes[index] = 1;
    REQUIRE(state->set_amplitudes(amplitudes.data()));
    std::vector<std::size_t> counts(amplitudes.size());
    for (const std::uint64_t index : state->sample(5000, 3)) ++counts.at(index);
    for (const std::size_t index : there) {
        CHECK(counts[index] > 800);  // of 1000, standard deviation 28
        CHECK(counts[index] < 1200);
        counts[index] = 0;
    }
    CHECK(std::all_of(counts.begin(), counts.end(), [](std::size_t count) { return count == 0; }));
}

TEST_CASE("wide: samples never have amplitude 0") {
    auto state = wide_statevector<float>::make(13, true);
    REQUIRE(state);
    REQUIRE(state->apply({qvit::h, {12}, {}, 0}));
    std::size_t ones = 0;
    for (const std::uint64_t index : state->sample(1000, 1)) {
        REQUIRE((index == 0 || index == 4096));
        ones += index == 4096 ? 1 : 0;
    }
    CHECK(ones > 420);
    CHECK(ones < 580);
}

TEST_CASE("wide: amplitudes that are no state are refused") {
    auto state = wide_statevector<float>::make(2, true);
    REQUIRE(state);
    const std::array<float, 4> zeros{};
    const std::array<float, 4> broken{1, NAN, 0, 0};
    const std::array<float, 4> good{0, 3, 0, 4};
    CHECK_FALSE(state->set_amplitudes(zeros.data()));
    CHECK_FALSE(state->set_amplitudes(broken.data()));
    CHECK_FALSE(state->set_amplitudes(good.data(), zeros.data()));
    CHECK(state->amplitude(0).re == 1);
    CHECK(state->set_amplitudes(good.data()));
    CHECK(std::abs(state->amplitude(3).re - 0.8) < 1e-7);
}

TEST_CASE("wide: a register that memory does not hold is refused with one message") {
    std::string why;
    CHECK_FALSE(wide_statevector<float>::make(45, true, &why));
    CHECK(why.find("[qvit::wide_statevector] 45 wires need 135834809 MiB") == 0);  // 2^27 and the lines between
    CHECK(why.find("at most ") != std::string::npos);
    CHECK_FALSE(wide_statevector<double>::make(64, false, &why));
    CHECK(why.find("[qvit::wide_statevector] 64 wires are too many") == 0);
    CHECK_FALSE(wide_statevector<double>::make(0, false, &why));
    CHECK(why.find("0 wires are no register") != std::string::npos);
    CHECK_FALSE(wide_statevector<double>::make(63, true));
    CHECK(why.find('\n') == std::string::npos);
}

TEST_CASE_TEMPLATE("simd: exchange_lanes exchanges lanes", S, qvit::lanes<float>, qvit::lanes<double>, float) {
    using R = qvit::real_of<S>;
    constexpr std::size_t width = qvit::lane_count<S>;
    std::array<R, width> in{};
    for (std::size_t i = 0; i < width; ++i) in[i] = static_cast<R>(i + 1);
    const auto check = [&](auto mask) {
        std::array<R, width> out{};
        qvit::simd::store(out.data(), qvit::simd::exchange_lanes<mask.value>(qvit::simd::load<S>(in.data())));
        for (std::size_t i = 0; i < width; ++i) CHECK(out[i] == in[i ^ mask.value]);
    };
    qvit::unroll<width>(check);
}

}  // namespace
