// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/detail/json_scanner.hpp>
#include <qvit/io/named_tensor.hpp>

namespace qvit::inline QVIT_ABI::detail {

/// A tensor as a header names it; `begin` and `end` count from the first byte after the header.
struct safetensors_entry {
    std::string name;
    std::vector<std::size_t> extents;
    tensor_type type = tensor_type::f32;
    std::uint64_t begin = 0, end = 0;
};

struct safetensors_header {
    std::vector<safetensors_entry> tensors;  ///< in the header's order
    std::map<std::string, std::string> metadata;
};

/// Reads a header and checks it against the bytes that follow it: each tensor has the bytes its extents need, inside
/// the file, and all together cover it without gaps or overlaps. Nothing is allocated by a number that it claims.
class safetensors_parser {
  public:
    safetensors_parser(std::string_view text, const std::string& file, std::uint64_t data_bytes)
        : scan_(text, file), data_bytes_(data_bytes) {
        std::set<std::string> seen;
        scan_.object([&](const std::string& key) {
            if (!seen.insert(key).second) scan_.fail("the name " + quoted(key) + " stands twice in the header");
            key == "__metadata__" ? metadata() : tensor(key);
        });
        scan_.expect_end();
        check_cover();
    }

    safetensors_header take() { return std::move(header_); }

  private:
    static std::string quoted(const std::string& name) { return "'" + printable(name, 200) + "'"; }

    void metadata() {
        scan_.object([&](const std::string& key) {
            if (!header_.metadata.emplace(key, scan_.string()).second)
                scan_.fail("the metadata " + quoted(key) + " stand twice in the header");
        });
    }

    void tensor(const std::string& name) {
        safetensors_entry entry;
        entry.name = name;
        std::vector<std::uint64_t> offsets;
        std::set<std::string> seen;
        scan_.object([&](const std::string& key) {
            if (!seen.insert(key).second) scan_.fail("tensor " + quoted(name) + " has '" + key + "' twice");
            if (key == "dtype") {
                entry.type = type(name, scan_.string());
            } else if (key == "shape") {
                scan_.list([&] { entry.extents.push_back(scan_.whole_number()); });
            } else if (key == "data_offsets") {
                scan_.list([&] { offsets.push_back(scan_.whole_number()); });
            } else {
                scan_.fail("tensor " + quoted(name) + ": expected dtype, shape and data_offsets, found " + quoted(key));
            }
        });
        if (seen.size() != 3) scan_.fail("tensor " + quoted(name) + " lacks one of dtype, shape and data_offsets");
        if (offsets.size() != 2 || offsets[0] > offsets[1])
            scan_.fail("tensor " + quoted(name) + ": expected data_offsets [begin, end]");
        entry.begin = offsets[0];
        entry.end = offsets[1];
        check_size(entry);
        header_.tensors.push_back(std::move(entry));
    }

    tensor_type type(const std::string& name, const std::string& dtype) const {
        for (std::size_t i = 0; i < tensor_types.size(); ++i)
            if (tensor_types[i].name == dtype) return static_cast<tensor_type>(i);
        scan_.fail("tensor " + quoted(name) + " has dtype " + quoted(dtype) + ", expected F32, F64, I64 or U8");
    }

    void check_size(const safetensors_entry& entry) const {
        if (entry.end > data_bytes_)
            scan_.fail("is cut off: tensor " + quoted(entry.name) + " ends at byte " + std::to_string(entry.end) +
                       " of the data, the file has " + std::to_string(data_bytes_));
        const std::uint64_t bytes = entry.end - entry.begin;
        std::uint64_t needed = facts_of(entry.type).bytes;
        bool fits = true;
        for (const std::size_t extent : entry.extents) fits = fits && !__builtin_mul_overflow(needed, extent, &needed);
        if (std::find(entry.extents.begin(), entry.extents.end(), std::size_t{0}) != entry.extents.end())
            fits = true, needed = 0;
        if (!fits || needed != bytes)
            scan_.fail("tensor " + quoted(entry.name) + " of shape " + shape_text(entry.extents) + " and dtype " +
                       std::string(facts_of(entry.type).name) + " needs " +
                       (fits ? std::to_string(needed) : "more than 2^64") + " bytes, the header gives it " +
                       std::to_string(bytes));
    }

    void check_cover() const {
        const auto& tensors = header_.tensors;
        std::vector<std::size_t> order(tensors.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(tensors[a].begin, tensors[a].end) < std::pair(tensors[b].begin, tensors[b].end);
        });
        std::uint64_t reached = 0;
        for (const std::size_t i : order) {
            const safetensors_entry& entry = tensors[i];
            if (entry.begin < reached)
                scan_.fail("tensor " + quoted(entry.name) + " overlaps another: it begins at byte " +
                           std::to_string(entry.begin) + " of the data, the one before it ends at " +
                           std::to_string(reached));
            if (entry.begin > reached)
                scan_.fail("the bytes " + std::to_string(reached) + " to " + std::to_string(entry.begin) +
                           " before tensor " + quoted(entry.name) + " belong to no tensor");
            reached = entry.end;
        }
        if (reached != data_bytes_)
            scan_.fail("the tensors have " + std::to_string(reached) + " bytes, the file has " +
                       std::to_string(data_bytes_) + " bytes of data");
    }

    json_scanner scan_;
    std::uint64_t data_bytes_;
    safetensors_header header_;
};

}  // namespace qvit::inline QVIT_ABI::detail
