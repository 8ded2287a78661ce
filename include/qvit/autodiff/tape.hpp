// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <type_traits>
#include <utility>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/parameter.hpp>
#include <qvit/autodiff/pass_context.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What a tape stands on: its memory, the model's flat vectors, and the random site that comes next.
template <class S>
struct tape_place {
    arena* memory = nullptr;
    const real_of<S>* parameters = nullptr;
    real_of<S>* parameter_gradients = nullptr;
    const pass_context<S>* context = nullptr;
    std::uint32_t random_sites = 0;
};

namespace detail {
/// One recorded operation; lives in the arena and is never destroyed.
struct tape_record {
    void (*backward)(const tape_record*) = nullptr;
    const tape_record* previous = nullptr;
    void* output_gradient = nullptr;  ///< where the record keeps the address of its output's gradient, an S*
};

/// A gradient that nobody reads any more goes back to zero; see arena.
template <class S, class Shape>
void leave_zeros(variable<S, Shape> y) {
    for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = S(real_of<S>(0));
}

template <class Op, class S, class Out, class... In>
struct recorded_op : tape_record {
    Op op;
    Out out;
    const S* saved;
    std::tuple<In...> in;

    recorded_op(Op o, Out y, const S* kept, In... inputs) : op(o), out(y), saved(kept), in(inputs...) {
        output_gradient = &out.gradient;
        backward = [](const tape_record* self) {
            const auto* me = static_cast<const recorded_op*>(self);
            std::apply([me](const auto&... x) { me->op.backward(me->out, me->saved, x...); }, me->in);
            leave_zeros(me->out);
        };
    }
};
/// A block whose own records were thrown away: its input, its output, and what it takes to run it again.
template <class Block, class S, class X, class Y>
struct recorded_block : tape_record {
    Block block;
    tape_place<S> place;
    X x;
    Y y;
    recorded_block(const Block& b, tape_place<S> from, X in, Y out) : block(b), place(from), x(in), y(out) {
        output_gradient = &y.gradient;
    }
};
}  // namespace detail

/// Runs a model forward on one block of images and remembers how to run it backward (reverse-mode autodiff).
///
/// `apply(op, inputs...)` computes at once and records the op; `backward(loss)` visits the records newest first and
/// adds to the gradients. Tensors and records lie in the arena; with Record false (see inference_tape) nothing is
/// recorded and no gradient has memory. Cost of the tape itself: one indirect call per operation. A tape is used up by
/// backward, which therefore takes an rvalue; a second call ends the program with a message. Afterwards the gradients of
/// parameters and of the caller's own variables stand; those of results are zero again, as torch does not keep them.
///
///     training_tape<S> tape(memory, weights, weight_gradients);
///     auto y = tape.apply(gelu_op{}, x);  ...  std::move(tape).backward(loss);
template <class S, bool Record>
class tape {
    using R = real_of<S>;

  public:
    using scalar = S;
    /// Gradients are wanted: true while training.
    static constexpr bool records = Record;
    static constexpr bool checkpoints = Record;
    static constexpr bool recycles = Record;

    /// `memory` is reset. `parameters` is the model's flat vector; gradients are added to `parameter_gradients`.
    /// Dropout draws what `context` says, and nothing without one.
    tape(arena& memory, const R* parameters, R* parameter_gradients,
         const pass_context<S>* context = nullptr) requires Record
        : tape(tape_place<S>{&memory, parameters, parameter_gradients, context, 0}) {
        inner_ = false;
        memory.reset();
    }
    tape(arena& memory, const R* parameters) requires(!Record)
        : tape(tape_place<S>{&memory, parameters, nullptr, nullptr, 0}) {
        memory.reset();
    }
    /// A tape of its own that goes on where another one stands: it takes its memory behind that one's.
    explicit tape(const tape_place<S>& place) : place_(place) {}
    tape(const tape&) = delete;
    tape& operator=(const tape&) = delete;
    ~tape() {
        if (Record && !consumed_ && !inner_) place_.memory->forget_zeros();  // the caller may have written gradients
    }

    /// A parameter's values and gradient.
    template <class Shape>
    auto use(const parameter<Shape>& p) const {
        return variable<const R, Shape>{place_.parameters + p.offset,
                                        Record ? place_.parameter_gradients + p.offset : nullptr, p.extents};
    }
    /// A new tensor; its gradient starts at zero.
    template <class Shape>
    variable<S, Shape> create(Shape extents) {
        variable<S, Shape> result{allocate<S>(extents.size()), nullptr, extents};
        if constexpr (Record) {
            result.gradient = allocate<S>(extents.size());
            for (std::size_t i = 0; i < result.size(); ++i) result.gradient[i] = S(R(0));
        }
        return result;
    }
    /// Scratch memory without a gradient, e.g. for a block of images.
    template <class Shape>
    variable<S, Shape> create_constant(Shape extents) {
        return {allocate<S>(extents.size()), nullptr, extents};
    }

    /// The next place of this pass that draws random numbers: sites are numbered in the order of the program.
    random_site<S> next_random_site() requires Record {
        const std::uint32_t number = place_.random_sites++;
        return place_.context == nullptr ? random_site<S>() : random_site<S>(*place_.context, number);
    }

    template <differentiable_op Op, class... In>
    auto apply(const Op& op, In... in) {
        if constexpr (Record && !requires { Op::takes_constants; }) (refuse_constant(Op::name, in), ...);
        auto y = create_constant(op.output_shape(in.extents...));
        if constexpr (Record) y.gradient = zeros(y.size());
        const std::size_t kept = saved_elements_in_pass<Record>(op, in.extents...);
        S* saved = kept == 0 ? nullptr : allocate<S>(kept);
        op.forward(y, saved, in...);
        if constexpr (Record) {
            using record = detail::recorded_op<Op, S, decltype(y), In...>;
            static_assert(std::is_trivially_destructible_v<record>,
                          "[qvit::tape] an op must be trivially destructible.");
            remember(new (allocate<record>(1)) record(op, y, saved, in...));
        }
        return y;
    }

    /// Runs block(tape, x) and keeps its input and output only; see `checkpointed`.
    template <class Block, class X>
    auto checkpoint(const Block& block, X x) requires Record {
        const arena::mark before = place_.memory->position();
        tape forward(place_);
        const auto inner = block(forward, x);
        place_.memory->rewind(before);
        // The copy may overlap what it copies, but never stands behind it.
        auto y = create_constant(inner.extents);
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = inner.value[i];
        y.gradient = zeros(y.size());

        using record = detail::recorded_block<Block, S, X, decltype(y)>;
        static_assert(std::is_trivially_destructible_v<record>,
                      "[qvit::checkpoint] a block must be trivially destructible.");
        auto* entry = new (allocate<record>(1)) record(block, place_, x, y);
        entry->backward = [](const detail::tape_record* self) {
            const auto* me = static_cast<const record*>(self);
            arena& memory = *me->place.memory;
            const arena::mark here = memory.position();
            tape again(me->place);
            const auto output = me->block(again, me->x);
            for (std::size_t i = 0; i < output.size(); ++i) output.gradient[i] += me->y.gradient[i];
            std::move(again).backward();
            memory.rewind(here);
            detail::leave_zeros(me->y);
        };
        place_.random_sites = forward.place_.random_sites;
        remember(entry);
        return y;
    }

    /// Runs block(tape, x) and gives back the memory of its inner gradients; see `recycled`.
    template <class Block, class X>
    X recycle(const Block& block, X x) requires Record {
        S* const gradient = zeros(x.size());  // the result's: the next block needs it
        const arena::mark before = place_.memory->position();
        X y = block(*this, x);
        place_.memory->share_gradients(before);
        if (last_ == nullptr || *static_cast<S**>(last_->output_gradient) != y.gradient) {
            std::fputs("qvit::tape: a recycled block must end with the operation that makes its result.\n", stderr);
            std::abort();
        }
        y.gradient = gradient;
        *static_cast<S**>(last_->output_gradient) = gradient;
        return y;
    }

    /// Adds d (sum over lanes of loss) / d everything to the gradients.
    void backward(variable<S, shape<1>> loss) && requires Record {
        loss.d(0) += S(R(1));
        std::move(*this).backward();
    }
    /// The same from gradients that the caller has put into some output.
    void backward() && requires Record {
        if (consumed_) {
            std::fputs("qvit::tape: backward was called twice on one tape; record the pass again.\n", stderr);
            std::abort();
        }
        consumed_ = true;
        place_.memory->stop_sharing();  // blocks that run again stand behind all gradients
        for (const detail::tape_record* entry = last_; entry != nullptr; entry = entry->previous)
            entry->backward(entry);
    }

  private:
    template <class T>
    T* allocate(std::size_t count) {
        arena& memory = *place_.memory;
        return memory.allocate<T>(count);
    }
    S* zeros(std::size_t count) {
        arena& memory = *place_.memory;
        return memory.allocate_zeros<S>(count);
    }
    void remember(detail::tape_record* entry) {
        if (consumed_) {
            std::fputs("qvit::tape: an operation was applied after backward; record the pass on a new tape.\n", stderr);
            std::abort();
        }
        entry->previous = last_;
        last_ = entry;
    }
    static void refuse_constant(const char* name, const auto& input) {
        if (input.gradient != nullptr || input.size() == 0) return;
        std::fprintf(stderr, "qvit::tape: '%s' needs the gradient of every input, and one is a constant.\n", name);
        std::abort();
    }

    tape_place<S> place_;
    const detail::tape_record* last_ = nullptr;
    bool consumed_ = false;
    bool inner_ = true;  ///< of another tape, which looks after the memory
};

template <class S>
using training_tape = tape<S, true>;
template <class S>
using inference_tape = tape<S, false>;

}  // namespace qvit::inline QVIT_ABI
