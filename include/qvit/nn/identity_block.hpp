// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/inverted.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
constexpr bool is_diagonal(operation kind) {
    for (const operation d : {id, z, s, sdg, t, tdg, rz, p, cz, crz, cp, rzz})
        if (kind == d) return true;
    return false;
}
/// True where the order of the two plainly does not matter: other wires, or both diagonal.
constexpr bool plainly_commute(const gate& a, const gate& b) {
    if (is_diagonal(a.kind) && is_diagonal(b.kind)) return true;
    for (std::size_t i = 0; i < wires_of(a.kind); ++i)
        for (std::size_t j = 0; j < wires_of(b.kind); ++j)
            if (a.wires[i] == b.wires[j]) return false;
    return true;
}
constexpr bool reads(const gate& g, auto&& what) {
    for (std::size_t i = 0; i < angles_of(g.kind); ++i)
        if (what(g.angles[i])) return true;
    return false;
}

/// Cancels gates of a circuit against later ones, tying weights where that makes one the inverse of the other.
template <std::size_t Gates, std::size_t Weights>
struct identity_search {
    std::array<gate, Gates> open{};  ///< gates that nothing has cancelled yet
    std::size_t count = 0;
    std::array<weight_tie, Weights> ties{};
    std::array<bool, Weights> base{};  ///< others are tied to it

    /// Makes two weight angles equal, or says that it cannot.
    constexpr bool tie(const angle& a, const angle& b) {
        const bool swapped = a.index > b.index;
        const angle& first = swapped ? b : a;
        const angle& second = swapped ? a : b;
        if (ties[first.index].tied || ties[second.index].tied || base[second.index] || second.scale == 0) return false;
        ties[second.index] = {true, first.index, first.scale / second.scale,
                              (first.offset - second.offset) / second.scale};
        base[first.index] = true;
        return true;
    }
    constexpr bool cancels(const gate& earlier, const gate& later) {
        if (is_user_matrix(earlier.kind) || earlier.kind == iswap) return false;
        const gate undo = inverse_of(earlier);
        if (undo.kind != later.kind) return false;
        for (std::size_t i = 0; i < wires_of(undo.kind); ++i)
            if (undo.wires[i] != later.wires[i]) return false;
        const identity_search before = *this;
        for (std::size_t i = 0; i < angles_of(undo.kind); ++i) {
            const angle& a = undo.angles[i];
            const angle& b = later.angles[i];
            if (a == b) continue;
            if (a.reads_weight() && b.reads_weight() && a.index != b.index && tie(a, b)) continue;
            *this = before;
            return false;
        }
        return true;
    }
    constexpr void add(const gate& next) {
        for (std::size_t i = count; i-- > 0;) {
            if (cancels(open[i], next)) {
                for (std::size_t k = i + 1; k < count; ++k) open[k - 1] = open[k];
                --count;
                return;
            }
            if (!plainly_commute(open[i], next)) break;
        }
        open[count++] = next;
    }
    /// What is left is an encoding: no gate reads a weight, and the last one reads data.
    constexpr bool only_encoding_is_left() const {
        for (std::size_t i = 0; i < count; ++i)
            if (reads(open[i], [](const angle& a) { return a.reads_weight(); })) return false;
        return count == 0 || reads(open[count - 1], [](const angle& a) { return a.reads_data(); });
    }
};

template <const auto& Circuit>
inline constexpr auto identity_of = [] {
    identity_search<Circuit.gates.size(), Circuit.parameters> search{};
    for (const gate& g : Circuit.gates) search.add(g);
    return search;
}();
}  // namespace detail

/// Whether weights exist, at most one tied to each free one, for which all but the encoding of a circuit is the
/// identity, gate against inverse gate.
///
/// So it is for layers followed by their inverse, `rotate<ry>, entangle<cnot>(ring), inverse(rotate<ry>,
/// entangle<cnot>(ring))`, for several such blocks, and for mirrored layers of self-inverse entanglers. Layers alone,
/// as of basic_entangler, leave their entanglers and have none.
template <const auto& Circuit>
concept has_identity_block = detail::identity_of<Circuit>
.only_encoding_is_left();

/// Start values for which a circuit does nothing to its encoded input: half of the weights from U(-bound, bound), the
/// others what undoes them. Gradients do not vanish at the start however deep the circuit (arXiv:1903.05076).
///
/// A circuit without an identity block does not compile. Cost: O(gates^2) while compiling, at worst.
///
///     quantum_layer<deep> q(identity_block<deep>());
template <const auto& Circuit>
constexpr initializer identity_block(double bound = 3.14159265358979323846) {
    static_assert(has_identity_block<Circuit>,
                  "[qvit::identity_block] the weights' gates do not cancel in pairs; write layers, inverse(layers).");
    initializer start = initializer::uniform(bound);
    start.ties = detail::identity_of<Circuit>.ties.data();
    return start;
}

}  // namespace qvit::inline QVIT_ABI
