// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/shape/shape.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/label_targets.hpp>
#include <qvit/train/teacher_signal.hpp>

namespace qvit::inline QVIT_ABI {

/// Puts rows of a teacher's table on lanes: lane l holds the row of the block's image l, as it is shown.
///
/// Memory comes from the tape. Without images, on a planning tape, only its size is counted.
struct lesson_reader {
    const teacher_signal& teacher;
    const block_labels* asked;

    /// `size` lanes; null while planning.
    template <class S, class Number>
    const S* read(auto& tape, const std::vector<Number>& table, std::size_t size) const {
        using R = real_of<S>;
        S* const out = tape.create_constant(shape<dynamic>(size)).value;
        if (asked == nullptr) return out;
        const std::size_t count = asked->images.size();
        const Number* own[lane_count<S>]{};
        const Number* partner[lane_count<S>]{};
        Number share[lane_count<S>]{};
        for (std::size_t i = 0; i < count; ++i) {
            const image_view view = asked->views.empty() ? image_view{} : asked->views[i];
            const std::size_t turned = teacher.orientations > 1 ? view.orientation : 0;
            own[i] = table.data() + (asked->images[i] * teacher.orientations + turned) * size;
            partner[i] =
                view.share == 1 ? own[i] : table.data() + (view.partner * teacher.orientations + turned) * size;
            share[i] = static_cast<Number>(view.share);
        }
        R lane[lane_count<S>]{};
        for (std::size_t k = 0; k < size; ++k) {
            for (std::size_t i = 0; i < count; ++i)
                lane[i] = static_cast<R>(own[i] == partner[i] ? own[i][k]
                                                              : share[i] * own[i][k] + (1 - share[i]) * partner[i][k]);
            out[k] = simd::load<S>(lane);
        }
        return out;
    }
};

}  // namespace qvit::inline QVIT_ABI
