// SPDX-License-Identifier: Apache-2.0
// Stages that go from one copy of the state to another: where amplitudes come to stand, against a list of them that is
// moved along, and outputs to the last bit of those of stages in place.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/lane_layout.hpp>
#include <qvit/circuit/lane_places.hpp>
#include <qvit/circuit/lane_routes.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

namespace {
using namespace qvit;

template <std::size_t Wires, std::size_t Layers>
constexpr auto ring_of = circuit<Wires>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
constexpr auto star_of_8 = circuit<8>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(star)), measure<z>);
constexpr auto brick_of_8 = circuit<8>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(brick)), measure<z>);
/// Signs that depend on the group, and outputs that are not diagonal: the last stage scatters.
constexpr auto phases_of_8 = circuit<8>(encode<ry>, repeat<3>(rotate<ry>, entangle<cz>(ring)), measure<z>, measure<x>);
/// Complex amplitudes, and rotations that do not commute.
constexpr auto complex_of_6 =
    circuit<6>(encode<rx>, repeat<2>(rotate<rot>, entangle<cz>(ring)), measure<z>, measure<x>);
/// A data angle in every layer.
constexpr auto reuploading_of_8 = circuit<8>(encode<ry>, repeat<3>(encode<ry>, entangle<cnot>(ring)), measure<z>);

template <const auto& Circuit, class S>
using runner = lane_runner<whole_layout<Circuit>::template lane<0>(), whole_layout<Circuit>::template diagonal<0>(), S>;

/// For each shape of a circuit's routes.
template <const auto& Circuit>
constexpr std::size_t count_shapes(auto&& chosen) {
    std::size_t total = 0;
    for (const route_shape& shape : runner<Circuit, double>::routes.shapes) total += chosen(shape) ? 1 : 0;
    return total;
}
constexpr auto gathers = [](const route_shape& s) { return s.gathers; };
constexpr auto scatters = [](const route_shape& s) { return s.scatters; };
constexpr auto varies = [](const route_shape& s) { return s.shape.at[0].varies; };
template <unsigned Axes>
constexpr auto moves = [](const route_shape& s) { return s.moved == Axes; };

// Six stages share four kernels; only the first one looks up where it reads, none where it writes.
static_assert(runner<ring_of<8, 4>, double>::routes.used && runner<ring_of<8, 4>, double>::routes.first == 8);
static_assert(runner<ring_of<8, 4>, double>::routes.shapes.size() == 4);
static_assert(count_shapes<ring_of<8, 4>>(gathers) == 1 && count_shapes<ring_of<8, 4>>(scatters) == 0);
static_assert(count_shapes<ring_of<8, 4>>(varies) == 1 && count_shapes<ring_of<8, 4>>(moves<1>) == 2);
// What the others are here for.
static_assert(count_shapes<star_of_8>(moves<15>) == 1 && count_shapes<brick_of_8>(moves<3>) == 1);
static_assert(count_shapes<phases_of_8>(scatters) == 1 && count_shapes<phases_of_8>(varies) == 1);
static_assert(runner<complex_of_6, double>::routes.used && count_shapes<complex_of_6>(scatters) == 1);
static_assert(runner<ring_of<9, 2>, double>::routes.used);
// Axes in common, states that are not kept, two copies that do not fit into the first cache.
static_assert(!runner<ring_of<6, 3>, double>::routes.used);
static_assert(!runner<ring_of<8, 6>, double>::routes.used);
static_assert(!make_lane_routes<12>(whole_layout<ring_of<8, 3>>::lane<0>(), 16385, true).used);
static_assert(make_lane_routes<12>(whole_layout<ring_of<8, 3>>::lane<0>(), 16384, true).used);

/// amplitudes[place] is the number of the amplitude that stands there; every stage has to find whole groups.
template <const auto& Circuit>
void check_places(bool any_end) {
    constexpr const auto& lane = whole_layout<Circuit>::template lane<0>();
    constexpr std::size_t stages = lane.stages.size();
    constexpr std::size_t size = std::size_t{1} << lane.bits;
    const auto routes = make_lane_routes<stages>(lane, 1, any_end);
    REQUIRE(routes.used);
    constexpr std::size_t most = (stages + 1) * size;
    REQUIRE(routes.places <= most);
    const auto places = make_lane_places<most>(lane, routes, 1);
    std::vector<std::uint32_t> amplitudes(size);
    std::iota(amplitudes.begin(), amplitudes.end(), 0U);
    for (std::size_t i = routes.first; i < stages; ++i) {
        const lane_stage& stage = lane.stages[i];
        const lane_route& route = routes.stage[i];
        const route_shape& shape = routes.shapes[route.shape];
        const std::size_t group_size = std::size_t{1} << stage.axes;
        const std::size_t groups = size / group_size;
        std::vector<std::uint32_t> next(size, 0xffffffffU);
        for (std::size_t group = 0; group < groups; ++group) {
            const std::uint32_t* const out = &places[route.out + group * places_out(shape)];
            std::vector<std::uint32_t> read(group_size);
            for (std::size_t l = 0; l < group_size; ++l) {
                read[l] =
                    amplitudes[shape.gathers ? places[route.in + group * group_size + l] : group * group_size + l];
                CHECK((read[l] ^ read[0]) == stage.offset[l]);
                std::size_t entry = 0, bit = 1;
                for (std::size_t axis = 0; axis < stage.axes; ++axis)
                    if ((shape.moved >> axis) & 1) {
                        if ((l >> axis) & 1) entry |= bit;
                        bit *= 2;
                    }
                next[shape.scatters ? out[l] : out[entry] + (l & ~std::size_t{shape.moved}) * groups] = read[l];
            }
            for (std::size_t k = 0; k < shape.shape.steps; ++k) {
                const bool turns = parity(lane.steps[stage.first + k].pauli.row & read[0]);
                CHECK(turns == parity(route.turns[k] & static_cast<std::uint32_t>(group)));
                CHECK((!turns || shape.shape.at[k].varies));
            }
        }
        amplitudes = next;
    }
    for (std::uint32_t amplitude = 0; amplitude < size; ++amplitude)
        CHECK(amplitudes[any_end ? routes.end_of(amplitude) : amplitude] == amplitude);
}

/// The outputs of stages in place (with states kept) and on routes.
template <const auto& Circuit, class S>
void check_outputs() {
    using R = real_of<S>;
    static_assert(runner<Circuit, S>::routes.used);
    using run_type = evaluator<Circuit, S, engine::lane_statevector>;
    std::vector<R> weights(Circuit.parameters + 1);
    std::vector<S> inputs(Circuit.inputs), saved(run_type::saved_per_token);
    std::vector<S> kept(Circuit.outputs), alone(Circuit.outputs, S(R(7)));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = R(std::sin(3.0 * static_cast<double>(i) + 1));
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = S(R(std::cos(5.0 * static_cast<double>(i))));
    const run_type run(weights.data());
    run.forward(inputs.data(), kept.data(), saved.data());
    run.forward(inputs.data(), alone.data(), nullptr);
    R largest(0);
    for (std::size_t o = 0; o < kept.size(); ++o) {
        CHECK(simd::sum(alone[o]) == simd::sum(kept[o]));
        largest = std::max(largest, std::abs(simd::sum(kept[o])));
    }
    CHECK(largest > R(0.05));
}
}  // namespace

TEST_CASE("lane routes: every stage finds whole groups, and the end is where it is said to be") {
    for (const bool any_end : {false, true}) {
        check_places<ring_of<8, 4>>(any_end);
        check_places<ring_of<9, 2>>(any_end);
        check_places<star_of_8>(any_end);
        check_places<brick_of_8>(any_end);
        check_places<phases_of_8>(any_end);
        check_places<complex_of_6>(any_end);
    }
}
TEST_CASE("lane routes: the outputs of stages in place, to the last bit") {
    check_outputs<ring_of<8, 3>, lanes<float>>();
    check_outputs<ring_of<8, 4>, double>();
    check_outputs<ring_of<9, 2>, double>();
    check_outputs<star_of_8, lanes<float>>();
    check_outputs<brick_of_8, double>();
    check_outputs<phases_of_8, lanes<float>>();
    check_outputs<complex_of_6, lanes<float>>();
    check_outputs<complex_of_6, double>();
    check_outputs<reuploading_of_8, lanes<float>>();
}
