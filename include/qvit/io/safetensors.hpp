// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/detail/safetensors_header.hpp>
#include <qvit/io/json_text.hpp>
#include <qvit/io/named_tensor.hpp>

namespace qvit::inline QVIT_ABI {

/// What a safetensors file holds: tensors in the header's order, and texts by name.
struct safetensors {
    std::vector<named_tensor> tensors{};
    std::map<std::string, std::string> metadata{};
};

/// Writes a .safetensors file, whole or not at all (atomic_file).
///
/// Layout: header length as 8 bytes, JSON header padded with blanks to a multiple of 8, then the elements. The header
/// keeps the order given; the data have wide element types first, so that every tensor is aligned to its elements.
/// Cost: one pass. Fails: io_error; std::invalid_argument for a name that is empty, not UTF-8, "__metadata__" or given
/// twice. Source: github.com/huggingface/safetensors, README, "Format".
///
///     qvit::write_safetensors("best.safetensors", {.tensors = {t}, .metadata = {{"epoch", "7"}}});
inline void write_safetensors(const std::filesystem::path& path, const safetensors& content) {
    std::vector<std::size_t> order(content.tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto width = [&](std::size_t i) { return detail::facts_of(content.tensors[i].type).bytes; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return width(a) > width(b); });
    std::vector<std::uint64_t> begin(order.size());
    std::uint64_t reached = 0;
    for (const std::size_t i : order) begin[i] = std::exchange(reached, reached + content.tensors[i].bytes.size());

    std::string header = "{";
    if (!content.metadata.empty()) {
        header += "\"__metadata__\":{";
        for (const auto& [key, value] : content.metadata)
            header += (header.ends_with('{') ? "" : ",") + json_text(key) + ':' + json_text(value);
        header += '}';
    }
    std::set<std::string_view> seen{"__metadata__"};
    for (std::size_t i = 0; i < content.tensors.size(); ++i) {
        const named_tensor& tensor = content.tensors[i];
        if (tensor.name.empty() || !detail::is_utf8(tensor.name) || !seen.insert(tensor.name).second)
            throw std::invalid_argument("tensor name '" + printable(tensor.name, 200) +
                                        "': expected a name of its own");
        header += (header.size() > 1 ? "," : "") + json_text(tensor.name) + ":{\"dtype\":\"";
        (header += detail::facts_of(tensor.type).name) += "\",\"shape\":[";
        for (std::size_t axis = 0; axis < tensor.extents.size(); ++axis)
            header += (axis > 0 ? "," : "") + std::to_string(tensor.extents[axis]);
        header += "],\"data_offsets\":[" + std::to_string(begin[i]) + ',' +
                  std::to_string(begin[i] + tensor.bytes.size()) + "]}";
    }
    header += '}';
    header.resize((header.size() + 7) / 8 * 8, ' ');

    const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{header.size()});
    atomic_file file(path);
    file.write({length.data(), length.size()});
    file.write(header);
    for (const std::size_t i : order) {
        const auto& bytes = content.tensors[i].bytes;
        if (!bytes.empty()) file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    file.commit();
}

/// Reads a .safetensors file of F32, F64, I64 and U8 tensors, made by any program.
///
/// Nothing is taken on trust: the header's length, every offset and every shape are checked against the file's size
/// before memory is taken for them. Cost: one read of the file; memory: the file once more.
/// Fails: bad_input, one line that begins with the path: a file that is cut off or has bytes that belong to no tensor,
/// overlapping tensors, an unknown dtype, a header that is too long or not JSON, a name given twice.
///
///     const auto file = qvit::read_safetensors("best.safetensors");
[[nodiscard]] inline safetensors read_safetensors(const std::filesystem::path& path) {
    constexpr std::uint64_t longest_header = 100'000'000;  // as the reference implementation has it
    input_file file(path);
    if (file.size() < 8) file.fail("is no safetensors file: it has " + std::to_string(file.size()) + " bytes");
    std::uint64_t length = 0;
    file.read_at(0, std::as_writable_bytes(std::span(&length, 1)));
    if (length > longest_header || length > file.size() - 8)
        file.fail("is cut off or no safetensors file: its header would have " + std::to_string(length) +
                  " bytes, expected at most " + std::to_string(std::min(longest_header, file.size() - 8)));
    std::string text(static_cast<std::size_t>(length), '\0');
    file.read_at(8, std::as_writable_bytes(std::span(text)));
    const std::uint64_t data = 8 + length;
    auto header = detail::safetensors_parser(text, printable(path.string()), file.size() - data).take();

    safetensors content{.tensors = {}, .metadata = std::move(header.metadata)};
    for (auto& entry : header.tensors) {
        std::vector<std::byte> bytes(static_cast<std::size_t>(entry.end - entry.begin));
        file.read_at(data + entry.begin, bytes);
        content.tensors.push_back({std::move(entry.name), std::move(entry.extents), entry.type, std::move(bytes)});
    }
    return content;
}

}  // namespace qvit::inline QVIT_ABI
