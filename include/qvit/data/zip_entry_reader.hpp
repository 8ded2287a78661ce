// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/zip_archive.hpp>

namespace qvit::inline QVIT_ABI {

/// The bytes of one zip entry, in order, as many at a time as the caller has room for.
///
/// Allocates 64 KiB whatever the entry declares: the caller looks at the first bytes before making room for the rest.
/// Cost: one read, one inflate and one CRC of each byte. Every failure is a bad_input "<path>: entry '<name>' ...":
/// cut off or damaged data, more or fewer bytes than declared, a size that deflate cannot reach, a wrong CRC-32.
///
///     qvit::zip_entry_reader reader(archive, archive.entries().front());
///     reader.read(header);   // any number of times
///     reader.read(rest);
///     reader.finish();       // all was read and the checksum holds
class zip_entry_reader {
  public:
    zip_entry_reader(const zip_archive& archive, const zip_entry& entry) : file_(archive.path()), entry_(entry) {
        constexpr std::size_t fixed = 30;
        std::byte header[fixed];
        file_.read_at(entry.header_offset, header);
        if (detail::little_endian<std::uint32_t>(header, 0) != 0x04034b50) fail("has no local header");
        const std::size_t name = detail::little_endian<std::uint16_t>(header, 26);
        std::string found(name, '\0');
        file_.read_at(entry.header_offset + fixed, std::as_writable_bytes(std::span(found)));
        if (found != entry.name) fail("has another name in its local header: '" + printable(found, 80) + "'");
        input_offset_ = entry.header_offset + fixed + name + detail::little_endian<std::uint16_t>(header, 28);
        input_left_ = entry.compressed_bytes;
        const std::uint64_t end = archive.directory_offset();
        if (input_offset_ > end || input_left_ > end - input_offset_)
            fail("declares " + std::to_string(input_left_) + " bytes, more than the file holds");
        if (!entry.deflated) return;
        // Deflate makes at most 258 bytes of 2 bits.
        if (entry.bytes / 1032 > entry.compressed_bytes)
            fail("declares " + std::to_string(entry.bytes) + " bytes, more than " +
                 std::to_string(entry.compressed_bytes) + " deflated bytes can hold");
        if (inflateInit2(&zlib_, -MAX_WBITS) != Z_OK) fail("cannot be inflated: zlib has no memory");
    }
    ~zip_entry_reader() {
        if (entry_.deflated) inflateEnd(&zlib_);
    }
    zip_entry_reader(const zip_entry_reader&) = delete;  // zlib's state points back at zlib_
    zip_entry_reader& operator=(const zip_entry_reader&) = delete;

    /// Bytes that the entry declares and that have not been read.
    [[nodiscard]] std::uint64_t remaining() const { return entry_.bytes - delivered_; }

    /// Fills `out` with the next bytes.
    void read(std::span<std::byte> out) {
        if (out.size() > remaining())
            fail("is cut off: " + std::to_string(delivered_ + out.size()) + " bytes expected, it has " +
                 std::to_string(entry_.bytes));
        if (entry_.deflated) {
            inflate_into(out);
        } else {
            file_.read_at(input_offset_, out);
            input_offset_ += out.size();
        }
        crc_ = crc32_z(crc_, as_zlib(out.data()), out.size());
        delivered_ += out.size();
    }

    /// Checks that every byte was read, that no data is left over and that the CRC-32 is the declared one.
    void finish() {
        if (remaining() != 0) fail("has " + std::to_string(remaining()) + " bytes too many");
        if (entry_.deflated) {
            std::byte one_more[1];
            if (!ended_ && inflate_some(one_more) != 0) fail("inflates to more bytes than it declares");
            if (zlib_.avail_in != 0 || input_left_ != 0) fail("has bytes after its deflated data");
        }
        if (static_cast<std::uint32_t>(crc_) != entry_.crc) fail("is damaged: its CRC-32 does not match");
    }

    /// Throws bad_input("<path>: entry '<name>' <message>").
    [[noreturn]] void fail(std::string_view message) const {
        file_.fail("entry '" + printable(entry_.name, 80) + "' " + std::string(message));
    }

  private:
    static Bytef* as_zlib(std::byte* bytes) { return reinterpret_cast<Bytef*>(bytes); }  // unsigned char may alias

    void inflate_into(std::span<std::byte> out) {
        while (!out.empty()) {
            const std::size_t made = inflate_some(out);
            if (made == 0) fail("inflates to fewer bytes than it declares");
            out = out.subspan(made);
        }
    }

    /// Inflates at least one byte, at most out.size(); 0 only at the end of the deflated data.
    std::size_t inflate_some(std::span<std::byte> out) {
        while (!ended_) {
            if (zlib_.avail_in == 0 && input_left_ != 0) {
                const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(input_.size(), input_left_));
                file_.read_at(input_offset_, std::span(input_).first(wanted));
                input_offset_ += wanted;
                input_left_ -= wanted;
                zlib_.next_in = as_zlib(input_.data());
                zlib_.avail_in = static_cast<uInt>(wanted);
            }
            const auto room = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30));
            zlib_.next_out = as_zlib(out.data());
            zlib_.avail_out = room;
            const int status = inflate(&zlib_, Z_NO_FLUSH);
            const std::size_t made = room - zlib_.avail_out;
            if (status == Z_STREAM_END)
                ended_ = true;
            else if (status != Z_OK && status != Z_BUF_ERROR)
                fail("has damaged deflated data" + (zlib_.msg ? ": " + std::string(zlib_.msg) : std::string()));
            if (made != 0) return made;
            if (!ended_ && zlib_.avail_in == 0 && input_left_ == 0) fail("has deflated data that is cut off");
        }
        return 0;
    }

    input_file file_;
    zip_entry entry_;
    z_stream zlib_{};
    std::array<std::byte, 65536> input_;
    std::uint64_t input_offset_ = 0, input_left_ = 0, delivered_ = 0;
    uLong crc_ = 0;
    bool ended_ = false;
};

}  // namespace qvit::inline QVIT_ABI
