// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_primitive.hpp>

namespace qvit::inline QVIT_ABI {

/// Wires inside a register, and wires whose amplitudes a stage holds in registers: 2^4 reals, 2^3 complex numbers.
template <std::floating_point R>
inline constexpr std::size_t wide_lane_bits = static_cast<std::size_t>(std::bit_width(lane_count<lanes<R>>)) - 1;
template <bool Complex>
inline constexpr std::size_t wide_register_bits = Complex ? 3 : 4;
static_assert(wide_lane_bits<float> + wide_register_bits<false> <= 8, "a wide_permutation has 8 bits");
template <bool Complex>
inline constexpr std::size_t wide_adjoint_bits = Complex ? 2 : 3;

/// One gate of a stage: an instruction on the amplitudes held in registers.
template <std::floating_point R>
struct wide_step {
    static constexpr std::size_t width = lane_count<lanes<R>>;

    /// The last two are [1 b; c 1] on a register's wire and [1, partner] on a lane's: one multiply-add per amplitude.
    enum class form : std::uint8_t { turn_register, flip_register, turn_lane, shear_register, shear_lane };
    form what = form::turn_register;
    bool real = true;
    std::uint8_t position = 0;  ///< which of the stage's registers' wires, or which lane wire, it changes
    std::uint8_t register_controls = 0;
    std::uint8_t register_values = 0;
    std::uint64_t controls = 0;  ///< on wires of the tile that are in no register
    std::uint64_t values = 0;
    std::uint64_t outer_controls = 0;  ///< on wires outside of the tile, by their number in the state
    std::uint64_t outer_values = 0;
    wide_primitive meaning;     ///< in the tile's wires; for exchanging steps
    std::int32_t overlap = -1;  ///< in an adjoint run: which of the stage's overlaps it adds to; none for a constant
    std::uint8_t needed = 0;    ///< of the overlap
    R divided_by = 1;           ///< what its matrix was divided by, where it is a shear
    double overlap_scale = 1;   ///< of the true overlap, as states are carried along unscaled

    /// The 2 x 2 matrix for each lane, as some lanes are controls: turn_register [a b; c d], turn_lane [own, partner].
    struct alignas(64) lane_values {
        std::array<R, width> lane{};
    };
    std::array<lane_values, 4> re{};
    std::array<lane_values, 4> im{};

    /// Whether it acts on all amplitudes.
    bool unconditional() const { return controls == 0 && register_controls == 0 && outer_controls == 0; }
    bool on_lanes() const { return what == form::turn_lane || what == form::shear_lane; }
    /// Whether it multiplies all amplitudes by a number if its matrices are.
    bool scales_all() const { return unconditional() && what != form::flip_register; }
    void scale(R factor) {
        const auto multiply = [factor](std::array<lane_values, 4>& entries) {
            for (lane_values& entry : entries)
                for (R& value : entry.lane) value *= factor;
        };
        multiply(re);
        if (!real) multiply(im);
    }
    /// Of a shear_register that is a rotation by an angle, for all lanes: its tangent.
    R tangent() const { return re[2].lane[0]; }
    /// Whether a shear_register is [1 -t; t 1], to rounding: another real matrix with such a diagonal is not unitary.
    bool is_rotation() const {
        const R rounding = 16 * std::numeric_limits<R>::epsilon() * (1 + std::fabs(tangent()));
        return what == form::shear_register && std::fabs(re[1].lane[0] + re[2].lane[0]) <= rounding;
    }
    /// The number that a rotation's matrix is divided by so that its diagonal is one in all lanes; 0 where the matrix
    /// has no such form, or a diagonal so small that numbers would grow beyond R in a few stages.
    R diagonal() const {
        constexpr R most = 16;
        if (!unconditional() || !real || what == form::flip_register) return 0;
        const R own = re[0].lane[0];
        const bool lane_wire = what == form::turn_lane;
        for (std::size_t lane = 0; lane < width; ++lane) {
            const R other = lane_wire ? own : re[3].lane[lane];
            if (re[0].lane[lane] != own || other != own || std::fabs(re[1].lane[lane]) > most * std::fabs(own) ||
                (!lane_wire && std::fabs(re[2].lane[lane]) > most * std::fabs(own)))
                return 0;
        }
        return own;
    }
};

}  // namespace qvit::inline QVIT_ABI
