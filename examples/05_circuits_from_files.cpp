// SPDX-License-Identifier: Apache-2.0
// A circuit from OpenQASM, while compiling and at run time: which engine runs it and why, what a finite number of shots
// or a noisy machine would give, and its gradient by three methods.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <qvit/circuit.hpp>
#include <qvit/statevector.hpp>

using namespace qvit;

// A mistake in this text is a compile error with its line and column. Outputs: <Z> of every qubit.
constexpr auto bell = qasm<R"(OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
cx q[0], q[1];
rx(pi / 3) q[1];
)">;
static_assert(best_engine<bell>() == engine::closed_form);

// A trainable circuit has inputs and weights, which OpenQASM 3 can say.
constexpr auto ansatz = circuit<5>(encode<ry>, strongly_entangling<2>(), measure<z, 0>, measure_sum(pauli_on<x, 1>));

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) largest = std::fmax(largest, std::fabs(a[i] - b[i]));
    return largest;
}

int main() {
    std::fputs(draw(bell).c_str(), stdout);
    std::printf("%s\n%s\n", explain<ansatz>().text().c_str(), to_qasm3(bell).text.c_str());

    // The same reader at run time; any text gives a circuit or one line that says where the mistake is.
    const auto read = parse_qasm("OPENQASM 2.0;\nqreg q[3];\nU(0.3, 0, 0) q;\nCX q[0], q[1];\nCX q[1], q[2];\n");
    const auto wrong = parse_qasm("OPENQASM 2.0;\nqreg q[3];\nCX q[0], q[3];\n");
    std::printf("%zu gates read; the other text: %s\n", read.circuit.gates.size(), wrong.message().c_str());

    const runtime_circuit c = ansatz;
    std::vector<double> x(c.inputs), w(c.parameters), up(c.outputs, 1.0);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.2 * static_cast<double>(i + 1);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = 0.1 * static_cast<double>(i) - 1;

    // Four ways to the same numbers: the evaluator of a constant, of a table, the wide register, and 4000 shots.
    std::vector<double> constant(c.outputs), table(c.outputs);
    const evaluator<ansatz, double> run(w.data());
    std::vector<double> saved(run.saved_per_token);
    run.forward(x.data(), constant.data(), saved.data());
    auto by_table = runtime_evaluator<double>::make(c);
    by_table->set_weights(w.data());
    saved.resize(by_table->saved_per_token());
    by_table->forward(x.data(), table.data(), saved.data());
    const auto wide = exact_expectations{}(c, x, w);
    const auto shots = shot_expectations{.shots = 4000, .seed = 2}(c, x, w);
    const auto noisy = noisy_expectations{.noise = {.depolarising_one_wire = 1e-3, .depolarising_more_wires = 1e-2},
                                          .trajectories = 200,
                                          .seed = 1}(c, x, w);
    for (std::size_t o = 0; o < c.outputs; ++o)
        std::printf("output %zu: %.9f, by table %.9f, wide %.9f, 4000 shots %.3f +- %.3f, with noise %.3f +- %.3f\n", o,
                    constant[o], table[o], wide->values[o], shots->values[o], shots->standard_errors[o],
                    noisy->values[o], noisy->standard_errors[o]);

    const auto adjoint = gradient_by(gradient_method::adjoint, c, x, w, up);
    const auto shifted = gradient_by(gradient_method::parameter_shift, c, x, w, up);
    const auto numeric = gradient_by(gradient_method::finite_difference, c, x, w, up);
    std::printf("gradients: adjoint against parameter shift %.1e, against finite differences %.1e; gradcheck: %s\n",
                largest_difference(adjoint->weights, shifted->weights),
                largest_difference(adjoint->weights, numeric->weights), gradcheck(c).ok ? "right" : "wrong");

    const bool same = largest_difference(constant, table) < 1e-12 && largest_difference(constant, wide->values) < 1e-12;
    const bool gradients = largest_difference(adjoint->weights, shifted->weights) < 1e-12 &&
                           largest_difference(adjoint->weights, numeric->weights) < 1e-7;
    return read && !wrong && same && gradients && gradcheck(c).ok ? 0 : 1;
}
