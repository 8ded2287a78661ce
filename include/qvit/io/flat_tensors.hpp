// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/checkpoint.hpp>
#include <qvit/io/named_tensor.hpp>

namespace qvit::inline QVIT_ABI {

/// Tensors of a checkpoint that begin so are a run's state; all others are the model's parameters, under the names that
/// torch's load_state_dict expects.
inline constexpr std::string_view state_prefix = "state.";

/// Puts a flat vector into a checkpoint, as one tensor per parameter: weights under their own names, and what has the
/// same shapes, such as Adam's moments, under a prefix that begins with "state.".
///
/// In: the parameters in the order of the vector. Cost: one copy.
/// Fails: std::invalid_argument where the shapes have not as many elements as the vector.
///
///     qvit::add_flat<float>(state, shapes, weights);
///     qvit::add_flat<float>(state, shapes, moments, "state.adam.m.");
template <detail::tensor_element R>
void add_flat(checkpoint& state, std::span<const named_shape> shapes, std::span<const R> flat,
              std::string_view prefix = "") {
    std::size_t reached = 0;
    for (const named_shape& shape : shapes) {
        std::size_t count = 1;
        for (const std::size_t extent : shape.extents) count *= extent;
        if (count > flat.size() - reached) throw std::invalid_argument("add_flat: too few elements for " + shape.name);
        state.tensors.push_back(
            named_tensor::of<R>(std::string(prefix) + shape.name, shape.extents, flat.subspan(reached, count)));
        reached += count;
    }
    if (reached != flat.size())
        throw std::invalid_argument("add_flat: " + std::to_string(flat.size()) + " elements for shapes of " +
                                    std::to_string(reached));
}

/// Reads such a flat vector back, in the order of `shapes` whatever the file's order is.
///
/// Fails: bad_input as check_same_model and named_tensor::values do. Cost: one copy, and check_same_model's.
///
///     auto weights = qvit::read_flat<float>(state, shapes);
template <detail::tensor_element R>
[[nodiscard]] std::vector<R> read_flat(const checkpoint& state, std::span<const named_shape> shapes,
                                       std::string_view prefix = "") {
    std::vector<named_shape> found;
    for (const named_tensor& tensor : state.tensors)
        if (prefix.empty() ? !tensor.name.starts_with(state_prefix) : tensor.name.starts_with(prefix))
            found.push_back({tensor.name.substr(prefix.size()), tensor.extents});
    check_same_model(state.source, shapes, found);
    std::vector<R> flat;
    for (const named_shape& shape : shapes) {
        const std::vector<R> part = state.at(std::string(prefix) + shape.name).template values<R>();
        flat.insert(flat.end(), part.begin(), part.end());
    }
    return flat;
}

}  // namespace qvit::inline QVIT_ABI
