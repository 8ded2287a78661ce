// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/pauli_program.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// One term of an expectation value: plus or minus a product of cosines and sines of a program's angles.
template <std::size_t Width, std::size_t Rotations>
struct trigonometric_term {
    pauli_string<Width> pauli{};
    bit_set<Rotations> cosines{};
    bit_set<Rotations> sines{};
};

/// <O> as a sum of trigonometric terms; `complete` is false where there were more terms than room.
template <std::size_t Width, std::size_t Rotations, std::size_t MaxTerms>
struct trigonometric_sum {
    static_vector<trigonometric_term<Width, Rotations>, MaxTerms> terms{};
    bool complete = true;
};

/// After which rotations, going back, wires fall out of reach: a string with X or Y on a wire where no earlier axis has
/// one vanishes on |0..0>.
template <std::size_t Width, std::size_t Rotations>
struct program_reach {
    bit_set<Width> reached{};
    static_vector<bit_set<Width>, Rotations> released{};  ///< by rotation: wires it is the first to reach
    static_vector<bool, Rotations> releases{};            ///< whether there are any
};
template <std::size_t Width, std::size_t Rotations, std::size_t Sources, std::size_t Strings>
constexpr auto reach_of(const pauli_program<Width, Rotations, Sources, Strings>& program) {
    program_reach<Width, Rotations> reach{};
    for (const auto& axis : program.rotations) {
        reach.released.push_back(axis.x.without(reach.reached));
        reach.releases.push_back(!reach.released.back().empty());
        reach.reached = reach.reached | axis.x;
    }
    return reach;
}

/// Moves a measured string back through a program's rotations (Heisenberg picture), at compile time.
///
/// A rotation whose axis anticommutes splits a string in two: P -> cos(t) P + sin(t) (-i P G); another leaves it. On
/// |0..0> a string is worth 1 if it is made of I and Z and 0 otherwise, so what is left is a polynomial in cosines and
/// sines. Strings that are bound to vanish are dropped on the way (`reach`).
/// Cost: O(rotations * terms) while compiling; terms at most double per rotation.
template <std::size_t MaxTerms, std::size_t Width, std::size_t Rotations, std::size_t Sources, std::size_t Strings>
constexpr auto propagate_back(const pauli_program<Width, Rotations, Sources, Strings>& program,
                              const program_reach<Width, Rotations>& reach, const pauli_string<Width>& measured) {
    trigonometric_sum<Width, Rotations, MaxTerms> sum{};
    auto& terms = sum.terms;
    if (!reach.reached.includes(measured.x)) return sum;
    terms.push_back({measured, {}, {}});
    for (std::size_t i = Rotations; i-- > 0;) {
        const pauli_string<Width> axis = program.rotations[i];
        const std::size_t before = terms.size();
        for (std::size_t t = 0; t < before; ++t) {
            const pauli_string<Width> string = terms[t].pauli;
            if (!string.anticommutes(axis)) continue;
            auto& term = terms[t];
            auto partner = term;
            partner.pauli.multiply(axis, 3);
            partner.sines.insert(i);
            term.cosines.insert(i);
            if (terms.size() == MaxTerms) {
                sum.complete = false;
                return sum;
            }
            terms.push_back(partner);
        }
        if (!reach.releases[i]) continue;
        std::size_t kept = 0;
        for (std::size_t t = 0; t < terms.size(); ++t) {
            if (terms[t].pauli.x.meets(reach.released[i])) continue;
            if (kept != t) terms[kept] = terms[t];
            ++kept;
        }
        terms.resize(kept);
    }
    return sum;
}

}  // namespace qvit::inline QVIT_ABI
