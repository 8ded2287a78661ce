// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/npy_array.hpp>
#include <qvit/data/npy_header.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/zip_archive.hpp>
#include <qvit/data/zip_entry_reader.hpp>

namespace qvit::inline QVIT_ABI {

/// A file of named arrays as numpy.savez and numpy.savez_compressed write it (.npy format 1.0, 2.0 and 3.0).
///
/// Opening reads the list of contents; `header` one array's type and shape; `read` the array, with its CRC-32 checked.
/// Memory: the array asked for; room for it is made only as fast as its bytes arrive, so that a file that lies about
/// a size costs nothing. Time: what inflate takes (about 3 ns a byte). Safe to use from several threads.
/// Every failure is a bad_input of one line that begins with the path. Needs zlib (-lz).
///
///     const qvit::npz_file file("teacher.npz");
///     const qvit::npy_array logits = file.read("logits");   // logits.shape, logits.as<float>()
class npz_file {
  public:
    explicit npz_file(std::filesystem::path path) : archive_(std::move(path)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return archive_.path(); }

    /// The arrays' names, without ".npy", in the order of the file.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> list;
        for (const zip_entry& entry : archive_.entries()) {
            std::string_view name = entry.name;
            if (name.ends_with(".npy")) name.remove_suffix(4);
            list.emplace_back(name);
        }
        return list;
    }

    [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }

    /// Type and shape of an array, without reading its elements.
    [[nodiscard]] npy_header header(std::string_view name) const {
        zip_entry_reader reader(archive_, entry(name));
        return read_header(reader, origin(name));
    }

    /// The whole array.
    [[nodiscard]] npy_array read(std::string_view name) const {
        zip_entry_reader reader(archive_, entry(name));
        npy_header header = read_header(reader, origin(name));
        npy_array array{origin(name), std::move(header.dtype), std::move(header.shape), {}};
        try {
            for (std::size_t have = 0; have < header.bytes;) {
                const std::size_t part = std::min(header.bytes - have, std::max<std::size_t>(have, 16U << 20));
                array.bytes.resize(have + part);
                reader.read(std::span(array.bytes).subspan(have));
                have += part;
            }
        } catch (const std::bad_alloc&) {
            reader.fail("does not fit into memory (" + std::to_string(header.bytes) + " bytes)");
        }
        reader.finish();
        return array;
    }

    /// The file's path and the entry's name, as messages about an array begin.
    [[nodiscard]] std::string origin(std::string_view name) const {
        return printable(path().string()) + ": entry '" + printable(entry(name).name, 80) + "'";
    }

  private:
    [[nodiscard]] const zip_entry* find(std::string_view name) const {
        for (const std::string_view suffix : {".npy", ""})
            for (const zip_entry& entry : archive_.entries())
                if (entry.name.size() == name.size() + suffix.size() && entry.name.starts_with(name) &&
                    entry.name.ends_with(suffix))
                    return &entry;
        return nullptr;
    }

    [[nodiscard]] const zip_entry& entry(std::string_view name) const {
        if (const zip_entry* found = find(name)) return *found;
        std::string message = printable(path().string()) + ": has no array '" + printable(name, 80) + "', it has ";
        const std::vector<std::string> list = names();
        constexpr std::size_t shown = 12;
        for (std::size_t i = 0; i < std::min(list.size(), shown); ++i)
            message += (i == 0 ? "'" : ", '") + printable(list[i], 80) + "'";
        if (list.size() > shown) message += " and " + std::to_string(list.size() - shown) + " more";
        throw bad_input(list.empty() ? message + "none" : message);
    }

    /// Reads the magic, the format and the header, and leaves the reader at the first element.
    static npy_header read_header(zip_entry_reader& reader, const std::string& origin) {
        std::byte start[8];
        reader.read(start);
        constexpr unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
        for (std::size_t i = 0; i < 6; ++i)
            if (std::to_integer<unsigned char>(start[i]) != magic[i]) reader.fail("is not an .npy array");
        const auto format = std::to_integer<int>(start[6]);
        if (format < 1 || format > 3 || start[7] != std::byte{0})
            reader.fail("has .npy format " + std::to_string(format) + "." +
                        std::to_string(std::to_integer<int>(start[7])) + ", expected 1.0, 2.0 or 3.0");
        std::byte length[4] = {};
        reader.read(std::span(length).first(format == 1 ? 2 : 4));
        const auto text_bytes = detail::little_endian<std::uint32_t>(length, 0);
        if (text_bytes > 65536)
            reader.fail("has an .npy header of " + std::to_string(text_bytes) + " bytes, expected at most 65536");
        std::string text(text_bytes, '\0');
        reader.read(std::as_writable_bytes(std::span(text)));
        npy_header header = parse_npy_header(text, origin);
        if (header.bytes != reader.remaining())
            reader.fail("has " + std::to_string(reader.remaining()) + " bytes of data, its shape " +
                        shape_text(header.shape) + " of " + header.dtype + " needs " + std::to_string(header.bytes));
        return header;
    }

    zip_archive archive_;
};

}  // namespace qvit::inline QVIT_ABI
