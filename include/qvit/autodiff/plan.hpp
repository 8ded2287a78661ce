// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/parameter.hpp>
#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What a pass will need, known before it runs and, for static shapes, while compiling.
struct pass_plan {
    std::size_t bytes = 0;          ///< of the arena
    std::size_t operations = 0;     ///< records on the tape
    std::size_t multiply_adds = 0;  ///< per image, forward
};

/// Sees every operation of a planned pass: `operator()(name, extents, multiply_adds)`; the default does nothing.
struct no_observer {
    constexpr void operator()(const char*, const auto&, std::size_t) const {}
};

/// A tape that computes nothing and only counts: the same model function, run on it, tells memory and work.
template <class S, bool Record, class Observer = no_observer>
class planning_tape {
    using R = real_of<S>;
    static constexpr pass_context<S> any_context{};
    pass_plan plan_{};       ///< its bytes are those at the front of the arena
    std::size_t back_ = 0;   ///< bytes of gradients, less those that were given back to be shared
    std::size_t reach_ = 0;  ///< the most of them so far
    std::size_t again_ = 0;  ///< bytes of the largest checkpointed block
    Observer observer_{};

    template <class T>
    constexpr void allocate(std::size_t count) {
        plan_.bytes += arena::bytes_for<T>(count);
    }
    constexpr void take_gradient(std::size_t count) {
        back_ += arena::bytes_for<S>(count);
        reach_ = std::max(reach_, back_);
    }

  public:
    using scalar = S;
    static constexpr bool records = Record;
    static constexpr bool checkpoints = Record;
    static constexpr bool recycles = Record;

    constexpr planning_tape() = default;
    constexpr explicit planning_tape(Observer observer) : observer_(observer) {}

    template <class Shape>
    constexpr variable<const R, Shape> use(const parameter<Shape>& p) const {
        return {nullptr, nullptr, p.extents};
    }
    template <class Shape>
    constexpr variable<S, Shape> create(Shape extents) {
        allocate<S>(extents.size());
        if (Record) allocate<S>(extents.size());
        return {nullptr, nullptr, extents};
    }
    template <class Shape>
    constexpr variable<S, Shape> create_constant(Shape extents) {
        allocate<S>(extents.size());
        return {nullptr, nullptr, extents};
    }
    /// A site that draws: a pass is planned with dropout.
    constexpr random_site<S> next_random_site() const requires Record { return random_site<S>(any_context, 0); }

    template <differentiable_op Op, class... In>
    constexpr auto apply(const Op& op, In... in) {
        auto y = create_constant(op.output_shape(in.extents...));
        if (Record) take_gradient(y.size());
        const std::size_t kept = saved_elements_in_pass<Record>(op, in.extents...);
        if (kept != 0) allocate<S>(kept);
        if (Record) allocate<detail::recorded_op<Op, S, decltype(y), In...>>(1);
        const std::size_t work = multiply_adds_of(op, in.extents...);
        plan_.multiply_adds += work;
        ++plan_.operations;
        observer_(Op::name, y.extents, work);
        return y;
    }
    /// Blocks are run again one after the other, each behind all that the pass keeps.
    template <class Block, class X>
    constexpr auto checkpoint(const Block& block, X x) requires Record {
        planning_tape again(observer_);
        auto y = create_constant(block(again, x).extents);
        take_gradient(y.size());
        allocate<detail::recorded_block<Block, S, X, decltype(y)>>(1);
        const pass_plan needed = again.result();
        again_ = std::max(again_, needed.bytes);
        plan_.multiply_adds += needed.multiply_adds;
        ++plan_.operations;
        return y;
    }
    template <class Block, class X>
    constexpr X recycle(const Block& block, X x) requires Record {
        take_gradient(x.size());
        const std::size_t before = back_;
        const X y = block(*this, x);
        back_ = before;
        return y;
    }
    constexpr pass_plan result() const {
        pass_plan all = plan_;
        all.bytes += reach_ + again_;
        return all;
    }
};

/// Plans a pass: `pass` is called with a tape, as it will be with a training_tape (Record) or an inference_tape.
///
///     constexpr auto needed = plan<lanes<float>, true>([](auto& tape) { ... });  arena memory(needed.bytes);
template <class S, bool Record>
constexpr pass_plan plan(auto&& pass) {
    planning_tape<S, Record> tape;
    pass(tape);
    return tape.result();
}

}  // namespace qvit::inline QVIT_ABI
