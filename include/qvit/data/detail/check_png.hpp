// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/data/detail/image_size.hpp>
#include <qvit/data/input_file.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline constexpr std::array<std::uint8_t, 8> png_signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/// What the decoder does not look at: that every chunk is whole and has its checksum, that the file ends with IEND, and
/// that the pixels inflate to what the header says before anybody makes room for them. Bytes begin with the signature.
/// Source: PNG specification (ISO/IEC 15948), sections 5 and 11.2.
class png_check {
  public:
    png_check(const input_file& file, std::span<const std::uint8_t> bytes) : file_(file), rest_(bytes.subspan(8)) {
        if (inflateInit(&zlib_) != Z_OK) file_.fail("cannot be inflated: zlib has no memory");
    }
    ~png_check() { inflateEnd(&zlib_); }
    png_check(const png_check&) = delete;
    png_check& operator=(const png_check&) = delete;

    void run() {
        for (bool first = true;; first = false) {
            if (rest_.size() < 12) file_.fail("is cut off: a PNG image that does not end with IEND");
            const std::size_t length = word(rest_, 0);
            if (length > rest_.size() - 12) file_.fail("is cut off within a chunk of its PNG image");
            const std::string_view name(reinterpret_cast<const char*>(rest_.data()) + 4, 4);  // char may alias
            const auto content = rest_.subspan(8, length);
            if (crc32_z(0, rest_.data() + 4, length + 4) != word(rest_, 8 + length))
                file_.fail("is damaged: the checksum of a chunk of its PNG image does not match");
            if (first != (name == "IHDR")) file_.fail("is damaged: a PNG image begins with one IHDR chunk");
            if (name == "IHDR") read_header(content);
            if (name == "IDAT") inflate_part(content);
            rest_ = rest_.subspan(12 + length);
            if (name == "IEND") break;
        }
        if (!ended_) file_.fail("is damaged: the pixels of its PNG image do not end");
        if (made_ < least_) file_.fail("is damaged: its PNG image inflates to less than its size says");
    }

  private:
    static std::uint32_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
        return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
               bytes[at + 3];
    }

    void read_header(std::span<const std::uint8_t> header) {
        if (header.size() != 13) file_.fail("is damaged: the header of its PNG image is not 13 bytes long");
        const std::uint64_t width = word(header, 0), height = word(header, 4);
        check_image_size(file_, height, width);
        // Pixels of at least 1 bit, at most 4 x 16; an interlaced image has up to 7 filter bytes where another has one.
        least_ = height * width / 8;
        most_ = height * (width * 8 + 7) + 64;
    }

    void inflate_part(std::span<const std::uint8_t> content) {
        std::array<std::uint8_t, 16384> sink;
        zlib_.next_in = const_cast<Bytef*>(content.data());  // zlib does not write there
        zlib_.avail_in = static_cast<uInt>(content.size());
        while (zlib_.avail_in > 0 && !ended_) {
            zlib_.next_out = sink.data();
            zlib_.avail_out = static_cast<uInt>(sink.size());
            const int status = inflate(&zlib_, Z_NO_FLUSH);
            ended_ = status == Z_STREAM_END;
            if (!ended_ && status != Z_OK)
                file_.fail("is damaged: the pixels of its PNG image cannot be inflated" +
                           (zlib_.msg ? ": " + std::string(zlib_.msg) : std::string()));
            made_ += sink.size() - zlib_.avail_out;
            if (made_ > most_) file_.fail("is damaged: its PNG image inflates to more than its size says");
        }
    }

    const input_file& file_;
    std::span<const std::uint8_t> rest_;
    z_stream zlib_{};
    std::uint64_t least_ = 0, most_ = 0, made_ = 0;
    bool ended_ = false;
};
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
