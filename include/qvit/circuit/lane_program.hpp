// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/pauli_program.hpp>
#include <qvit/circuit/stage_shape.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// One rotation of a lane_program.
struct lane_step {
    amplitude_pauli pauli{};
    std::uint16_t slot = 0;  ///< which angle of the pauli_program
    std::uint8_t bits = 0;   ///< it acts on the first 2^bits amplitudes
    bool grows = false;      ///< the first to reach them: half of them are still zero
    bool uniform = false;
    bool turned = false;  ///< about -P: so that strings with and without a minus sign share a kernel
};

/// Rotations [first, last) done group by group: 2^axes amplitudes at base ^ offset are loaded, rotated and stored.
struct lane_stage {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    std::uint16_t shape = 0;  ///< number of its stage_shape
    std::uint8_t bits = 0;
    std::uint8_t axes = 0;
    bool renormalise = false;  ///< norms are put right after it
    bool keeps_norm = false;   ///< run without a kernel, which would leave out cosines
    std::uint32_t offset[std::size_t{1} << most_stage_axes] = {};
    std::uint32_t base[10] = {};  ///< spans the groups' bases
};

/// A measured string on the amplitudes; `vanishes` where no amplitude overlaps.
struct lane_observable {
    amplitude_pauli pauli{};
    std::uint16_t string = 0;
    bool negative = false;
    bool vanishes = false;
};

/// Widest statevector that goes on lanes: 2^10 amplitudes on 16 lanes are 64 KiB.
inline constexpr std::size_t lane_statevector_max_width = 10;

/// A pauli_program, or the part of it that some outputs depend on, laid out on 2^bits amplitudes.
///
/// From |0..0> only amplitudes whose index is a sum of the axes' X parts can be reached, so these are the coordinates:
/// amplitude p stands for the basis state sum_i p_i b_i, where b_1, b_2, ... are the X parts that are new as they come.
/// A rotation that brings a new one doubles the state; the others mix pairs p, p ^ mask. A circuit that entangles few
/// wires, or an output with a small light cone, thus costs 2^bits amplitudes, not 2^Width.
/// `feasible` is false where more than 10 bits are needed.
template <class Steps, class Stages, class Shapes, class Observables>
struct basic_lane_program {
    std::size_t bits = 0;
    bool real = true;
    bool feasible = true;
    bool amplitude_input = false;
    Steps steps{};
    Stages stages{};  ///< empty stages do not occur; growing steps are stages of their own, with axes 0
    Shapes shapes{};
    Observables observables{};
};
template <std::size_t Rotations, std::size_t Strings>
using lane_program = basic_lane_program<static_vector<lane_step, Rotations>, static_vector<lane_stage, Rotations>,
                                        static_vector<stage_shape, Rotations>, static_vector<lane_observable, Strings>>;

constexpr bool parity(std::uint32_t bits) { return (std::popcount(bits) & 1) != 0; }

namespace detail {
/// Coordinates of X parts with respect to those that came first.
template <std::size_t Width>
class reached_basis {
    struct entry {
        bit_set<Width> reduced{};
        std::size_t pivot = 0;
        std::uint32_t combination = 0;
    };
    entry rows_[lane_statevector_max_width] = {};
    std::uint32_t column_[Width] = {};  // which basis vectors hold a wire
    static_vector<bit_set<Width>, lane_statevector_max_width> basis_{};

  public:
    constexpr std::size_t size() const { return basis_.size(); }
    constexpr const bit_set<Width>& operator[](std::size_t i) const { return basis_[i]; }
    constexpr bool full() const { return basis_.size() == lane_statevector_max_width; }
    /// The coordinates of x; `rest` is what no sum of the basis gives.
    constexpr std::uint32_t coordinates(bit_set<Width> x, bit_set<Width>& rest) const {
        std::uint32_t result = 0;
        for (std::size_t i = 0; i < basis_.count; ++i) {
            const entry row = rows_[i];
            if (!x.contains(row.pivot)) continue;
            for (std::size_t w = 0; w < x.word_count; ++w) x.words[w] ^= row.reduced.words[w];
            result ^= row.combination;
        }
        rest = x;
        return result;
    }
    constexpr void add(const bit_set<Width>& x, const bit_set<Width>& rest, std::uint32_t coordinates_of_sum) {
        std::size_t pivot = 0;
        while (!rest.contains(pivot)) ++pivot;
        const std::uint32_t one = std::uint32_t{1} << basis_.count;
        rows_[basis_.count] = {rest, pivot, coordinates_of_sum ^ one};
        x.for_each([&](std::size_t wire) { column_[wire] |= one; });
        basis_.push_back(x);
    }
    /// Which basis vectors z has odd overlap with.
    constexpr std::uint32_t row(const bit_set<Width>& z) const {
        std::uint32_t result = 0;
        z.for_each([&](std::size_t wire) { result ^= column_[wire]; });
        return result;
    }
};

/// A set of index vectors in echelon form: no row has the pivot, which is the lowest bit, of one before it.
struct echelon {
    std::uint32_t rows[32] = {};
    std::uint32_t pivots[32] = {};
    std::size_t rank = 0;
    constexpr std::uint32_t reduce(std::uint32_t vector) const {
        for (std::size_t i = 0; i < rank; ++i)
            if (vector & pivots[i]) vector ^= rows[i];
        return vector;
    }
    constexpr bool add(std::uint32_t vector) {
        const std::uint32_t rest = reduce(vector);
        if (rest == 0) return false;
        rows[rank] = rest;
        pivots[rank++] = rest & (~rest + 1);
        return true;
    }
};
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
