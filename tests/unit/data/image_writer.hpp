// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stb/stb_image_write.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// PNG and JPEG files as strings of bytes, right ones and wrong ones.
namespace test_files {

/// Row-major bytes of an image without a pattern that repeats.
inline std::vector<std::uint8_t> some_pixels(std::size_t height, std::size_t width, std::size_t channels) {
    std::vector<std::uint8_t> pixels(height * width * channels);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * i * 7 + i / 5 * 31);
    return pixels;
}

inline void append(void* file, void* bytes, int count) {
    static_cast<std::string*>(file)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

inline std::string png(std::size_t height, std::size_t width, std::size_t channels,
                       const std::vector<std::uint8_t>& pixels) {
    std::string file;
    stbi_write_png_to_func(append, &file, static_cast<int>(width), static_cast<int>(height), static_cast<int>(channels),
                           pixels.data(), static_cast<int>(width * channels));
    return file;
}

inline std::string jpeg(std::size_t height, std::size_t width, std::size_t channels,
                        const std::vector<std::uint8_t>& pixels, int quality = 95) {
    std::string file;
    stbi_write_jpg_to_func(append, &file, static_cast<int>(width), static_cast<int>(height), static_cast<int>(channels),
                           pixels.data(), quality);
    return file;
}

inline std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16 & 0xff), static_cast<char>(value >> 8 & 0xff),
            static_cast<char>(value & 0xff)};
}

/// A PNG of these chunks, each with its right length and checksum.
inline std::string png_of(const std::vector<std::pair<std::string, std::string>>& chunks) {
    std::string file = "\x89PNG\r\n\x1a\n";
    for (const auto& [name, content] : chunks) {
        const std::string both = name + content;
        file += big_endian(static_cast<std::uint32_t>(content.size())) + both +
                big_endian(static_cast<std::uint32_t>(
                    crc32(0, reinterpret_cast<const Bytef*>(both.data()), static_cast<uInt>(both.size()))));
    }
    return file;
}

/// The 13 bytes of IHDR: 8 bits, colour type 0 (grey) or 2 (RGB).
inline std::string png_header(std::uint32_t width, std::uint32_t height, char colour_type = 0) {
    return big_endian(width) + big_endian(height) + std::string{8, colour_type, 0, 0, 0};
}

/// A zlib stream of `content`.
inline std::string zlib_stream(const std::string& content) {
    uLongf bytes = compressBound(static_cast<uLong>(content.size()));
    std::string out(bytes, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &bytes, reinterpret_cast<const Bytef*>(content.data()),
             static_cast<uLong>(content.size()));
    out.resize(bytes);
    return out;
}

}  // namespace test_files
