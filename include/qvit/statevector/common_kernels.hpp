// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/stage_shape.hpp>
#include <qvit/statevector/lane_kernels.hpp>

namespace qvit::inline QVIT_ABI {

/// The stages that circuits known only at run time have most: one rotation of one kind on each of 1 to 4 wires (3 for
/// complex amplitudes), by weights or by data.
///
/// `find` gives a shape's number among them, or `none`. Their kernels are those of compile-time circuits.
template <class A>
struct common_kernels {
    using S = typename amplitude<A>::lanes_type;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static constexpr std::size_t most_axes = amplitude<A>::is_real ? 4 : 3;
    static constexpr std::size_t kinds = amplitude<A>::is_real ? 1 : 3;  // RY; RX, RZ
    static constexpr std::size_t count = 2 * kinds * most_axes;

    using run_function = void (*)(const lane_stage&, const lane_step*, const lane_angles<S>&, const A*, A*);
    using undo_function = void (*)(const lane_stage&, const lane_step*, const lane_angles<S>&, A*, A*, S*);

    static constexpr stage_shape shape(std::size_t number) {
        stage_shape result{};
        const std::size_t kind = number / 2 % kinds;
        result.axes = static_cast<std::uint8_t>(number / 2 / kinds + 1);
        result.steps = result.axes;
        for (std::size_t i = 0; i < result.axes; ++i) {
            const auto bit = static_cast<std::uint8_t>(1u << i);
            result.at[i].mask = kind == 2 ? std::uint8_t{0} : bit;
            result.at[i].row = kind == 1 ? std::uint8_t{0} : bit;
            result.at[i].quarter = kind == 0 ? 1 : 0;
            result.at[i].uniform = number % 2 == 0;
        }
        return result;
    }
    static constexpr std::size_t find(const stage_shape& wanted) {
        for (std::size_t i = 0; i < count; ++i)
            if (shape(i) == wanted) return i;
        return none;
    }
    static constexpr auto run = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<run_function, count>{&run_stage<shape(I), A>...};
    }
    (std::make_index_sequence<count>{});
    static constexpr auto undo = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<undo_function, count>{&back_stage<shape(I), stage_pass::undo_both, A>...};
    }
    (std::make_index_sequence<count>{});
};

}  // namespace qvit::inline QVIT_ABI
