// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stb/stb_image.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/byte_image.hpp>
#include <qvit/data/detail/check_jpeg.hpp>
#include <qvit/data/detail/check_png.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/resize_image.hpp>

namespace qvit::inline QVIT_ABI {

/// How an image that is not square becomes so: cut to the square in its middle, as MedMNIST's were, or squeezed.
enum class framing : std::uint8_t { crop, stretch };

/// Reads a PNG or JPEG file as grey (1 channel) or RGB (3): whatever is in it is converted; transparency is dropped.
///
/// 16 bits per channel become 8; the orientation in EXIF data is not applied. Cost: PNG about 20, JPEG about 5 ns per
/// pixel; memory: the file and twice the image. Every failure is a bad_input of one line that begins with the path: no
/// PNG or JPEG, cut off, damaged (in a PNG any changed byte; in a JPEG what breaks its structure), larger than
/// 16384 x 16384 pixels or a file of more than 256 MiB, which is found out before room is made.
/// Needs stb_image (-lstb, or one source file of yours that defines STB_IMAGE_IMPLEMENTATION).
///
///     const byte_image photograph = read_image("eye.jpg", 3);
[[nodiscard]] inline byte_image read_image(const std::filesystem::path& path, std::size_t channels) {
    constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
    input_file file(path);
    if (file.size() > most_bytes)
        file.fail("has " + std::to_string(file.size()) + " bytes, expected an image of at most 256 MiB");
    try {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size()));
        file.read_at(0, std::as_writable_bytes(std::span(bytes)));
        const auto& signature = detail::png_signature;
        if (bytes.size() >= signature.size() && std::equal(signature.begin(), signature.end(), bytes.begin()))
            detail::png_check(file, bytes).run();
        else if (bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff)
            detail::check_jpeg(file, bytes);
        else
            file.fail("is neither a PNG nor a JPEG image");

        const auto length = static_cast<int>(bytes.size());
        int width = 0, height = 0, found = 0;
        if (!stbi_info_from_memory(bytes.data(), length, &width, &height, &found))
            file.fail("is damaged: " + std::string(stbi_failure_reason()));
        detail::check_image_size(file, static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(width));
        const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
            stbi_load_from_memory(bytes.data(), length, &width, &height, &found, static_cast<int>(channels)),
            stbi_image_free);
        if (!pixels) file.fail("is damaged: " + std::string(stbi_failure_reason()));
        byte_image image{static_cast<std::size_t>(height), static_cast<std::size_t>(width), channels, {}};
        image.pixels.assign(pixels.get(), pixels.get() + image.height * image.width * channels);
        return image;
    } catch (const std::bad_alloc&) {
        file.fail("does not fit into memory");
    }
}

/// The same, made side x side pixels as a model wants it (see resize_image): side x side x channels bytes.
///
///     const auto pixels = read_image("eye.jpg", 28, 3);
[[nodiscard]] inline std::vector<std::uint8_t> read_image(const std::filesystem::path& path, std::size_t side,
                                                          std::size_t channels, framing frame = framing::crop) {
    const byte_image whole = read_image(path, channels);
    return resize_image(frame == framing::crop ? centre_square(whole) : whole, side, side).pixels;
}

}  // namespace qvit::inline QVIT_ABI
