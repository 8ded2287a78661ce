// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/markup_text.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/svg.hpp>

namespace qvit::inline QVIT_ABI {

/// A table of texts; columns of numbers are set to the right. Without a header line where `header` is empty.
struct report_table {
    std::string caption;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

struct report_figure {
    picture drawing;
    std::string caption{};
};

struct report_section {
    std::string title{};
    std::vector<report_table> tables{};
    std::vector<report_figure> figures{};
    std::string text{};
};

/// What report_page writes: a headline, a sentence or two, and sections in order.
struct report {
    std::string title, summary;
    std::vector<report_section> sections;
};

namespace detail {
inline constexpr const char* report_style = R"(
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 1080px; margin: 2em auto;
       padding: 0 1.5em; }
h1 { font-size: 1.7em; line-height: 1.2; margin: 0 0 .3em; }
h2 { font-size: 1.2em; margin: 2em 0 .6em; padding-bottom: .2em; border-bottom: 1px solid #ccc; }
nav { margin: 1em 0; }
nav a { margin-right: 1.2em; color: #0072b2; }
.row { display: flex; flex-wrap: wrap; gap: 1.5em 2.5em; align-items: flex-start; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: .3em 0; }
th, td { padding: .25em .9em .25em 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e5e5e5;
         overflow-wrap: anywhere; }
thead th { border-bottom: 1px solid #888; }
.number { text-align: right; white-space: nowrap; }
figure { margin: 0; max-width: 100%; }
figcaption { color: #555; max-width: 60em; }
svg { max-width: 100%; height: auto; }
@media print { nav { display: none; } figure, table { break-inside: avoid; } }
)";

inline bool reads_as_number(const std::string& text) {
    return !text.empty() && text.find_first_of("0123456789") != text.npos &&
           text.find_first_not_of("0123456789.,+-% e\xc2\xb1") == text.npos;
}

/// Whether a column but the first holds numbers only.
inline std::vector<bool> number_columns(const report_table& table) {
    std::vector<bool> numbers;
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == numbers.size()) numbers.push_back(i > 0);
            numbers[i] = numbers[i] && reads_as_number(row[i]);
        }
    return numbers;
}

inline std::string report_text(const report_table& table) {
    const std::vector<bool> numbers = number_columns(table);
    const auto cells = [&](const std::vector<std::string>& texts, const std::string& tag, const std::string& begin) {
        std::string html = "<tr>";
        for (std::size_t i = 0; i < texts.size(); ++i)
            html += begin + (i < numbers.size() && numbers[i] ? " class=\"number\">" : ">") + markup_text(texts[i]) +
                    "</" + tag + '>';
        return html + "</tr>\n";
    };
    std::string html = "<table>\n";
    if (!table.caption.empty()) html += "<caption>" + markup_text(table.caption) + "</caption>\n";
    if (!table.header.empty()) html += "<thead>" + cells(table.header, "th", "<th scope=\"col\"") + "</thead>\n";
    html += "<tbody>\n";
    for (const auto& row : table.rows) html += cells(row, "td", "<td");
    return html + "</tbody>\n</table>\n";
}
}  // namespace detail

/// A report as one HTML page that needs nothing else: style and pictures are in it, there is no script, and its own
/// policy forbids any address but data.
///
/// All texts are escaped. Cost: linear in its length. Fails as svg_text does.
///
///     qvit::write_file("report.html", qvit::report_page(report));
[[nodiscard]] inline std::string report_page(const report& content) {
    const std::string title = markup_text(content.title);
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
        title + "</title>\n<style>" + detail::report_style + "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n";
    if (!content.summary.empty()) html += "<p>" + markup_text(content.summary) + "</p>\n";
    if (content.sections.size() > 1) {
        html += "<nav>";
        for (std::size_t i = 0; i < content.sections.size(); ++i)
            html += "<a href=\"#s" + std::to_string(i) + "\">" + markup_text(content.sections[i].title) + "</a>\n";
        html += "</nav>\n";
    }
    for (std::size_t i = 0; i < content.sections.size(); ++i) {
        const report_section& section = content.sections[i];
        html += "<section id=\"s" + std::to_string(i) + "\">\n<h2>" + markup_text(section.title) + "</h2>\n";
        if (!section.text.empty()) html += "<p>" + markup_text(section.text) + "</p>\n";
        html += "<div class=\"row\">\n";
        for (const report_table& table : section.tables) html += detail::report_text(table);
        for (const report_figure& figure : section.figures) {
            html += "<figure>\n" + svg_text(figure.drawing);
            if (!figure.caption.empty()) html += "<figcaption>" + markup_text(figure.caption) + "</figcaption>\n";
            html += "</figure>\n";
        }
        html += "</div>\n</section>\n";
    }
    return html + "</body>\n</html>\n";
}

}  // namespace qvit::inline QVIT_ABI
