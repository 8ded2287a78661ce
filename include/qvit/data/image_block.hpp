// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// The eight symmetries of a square: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 exchanges rows and columns.
inline constexpr std::size_t orientation_count = 8;

/// Index of the byte that orientation `o` of an image shows where the upright one shows byte `index`.
constexpr std::size_t oriented_index(std::size_t index, std::size_t side, std::size_t channels, std::size_t o) {
    const std::size_t channel = index % channels;
    std::size_t column = index / channels % side;
    std::size_t row = index / channels / side;
    if (o & 1) column = side - 1 - column;
    if (o & 2) row = side - 1 - row;
    return (o & 4 ? column * side + row : row * side + column) * channels + channel;
}

/// A split's images with their bytes in the order a model reads them (see patch_order), ready to be put on lanes.
///
/// Memory: one byte per pixel, and as much again for the upright copy. Images must be square.
class ordered_images {
  public:
    ordered_images(const image_split& split, std::size_t side, std::size_t channels,
                   std::span<const std::uint32_t> order)
        : split_(&split), image_bytes_(side * side * channels), length_(order.size()) {
        for (std::size_t o = 0; o < orientation_count; ++o)
            for (std::size_t k = 0; k < length_; ++k)
                orders_.push_back(static_cast<std::uint32_t>(oriented_index(order[k], side, channels, o)));
        upright_.resize(split.count() * length_ + padding);
        for (std::size_t i = 0; i < split.count(); ++i)
            for (std::size_t k = 0; k < length_; ++k)
                upright_[i * length_ + k] = split.pixels[i * image_bytes_ + orders_[k]];
    }

    std::size_t count() const { return split_->count(); }
    std::size_t label(std::size_t image) const { return split_->labels[image]; }
    const image_split& split() const { return *split_; }

    /// Writes `length` lanes: lane l holds image chosen[l] turned by turns[l] (no turns: upright), each byte b as
    /// (b / 255 - 0.5) / 0.5; lanes beyond chosen.size() are -1. About one store per entry of the model's input.
    template <class S>
    void load(std::span<const std::uint32_t> chosen, std::span<const std::uint8_t> turns, S* lanes_out) const {
        using R = real_of<S>;
        constexpr std::size_t width = lane_count<S>;
        std::array<const std::uint8_t*, width> row{};
        thread_local std::vector<std::uint8_t> turned;
        turned.resize((width + 1) * (length_ + padding));
        std::fill_n(turned.data() + width * (length_ + padding), length_ + padding, std::uint8_t{0});
        for (std::size_t lane = 0; lane < width; ++lane) {
            std::uint8_t* const scratch = turned.data() + lane * (length_ + padding);
            if (lane >= chosen.size()) {
                row[lane] = turned.data() + width * (length_ + padding);  // zeros
            } else if (turns.empty() || turns[lane] == 0) {
                row[lane] = upright_.data() + chosen[lane] * length_;
            } else {
                const std::uint32_t* const order = orders_.data() + turns[lane] * length_;
                const std::uint8_t* const pixels = split_->pixels.data() + chosen[lane] * image_bytes_;
                for (std::size_t k = 0; k < length_; ++k) scratch[k] = pixels[order[k]];
                row[lane] = scratch;
            }
        }
        // Four bytes of every lane at a time; the shifts and conversions below are one vector instruction each.
        R* out = reinterpret_cast<R*>(lanes_out);
        for (std::size_t k = 0; k < length_; k += 4) {
            std::array<std::uint32_t, width> word;
            for (std::size_t lane = 0; lane < width; ++lane) std::memcpy(&word[lane], row[lane] + k, 4);
            for (std::size_t byte = 0; byte < 4 && k + byte < length_; ++byte)
                for (std::size_t lane = 0; lane < width; ++lane)
                    out[(k + byte) * width + lane] =
                        static_cast<R>(static_cast<std::int32_t>((word[lane] >> (8 * byte)) & 0xff)) * R(2.0 / 255) -
                        R(1);
        }
    }

  private:
    static constexpr std::size_t padding = 4;  // a load of four bytes may reach past the last image
    const image_split* split_;
    std::size_t image_bytes_;
    std::size_t length_;
    std::vector<std::uint32_t> orders_;
    std::vector<std::uint8_t> upright_;
};

}  // namespace qvit::inline QVIT_ABI
