// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>

namespace qvit::inline QVIT_ABI {

/// A C++ type that an .npy array can hold.
template <class Element>
concept npy_element = std::integral<Element> || std::same_as<Element, float> || std::same_as<Element, double>;

/// How numpy writes the element type in an .npy header, e.g. "<f4" for float.
template <npy_element Element>
[[nodiscard]] std::string npy_dtype() {
    const char kind = std::same_as<Element, bool>     ? 'b'
                      : std::floating_point<Element>  ? 'f'
                      : std::signed_integral<Element> ? 'i'
                                                      : 'u';
    return {sizeof(Element) == 1 ? '|' : '<', kind, static_cast<char>('0' + sizeof(Element))};
}

/// An array as read from an .npz file: elements in C order (last index fastest), little-endian.
///
/// bytes.size() is the product of the shape times the element size. `as` copies; it fails with bad_input where the
/// element type is not exactly the one asked for.
///
///     const std::vector<float> logits = file.read("logits").as<float>();
struct npy_array {
    std::string origin;  ///< begins a message about this array: "<path>: entry 'logits.npy'"
    std::string dtype;   ///< as in npy_header
    std::vector<std::size_t> shape;
    std::vector<std::byte> bytes;

    template <npy_element Element>
    [[nodiscard]] std::vector<Element> as() const {
        static_assert(std::endian::native == std::endian::little, "[qvit::npy_array] needs a little-endian machine");
        if (dtype != npy_dtype<Element>())
            throw bad_input(origin + " has dtype " + dtype + ", expected " + npy_dtype<Element>());
        if constexpr (std::same_as<Element, bool>) {
            std::vector<bool> elements(bytes.size());
            for (std::size_t i = 0; i < bytes.size(); ++i) elements[i] = bytes[i] != std::byte{0};
            return elements;
        } else {
            std::vector<Element> elements(bytes.size() / sizeof(Element));
            if (!bytes.empty()) std::memcpy(elements.data(), bytes.data(), bytes.size());
            return elements;
        }
    }
};

/// "(3, 28, 28)", "(5,)", "()": a shape as numpy prints it.
[[nodiscard]] inline std::string shape_text(const std::vector<std::size_t>& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace qvit::inline QVIT_ABI
