// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "architecture/rules.hpp"

namespace architecture {

/// Standard names by the header that a user of them includes; a name may stand in several.
inline const std::map<std::string, std::set<std::string>>& headers_of_names() {
    static const std::map<std::string, std::set<std::string>> result = [] {
        constexpr std::string_view table = R"(
            algorithm: adjacent_find all_of any_of clamp copy copy_n count count_if equal fill fill_n find
            algorithm: find_if for_each is_sorted lower_bound max max_element min min_element none_of
            algorithm: nth_element reverse sort stable_partition stable_sort transform unique upper_bound
            array: array get size tuple_size_v
            atomic: atomic memory_order_acquire memory_order_relaxed memory_order_release
            bit: bit_cast bit_floor bit_width countl_zero countr_zero endian has_single_bit popcount rotl rotr
            charconv: chars_format from_chars to_chars
            chrono: chrono
            cmath: abs acos atan atan2 ceil cos cosh erf exp expm1 fabs floor fma fmod hypot isfinite isnan log
            cmath: log10 log1p lround nearbyint pow round sin sqrt tan tanh
            concepts: convertible_to default_initializable floating_point integral invocable same_as
            concepts: signed_integral unsigned_integral
            condition_variable: condition_variable
            cstddef: byte max_align_t nullptr_t ptrdiff_t size_t to_integer
            cstdint: int16_t int32_t int64_t int8_t uint16_t uint32_t uint64_t uint8_t uintptr_t
            cstdio: FILE fclose fflush fgets fopen fprintf fputs fread fwrite printf puts remove rename snprintf
            cstdlib: abort aligned_alloc exit free getenv malloc strtod strtoull
            cstring: memcmp memcpy memmove memset strerror strlen strncmp
            exception: current_exception exception exception_ptr rethrow_exception
            filesystem: filesystem
            fstream: ifstream ios ofstream streamoff streamsize
            functional: function
            initializer_list: initializer_list
            ios: ios streamoff streamsize
            iterator: back_inserter distance next prev size
            limits: numeric_limits
            map: map
            memory: make_shared make_unique shared_ptr unique_ptr
            mutex: call_once lock_guard mutex once_flag unique_lock
            new: align_val_t bad_alloc nothrow
            numbers: numbers
            numeric: accumulate iota
            optional: nullopt nullopt_t optional
            set: set
            span: as_bytes as_writable_bytes size span
            stdexcept: domain_error invalid_argument logic_error out_of_range runtime_error
            string: size stoi stoul string to_string
            string_view: string_view
            system_error: errc error_code generic_category system_category
            thread: this_thread thread
            tuple: apply get make_tuple tie tuple tuple_element_t tuple_size_v
            type_traits: conditional_t enable_if_t false_type integral_constant is_arithmetic_v is_const_v
            type_traits: is_convertible_v is_enum_v is_floating_point_v is_integral_v is_same_v
            type_traits: is_trivially_destructible_v remove_const_t remove_cv_t remove_cvref_t remove_pointer_t
            type_traits: remove_reference_t true_type type_identity type_identity_t void_t
            utility: exchange forward get index_sequence index_sequence_for integer_sequence make_index_sequence
            utility: move pair swap
            variant: get get_if holds_alternative monostate variant visit
            vector: size vector)";
        std::map<std::string, std::set<std::string>> headers;
        std::istringstream lines{std::string(table)};
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string header;
            words >> header;
            if (header.ends_with(':')) header.pop_back();
            for (std::string name; words >> name;) headers[name].insert(header);
        }
        return headers;
    }();
    return result;
}

/// The names after `std::` on a line, without what a comment or a string says.
inline std::vector<std::string> std_names(const std::string& line) {
    std::vector<std::string> result;
    const std::vector<std::string> words = words_of(line);
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        if (words[i] == "std" && line.find("std::" + words[i + 1]) != std::string::npos) result.push_back(words[i + 1]);
    return result;
}

/// A header includes what it uses of the standard library, and does not count on another header for it. Headers are
/// compiled alone with the costly ones of these precompiled, so that no compiler would notice.
inline violations standard_includes(const source_tree& tree) {
    violations found;
    for (const auto& [path, text] : tree) {
        const std::vector<std::string> names = includes(text);
        const std::set<std::string> included(names.begin(), names.end());
        std::set<std::string> seen;
        for (const std::string& line : lines_of(text)) {
            for (const std::string& name : std_names(line)) {
                if (!seen.insert(name).second) continue;
                const auto known = headers_of_names().find(name);
                if (known == headers_of_names().end()) {
                    found.push_back(path + ": uses std::" + name +
                                    ", which tests/architecture/std_includes.hpp does not know");
                    continue;
                }
                std::string wanted;
                bool there = false;
                for (const std::string& header : known->second) {
                    there = there || included.contains(header);
                    wanted += (wanted.empty() ? "<" : " or <") + header + ">";
                }
                if (!there) found.push_back(path + ": uses std::" + name + " without " + wanted);
            }
        }
    }
    return found;
}

}  // namespace architecture
