// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Takes `name` and the dot behind it off the front of a path.
constexpr bool take_name(std::string_view& path, std::string_view name) {
    if (!path.starts_with(name)) return false;
    path.remove_prefix(name.size());
    if (path.empty()) return true;
    if (path[0] != '.' || path.size() == 1) return false;
    path.remove_prefix(1);
    return true;
}
/// Takes a number and the dot behind it; the largest size where there is none.
constexpr std::size_t take_number(std::string_view& path) {
    constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t number = 0;
    std::size_t digits = 0;
    for (; digits < path.size() && path[digits] >= '0' && path[digits] <= '9' && digits < 9; ++digits)
        number = 10 * number + static_cast<std::size_t>(path[digits] - '0');
    if (digits == 0 || (digits > 1 && path[0] == '0')) return none;
    return take_name(path, path.substr(0, digits)) ? number : none;
}
/// Calls found(module or parameter) with what a path names.
template <class Module>
constexpr void find_by_name(const Module& module, std::string_view path, auto&& found) {
    if (path.empty()) return found(module);
    if constexpr (is_module_array<Module>) {
        const std::size_t wanted = take_number(path);
        if (wanted < module.size()) find_by_name(module[wanted], path, found);
    } else if constexpr (module_list<const Module>) {
        const std::size_t wanted = take_number(path);
        Module::for_each_module(module, [&](std::size_t i, const auto& element) {
            if (i == wanted) find_by_name(element, path, found);
        });
    } else if constexpr (boost::hana::Struct<Module>::value) {
        boost::hana::for_each(boost::hana::accessors<Module>(), [&](auto member) {
            std::string_view rest = path;
            if (take_name(rest, boost::hana::to<const char*>(boost::hana::first(member))))
                find_by_name(boost::hana::second(member)(module), rest, found);
        });
    }
}
}  // namespace detail

/// The part of a flat vector (values, gradients, an optimiser's moments) that belongs to the parameter of a name, or to
/// all parameters of a module of that name: they stand side by side. Empty where nothing has the name.
///
/// `module` is a bound one (see bind). Cost: a walk over the names; no heap.
///
///     auto theta = parameter_view(model, values.data(), "blocks.0.attention.q.theta");
template <module_struct Module, class R>
constexpr std::span<R> parameter_view(const Module& module, R* values, std::string_view name) {
    std::span<R> view;
    detail::find_by_name(module, name, [&](const auto& part) {
        std::size_t first = 0;
        std::size_t count = 0;
        for_each_parameter(part, [&](const auto& p) {
            if (count == 0) first = p.offset;
            count += p.size();
        });
        view = std::span<R>(values + first, count);
    });
    return view;
}

}  // namespace qvit::inline QVIT_ABI
