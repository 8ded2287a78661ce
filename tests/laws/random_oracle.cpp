// SPDX-License-Identifier: Apache-2.0
// Thousands of random circuits, and all laws, on the oracle: the laws hold, and they find what is wrong on purpose.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <qvit/simd/lanes.hpp>
#include <reference/density_matrix.hpp>
#include <reference/random_laws.hpp>
#include <reference/runtime_subject.hpp>

namespace {
using namespace reference;

/// Engine, but for a wrong sign where nothing is saved.
template <class S, class Engine>
struct wrong_alone : Engine {
    static std::optional<wrong_alone> make(const qvit::runtime_circuit& circuit, std::string* why) {
        auto engine = Engine::make(circuit, why);
        if (!engine) return std::nullopt;
        return wrong_alone{*std::move(engine)};
    }
    void forward(const S* inputs, S* outputs, S* saved) const {
        Engine::forward(inputs, outputs, saved);
        if (!saved) outputs[0] = -outputs[0];
    }
};

engine_subject by_oracle(const qvit::runtime_circuit& circuit) { return oracle_subject("oracle", dense(circuit)); }

/// The oracle with the functions of an engine over lanes of S, each lane for itself.
template <class S>
class oracle_engine {
    using R = qvit::real_of<S>;
    dense_circuit circuit_;
    std::vector<double> weights_;

  public:
    static std::optional<oracle_engine> make(const qvit::runtime_circuit& circuit, std::string*) {
        oracle_engine engine;
        engine.circuit_ = dense(circuit);
        return engine;
    }
    void set_weights(const R* weights) { weights_.assign(weights, weights + circuit_.parameters); }
    std::vector<double> new_gradient_sum() const { return std::vector<double>(circuit_.parameters); }
    std::size_t saved_per_token() const { return circuit_.inputs; }
    void forward(const S* inputs, S* outputs, S* saved) const {
        for (std::size_t i = 0; saved && i < circuit_.inputs; ++i) saved[i] = inputs[i];
        for_each_lane(inputs, circuit_.inputs, [&](std::size_t lane, const std::vector<double>& x) {
            const auto values = reference::outputs(circuit_, x.data(), weights_.data());
            for (std::size_t o = 0; o < values.size(); ++o) set_lane(outputs[o], lane, values[o]);
        });
    }
    void backward(const S* saved, const S* upstream, S* input_gradient, std::vector<double>& sum) const {
        std::vector<std::vector<double>> rows;
        for_each_lane(upstream, circuit_.outputs,
                      [&](std::size_t, const std::vector<double>& g) { rows.push_back(g); });
        for_each_lane(saved, circuit_.inputs, [&](std::size_t lane, const std::vector<double>& x) {
            const gradients exact = gradient(circuit_, x.data(), weights_.data(), rows[lane].data());
            for (std::size_t i = 0; i < x.size(); ++i) {
                R all[qvit::lane_count<S>];
                qvit::simd::store(all, input_gradient[i]);
                set_lane(input_gradient[i], lane, static_cast<double>(all[lane]) + exact.inputs[i]);
            }
            for (std::size_t i = 0; i < weights_.size(); ++i) sum[i] += exact.weights[i];
        });
    }
    void add_weight_gradient(const std::vector<double>& sum, R* gradient) const {
        for (std::size_t i = 0; i < weights_.size(); ++i) gradient[i] += static_cast<R>(sum[i]);
    }

  private:
    static void set_lane(S& scalar, std::size_t lane, double value) {
        R all[qvit::lane_count<S>];
        qvit::simd::store(all, scalar);
        all[lane] = static_cast<R>(value);
        scalar = qvit::simd::load<S>(all);
    }
    template <class Visit>
    static void for_each_lane(const S* scalars, std::size_t count, Visit&& visit) {
        for (std::size_t lane = 0; lane < qvit::lane_count<S>; ++lane) {
            std::vector<double> row;
            for (std::size_t i = 0; i < count; ++i) {
                R all[qvit::lane_count<S>];
                qvit::simd::store(all, scalars[i]);
                row.push_back(static_cast<double>(all[lane]));
            }
            visit(lane, row);
        }
    }
};

/// Slopes of sum_o upstream[o] output[o] by numbers, the inputs or the weights.
std::vector<double> slopes(const dense_circuit& circuit, std::vector<double> numbers, bool of_inputs,
                           const std::vector<double>& others, const std::vector<double>& upstream) {
    auto value = [&] {
        const auto all = of_inputs ? outputs(circuit, numbers.data(), others.data())
                                   : outputs(circuit, others.data(), numbers.data());
        double sum = 0;
        for (std::size_t o = 0; o < all.size(); ++o) sum += upstream[o] * all[o];
        return sum;
    };
    constexpr double step = 1e-3;
    std::vector<double> result;
    for (double& number : numbers) {
        const double middle = number;
        double slope = 0;
        for (const auto& [by, factor] : {std::pair{1, 45.0}, {-1, -45.0}, {2, -9.0}, {-2, 9.0}, {3, 1.0}, {-3, -1.0}}) {
            number = middle + by * step;
            slope += factor * value() / (60 * step);
        }
        number = middle;
        result.push_back(slope);
    }
    return result;
}
}  // namespace

TEST_CASE("random circuits hold every gate, every form of angle and every kind of output") {
    std::set<qvit::operation> kinds;
    std::set<qvit::angle_source> sources;
    std::set<std::size_t> widths;
    std::size_t blocks = 0;
    std::size_t amplitudes = 0;
    std::size_t sums = 0;
    std::size_t negative = 0;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const qvit::runtime_circuit circuit = random_circuit(seed);
        widths.insert(circuit.width);
        blocks += circuit.probabilities.size();
        amplitudes += circuit.amplitude_input ? 1 : 0;
        sums += circuit.terms.size() > circuit.outputs ? 1 : 0;
        for (const auto& string : circuit.strings) negative += string.negative ? 1 : 0;
        for (const qvit::gate& g : circuit.gates) {
            kinds.insert(g.kind);
            for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) sources.insert(g.angles[i].source);
            for (std::size_t i = 0; i < qvit::wires_of(g.kind); ++i) CHECK(g.wires[i] < circuit.width);
        }
        for (const qvit::unitary_matrix& m : circuit.matrices) CHECK(m.distance_from_unitary() < 1e-29);
        CHECK(circuit.outputs > 0);
    }
    CHECK(kinds.size() == qvit::operation_count);
    CHECK(sources.size() == 4);
    CHECK(widths == std::set<std::size_t>{1, 2, 3, 4, 5});
    CHECK(blocks > 50);
    CHECK(amplitudes > 30);
    CHECK(sums > 50);
    CHECK(negative > 50);
}

TEST_CASE("oracle: the exact gradient is a central difference of sixth order") {
    for (std::uint64_t seed = 100; seed < 300; ++seed) {
        INFO("random circuit, seed ", seed);
        const dense_circuit circuit = dense(random_circuit(seed, {.most_width = 4}));
        const batch b = one_sample(circuit, random_batch(circuit, 10, static_cast<std::uint32_t>(seed)), 9);
        const gradients exact = gradient(circuit, b.inputs.data(), b.weights.data(), b.upstream.data());
        CHECK(scaled_difference(exact.inputs, slopes(circuit, b.inputs, true, b.weights, b.upstream)) < 1e-9);
        CHECK(scaled_difference(exact.weights, slopes(circuit, b.weights, false, b.inputs, b.upstream)) < 1e-9);
    }
}

TEST_CASE(
    "oracle: a pure state's density matrix is the product of the state with itself, and its outputs are the same") {
    auto nothing = [](const qvit::gate&) { return std::vector<placed_channel>(); };
    for (std::uint64_t seed = 300; seed < 350; ++seed) {
        INFO("random circuit, seed ", seed);
        const dense_circuit circuit = dense(random_circuit(seed, {.most_width = 4}));
        const batch b = random_batch(circuit, 1, 1);
        const state psi = run(circuit, b.inputs.data(), b.weights.data());
        const density rho = run_noisy(circuit, b.inputs.data(), b.weights.data(), nothing);
        const density expected = pure(psi);
        double largest = 0;
        for (std::size_t i = 0; i < rho.entries.size(); ++i)
            largest = std::max(largest, std::abs(rho.entries[i] - expected.entries[i]));
        CHECK(largest < 1e-13);
        CHECK(largest_difference(expectations(circuit, rho), expectations(circuit, psi)) < 1e-12);
        // The whole circuit as one matrix.
        const matrix unitary = unitary_of(circuit, b.inputs.data(), b.weights.data());
        std::vector<std::size_t> wires;
        for (std::size_t wire = 0; wire < circuit.width; ++wire) wires.push_back(wire);
        const state image = apply_matrix(unitary, wires, initial_state(circuit, b.inputs.data()));
        for (std::size_t i = 0; i < psi.size(); ++i) CHECK(std::abs(image[i] - psi[i]) < 1e-13);
        const matrix product = unitary * adjoint(unitary);
        for (std::size_t i = 0; i < product.dimension; ++i) CHECK(std::abs(product(i, i) - 1.0) < 1e-13);
    }
}

TEST_CASE("oracle: channels keep the trace, and do to a state what their names say") {
    const state psi{0.6, {0, 0.8}};  // <Z> = -0.28, <Y> = 0.96, <X> = 0
    auto bloch = [](const density& rho) {
        std::vector<double> values;
        for (const auto pauli : {qvit::x, qvit::y, qvit::z})
            values.push_back(string_expectation({{pauli}, false}, rho));
        return values;
    };
    auto near = [](const std::vector<double>& a, const std::vector<double>& b) {
        return largest_difference(a, b) < 1e-15 * 4;
    };
    CHECK(near(bloch(pure(psi)), {0, 0.96, -0.28}));
    const double p = 0.3;
    for (const kraus_channel& channel : {bit_flip(p), phase_flip(p), depolarising(p), amplitude_damping(p)})
        CHECK(close(trace(apply_channel(channel, {0}, pure(psi))).real(), 1, 0, 1e-15));
    CHECK(near(bloch(apply_channel(bit_flip(p), {0}, pure(psi))), {0, 0.96 * 0.4, -0.28 * 0.4}));
    CHECK(near(bloch(apply_channel(phase_flip(p), {0}, pure(psi))), {0, 0.96 * 0.4, -0.28}));
    CHECK(near(bloch(apply_channel(depolarising(p), {0}, pure(psi))), {0, 0.96 * 0.6, -0.28 * 0.6}));
    CHECK(near(bloch(apply_channel(amplitude_damping(p), {0}, pure(psi))),
               {0, 0.96 * std::sqrt(0.7), 1 - 2 * 0.64 * 0.7}));
    // Two wires: a Bell pair; each correlation shrinks by 1 - 16 p / 15.
    density bell = pure({std::sqrt(0.5), 0, 0, std::sqrt(0.5)});
    bell = apply_channel(depolarising_two_wires(p), {0, 1}, bell);
    CHECK(close(trace(bell).real(), 1, 0, 1e-15));
    CHECK(close(string_expectation({{qvit::z, qvit::z}, false}, bell), 1 - 16 * p / 15, 0, 1e-15));
    CHECK(close(string_expectation({{qvit::y, qvit::y}, false}, bell), -(1 - 16 * p / 15), 0, 1e-15));
    CHECK(close(string_expectation({{qvit::x, qvit::x}, true}, bell), -(1 - 16 * p / 15), 0, 1e-15));
    // Readout: of |1>, 0 is read with probability 0.2; of |0>, 1 with probability 0.1.
    const readout_error error{0.1, 0.2};
    CHECK(close(string_expectation({{qvit::z}, false}, pure({0, 1}), error), -0.6, 0, 1e-15));
    CHECK(close(string_expectation({{qvit::z}, false}, pure({1, 0}), error), 0.8, 0, 1e-15));
    qvit::runtime_circuit circuit(2);
    circuit.gates.push_back({qvit::x, {1}, {}, 0});
    for (const std::size_t string : {0U, 1U, 2U, 3U}) {
        qvit::pauli_string<64> z;
        if ((string & 1) != 0) z.set(0, qvit::z);
        if ((string & 2) != 0) z.set(1, qvit::z);
        circuit.strings.push_back(z);
    }
    circuit.probabilities.push_back({0, 0, 2});
    circuit.outputs = 4;
    const density rho = pure(run(dense(circuit), nullptr, nullptr));
    CHECK(near(expectations(dense(circuit), rho, error), {0.9 * 0.2, 0.1 * 0.2, 0.9 * 0.8, 0.1 * 0.8}));
    CHECK(near(expectations(dense(circuit), rho), {0, 0, 1, 0}));
}

TEST_CASE("random circuits on the oracle") { check_random_circuits(by_oracle, 500); }

TEST_CASE("random circuits on the oracle as an engine over lanes: samples go to their lanes and back") {
    check_random_circuits(
        [](const qvit::runtime_circuit& circuit) {
            return runtime_subject<oracle_engine<qvit::lanes<float>>, qvit::lanes<float>>("oracle", circuit);
        },
        100, {.most_width = 3, .most_gates = 12});
    check_random_circuits(
        [](const qvit::runtime_circuit& circuit) {
            return runtime_subject<oracle_engine<double>, double>("oracle", circuit);
        },
        50, {.most_width = 3, .most_gates = 12});
}
TEST_CASE("forward alone: other outputs than with something saved" * doctest::should_fail()) {
    using engine = wrong_alone<double, oracle_engine<double>>;
    check_random_circuits(
        [](const qvit::runtime_circuit& circuit) { return runtime_subject<engine, double>("oracle", circuit); }, 20,
        {.most_width = 3, .most_gates = 12});
}
