// SPDX-License-Identifier: Apache-2.0
// A user's program, built without any flag of ours: takes the version it expects, evaluates a circuit and loads a data
// set, and returns 0 if all is as it should be.
#include <cmath>
#include <cstring>

#include <qvit/qvit.hpp>

#if defined(WITH_DATA)
#include <qvit/data.hpp>
#endif

constexpr auto projection = qvit::circuit<3>(qvit::encode<qvit::ry>, qvit::rotate<qvit::ry>,
                                             qvit::entangle<qvit::cnot>(qvit::chain), qvit::measure<qvit::z>);
static_assert(qvit::parameter_count(qvit::models::qvit4<3>(5)) == 913);

int main(int argc, char** argv) {
    const double weights[] = {0.1, 0.2, 0.3};
    const double inputs[] = {0.4, 0.5, 0.6};
    double outputs[3];
    double saved[6];
    const qvit::evaluator<projection, double> run(weights);
    run.forward(inputs, outputs, saved);
    const double expected = std::cos(0.5) * std::cos(0.7) * std::cos(0.9);  // a CNOT chain multiplies the cosines
    if (std::fabs(outputs[2] - expected) > 1e-14) return 1;
#if defined(WITH_DATA)
    // qvit::data brings zlib, libpng, libmd and stb along.
    if (qvit::synthetic_dataset().train.count() != 1080) return 1;
#endif
    return argc == 2 && std::strcmp(argv[1], qvit::version) == 0 ? 0 : 1;
}
