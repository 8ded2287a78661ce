// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_execute.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_lower.hpp>
#include <qvit/statevector/wide_memory.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_reduce.hpp>
#include <qvit/statevector/wide_sample.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

/// One register of up to 48 wires, as memory allows: 2^width amplitudes, real ones only where `real` (half the memory
/// and arithmetic), with exact global phase. Wire 0 is the least significant bit of an amplitude's index.
///
/// `make` refuses a width that memory does not hold, with one line in `why`, before anything is allocated. A gate with
/// complex entries on a real register is refused: `apply` returns false and changes nothing. Wires are below `width`.
/// Reductions are sums of fixed chunks in double: the same bits whatever computes them.
/// Cost: a gate is one pass over memory; run_wide takes a whole circuit in few passes.
///
///     auto state = wide_statevector<float>::make(24, true, &why);
///     state->apply({ry, {3}}, {0.3}); state->expectation(z_on_wire_3);
template <std::floating_point R>
class wide_statevector {
  public:
    static std::optional<wide_statevector> make(std::size_t width, bool real, std::string* why = nullptr) {
        std::string refusal = why_not_wide(width, (real ? 1 : 2) * sizeof(R));
        if (refusal.empty()) {
            wide_statevector state(width, real);
            if (state.re_ && (real || state.im_)) return state;
            refusal = "[qvit::wide_statevector] no memory for " + std::to_string(width) + " wires";
        }
        if (why != nullptr) *why = std::move(refusal);
        return std::nullopt;
    }

    std::size_t width() const { return width_; }
    std::size_t size() const { return std::size_t{1} << width_; }  ///< of the state: 2^width
    bool is_real() const { return real_; }

    /// Another register in the same state; nothing where memory does not hold it.
    std::optional<wide_statevector> copy() const {
        std::optional<wide_statevector> result = make(width_, real_);
        if (result) result->assign(*this);
        return result;
    }
    /// Takes the state of a register of the same width and kind.
    void assign(const wide_statevector& other) {
        std::copy_n(other.re_.data(), reals(), re_.data());
        if (!real_) std::copy_n(other.im_.data(), reals(), im_.data());
        support_ = other.support_;
    }

    /// |0..0>.
    void reset() {
        std::fill_n(re_.data(), reals(), R(0));
        if (!real_) std::fill_n(im_.data(), reals(), R(0));
        re_.data()[0] = R(1);
        support_ = 0;
    }

    /// The state `re` + i `im` divided by its norm: `count` values each of any real type, all others 0; by default and
    /// at most 2^width. im may be null. False, and the register |0..0>, where the norm is 0 or not finite or a real
    /// register is given imaginary parts.
    template <std::floating_point T>
    bool set_amplitudes(const T* re, const std::type_identity_t<T>* im = nullptr, std::size_t count = ~std::size_t{0}) {
        reset();
        if (im != nullptr && real_) return false;
        count = std::min(count, size());
        const double weight = detail::sum_of_chunks(count, [&](std::size_t first, std::size_t length) {
            return weight_of_range(wide_view<const T>{re + first, im == nullptr ? im : im + first, length}, 0, length);
        });
        const double factor = 1 / std::sqrt(weight);
        if (!(weight > 0) || !std::isfinite(factor) || factor == 0) return false;
        const auto scaled = [&](const T* from, R* to) {
            for (std::size_t i = 0; i < count; ++i)
                to[wide_offset<R>(i)] = static_cast<R>(factor * static_cast<double>(from[i]));
        };
        scaled(re, re_.data());
        if (im != nullptr) scaled(im, im_.data());
        support_ = everywhere;
        return true;
    }

    /// One gate, any operation; `angles` are its values, `matrix` is a unitary1's or unitary2's.
    bool apply(const gate& g, const std::array<double, 3>& angles = {}, const unitary_matrix* matrix = nullptr) {
        std::vector<wide_primitive> factors;
        lower_gate(g, angles, matrix, [&](const wide_primitive& factor) { factors.push_back(factor); });
        return run(factors);
    }

    /// A matrix on wires[0] or wires[0], wires[1]. One of one wire need not be unitary (a Kraus operator).
    bool apply_matrix(const unitary_matrix& matrix, const fixed_array<std::uint16_t, 3>& wires) {
        return apply({matrix.wires == 1 ? unitary1 : unitary2, wires, {}, 0}, {}, &matrix);
    }

    /// Gates in the order in which they act, in as few passes over memory as wide_plan finds.
    bool run(const std::vector<wide_primitive>& gates, const wide_options& options = {}) {
        if (real_ && !std::all_of(gates.begin(), gates.end(), [](const auto& g) { return g.matrix.is_real(); }))
            return false;
        std::vector<matrix2> no_overlaps;
        const std::array state{wide_view<R>{re_.data(), im_.data(), size()}};
        execute(wide_plan<R>(gates, physical_width(), options), state, options.threads, no_overlaps, support_);
        return true;
    }

    void scale(double factor) {
        const auto scaled = [&](R* values) {
            for (std::size_t i = 0; i < reals(); ++i) values[i] *= static_cast<R>(factor);
        };
        scaled(re_.data());
        if (!real_) scaled(im_.data());
    }

    double norm_squared() const {
        return detail::sum_of_chunks(
            size(), [this](std::size_t first, std::size_t count) { return weight_of_range(view(), first, count); });
    }
    /// <state| string |state>, not divided by the norm.
    double expectation(const pauli_string<64>& string) const { return pauli_expectation(view(), string); }
    /// The sum of |amplitude|^2 where the wire is 1.
    double probability(std::size_t wire) const { return one_probability(view(), wire); }
    complex_constant amplitude(std::size_t index) const {
        return {static_cast<double>(*view().re_at(index)), real_ ? 0 : static_cast<double>(*view().im_at(index))};
    }
    /// <this|other>; both real or both complex, of one width.
    complex_constant inner(const wide_statevector& other) const { return inner_product(view(), other.view()); }
    /// |<this|other>|^2.
    double fidelity(const wide_statevector& other) const { return inner(other).norm(); }

    /// Measures all wires `shots` times; see sample_indices.
    std::vector<std::uint64_t> sample(std::size_t shots, std::uint64_t seed, std::uint32_t stream = 0) const {
        return sample_indices(view(), shots, seed, stream);
    }

    /// The amplitudes themselves, in the places that wide_offset says; `im` is null in a real register.
    wide_view<const R> view() const { return {re_.data(), im_.data(), size()}; }
    wide_view<R> view() {
        support_ = everywhere;  // whatever the caller writes
        return {re_.data(), im_.data(), size()};
    }

    /// The wires that kernels see: a narrow register has more of them, which stay 0.
    std::size_t physical_width() const { return physical_width(width_); }

  private:
    /// Kernels need the wires of one group of registers.
    static constexpr std::size_t physical_width(std::size_t width) {
        constexpr std::size_t least = wide_lane_bits<R> + wide_register_bits<false>;
        return width < least ? least : width;
    }

    /// What either part takes in memory.
    std::size_t reals() const { return wide_offset<R>(std::size_t{1} << physical_width()); }

    wide_statevector(std::size_t width, bool real)
        : width_(width), real_(real), re_(reals()), im_(real ? wide_memory<R>() : wide_memory<R>(reals())) {
        if (re_) re_.data()[0] = R(1);
    }

    static constexpr std::uint64_t everywhere = ~std::uint64_t{0};
    std::size_t width_;
    bool real_;
    std::uint64_t support_ = 0;  ///< an amplitude whose index has another bit is 0
    wide_memory<R> re_;
    wide_memory<R> im_;
};

}  // namespace qvit::inline QVIT_ABI
