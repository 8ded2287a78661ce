// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <reference/engine_subject.hpp>

namespace reference {

inline double as_float(double x) { return static_cast<double>(static_cast<float>(x)); }

/// Where sines, cosines or their halves vanish, and next to it.
inline constexpr double special_angles[] = {0,
                                            qvit::pi,
                                            -qvit::pi / 2,
                                            2 * qvit::pi,
                                            -qvit::pi,
                                            qvit::pi - 1e-3,
                                            qvit::pi + 1e-6,
                                            qvit::pi / 2 - 1e-4,
                                            -2 * qvit::pi + 1e-5};

/// Angles in two turns either way, except that samples 0 to 8 sit at the special angles, each with all its inputs.
/// Every number is a float, so that float engines see the same inputs. A register's amplitudes are never all zero.
inline batch random_batch(const dense_circuit& circuit, std::size_t samples, std::uint32_t seed = 1) {
    qvit::random_stream draw(seed, 1000);
    const bool has_product = std::any_of(circuit.gates.begin(), circuit.gates.end(), [](const qvit::gate& g) {
        return std::any_of(g.angles.begin(), g.angles.end(),
                           [](const qvit::angle& a) { return a.source == qvit::angle_source::data_product; });
    });
    const double range = has_product ? 2 : 2 * qvit::pi;  // a product of two large angles has no precision in float
    batch b;
    b.samples = samples;
    for (std::size_t i = 0; i < circuit.parameters; ++i) b.weights.push_back(as_float(draw.uniform(-4, 4)));
    for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t i = 0; i < circuit.inputs; ++i)
            b.inputs.push_back(as_float(s < std::size(special_angles) && !circuit.amplitude_input
                                            ? special_angles[s]
                                            : draw.uniform(-range, range)));
    for (std::size_t i = 0; i < samples * circuit.outputs; ++i) b.upstream.push_back(as_float(draw.uniform(-1, 1)));
    return b;
}

/// Sample `index` of a batch, alone.
inline batch one_sample(const dense_circuit& circuit, const batch& b, std::size_t index) {
    auto row = [index](const std::vector<double>& rows, std::size_t columns) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(index * columns);
        return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(columns));
    };
    batch one = b;
    one.samples = 1;
    one.inputs = row(b.inputs, circuit.inputs);
    one.upstream = row(b.upstream, circuit.outputs);
    return one;
}

}  // namespace reference
