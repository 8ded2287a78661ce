// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

/// A parameter as files know it: its name, its extents, and where it stands in the model's flat vector.
struct state_entry {
    std::string name;
    std::vector<std::size_t> extents;
    std::size_t offset = 0;

    std::size_t size() const {
        std::size_t product = 1;
        for (const std::size_t extent : extents) product *= extent;
        return product;
    }
    friend bool operator==(const state_entry&, const state_entry&) = default;
};

/// All parameters of a bound module, in order; with the flat vector, this is the state of a model.
///
///     for (const state_entry& e : state_of(model)) write(e.name, e.extents, values.data() + e.offset);
template <class Module>
std::vector<state_entry> state_of(const Module& module) {
    std::vector<state_entry> entries;
    for_each_named_parameter(module, [&](const std::string& name, const auto& p) {
        state_entry entry{name, {}, p.offset};
        for (std::size_t axis = 0; axis < p.extents.rank; ++axis) entry.extents.push_back(p.extents.extent(axis));
        entries.push_back(std::move(entry));
    });
    return entries;
}

/// Copies what has the same name and extents in both; returns the names of `to` that were not found and keep their
/// values. `source` and `target` are the flat vectors that the entries' offsets mean.
///
///     const auto missing = copy_state(state_of(old_model), old_values, state_of(model), values);   // {"head.weight",
///     ...}
template <class R, class Q>
std::vector<std::string> copy_state(const std::vector<state_entry>& from, const R* source,
                                    const std::vector<state_entry>& to, Q* target) {
    std::vector<std::string> missing;
    for (const state_entry& wanted : to) {
        const auto found = std::find_if(from.begin(), from.end(), [&](const state_entry& e) {
            return e.name == wanted.name && e.extents == wanted.extents;
        });
        if (found == from.end()) {
            missing.push_back(wanted.name);
            continue;
        }
        for (std::size_t i = 0; i < wanted.size(); ++i)
            target[wanted.offset + i] = static_cast<Q>(source[found->offset + i]);
    }
    return missing;
}

}  // namespace qvit::inline QVIT_ABI
