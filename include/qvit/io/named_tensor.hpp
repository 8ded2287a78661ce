// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// The element types of a tensor in a file, by safetensors' names.
enum class tensor_type : std::uint8_t { f32, f64, i64, u8 };

namespace detail {
struct tensor_type_facts {
    std::string_view name;
    std::size_t bytes;
};
inline constexpr std::array<tensor_type_facts, 4> tensor_types{{{"F32", 4}, {"F64", 8}, {"I64", 8}, {"U8", 1}}};
constexpr const tensor_type_facts& facts_of(tensor_type type) { return tensor_types[static_cast<std::size_t>(type)]; }
template <class E>
concept tensor_element = std::is_same_v<E, float> || std::is_same_v<E, double> || std::is_same_v<E, std::int64_t> ||
    std::is_same_v<E, std::uint8_t>;
template <tensor_element E>
inline constexpr tensor_type type_of = std::is_same_v<E, float>          ? tensor_type::f32
                                       : std::is_same_v<E, double>       ? tensor_type::f64
                                       : std::is_same_v<E, std::int64_t> ? tensor_type::i64
                                                                         : tensor_type::u8;
static_assert(std::endian::native == std::endian::little, "tensors in files are little-endian, and so must memory be");
}  // namespace detail

/// A name and the extents that belong to it: what a model says of one of its parameters.
struct named_shape {
    std::string name;
    std::vector<std::size_t> extents;
    friend bool operator==(const named_shape&, const named_shape&) = default;
};

/// "(4, 16)"; "()" for a single number.
[[nodiscard]] inline std::string shape_text(std::span<const std::size_t> extents) {
    std::string text = "(";
    for (const std::size_t extent : extents) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + ")";
}

/// A tensor on its way to or from a file: name, extents (row-major) and its elements as little-endian bytes.
///
/// `of` copies elements in; std::invalid_argument where their number is not the product of the extents. `values` copies
/// them out; bad_input where the file had another element type. Cost: one copy.
///
///     auto t = qvit::named_tensor::of<float>("head.weight", {5, 4}, weights);
///     std::vector<float> back = t.values<float>();
struct named_tensor {
    std::string name;
    std::vector<std::size_t> extents;
    tensor_type type = tensor_type::f32;
    std::vector<std::byte> bytes;

    template <detail::tensor_element E>
    [[nodiscard]] static named_tensor of(std::string name, std::vector<std::size_t> extents,
                                         std::span<const E> elements) {
        std::size_t count = 1;
        for (const std::size_t extent : extents) count *= extent;
        if (count != elements.size())
            throw std::invalid_argument("tensor " + name + " " + shape_text(extents) + ": " +
                                        std::to_string(elements.size()) + " elements were given");
        const auto bytes = std::as_bytes(elements);
        return {std::move(name), std::move(extents), detail::type_of<E>, {bytes.begin(), bytes.end()}};
    }

    template <detail::tensor_element E>
    [[nodiscard]] std::vector<E> values() const {
        if (type != detail::type_of<E>)
            throw bad_input("tensor '" + printable(name, 200) + "' holds " + std::string(detail::facts_of(type).name) +
                            ", expected " + std::string(detail::facts_of(detail::type_of<E>).name));
        std::vector<E> elements(bytes.size() / sizeof(E));
        if (!elements.empty()) std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(E));
        return elements;
    }

    [[nodiscard]] named_shape shape() const { return {name, extents}; }
    friend bool operator==(const named_tensor&, const named_tensor&) = default;
};

}  // namespace qvit::inline QVIT_ABI
