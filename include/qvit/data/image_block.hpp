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
#include <qvit/data/image_view.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/data/show_image.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/vit/patch_order.hpp>

namespace qvit::inline QVIT_ABI {

/// A split's images with their bytes in the order a model reads them (see patch_order), ready to be put on lanes.
///
/// Entries that are `outside_image` in the order are 0, whatever the view and the normalisation.
/// Memory: one byte per pixel, and one per entry of the order. Images must be square, of 1 or 3 channels. The
/// split must live as long.
///
///     const ordered_images train(set.train, set.height, set.channels, patch_order(model.config));
class ordered_images {
  public:
    ordered_images(const image_split& split, std::size_t side, std::size_t channels,
                   std::span<const std::uint32_t> order, const normalisation& norm = {})
        : split_(&split),
          side_(side),
          channels_(channels),
          image_bytes_(side * side * channels),
          length_(order.size()),
          norm_(norm) {
        const auto entry = [&](std::size_t k) { return order[k] == outside_image ? 0 : order[k]; };
        for (std::size_t o = 0; o < orientation_count; ++o)
            for (std::size_t k = 0; k < length_; ++k)
                orders_.push_back(static_cast<std::uint32_t>(oriented_index(entry(k), side, channels, o)));
        for (std::size_t k = 0; k < length_; ++k) {
            channel_.push_back(static_cast<std::uint8_t>(entry(k) % channels));
            if (order[k] == outside_image) outside_.push_back(static_cast<std::uint32_t>(k));
        }
        upright_.resize(split.count() * length_ + padding);
        for (std::size_t i = 0; i < split.count(); ++i)
            for (std::size_t k = 0; k < length_; ++k)
                upright_[i * length_ + k] = split.pixels[i * image_bytes_ + orders_[k]];
    }

    std::size_t count() const { return split_->count(); }
    std::size_t side() const { return side_; }
    const image_split& split() const { return *split_; }

    /// What a model should answer for class k: 1 where the image has that label, else 0; for a mixed view the mean of
    /// both images' targets, weighted by their shares.
    double target(std::size_t image, std::size_t k, const image_view& view = {}) const {
        const double own = split_->has_label(image, k);
        if (view.share == 1) return own;
        const auto share = static_cast<double>(view.share);
        return share * own + (1 - share) * static_cast<double>(split_->has_label(view.partner, k));
    }

    /// Writes `length` lanes: lane l holds image chosen[l] as views[l] shows it (no views: as it is), each byte as
    /// the normalisation says; lanes beyond chosen.size() are black.
    ///
    /// Views that only turn move bytes, about one store per entry of the model's input. Where a block has any other
    /// view, its images are made one by one in float by show_image. An image gives the same numbers beside any others.
    template <class S>
    void load(std::span<const std::uint32_t> chosen, std::span<const image_view> views, S* lanes_out) const {
        using R = real_of<S>;
        R* const out = reinterpret_cast<R*>(lanes_out);
        if (std::all_of(views.begin(), views.end(), [](const image_view& view) { return view.only_turns(); }))
            load_bytes<R, lane_count<S>>(chosen, views, out);
        else
            load_shown<R, lane_count<S>>(chosen, views, out);
        for (const std::uint32_t k : outside_) std::fill_n(out + k * lane_count<S>, lane_count<S>, R(0));
    }

  private:
    /// The normalisation as a multiplication and an addition per channel.
    template <class R>
    struct linear_map {
        std::array<R, 3> factor, offset;
        explicit linear_map(const normalisation& norm) {
            for (std::size_t k = 0; k < 3; ++k) {
                factor[k] = static_cast<R>(1 / (255 * norm.deviation[k]));
                offset[k] = static_cast<R>(-norm.mean[k] / norm.deviation[k]);
            }
        }
    };

    template <class R, std::size_t Width>
    void load_bytes(std::span<const std::uint32_t> chosen, std::span<const image_view> views, R* out) const {
        std::array<const std::uint8_t*, Width> row{};
        thread_local std::vector<std::uint8_t> turned;
        turned.resize((Width + 1) * (length_ + padding));
        std::fill_n(turned.data() + Width * (length_ + padding), length_ + padding, std::uint8_t{0});
        for (std::size_t lane = 0; lane < Width; ++lane) {
            std::uint8_t* const scratch = turned.data() + lane * (length_ + padding);
            if (lane >= chosen.size()) {
                row[lane] = turned.data() + Width * (length_ + padding);  // zeros
            } else if (views.empty() || views[lane].orientation == 0) {
                row[lane] = upright_.data() + chosen[lane] * length_;
            } else {
                const std::uint32_t* const order = orders_.data() + views[lane].orientation * length_;
                const std::uint8_t* const pixels = bytes_of(chosen[lane]).data();
                for (std::size_t k = 0; k < length_; ++k) scratch[k] = pixels[order[k]];
                row[lane] = scratch;
            }
        }
        // Four bytes of every lane at a time; the shifts and conversions below are one vector instruction each.
        const linear_map<R> map(norm_);
        for (std::size_t k = 0; k < length_; k += 4) {
            std::array<std::uint32_t, Width> word;
            for (std::size_t lane = 0; lane < Width; ++lane) std::memcpy(&word[lane], row[lane] + k, 4);
            for (std::size_t byte = 0; byte < 4 && k + byte < length_; ++byte) {
                const R factor = map.factor[channel_[k + byte]], offset = map.offset[channel_[k + byte]];
                for (std::size_t lane = 0; lane < Width; ++lane)
                    out[(k + byte) * Width + lane] =
                        static_cast<R>(static_cast<std::int32_t>((word[lane] >> (8 * byte)) & 0xff)) * factor + offset;
            }
        }
    }

    template <class R, std::size_t Width>
    void load_shown(std::span<const std::uint32_t> chosen, std::span<const image_view> views, R* out) const {
        thread_local std::vector<float> room;
        room.resize((Width + 1) * image_bytes_);
        const std::span<float> scratch(room.data() + Width * image_bytes_, image_bytes_);
        for (std::size_t lane = 0; lane < Width; ++lane) {
            const std::span<float> shown(room.data() + lane * image_bytes_, image_bytes_);
            if (lane < chosen.size())
                show_image(bytes_of(chosen[lane]), bytes_of(views[lane].partner), side_, channels_, views[lane], norm_,
                           scratch, shown);
            else
                std::fill(shown.begin(), shown.end(), 0.0f);
        }
        const linear_map<R> map(norm_);
        for (std::size_t k = 0; k < length_; ++k) {
            const float* const entry = room.data() + orders_[k];
            const R factor = map.factor[channel_[k]], offset = map.offset[channel_[k]];
            for (std::size_t lane = 0; lane < Width; ++lane)
                out[k * Width + lane] = static_cast<R>(entry[lane * image_bytes_]) * factor + offset;
        }
    }

    std::span<const std::uint8_t> bytes_of(std::size_t image) const {
        return std::span(split_->pixels).subspan(image * image_bytes_, image_bytes_);
    }

    static constexpr std::size_t padding = 4;  // a load of four bytes may reach past the last image
    const image_split* split_;
    std::size_t side_, channels_, image_bytes_, length_;
    normalisation norm_;
    std::vector<std::uint32_t> orders_;
    std::vector<std::uint32_t> outside_;  // entries of the order that are no pixels
    std::vector<std::uint8_t> channel_;
    std::vector<std::uint8_t> upright_;
};

}  // namespace qvit::inline QVIT_ABI
