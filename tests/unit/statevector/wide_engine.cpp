// SPDX-License-Identifier: Apache-2.0
// The wide engine behind the evaluator's door: the laws, the engines on lanes, and circuits that only it runs.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/wide_statevector_engine.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

#include "wide_instances.hpp"

namespace {
using namespace qvit;
using namespace reference;

template <const auto& Circuit, class S>
void check_door(const char* name) {
    const std::vector<engine_subject> subjects{subject<Circuit, S, engine::wide_statevector>(name),
                                               subject<Circuit, S, engine::lane_statevector>(name)};
    check_all_laws(subjects[0]);
    check_engines_agree(subjects);
}

constexpr auto deep = circuit<12>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
static_assert(std::is_same_v<evaluator<deep, float>::engine_type, wide_statevector_engine<deep, float>>);
}  // namespace

TEST_CASE("wide engine: the laws, and the same as on lanes") {
    check_door<ry_ring<4, 2>, double>("ry_ring<4, 2>");
    check_door<mixed<4>, double>("mixed<4>");
    check_door<input_products, double>("input_products");
    check_door<some_probabilities, double>("some_probabilities");
    check_door<amplitudes_in, double>("amplitudes_in");
    check_door<ry_ring<3, 2>, lanes<float>>("ry_ring<3, 2>");
    check_door<mixed<3>, lanes<double>>("mixed<3>");
}

TEST_CASE("wide engine: twelve wires, which no other engine takes, against one register by hand") {
    using S = lanes<double>;
    constexpr std::size_t width = lane_count<S>;
    std::vector<double> weights(deep.parameters);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.1 * static_cast<double>(i % 17) - 0.7;
    const auto input = [](std::size_t i, std::size_t lane) {
        return 0.2 * static_cast<double>(i) - 0.3 * static_cast<double>(lane);
    };
    const auto upstream = [](std::size_t o) { return 0.5 - 0.1 * static_cast<double>(o); };
    S x[deep.inputs];
    S y[deep.outputs];
    S upstreams[deep.outputs];
    S gradient[deep.inputs];
    for (std::size_t i = 0; i < deep.inputs; ++i) {
        double values[width];
        for (std::size_t lane = 0; lane < width; ++lane) values[lane] = input(i, lane);
        x[i] = simd::load<S>(values);
        gradient[i] = S(1.0);  // what is there is added to
        upstreams[i] = S(upstream(i));
    }
    using run_type = evaluator<deep, S>;
    const run_type run(weights.data());
    run_type::gradient_sum sum;
    S saved[run_type::saved_per_token];
    run.forward(x, y, saved);
    run.backward(saved, upstreams, gradient, sum);
    std::vector<double> weight_gradient(deep.parameters, 2.0);
    run.add_weight_gradient(sum, weight_gradient.data());

    std::vector<double> expected_sum(deep.parameters, 2.0);
    for (std::size_t lane = 0; lane < width; ++lane) {
        std::vector<double> inputs(deep.inputs);
        std::vector<double> from_above(deep.outputs);
        for (std::size_t i = 0; i < deep.inputs; ++i) inputs[i] = input(i, lane);
        for (std::size_t o = 0; o < deep.outputs; ++o) from_above[o] = upstream(o);
        const auto expected =
            value_and_gradient<double>(runtime_circuit(deep), inputs.data(), weights.data(), from_above.data());
        REQUIRE(expected);
        for (std::size_t o = 0; o < deep.outputs; ++o) {
            double values[width];
            simd::store(values, y[o]);
            CHECK(values[lane] == doctest::Approx(expected->outputs[o]).epsilon(1e-12));
            simd::store(values, gradient[o]);
            CHECK(values[lane] == doctest::Approx(1 + expected->input_gradient[o]).epsilon(1e-12));
        }
        for (std::size_t i = 0; i < deep.parameters; ++i) expected_sum[i] += expected->weight_gradient[i];
    }
    for (std::size_t i = 0; i < deep.parameters; ++i)
        CHECK(weight_gradient[i] == doctest::Approx(expected_sum[i]).epsilon(1e-12));
}

TEST_CASE("wide engine: amplitudes that are all zero give zeros, and their neighbours what they give alone") {
    using S = lanes<double>;
    constexpr std::size_t width = lane_count<S>;
    constexpr std::size_t inputs = amplitudes_in.inputs;
    constexpr std::size_t outputs = amplitudes_in.outputs;
    const std::vector<double> weights(amplitudes_in.parameters, 0.4);
    const auto lane_of = [](const S& lanes_of_one, std::size_t lane) {
        double values[width];
        simd::store(values, lanes_of_one);
        return values[lane];
    };

    using alone_type = evaluator<amplitudes_in, double, engine::wide_statevector>;
    const alone_type alone(weights.data());
    alone_type::gradient_sum alone_sum;
    double one[inputs];
    double one_gradient[inputs] = {};
    double expected[outputs];
    for (std::size_t i = 0; i < inputs; ++i) one[i] = 0.3 + 0.1 * static_cast<double>(i);
    alone.forward(one, expected, nullptr);
    alone.backward(one, expected, one_gradient, alone_sum);
    CHECK(std::any_of(expected, expected + outputs, [](double value) { return value != 0; }));
    CHECK(std::any_of(one_gradient, one_gradient + inputs, [](double value) { return value != 0; }));

    using run_type = evaluator<amplitudes_in, S, engine::wide_statevector>;
    const run_type run(weights.data());
    run_type::gradient_sum sum;
    S x[inputs];
    S y[outputs];
    S saved[inputs];
    S gradient[inputs];
    for (std::size_t i = 0; i < inputs; ++i) {
        double values[width];
        for (double& value : values) value = one[i];
        values[0] = 0;
        x[i] = simd::load<S>(values);
        gradient[i] = S(0.0);
    }
    run.forward(x, y, saved);
    run.backward(saved, y, gradient, sum);
    for (std::size_t lane = 0; lane < width; ++lane) {
        for (std::size_t o = 0; o < outputs; ++o) CHECK(lane_of(y[o], lane) == (lane == 0 ? 0 : expected[o]));
        for (std::size_t i = 0; i < inputs; ++i) CHECK(lane_of(gradient[i], lane) == (lane == 0 ? 0 : one_gradient[i]));
        for (std::size_t i = 0; i < weights.size(); ++i)
            CHECK(lane_of(sum.weight[i], lane) == (lane == 0 ? 0 : alone_sum.weight[i]));
    }
}

TEST_CASE("wide engine: 26 wires") {
    constexpr std::size_t wires = 26;
    std::string why;
    auto state = wide_statevector<float>::make(wires, true, &why);
    if (!state) {
        MESSAGE(why);  // 256 MB
        return;
    }
    static constexpr auto ring_of_26 = ry_ring<wires, 1>;
    double inputs[wires];
    double weights[wires];
    double cosine[wires];
    for (std::size_t i = 0; i < wires; ++i) {
        inputs[i] = 0.02 * static_cast<double>(i) - 0.2;
        weights[i] = 0.3 - 0.01 * static_cast<double>(i);
        cosine[i] = std::cos(inputs[i] + weights[i]);
    }
    REQUIRE(run_wide(*state, ring_of_26, inputs, weights));
    const std::vector<double> outputs = wide_outputs(*state, ring_of_26);
    double product = cosine[0];
    for (std::size_t i = 1; i < wires; ++i) {
        product *= cosine[i];
        CHECK(outputs[i] == doctest::Approx(product).epsilon(1e-5));
    }
    CHECK(outputs[0] == doctest::Approx(product / cosine[0]).epsilon(1e-5));
    CHECK(product > 0.05);
}

TEST_CASE("wide engine: a register that memory does not hold is one line") {
    static constexpr auto huge = circuit<46>(encode<ry>, measure<z, 0>);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        const evaluator<huge, float, engine::wide_statevector> run(static_cast<const float*>(nullptr));
        float x[46] = {};
        float y[1] = {};
        run.forward(x, y, nullptr);
        _exit(0);
    }
    close(ends[1]);
    std::string said;
    char buffer[256];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(said.find("46 wires") != std::string::npos);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}
