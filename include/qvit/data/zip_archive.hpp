// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// One file in a zip archive as its central directory describes it; nothing here has been compared with the data yet.
struct zip_entry {
    std::string name;
    std::uint64_t compressed_bytes = 0;
    std::uint64_t bytes = 0;
    std::uint64_t header_offset = 0;
    std::uint32_t crc = 0;
    bool deflated = false;
};

namespace detail {
/// An unsigned little-endian number of sizeof(Word) bytes at `offset`; the caller has checked that they are there.
template <class Word>
[[nodiscard]] Word little_endian(std::span<const std::byte> bytes, std::size_t offset) {
    Word value = 0;
    for (std::size_t i = sizeof(Word); i-- > 0;)
        value = static_cast<Word>(static_cast<std::uint64_t>(value) << 8 | std::to_integer<Word>(bytes[offset + i]));
    return value;
}
}  // namespace detail

/// The list of contents of a zip archive, zip64 included; zip_entry_reader reads what it lists.
///
/// Takes stored and deflated entries on one volume, as Python's zipfile and numpy write them.
/// Cost: reads the last 64 KiB of the file and its central directory. Every failure is a bad_input that begins with
/// the path: not a zip archive, cut off, encrypted, another compression, two entries of one name, a size or offset
/// that does not fit into the file.
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3.
///
///     for (const qvit::zip_entry& entry : qvit::zip_archive("a.npz").entries()) ...
class zip_archive {
  public:
    explicit zip_archive(std::filesystem::path path) : path_(std::move(path)) {
        input_file file(path_);
        find_directory(file);
        read_directory(file);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// In the order of the central directory; names are unique.
    [[nodiscard]] const std::vector<zip_entry>& entries() const { return entries_; }
    /// Where the central directory begins: no entry's data reaches beyond it.
    [[nodiscard]] std::uint64_t directory_offset() const { return directory_offset_; }

  private:
    static constexpr std::uint32_t saturated_32 = 0xffffffff;
    static constexpr std::uint16_t saturated_16 = 0xffff;

    void find_directory(input_file& file) {
        using detail::little_endian;
        constexpr std::size_t end_bytes = 22;
        const auto tail_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), end_bytes + 0xffff));
        std::vector<std::byte> tail(tail_bytes);
        file.read_at(file.size() - tail_bytes, tail);
        for (std::size_t comment = 0; comment + end_bytes <= tail_bytes; ++comment) {
            const std::size_t at = tail_bytes - end_bytes - comment;
            if (little_endian<std::uint32_t>(tail, at) != 0x06054b50) continue;
            if (little_endian<std::uint16_t>(tail, at + 20) != comment) continue;
            const auto end = std::span<const std::byte>(tail).subspan(at, end_bytes);
            const std::uint64_t end_offset = file.size() - tail_bytes + at;
            const std::uint16_t disk = little_endian<std::uint16_t>(end, 4);
            count_ = little_endian<std::uint16_t>(end, 10);
            directory_bytes_ = little_endian<std::uint32_t>(end, 12);
            directory_offset_ = little_endian<std::uint32_t>(end, 16);
            if (count_ == saturated_16 || directory_bytes_ == saturated_32 || directory_offset_ == saturated_32)
                read_zip64_end(file, end_offset);
            else if (disk != 0)
                file.fail("is one volume of several, expected a zip archive in one file");
            if (directory_offset_ > end_offset || directory_bytes_ > end_offset - directory_offset_)
                file.fail("its zip directory (" + std::to_string(directory_bytes_) + " bytes at offset " +
                          std::to_string(directory_offset_) + ") does not fit into the file");
            return;
        }
        file.fail("is not a zip archive or is cut off (no end record in its last " + std::to_string(tail_bytes) +
                  " bytes)");
    }

    void read_zip64_end(input_file& file, std::uint64_t end_offset) {
        using detail::little_endian;
        std::byte locator[20];
        if (end_offset < sizeof locator) file.fail("its zip64 end locator is missing");
        file.read_at(end_offset - sizeof locator, locator);
        if (little_endian<std::uint32_t>(locator, 0) != 0x07064b50) file.fail("its zip64 end locator is missing");
        std::byte end[56];
        file.read_at(little_endian<std::uint64_t>(locator, 8), end);
        if (little_endian<std::uint32_t>(end, 0) != 0x06064b50) file.fail("its zip64 end record is missing");
        if (little_endian<std::uint32_t>(end, 16) != 0)
            file.fail("is one volume of several, expected a zip archive in one file");
        count_ = little_endian<std::uint64_t>(end, 32);
        directory_bytes_ = little_endian<std::uint64_t>(end, 40);
        directory_offset_ = little_endian<std::uint64_t>(end, 48);
    }

    void read_directory(input_file& file) {
        constexpr std::uint64_t limit = 64U << 20;  // a million entries: no .npz comes near
        if (directory_bytes_ > limit) file.fail("its zip directory is larger than 64 MiB");
        constexpr std::size_t fixed = 46;
        if (count_ > directory_bytes_ / fixed)
            file.fail("its zip directory of " + std::to_string(directory_bytes_) + " bytes cannot list " +
                      std::to_string(count_) + " entries");
        std::vector<std::byte> directory(static_cast<std::size_t>(directory_bytes_));
        file.read_at(directory_offset_, directory);
        std::span<const std::byte> rest(directory);
        for (std::uint64_t i = 0; i < count_; ++i) {
            if (rest.size() < fixed || detail::little_endian<std::uint32_t>(rest, 0) != 0x02014b50)
                file.fail("its zip directory is damaged at entry " + std::to_string(i));
            const std::size_t name = detail::little_endian<std::uint16_t>(rest, 28);
            const std::size_t extra = detail::little_endian<std::uint16_t>(rest, 30);
            const std::size_t comment = detail::little_endian<std::uint16_t>(rest, 32);
            if (rest.size() - fixed < name + extra + comment)
                file.fail("its zip directory is damaged at entry " + std::to_string(i));
            entries_.push_back(read_entry(file, rest.first(fixed + name + extra), name));
            rest = rest.subspan(fixed + name + extra + comment);
        }
        if (!rest.empty()) file.fail("its zip directory has bytes after the last entry");
        std::vector<std::string_view> names(entries_.size());
        std::transform(entries_.begin(), entries_.end(), names.begin(),
                       [](const zip_entry& e) -> std::string_view { return e.name; });
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) file.fail("has two entries named '" + printable(*twice, 80) + "'");
    }

    static zip_entry read_entry(input_file& file, std::span<const std::byte> record, std::size_t name_bytes) {
        using detail::little_endian;
        zip_entry entry;
        // char may alias std::byte
        entry.name.assign(reinterpret_cast<const char*>(record.data()) + 46, name_bytes);
        const std::string shown = "entry '" + printable(entry.name, 80) + "' ";
        const auto method = little_endian<std::uint16_t>(record, 10);
        if (little_endian<std::uint16_t>(record, 8) & 1U) file.fail(shown + "is encrypted");
        if (method != 0 && method != 8)
            file.fail(shown + "has zip compression method " + std::to_string(method) +
                      ", expected 0 (stored) or 8 (deflated)");
        entry.deflated = method == 8;
        entry.crc = little_endian<std::uint32_t>(record, 16);
        entry.compressed_bytes = little_endian<std::uint32_t>(record, 20);
        entry.bytes = little_endian<std::uint32_t>(record, 24);
        entry.header_offset = little_endian<std::uint32_t>(record, 42);
        // The zip64 field holds, in this order, only those numbers that did not fit.
        std::span<const std::byte> wide = zip64_field(record.subspan(46 + name_bytes));
        for (std::uint64_t* number : {&entry.bytes, &entry.compressed_bytes, &entry.header_offset}) {
            if (*number != saturated_32) continue;
            if (wide.size() < 8) file.fail(shown + "lacks its zip64 sizes");
            *number = little_endian<std::uint64_t>(wide, 0);
            wide = wide.subspan(8);
        }
        if (!entry.deflated && entry.bytes != entry.compressed_bytes)
            file.fail(shown + "is stored, but declares " + std::to_string(entry.bytes) + " bytes in " +
                      std::to_string(entry.compressed_bytes));
        return entry;
    }

    static std::span<const std::byte> zip64_field(std::span<const std::byte> extra) {
        while (extra.size() >= 4) {
            const std::size_t bytes = detail::little_endian<std::uint16_t>(extra, 2);
            if (bytes > extra.size() - 4) break;
            if (detail::little_endian<std::uint16_t>(extra, 0) == 1) return extra.subspan(4, bytes);
            extra = extra.subspan(4 + bytes);
        }
        return {};
    }

    std::filesystem::path path_;
    std::vector<zip_entry> entries_;
    std::uint64_t count_ = 0, directory_bytes_ = 0, directory_offset_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
