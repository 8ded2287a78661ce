// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <png.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include <qvit/core/config.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/rgb_image.hpp>

namespace qvit::inline QVIT_ABI {

/// An image as the bytes of a PNG file, 8 bits per colour.
///
/// Cost: libpng's. Fails: std::invalid_argument for an image without pixels or one that libpng refuses (its message).
///
///     std::string bytes = qvit::png_bytes(image);
[[nodiscard]] inline std::string png_bytes(const rgb_image& image) {
    static_assert(sizeof(rgb) == 3, "libpng reads pixels as three bytes each");
    if (image.pixels.empty() || image.pixels.size() != image.width * image.height)
        throw std::invalid_argument("png_bytes: expected pixels, width x height of them");
    png_image control{};
    control.version = PNG_IMAGE_VERSION;
    control.width = static_cast<png_uint_32>(image.width);
    control.height = static_cast<png_uint_32>(image.height);
    control.format = PNG_FORMAT_RGB;
    std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(control), '\0');
    png_alloc_size_t size = bytes.size();
    if (!png_image_write_to_memory(&control, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr))
        throw std::invalid_argument(std::string("png_bytes: ") + control.message);
    bytes.resize(size);
    return bytes;
}

/// Writes an image as a PNG file, whole or not at all (atomic_file).
///
///     qvit::write_png("roc.png", qvit::rasterized(qvit::roc_plot(curves)));
inline void write_png(const std::filesystem::path& path, const rgb_image& image) { write_file(path, png_bytes(image)); }

}  // namespace qvit::inline QVIT_ABI
