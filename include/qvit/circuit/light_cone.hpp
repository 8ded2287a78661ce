// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lower.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/static_vector.hpp>
#include <qvit/meta/unroll.hpp>

namespace qvit::inline QVIT_ABI {

/// The rotations of a program that the expectation value of a string can depend on.
///
/// Going back from the measurement, a rotation that commutes with the string and with all rotations found so far drops
/// out: it commutes with their products then. Cost: O(rotations * cone) while compiling; a rotation of the cone mostly
/// takes a few looks.
template <std::size_t Width, std::size_t Rotations, std::size_t Sources, std::size_t Strings>
constexpr bit_set<Rotations> light_cone(const pauli_program<Width, Rotations, Sources, Strings>& program,
                                        const pauli_string<Width>& measured) {
    bit_set<Rotations> cone;
    static_vector<std::uint16_t, Rotations> found{};
    for (std::size_t i = Rotations; i-- > 0;) {
        const pauli_string<Width> axis = program.rotations[i];
        bool inside = measured.anticommutes(axis);
        for (std::size_t k = 0; k < found.count && !inside; ++k) {
            const pauli_string<Width> later = program.rotations[found.elements[k]];
            inside = later.anticommutes(axis);
        }
        if (!inside) continue;
        cone.insert(i);
        found.push_back(static_cast<std::uint16_t>(i));
    }
    return cone;
}

/// The measured strings of a circuit in groups: each group has one cone, which holds the cones of its strings.
template <std::size_t Rotations, std::size_t Strings>
struct light_cone_table {
    static_vector<bit_set<Rotations>, Strings> cones{};
    std::array<std::uint16_t, Strings> cone_of{};
};

namespace detail {
// One constant per string: clang limits the steps of each constant, not their sum.
template <const auto& Circuit, std::size_t String>
inline constexpr auto cone_of_string = light_cone(program<Circuit>, program<Circuit>.strings[String]);

template <const auto& Circuit>
constexpr auto make_light_cones() {
    constexpr std::size_t strings = Circuit.strings.size();
    light_cone_table<program<Circuit>.rotations.size(), strings> table{};
    unroll<strings>([&](auto string) {
        const auto& cone = cone_of_string<Circuit, string()>;
        std::size_t group = 0;
        while (group < table.cones.size() && !table.cones[group].includes(cone) && !cone.includes(table.cones[group]))
            ++group;
        if (group == table.cones.size())
            table.cones.push_back(cone);
        else
            table.cones[group] = table.cones[group] | cone;
        table.cone_of[string()] = static_cast<std::uint16_t>(group);
    });
    // A group that grew may hold another by now.
    for (std::size_t group = table.cones.size(); group-- > 0;)
        for (std::size_t other = 0; other < table.cones.size(); ++other) {
            if (other == group || !table.cones[other].includes(table.cones[group])) continue;
            const std::size_t last = table.cones.size() - 1;
            for (auto& cone : table.cone_of) {
                if (cone == group) cone = static_cast<std::uint16_t>(other);
                if (cone == last) cone = static_cast<std::uint16_t>(group);  // takes the free place
            }
            table.cones[group] = table.cones[last];
            table.cones.resize(last);
            break;
        }
    return table;
}
}  // namespace detail

/// The light cones of a circuit, made once per program while compiling.
///
///     static_assert(light_cones<projection>.cones.size() == 1);
template <const auto& Circuit>
inline constexpr auto light_cones = detail::make_light_cones<Circuit>();

}  // namespace qvit::inline QVIT_ABI
