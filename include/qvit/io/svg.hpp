// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <variant>

#include <qvit/core/config.hpp>
#include <qvit/io/base64.hpp>
#include <qvit/io/markup_text.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/png.hpp>

namespace qvit::inline QVIT_ABI {

/// "#0072b2"
[[nodiscard]] inline std::string colour_text(rgb colour) {
    std::string text = "#";
    for (const unsigned part : {colour.red, colour.green, colour.blue}) {
        text += "0123456789abcdef"[part >> 4U];
        text += "0123456789abcdef"[part & 15U];
    }
    return text;
}

/// A picture as an SVG element, to stand in an HTML page or, as it is, in an .svg file.
///
/// Texts stay texts, in the reader's own sans-serif font; images become PNG data in place. Nothing outside is named.
/// Cost: linear in its length. Fails as png_bytes does for an image without pixels.
///
///     qvit::write_file("roc.svg", qvit::svg_text(qvit::roc_plot(curves)));
[[nodiscard]] inline std::string svg_text(const picture& drawing) {
    const auto number = [](double value) {
        std::string text = number_text(value, 2);
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
        return text;
    };
    const auto attribute = [&](const char* name, double value) {
        return ' ' + std::string(name) + "=\"" + number(value) + '"';
    };
    const auto fill = [](rgb colour) { return " fill=\"" + colour_text(colour) + '"'; };

    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " + number(drawing.width) +
                      ' ' + number(drawing.height) + '"' + attribute("width", drawing.width) +
                      attribute("height", drawing.height) + " font-family=\"system-ui, sans-serif\">\n<title>" +
                      markup_text(drawing.title) + "</title>\n";
    for (const auto& any : drawing.shapes) {
        if (const auto* line = std::get_if<line_shape>(&any)) {
            svg += "<polyline fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke=\"" +
                   colour_text(line->colour) + '"' + attribute("stroke-width", line->width) +
                   (line->dashed ? " stroke-dasharray=\"6 4\"" : "") + " points=\"";
            for (const point& p : line->points) svg += number(p.x) + ',' + number(p.y) + ' ';
            svg += "\"/>\n";
        }
        if (const auto* box = std::get_if<box_shape>(&any))
            svg += "<rect" + attribute("x", box->corner.x) + attribute("y", box->corner.y) +
                   attribute("width", box->width) + attribute("height", box->height) + fill(box->colour) +
                   (box->opacity < 1 ? attribute("fill-opacity", box->opacity) : "") + "/>\n";
        if (const auto* disc = std::get_if<disc_shape>(&any))
            svg += "<circle" + attribute("cx", disc->centre.x) + attribute("cy", disc->centre.y) +
                   attribute("r", disc->radius) + fill(disc->colour) + "/>\n";
        if (const auto* image = std::get_if<image_shape>(&any))
            svg += "<image" + attribute("x", image->corner.x) + attribute("y", image->corner.y) +
                   attribute("width", image->width) + attribute("height", image->height) +
                   " preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64," +
                   base64(png_bytes(image->pixels)) + "\"/>\n";
        if (const auto* text = std::get_if<text_shape>(&any)) {
            constexpr std::array<const char*, 3> anchors{"start", "middle", "end"};
            svg += "<text" + attribute("x", text->at.x) + attribute("y", text->at.y) +
                   attribute("font-size", text->size) + fill(text->colour) + " text-anchor=\"" +
                   anchors[static_cast<std::size_t>(text->anchor)] + '"' + (text->bold ? " font-weight=\"bold\"" : "");
            if (text->turned != 0)
                svg += " transform=\"rotate(" + number(-text->turned) + ' ' + number(text->at.x) + ' ' +
                       number(text->at.y) + ")\"";
            svg += '>' + markup_text(text->text) + "</text>\n";
        }
    }
    return svg + "</svg>\n";
}

}  // namespace qvit::inline QVIT_ABI
