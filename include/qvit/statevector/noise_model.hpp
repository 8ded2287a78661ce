// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <qvit/core/config.hpp>
#include <qvit/statevector/readout_error.hpp>

namespace qvit::inline QVIT_ABI {

/// What goes wrong after every gate (`id` included, so idle wires are noisy where a circuit says id) on each of its
/// wires, in this order, and at the end when wires are read. All are probabilities.
///
/// Depolarising with p: with probability p one of X, Y, Z, each as likely: rho -> (1 - 4p/3) rho + 4p/3 1/2, so
/// p = 3/4 leaves nothing. On two wires together: with probability p one of the 15 products of two Paulis that are not
/// the identity, each as likely, before what happens to each wire for itself. Amplitude damping with g: Kraus operators
/// diag(1, sqrt(1 - g)) and sqrt(g) |0><1|. Conventions and channels: Nielsen and Chuang, section 8.3; their
/// depolarising probability is 4/3 of ours.
///
///     noise_model{.depolarising_one_wire = 1e-3, .depolarising_more_wires = 1e-2, .readout = {0.01, 0.02}}
struct noise_model {
    double depolarising_one_wire = 0;    ///< after gates of one wire
    double depolarising_more_wires = 0;  ///< after gates of two or three, on each of their wires for itself
    double depolarising_two_wires = 0;   ///< after gates of two, on both together: correlated errors
    double bit_flip = 0;                 ///< X
    double phase_flip = 0;               ///< Z
    double amplitude_damping = 0;
    readout_error readout{};

    constexpr bool after_gates() const {
        return depolarising_one_wire != 0 || depolarising_more_wires != 0 || depolarising_two_wires != 0 ||
               bit_flip != 0 || phase_flip != 0 || amplitude_damping != 0;
    }
};

/// Empty where all numbers of the model are probabilities, else the first that is not, in one line.
inline std::string why_not_noise(const noise_model& noise) {
    const struct {
        const char* name;
        double value;
    } all[] = {{"depolarising_one_wire", noise.depolarising_one_wire},
               {"depolarising_more_wires", noise.depolarising_more_wires},
               {"depolarising_two_wires", noise.depolarising_two_wires},
               {"bit_flip", noise.bit_flip},
               {"phase_flip", noise.phase_flip},
               {"amplitude_damping", noise.amplitude_damping},
               {"readout.read_1_of_0", noise.readout.read_1_of_0},
               {"readout.read_0_of_1", noise.readout.read_0_of_1}};
    for (const auto& entry : all)
        if (!(entry.value >= 0 && entry.value <= 1))
            return "[qvit::noise_model] " + std::string(entry.name) + " is a probability, 0 to 1; " +
                   std::to_string(entry.value) + " given";
    return {};
}

}  // namespace qvit::inline QVIT_ABI
