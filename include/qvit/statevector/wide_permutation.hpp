// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_primitive.hpp>

namespace qvit::inline QVIT_ABI {

/// The X, CNOT and SWAP gates at the end of a stage as one map of an amplitude's place: y -> M y ^ constant over the
/// field of two elements, where the bits of y are those of the lane and those of the register's number, and what a gate
/// is controlled by elsewhere adds a vector to it.
///
/// It is done in three steps, each at most one instruction per register and most often none: registers exchange the
/// lanes of `exchanged`; a register's lanes are put in order; the register is stored in another's place.
/// Cost: some hundred instructions per gate, when a stage is planned. At most 16 lanes.
///
///     wide_permutation p(4, 4);  p.prepend(0, 5, true, {});  p.finish();  // a CNOT from register bit 1 to lane bit 0
struct wide_permutation {
    static constexpr std::size_t most_bits = 8;
    static constexpr std::size_t most_conditional = 8;

    /// What is added to y where controls elsewhere have their values.
    struct conditional {
        std::uint64_t controls = 0, values = 0;              ///< on wires of the tile
        std::uint64_t outer_controls = 0, outer_values = 0;  ///< on wires outside
        std::uint8_t image = 0;
    };

    std::size_t lane_bits = 0;
    std::size_t bits = 0;
    std::array<std::uint8_t, most_bits> column{};  ///< M's
    std::uint8_t constant = 0;
    std::vector<conditional> conditionals;

    // What the columns mean, computed by `finish`:
    std::array<std::uint8_t, 16> place{};      ///< register u is stored as place[u]
    std::array<std::uint32_t, 4> exchanged{};  ///< lanes in which registers that differ in bit j change places
    std::array<std::uint8_t, 16> source{};     ///< lane i comes from source[i] ^ shift[u] ^ source[what is added]
    std::array<std::uint8_t, 16> shift{};      ///< by register
    bool exchanges = false;
    bool reorders = false;  ///< whether lanes ever move

    explicit wide_permutation(std::size_t lanes = 0, std::size_t registers = 0)
        : lane_bits(lanes), bits(lanes + registers) {
        for (std::size_t i = 0; i < bits; ++i) column[i] = static_cast<std::uint8_t>(1U << i);
    }

    /// Puts a flip of bit `target` before all others: where bit `control` is `value` if there is a control, and where
    /// `elsewhere` holds. False, and no change, where that is no such map.
    bool prepend(std::size_t target, std::optional<std::size_t> control, bool value, conditional elsewhere) {
        const bool conditional_elsewhere = elsewhere.controls != 0 || elsewhere.outer_controls != 0;
        if (conditional_elsewhere) {
            if (control || conditionals.size() == most_conditional) return false;
            elsewhere.image = column[target];
            conditionals.push_back(elsewhere);
        } else if (control) {
            column[*control] = static_cast<std::uint8_t>(column[*control] ^ column[target]);
            if (!find_places()) {
                column[*control] = static_cast<std::uint8_t>(column[*control] ^ column[target]);
                return false;
            }
            if (!value) constant = static_cast<std::uint8_t>(constant ^ column[target]);
        } else {
            constant = static_cast<std::uint8_t>(constant ^ column[target]);
        }
        return true;
    }

    /// Computes what the columns mean; call it after the last change of them.
    ///
    /// M = [A B; C D] with D regular: registers u = r ^ D^-1 C lane first; then the lane is A' lane ^ B u, A' what
    /// lanes alone map to after that, and the register's place is D u.
    void finish() {
        const std::size_t lane_count = std::size_t{1} << lane_bits;
        const std::size_t count = std::size_t{1} << (bits - lane_bits);
        find_places();
        exchanged = {};
        exchanges = reorders = false;
        std::array<std::uint8_t, 16> register_at{};
        for (std::size_t u = 0; u < count; ++u) register_at[place[u]] = static_cast<std::uint8_t>(u);
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
            const std::size_t change = register_at[register_of(image(lane))];
            for (std::size_t j = 0; j < exchanged.size(); ++j)
                if ((change >> j & 1U) != 0) exchanged[j] |= 1U << lane;
            source[lanes_of(image(lane | change << lane_bits))] = static_cast<std::uint8_t>(lane);
        }
        for (const std::uint32_t lanes : exchanged) exchanges = exchanges || lanes != 0;
        for (std::size_t u = 0; u < count; ++u) {
            shift[u] = source[lanes_of(image(u << lane_bits))];
            reorders = reorders || shift[u] != 0;
        }
        reorders = reorders || lanes_of(constant) != 0;
        for (std::size_t lane = 0; lane < lane_count; ++lane) reorders = reorders || source[lane] != lane;
        for (const conditional& c : conditionals) reorders = reorders || lanes_of(c.image) != 0;
    }

    /// Leaves to `later`, which acts after it, an order of the lanes that is the same in all registers; both are
    /// finished again. Where it has none, nothing changes.
    void leave_lanes_to(wide_permutation& later) {
        for (std::size_t i = lane_bits; i < bits; ++i)
            if (lanes_of(column[i]) != 0) return;
        for (const conditional& c : conditionals)
            if (lanes_of(c.image) != 0) return;
        later.constant = static_cast<std::uint8_t>(later.constant ^ later.image(lanes_of(constant)));
        constant = static_cast<std::uint8_t>(constant ^ lanes_of(constant));
        std::array<std::uint8_t, most_bits> after = later.column;
        for (std::size_t i = 0; i < lane_bits; ++i) {
            after[i] = later.image(lanes_of(column[i]));
            column[i] = static_cast<std::uint8_t>(column[i] ^ lanes_of(column[i]) ^ 1U << i);
        }
        later.column = after;
        finish();
        later.finish();
    }

    /// After `finish`: for a register bit that is flipped before all gates, and before the map, which undoes it.
    void undo_flip(std::size_t register_bit) {
        constant = static_cast<std::uint8_t>(constant ^ column[lane_bits + register_bit]);
        reorders = reorders || lanes_of(constant) != 0;
    }

    std::uint8_t lanes_of(std::uint8_t y) const { return static_cast<std::uint8_t>(y & ((1U << lane_bits) - 1)); }
    std::uint8_t register_of(std::uint8_t y) const { return static_cast<std::uint8_t>(y >> lane_bits); }

  private:
    std::uint8_t image(std::size_t y) const {
        unsigned result = 0;
        for (std::size_t i = 0; i < bits; ++i)
            if ((y >> i & 1U) != 0) result ^= column[i];
        return static_cast<std::uint8_t>(result);
    }

    /// False where D is singular.
    bool find_places() {
        const std::size_t count = std::size_t{1} << (bits - lane_bits);
        unsigned seen = 1;
        place[0] = 0;
        for (std::size_t u = 1; u < count; ++u) {
            const std::uint8_t lowest = column[lane_bits + static_cast<std::size_t>(std::countr_zero(u))];
            place[u] = static_cast<std::uint8_t>(place[u & (u - 1)] ^ register_of(lowest));
            seen |= 1U << place[u];
        }
        return seen == (1U << count) - 1;
    }
};

}  // namespace qvit::inline QVIT_ABI
