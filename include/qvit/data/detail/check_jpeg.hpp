// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <qvit/data/detail/image_size.hpp>
#include <qvit/data/input_file.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// What the decoder does not look at: that every segment is whole and that the image ends; it would fill the missing
/// part with grey. Bytes begin with the marker SOI. Source: ITU-T T.81, annex B.
inline void check_jpeg(const input_file& file, std::span<const std::uint8_t> bytes) {
    const auto cut = [&] { file.fail("is cut off: a JPEG image that does not end with its end marker"); };
    std::size_t at = 2;
    for (;;) {
        if (at >= bytes.size()) cut();
        if (bytes[at] != 0xff)
            file.fail("is damaged: expected a marker in its JPEG image at byte " + std::to_string(at));
        while (at < bytes.size() && bytes[at] == 0xff) ++at;
        if (at >= bytes.size()) cut();
        const unsigned marker = bytes[at++];
        if (marker == 0xd9) return;                                          // EOI
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;  // no content
        if (bytes.size() - at < 2) cut();
        const std::size_t length = std::size_t{bytes[at]} << 8 | bytes[at + 1];
        if (length < 2) file.fail("is damaged: a segment of its JPEG image is shorter than its length");
        if (length > bytes.size() - at) cut();
        const auto number = [&](std::size_t i) { return std::uint64_t{bytes[at + i]} << 8 | bytes[at + i + 1]; };
        if (marker >= 0xc0 && marker <= 0xc2 && length >= 7) {  // SOF
            const std::uint64_t height = number(3), width = number(5);
            check_image_size(file, height, width);
            // Every 8 x 8 pixels of a component take at least one bit.
            if (height * width / 512 > bytes.size())
                file.fail("is damaged: a JPEG image of " + std::to_string(width) + " x " + std::to_string(height) +
                          " pixels takes more than its " + std::to_string(bytes.size()) + " bytes");
        }
        at += length;
        if (marker != 0xda) continue;
        // After SOS: coded pixels up to the next marker; 0xff 0x00 is a byte of them, RST stands between them.
        while (at + 1 < bytes.size() &&
               (bytes[at] != 0xff || bytes[at + 1] == 0 || (bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7)))
            ++at;
        if (at + 1 >= bytes.size()) cut();
    }
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
