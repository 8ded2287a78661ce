// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

// Writes .npz files byte by byte, right ones and wrong ones: bytes are kept in std::string.
namespace test_files {

template <class Word>
std::string little_endian(Word value) {
    std::string bytes;
    for (std::size_t i = 0; i < sizeof(Word); ++i)
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
    return bytes;
}

inline std::string deflated(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, content.size()) + 16, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// An entry, and what to write in place of the truth.
struct entry {
    std::string name, content;
    bool deflate = false;
    bool wide = false;  ///< sizes and offset in zip64 fields
    std::optional<std::uint64_t> claimed_bytes{};
    std::optional<std::uint64_t> claimed_compressed{};
    std::optional<std::uint32_t> claimed_crc{};
    std::optional<std::uint16_t> claimed_method{};
    std::uint16_t flags = 0;
    std::optional<std::string> local_name{};
    std::string trailer{};  ///< after the compressed data and counted with it
};

inline std::string zip(const std::vector<entry>& entries, bool wide_end = false, const std::string& comment = "") {
    std::string file, directory;
    for (const entry& e : entries) {
        const std::string data = (e.deflate ? deflated(e.content) : e.content) + e.trailer;
        const auto crc = e.claimed_crc.value_or(static_cast<std::uint32_t>(
            crc32(0, reinterpret_cast<const Bytef*>(e.content.data()), static_cast<uInt>(e.content.size()))));
        const std::uint64_t compressed = e.claimed_compressed.value_or(data.size());
        const std::uint64_t bytes = e.claimed_bytes.value_or(e.content.size());
        const std::uint64_t offset = file.size();
        const auto narrow = [&](std::uint64_t n) { return e.wide ? 0xffffffffU : static_cast<std::uint32_t>(n); };
        const std::uint16_t method = e.claimed_method.value_or(e.deflate ? 8 : 0);
        const auto common = [&](std::size_t name_bytes, std::size_t extra) {
            return little_endian<std::uint16_t>(e.wide ? 45 : 20) + little_endian(e.flags) + little_endian(method) +
                   little_endian<std::uint32_t>(0x00210000) + little_endian(crc) + little_endian(narrow(compressed)) +
                   little_endian(narrow(bytes)) + little_endian(static_cast<std::uint16_t>(name_bytes)) +
                   little_endian(static_cast<std::uint16_t>(extra));
        };
        const std::string sizes = little_endian(bytes) + little_endian(compressed);
        // An unrelated extra field stands first: the reader has to step over it.
        const std::string other = little_endian<std::uint16_t>(0x5455) + little_endian<std::uint16_t>(1) + "x";
        const std::string local =
            e.wide ? little_endian<std::uint16_t>(1) + little_endian<std::uint16_t>(16) + sizes : std::string();
        const std::string central = e.wide ? other + little_endian<std::uint16_t>(1) +
                                                 little_endian<std::uint16_t>(24) + sizes + little_endian(offset)
                                           : std::string();
        const std::string local_name = e.local_name.value_or(e.name);
        file += "PK\3\4" + common(local_name.size(), local.size()) + local_name + local + data;
        directory += "PK\1\2" + little_endian<std::uint16_t>(45) + common(e.name.size(), central.size()) +
                     std::string(10, '\0') + little_endian(narrow(offset)) + e.name + central;
    }
    const std::uint64_t start = file.size();
    file += directory;
    const auto count = static_cast<std::uint16_t>(entries.size());
    if (wide_end) {
        const std::uint64_t end = file.size();
        file += "PK\6\6" + little_endian<std::uint64_t>(44) + little_endian<std::uint16_t>(45) +
                little_endian<std::uint16_t>(45) + std::string(8, '\0') + little_endian<std::uint64_t>(count) +
                little_endian<std::uint64_t>(count) + little_endian<std::uint64_t>(directory.size()) +
                little_endian(start);
        file += "PK\6\7" + little_endian<std::uint32_t>(0) + little_endian(end) + little_endian<std::uint32_t>(1);
        file += std::string("PK\5\6\0\0\0\0", 8) + std::string(12, '\xff');
    } else {
        file += std::string("PK\5\6\0\0\0\0", 8) + little_endian(count) + little_endian(count) +
                little_endian(static_cast<std::uint32_t>(directory.size())) +
                little_endian(static_cast<std::uint32_t>(start));
    }
    return file + little_endian(static_cast<std::uint16_t>(comment.size())) + comment;
}

/// An .npy file with the header text given.
inline std::string npy_with_header(std::string header, const std::string& elements, int version = 1) {
    header += std::string(64 - (header.size() + (version == 1 ? 11 : 13)) % 64, ' ') + "\n";
    return "\x93NUMPY" + std::string{static_cast<char>(version), '\0'} +
           (version == 1 ? little_endian(static_cast<std::uint16_t>(header.size()))
                         : little_endian(static_cast<std::uint32_t>(header.size()))) +
           header + elements;
}

inline std::string npy(const std::string& dtype, const std::string& shape, const std::string& elements, int version = 1,
                       bool fortran = false) {
    return npy_with_header(
        "{'descr': '" + dtype + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }",
        elements, version);
}

template <class Element>
std::string bytes_of(const std::vector<Element>& elements) {
    return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(Element)};
}

/// A folder of its own that goes away with it.
class folder {
  public:
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "qvit_data_XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, const std::string& bytes) const {
        std::filesystem::remove(path_ / name);  // a file cut to nothing and written anew is flushed, which takes long
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

}  // namespace test_files
