// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Op, and where the room that it keeps for its way back is.
template <class Op, class S>
struct watched_op : Op {
    const S** room = nullptr;
    constexpr watched_op(const Op& op, const S** where) : Op(op), room(where) {}
    void forward(auto y, S* saved, auto... in) const {
        *room = saved;
        Op::forward(y, saved, in...);
    }
};
}  // namespace detail

/// A tape that passes everything on to another one, of any kind, and shows an observer the operations it asks for.
///
/// After an operation has run, `observer(op, y, saved, inputs...)` is called if it can be: with the output, the room
/// the operation filled for its way back (null while planning or where it has none), and the inputs. Variables may be
/// kept and used in a loss. A tape that is not observed pays nothing.
///
///     attention_trace<S, tokens, 2> trace;  observing_tape seen(tape, trace);  model.encode(seen, images);
template <class Tape, class Observer>
class observing_tape {
    Tape& tape_;
    Observer& observer_;

  public:
    using scalar = typename Tape::scalar;
    static constexpr bool records = Tape::records;

    constexpr observing_tape(Tape& tape, Observer& observer) : tape_(tape), observer_(observer) {}

    template <class Shape>
    constexpr auto use(const parameter<Shape>& p) const {
        return tape_.use(p);
    }
    template <class Shape>
    constexpr auto create(Shape extents) {
        return tape_.create(extents);
    }
    template <class Shape>
    constexpr auto create_constant(Shape extents) {
        return tape_.create_constant(extents);
    }
    constexpr auto next_random_site() requires records { return tape_.next_random_site(); }
    template <differentiable_op Op, class... In>
    constexpr auto apply(const Op& op, In... in) {
        using output = decltype(tape_.apply(op, in...));
        if constexpr (requires(output y, const scalar* saved) { observer_(op, y, saved, in...); }) {
            const scalar* saved = nullptr;
            const auto y = tape_.apply(detail::watched_op<Op, scalar>(op, &saved), in...);
            observer_(op, y, saved, in...);
            return y;
        } else {
            return tape_.apply(op, in...);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
