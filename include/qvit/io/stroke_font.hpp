// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/utf8.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
// A letter is strokes of a pen; a stroke is points "xy", digits of base 36, joined by lines. "~" marks a control point
// of a quadratic curve, with the point halfway between two of them on the curve, as in TrueType. The baseline is y = 4,
// small letters reach e, capitals i, descenders 0; 20 units are the size of the font.
inline constexpr double font_units = 20, font_baseline = 4, font_spacing = 3.5, font_blank = 4;
inline constexpr std::array<std::string_view, 95> font_letters = {
    "", "0i 08|04 05 15 14 04", "0i 0e|4i 4e", "3i 14|8i 64|1e 9e|08 88",
    "7g ~7i 4i ~0i ~0b 4b ~8b ~84 44 ~04 06|4k 42", "0g ~0i ~4i ~4e ~0e 0g|86 ~88 ~c8 ~c4 ~84 86|ai 24",
    "b4 3e ~2f 2g ~2i 5i ~7i 7g ~7e 4c ~0a 08 ~04 44 ~84 aa", "0i 0e", "3k ~0g 0a ~04 30", "0k ~3g 3a ~34 00",
    "3i 3a|0g 6c|6g 0c", "4f 47|0b 8b", "15 14 01", "0a 5a", "04 05 15 14 04", "02 6k",
    // 0 to 9
    "0b ~0i ~8i ~84 ~04 0b", "1f 5i 54", "0e ~0i 4i ~8i 8e ~8b 04 84",
    "0g ~1i 4i ~7i 7f ~7c 4c|3c 4c ~8c 88 ~84 44 ~14 06", "64 6i 08 88", "7i 1i 1b ~2d 4d ~8d 88 ~84 44 ~14 06",
    "7g ~6i 4i ~0i 08 ~04 44 ~84 88 ~8d 4d ~0d 08", "0i 8i 34",
    "4c ~1c 1f ~1i 4i ~7i 7f ~7c 4c ~0c 08 ~04 44 ~84 88 ~8c 4c", "16 ~24 44 ~84 8e ~8i 4i ~0i 0e ~09 49 ~89 8e",
    "04 05 15 14 04|0c 0d 1d 1c 0c", "15 14 01|0c 0d 1d 1c 0c", "8f 0b 87", "0d 8d|09 89", "0f 8b 07",
    "0f ~0i 4i ~8i 8f ~8c 5b ~4a 48|44 45 55 54 44",
    "9b ~9f ~3f ~37 ~97 9b|9f 99 ~97 b7 ~d7 db ~di 6i ~0i 0b ~02 62 92",
    // A to Z
    "04 5i a4|29 89", "0b 5b ~9b 9e ~9i 5i 0i 04 54 ~a4 a8 ~ab 5b", "af ~9i 5i ~0i 0b ~04 54 ~94 a7",
    "04 0i 4i ~ai ab ~a4 44 04", "9i 0i 04 94|0b 8b", "9i 0i 04|0b 7b", "af ~9i 5i ~0i 0b ~04 64 ~94 a7 ab 6b",
    "0i 04|ai a4|0b ab", "0i 04", "6i 68 ~64 34 ~04 07", "0i 04|9i 0a|3d a4", "0i 04 84", "04 0i 69 ci c4",
    "04 0i a4 ai", "0b ~0i ~bi ~b4 ~04 0b", "04 0i 5i ~9i 9e ~9a 5a 0a", "0b ~0i ~bi ~b4 ~04 0b|78 b3",
    "04 0i 5i ~9i 9e ~9a 5a 0a|5a a4", "9f ~8i 5i ~0i ~0b 5b ~ab ~a4 54 ~14 07", "0i ai|5i 54",
    "0i 08 ~04 54 ~a4 a8 ai", "0i 54 ai", "0i 44 8i c4 gi", "0i a4|ai 04", "0i 5b ai|5b 54", "0i ai 04 a4",
    "3k 0k 00 30", "0k 62", "0k 3k 30 00", "0e 4i 8e", "01 a1", "0i 2f",
    // a to z
    "8e 84|89 ~8e ~0e ~04 ~84 89", "0i 04|09 ~0e ~8e ~84 ~04 09", "7c ~6e 4e ~0e 09 ~04 44 ~64 76",
    "8i 84|89 ~8e ~0e ~04 ~84 89", "09 89 ~8e 4e ~0e 09 ~04 44 ~74 86", "5i ~2i 2f 24|0e 5e",
    "8e 83 ~80 40 ~10 02|89 ~8e ~0e ~04 ~84 89", "0i 04|0a ~0e 4e ~7e 7a 74", "0e 04|0h 0i", "2e 23 ~20 00|2h 2i",
    "0i 04|7e 08|3b 74", "0i 07 ~04 24", "0e 04|0a ~0e 3e ~6e 6a 64|6a ~6e 9e ~ce ca c4", "0e 04|0a ~0e 4e ~7e 7a 74",
    "09 ~0e ~8e ~84 ~04 09", "0e 00|09 ~0e ~8e ~84 ~04 09", "8e 80|89 ~8e ~0e ~04 ~84 89", "0e 04|0a ~0e 4e 5e",
    "7c ~6e 4e ~0e ~09 49 ~89 ~84 44 ~14 06", "2h 27 ~24 54|0e 5e", "0e 08 ~04 34 ~74 78|7e 74", "0e 44 8e",
    "0e 34 6e 94 ce", "0e 84|8e 04", "0e 44|8e 20", "0e 7e 04 74", "4k ~2k 2h 2d ~2a 0a ~2a 27 23 ~20 40", "0k 00",
    "0k ~2k 2h 2d ~2a 4a ~2a 27 23 ~20 00", "0a ~0c 2c ~3c 4b ~5a 6a ~8a 8c"};

static_assert(!font_letters.back().empty(), "a letter is missing");

constexpr std::string_view font_letter(char32_t code) {
    if (code >= 0x20 && code < 0x7f) return font_letters[code - 0x20];
    if (code == 0xb1) return "4i 4a|0e 8e|06 86";                               // plus or minus
    if (code == 0xd7) return "1f 77|7f 17";                                     // times
    if (code == 0x2013) return "0a 8a";                                         // en dash
    if (code == 0x2026) return "04 05 15 14 04|54 55 65 64 54|a4 a5 b5 b4 a4";  // ellipsis
    return "04 0i 8i 84 04";
}

constexpr double font_digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/// How far the pen moves for a letter, in units; figures are all equally wide.
constexpr double font_advance(char32_t code) {
    if (code == ' ') return font_blank + font_spacing / 2;
    if (code >= '0' && code <= '9') return 8 + font_spacing;
    double widest = 0;
    for (const char* at = font_letter(code).data(); *at != '\0'; ++at)
        if (*at != ' ' && *at != '|' && *at != '~') widest = std::max(widest, font_digit(*at)), ++at;
    return widest + font_spacing;
}

template <class Each>
void for_each_letter(std::string_view text, Each each) {
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, bytes] = utf8_at(text, at);
        each(bytes == 0 ? char32_t{0xfffd} : code, at);
        at += bytes == 0 ? 1 : bytes;
    }
}
}  // namespace detail

/// How wide a text is at a size of the font, in the same units. A browser's own font differs by some percent.
[[nodiscard]] inline double text_width(std::string_view text, double size) {
    double units = 0;
    detail::for_each_letter(text, [&](char32_t code, std::size_t) { units += detail::font_advance(code); });
    return units * size / detail::font_units;
}

/// The text if it is no wider than `width`, else its beginning and "...".
[[nodiscard]] inline std::string fitted_text(std::string_view text, double size, double width) {
    if (text_width(text, size) <= width) return std::string(text);
    std::size_t end = 0;
    detail::for_each_letter(text, [&](char32_t, std::size_t at) {
        if (text_width(text.substr(0, at), size) + text_width("...", size) <= width) end = at;
    });
    return std::string(text.substr(0, end)) + "...";
}

/// The strokes of a text as lines of points: the pen begins at (0, 0), y is upwards, size 1. Letters beyond ASCII and a
/// few signs are boxes. This is what makes pictures legible at any size and angle without a font file.
///
///     for (const auto& stroke : qvit::text_strokes("AUC")) draw(stroke);
[[nodiscard]] inline std::vector<std::vector<point>> text_strokes(std::string_view text) {
    std::vector<std::vector<point>> strokes;
    double pen = detail::font_spacing / 2;
    detail::for_each_letter(text, [&](char32_t code, std::size_t) {
        std::vector<point> line;
        std::vector<point> control;  // at most one that waits for its end
        const auto curve_to = [&](point end) {
            const point from = line.back();
            for (int i = 1; i <= 8; ++i) {
                const double t = i / 8.0, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
                line.push_back({a * from.x + b * control[0].x + c * end.x, a * from.y + b * control[0].y + c * end.y});
            }
            control.clear();
        };
        const std::string_view letter = detail::font_letter(code);
        for (std::size_t i = 0; i < letter.size(); ++i) {
            if (letter[i] == ' ') continue;
            if (letter[i] == '|') {
                strokes.push_back(std::exchange(line, {}));
                continue;
            }
            const bool off = letter[i] == '~';
            i += off;
            const point p{(pen + detail::font_digit(letter[i])) / detail::font_units,
                          (detail::font_digit(letter[i + 1]) - detail::font_baseline) / detail::font_units};
            ++i;
            if (!control.empty())
                curve_to(off ? point{(control[0].x + p.x) / 2, (control[0].y + p.y) / 2} : p);
            else if (!off)
                line.push_back(p);
            if (off) control = {p};
        }
        if (!line.empty()) strokes.push_back(std::move(line));
        pen += detail::font_advance(code);
    });
    return strokes;
}

}  // namespace qvit::inline QVIT_ABI
