// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/closed_form.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit prepared for the lane statevector: CNOT and X become a relabelling of amplitudes and cost nothing.
///
/// The logical index of the amplitude stored at p is L(p) = A p + f over bits, and a CNOT or X changes only A and f.
/// A gate on wire w then pairs p with p ^ mask(w), where mask(w) = A^-1 e_w, and the wire's bit at p is the parity of
/// p & row(w), plus flip(w). Gates between two relabellings are grouped, up to MaxAxes wires at a time: a group's
/// 2^axes amplitudes are loaded once, all its gates run in registers, and are stored once.
/// The first one-wire gate of each wire acts on |0>, so these gates together make a product state: 2^n multiplications.
template <std::size_t Width, std::size_t Gates, std::size_t MaxAxes>
struct statevector_schedule {
    struct step {
        operation kind = h;
        std::uint16_t slot = 0;
        std::uint8_t axis = 0;  ///< which axis of the stage
        bool flip = false;      ///< the wire's bit is the complement of the axis' bit
    };
    struct stage {
        bool is_cz = false;  ///< a sign on amplitudes whose two wires are 1: rows[0], rows[1], flips[0], flips[1]
        std::size_t axes = 0;
        std::array < std::uint32_t, MaxAxes<2 ? 2 : MaxAxes> rows{};
        std::array < std::uint32_t, MaxAxes<2 ? 2 : MaxAxes> masks{};
        std::array<bool, 2> flips{};
        std::size_t first = 0;  ///< steps [first, last)
        std::size_t last = 0;
        std::array<std::uint32_t, Width> base{};  ///< spans the indices at which every axis' bit is 0
    };
    struct product_factor {
        bool present = false;
        operation kind = h;
        std::uint16_t slot = 0;
    };
    std::array<product_factor, Width> product{};
    std::array<step, Gates + 1> steps{};
    std::array<stage, Gates + 1> stages{};
    std::array<std::uint32_t, Width> rows{};   ///< by wire, after the last gate
    std::array<std::uint32_t, Width> masks{};  ///< by wire, after the last gate
    std::array<bool, Width> flips{};
    std::size_t stage_count = 0;
};

namespace detail {
/// A basis of the indices whose parity with every row is even, by elimination over bits.
template <std::size_t Width>
constexpr std::array<std::uint32_t, Width> even_parity_basis(const std::uint32_t* rows, std::size_t count) {
    std::array<std::uint32_t, Width> reduced{};
    std::uint32_t pivots = 0;
    std::array<std::uint32_t, Width> pivot_of{};
    std::size_t rank = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t row = rows[i];
        for (std::size_t k = 0; k < rank; ++k)
            if (row & pivot_of[k]) row ^= reduced[k];
        const std::uint32_t pivot = row & (~row + 1);
        for (std::size_t k = 0; k < rank; ++k)
            if (reduced[k] & pivot) reduced[k] ^= row;
        reduced[rank] = row;
        pivot_of[rank++] = pivot;
        pivots |= pivot;
    }
    std::array<std::uint32_t, Width> basis{};
    std::size_t next = 0;
    for (std::size_t bit = 0; bit < Width; ++bit) {
        const std::uint32_t free = std::uint32_t{1} << bit;
        if (pivots & free) continue;
        std::uint32_t vector = free;
        for (std::size_t k = 0; k < rank; ++k)
            if (reduced[k] & free) vector |= pivot_of[k];
        basis[next++] = vector;
    }
    return basis;
}

template <const auto& Circuit, std::size_t MaxAxes>
constexpr auto make_schedule() {
    constexpr std::size_t width = Circuit.width;
    statevector_schedule<width, Circuit.gate_count, MaxAxes> schedule{};
    std::array<std::uint32_t, width> row{};
    std::array<std::uint32_t, width> mask{};
    std::array<bool, width> flip{};
    std::array<bool, width> touched{};
    for (std::size_t w = 0; w < width; ++w) row[w] = mask[w] = std::uint32_t{1} << w;

    std::size_t next_step = 0;
    bool open = false;  // the last stage still takes gates
    for (std::size_t i = 0; i < merged<Circuit>.gate_count; ++i) {
        const merged_gate& g = merged<Circuit>.gates[i];
        const std::size_t a = g.wires[0];
        const std::size_t b = g.wires[1];
        const bool first = !touched[a];
        touched[a] = true;
        if (g.kind == cnot) {
            touched[b] = true;
            row[b] ^= row[a];
            flip[b] ^= flip[a];
            mask[a] ^= mask[b];
            open = false;
        } else if (g.kind == cz) {
            touched[b] = true;
            auto& stage = schedule.stages[schedule.stage_count++];
            stage.is_cz = true;
            stage.rows[0] = row[a], stage.rows[1] = row[b];
            stage.flips = {flip[a], flip[b]};
            open = false;
        } else if (first) {
            schedule.product[a] = {true, g.kind, g.slot};
        } else if (g.kind == x) {
            flip[a] ^= true;
        } else {
            std::size_t axis = 0;
            if (open) {
                const auto& stage = schedule.stages[schedule.stage_count - 1];
                while (axis < stage.axes && stage.masks[axis] != mask[a]) ++axis;
                if (axis == MaxAxes) open = false;
            }
            if (!open) {
                schedule.stages[schedule.stage_count++].first = next_step;
                axis = 0;
                open = true;
            }
            auto& stage = schedule.stages[schedule.stage_count - 1];
            if (axis == stage.axes) {
                stage.rows[axis] = row[a];
                stage.masks[axis] = mask[a];
                ++stage.axes;
            }
            schedule.steps[next_step++] = {g.kind, g.slot, static_cast<std::uint8_t>(axis), flip[a]};
            stage.last = next_step;
        }
    }
    for (std::size_t s = 0; s < schedule.stage_count; ++s)
        if (auto& stage = schedule.stages[s]; !stage.is_cz)
            stage.base = even_parity_basis<width>(stage.rows.data(), stage.axes);
    schedule.rows = row, schedule.masks = mask, schedule.flips = flip;
    return schedule;
}
}  // namespace detail

/// The schedule of a circuit for groups of up to MaxAxes wires, made once per program while compiling.
template <const auto& Circuit, std::size_t MaxAxes>
inline constexpr auto schedule = detail::make_schedule<Circuit, MaxAxes>();

}  // namespace qvit::inline QVIT_ABI
