// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>

#include <boost/hana/accessors.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <qvit/autodiff/parameter.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <class T>
inline constexpr bool is_parameter = false;
template <class Shape>
inline constexpr bool is_parameter<parameter<Shape>> = true;
template <class T>
inline constexpr bool is_module_array = false;
template <class T, std::size_t Count>
inline constexpr bool is_module_array<std::array<T, Count>> = true;
template <class T>
concept module_list = requires(T& list) {  // see sequential
    T::for_each_module(list, [](std::size_t, auto&) {});
};
inline std::string joined(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
}
}  // namespace detail

/// A struct whose members are named through BOOST_HANA_DEFINE_STRUCT, or a list of modules: what has parameters.
template <class T>
concept module_struct = boost::hana::Struct<T>::value || detail::is_module_array<T> || detail::module_list<T>;

/// Calls visit(parameter) for every parameter of a module, in order of declaration (Boost.Hana Struct).
///
/// A module is a struct whose members, named through BOOST_HANA_DEFINE_STRUCT, are parameters, modules or arrays of
/// modules, or a list of them (see sequential); other members are passed over. Cost: none at run time but the calls.
///
///     for_each_parameter(model, [&](const auto& p) { total += p.size(); });
template <class Module>
constexpr void for_each_parameter(Module& module, auto&& visit) {
    using plain = std::remove_const_t<Module>;
    if constexpr (detail::is_parameter<plain>)
        visit(module);
    else if constexpr (detail::is_module_array<plain>)
        for (auto& element : module) for_each_parameter(element, visit);
    else if constexpr (detail::module_list<plain>)
        plain::for_each_module(module, [&](std::size_t, auto& element) { for_each_parameter(element, visit); });
    else if constexpr (boost::hana::Struct<plain>::value)
        boost::hana::for_each(boost::hana::accessors<plain>(),
                              [&](auto member) { for_each_parameter(boost::hana::second(member)(module), visit); });
}

/// The same with names as torch's module paths read: visit("blocks.0.attention.q.theta", parameter).
template <class Module>
void for_each_named_parameter(const Module& module, auto&& visit, const std::string& path = {}) {
    if constexpr (detail::is_parameter<Module>)
        visit(path, module);
    else if constexpr (detail::is_module_array<Module>)
        for (std::size_t i = 0; i < module.size(); ++i)
            for_each_named_parameter(module[i], visit, detail::joined(path, std::to_string(i)));
    else if constexpr (detail::module_list<const Module>)
        Module::for_each_module(module, [&](std::size_t i, const auto& element) {
            for_each_named_parameter(element, visit, detail::joined(path, std::to_string(i)));
        });
    else if constexpr (boost::hana::Struct<Module>::value)
        boost::hana::for_each(boost::hana::accessors<Module>(), [&](auto member) {
            const char* name = boost::hana::to<const char*>(boost::hana::first(member));
            for_each_named_parameter(boost::hana::second(member)(module), visit, detail::joined(path, name));
        });
}

/// Number of trainable reals.
template <class Module>
constexpr std::size_t parameter_count(const Module& module) {
    std::size_t total = 0;
    for_each_parameter(module, [&](const auto& p) { total += p.size(); });
    return total;
}

/// Gives every parameter its place in one flat vector, in order of declaration.
template <class Module>
constexpr void bind(Module& module) {
    std::size_t next = 0;
    for_each_parameter(module, [&](auto& p) {
        p.offset = next;
        next += p.size();
    });
}

}  // namespace qvit::inline QVIT_ABI
