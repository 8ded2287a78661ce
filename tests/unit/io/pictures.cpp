// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <qvit/io/bar_plot.hpp>
#include <qvit/io/rasterized.hpp>
#include <qvit/io/training_report.hpp>

#include "unit/io/scratch.hpp"

using qvit::picture;
using qvit::point;
using qvit::rgb;
using qvit::rgb_image;

namespace {

constexpr rgb white{255, 255, 255}, black{0, 0, 0};
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

rgb_image read_png(const std::string& bytes) {
    png_image control{};
    control.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&control, bytes.data(), bytes.size()));
    control.format = PNG_FORMAT_RGB;
    rgb_image image(control.width, control.height);
    REQUIRE(png_image_finish_read(&control, nullptr, image.pixels.data(), 0, nullptr));
    return image;
}

/// The mean darkness of a box of pixels, in [0, 1].
double ink(const rgb_image& image, std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) {
    double sum = 0;
    for (std::size_t y = y0; y < y1; ++y)
        for (std::size_t x = x0; x < x1; ++x) sum += 255 - image.at(x, y).green;
    return sum / 255 / static_cast<double>((x1 - x0) * (y1 - y0));
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
    return found;
}

template <class Shape>
std::vector<Shape> shapes_of(const picture& drawing) {
    std::vector<Shape> found;
    for (const auto& any : drawing.shapes)
        if (const auto* shape = std::get_if<Shape>(&any)) found.push_back(*shape);
    return found;
}

std::vector<std::string> texts_of(const picture& drawing) {
    std::vector<std::string> found;
    for (const auto& text : shapes_of<qvit::text_shape>(drawing)) found.push_back(text.text);
    return found;
}

bool has_text(const picture& drawing, const std::string& text) {
    const auto all = texts_of(drawing);
    return std::find(all.begin(), all.end(), text) != all.end();
}

/// Nothing that is drawn may lie outside: where a text ends is taken from the stroke font.
void check_inside(const picture& drawing) {
    const rgb_image image = qvit::rasterized(drawing, 1);
    picture room{.title = "", .width = drawing.width + 40, .height = drawing.height + 40};
    room.add(drawing, 20, 20);
    const rgb_image all = qvit::rasterized(room, 1);
    CHECK(ink(all, 0, 0, all.width, 20) == 0);
    CHECK(ink(all, 0, all.height - 19, all.width, all.height) == 0);
    CHECK(ink(all, 0, 0, 20, all.height) == 0);
    CHECK(ink(all, all.width - 19, 0, all.width, all.height) == 0);
    CHECK(ink(image, 0, 0, image.width, image.height) > 0.005);
}

std::vector<std::string> tick_texts(double low, double high, std::size_t most = 6, bool whole = false) {
    std::vector<std::string> texts;
    for (const auto& tick : qvit::axis_ticks(low, high, most, whole)) texts.push_back(tick.text);
    return texts;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("png: pixels come back through libpng") {
    rgb_image image(3, 2, white);
    image.at(2, 1) = {1, 2, 3};
    image.at(0, 0) = {200, 100, 0};
    const rgb_image back = read_png(qvit::png_bytes(image));
    CHECK(back.width == 3);
    CHECK(back.height == 2);
    CHECK((back.pixels == image.pixels));
    CHECK_THROWS_AS((void)qvit::png_bytes(rgb_image{}), std::invalid_argument);
    image.width = 4;
    CHECK_THROWS_AS((void)qvit::png_bytes(image), std::invalid_argument);
}

TEST_CASE("base64: test vectors of RFC 4648") {
    const texts plain{"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe"};
    const texts coded{"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy", "//4="};
    for (std::size_t i = 0; i < plain.size(); ++i) CHECK(qvit::base64(plain[i]) == coded[i]);
}

TEST_CASE("markup_text: no text can begin markup") {
    CHECK(qvit::markup_text("<a href='x'>\"&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
    CHECK(qvit::markup_text("\xc3\xa9\t\n") == "\xc3\xa9\t\n");
    CHECK(qvit::markup_text("\x01\xff") == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("axis_ticks: round numbers with the places they need") {
    CHECK(tick_texts(0, 1) == texts{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
    CHECK(tick_texts(1, 100, 8) == texts{"20", "40", "60", "80", "100"});
    CHECK(tick_texts(1, 3, 8, true) == texts{"1", "2", "3"});
    CHECK(tick_texts(-0.1, 0.1, 5) == texts{"-0.10", "-0.05", "0.00", "0.05", "0.10"});
    CHECK(tick_texts(0.4312, 0.4329) == texts{"0.4315", "0.4320", "0.4325"});
    CHECK(tick_texts(0, 2e-9, 3) == texts{"0", "1e-09", "2e-09"});
    CHECK(tick_texts(1, 1).empty());
    CHECK(tick_texts(0, not_a_number).empty());
    for (const double high : {0.011, 0.3, 0.99, 1.0, 7.3, 95.0, 1234.5, 3e6, 4e12})
        for (const std::size_t most : {4U, 6U, 8U}) {
            const auto ticks = qvit::axis_ticks(0.1 * high, high, most);
            CHECK(ticks.size() >= 2);
            CHECK(ticks.size() <= most);
            CHECK(ticks.front().value >= 0.1 * high * (1 - 1e-9));
            CHECK(ticks.back().value <= high * (1 + 1e-9));
            for (std::size_t i = 1; i < ticks.size(); ++i) CHECK(ticks[i].text != ticks[i - 1].text);
        }
}

TEST_CASE("stroke font: every letter has ink of its own, and widths add up") {
    for (char c = '!'; c < 0x7f; ++c) {
        const std::string letter(1, c);
        double low = 1, high = -1, right = 0;
        for (const auto& stroke : qvit::text_strokes(letter))
            for (const point& p : stroke)
                low = std::min(low, p.y), high = std::max(high, p.y), right = std::max(right, p.x);
        CHECK_MESSAGE(low >= -0.2, letter);
        CHECK_MESSAGE(high <= 0.8, letter);
        CHECK_MESSAGE(right > 0, letter);
        CHECK_MESSAGE(right < qvit::text_width(letter, 1), letter);
        for (char other = '!'; other < c; ++other)
            CHECK_MESSAGE(qvit::detail::font_letter(static_cast<char32_t>(c)) !=
                              qvit::detail::font_letter(static_cast<char32_t>(other)),
                          letter);
    }
    CHECK(qvit::text_strokes(" ").empty());
    CHECK(qvit::text_width("ab", 12) == doctest::Approx(qvit::text_width("a", 12) + qvit::text_width("b", 12)));
    CHECK(qvit::text_width("1", 10) == qvit::text_width("8", 10));
    CHECK(qvit::text_strokes("\xc3\xa9").size() == 1);  // a box
    CHECK(qvit::fitted_text("short", 12, 200) == "short");
    const std::string fitted = qvit::fitted_text("a rather long name \xc3\xa9", 12, 60);
    CHECK(fitted.ends_with("..."));
    CHECK(qvit::text_width(fitted, 12) <= 60);
}

TEST_CASE("rasterized: boxes, lines, discs and images cover the pixels they should") {
    picture drawing{.title = "", .width = 20, .height = 10};
    drawing.add(qvit::box_shape{{2, 1}, 3.5, 2, black});
    rgb_image image = qvit::rasterized(drawing, 1);
    CHECK(image.width == 20);
    CHECK(image.height == 10);
    CHECK(image.at(2, 1) == black);
    CHECK(image.at(4, 2) == black);
    CHECK(image.at(5, 2) == rgb{128, 128, 128});  // half of it
    CHECK(image.at(6, 2) == white);
    CHECK(image.at(2, 3) == white);

    drawing = {.title = "", .width = 20, .height = 10};
    drawing.add(qvit::line_shape{.points = {{2, 5}, {18, 5}, {18, 8}}, .colour = black, .width = 2});
    image = qvit::rasterized(drawing, 1);
    CHECK(ink(image, 3, 4, 17, 6) == 1);
    CHECK(ink(image, 0, 0, 20, 3) == 0);
    CHECK(ink(image, 17, 5, 19, 8) == 1);
    double covered = ink(image, 0, 0, 20, 10) * 200;
    CHECK(covered == doctest::Approx(2 * (16 + 3) + 3.1).epsilon(0.05));  // the length, and half a disc at both ends
    std::get<qvit::line_shape>(drawing.shapes[0]).dashed = true;
    covered = ink(qvit::rasterized(drawing, 8), 0, 0, 160, 80) * 200;
    CHECK(covered < 38);
    CHECK(covered > 24);

    drawing = {.title = "", .width = 10, .height = 10};
    drawing.add(qvit::disc_shape{{5, 5}, 3, black});
    CHECK(ink(qvit::rasterized(drawing, 4), 0, 0, 40, 40) * 100 == doctest::Approx(9 * 3.14159).epsilon(0.01));

    rgb_image small(2, 1, white);
    small.at(1, 0) = {9, 8, 7};
    drawing = {.title = "", .width = 10, .height = 4};
    drawing.add(qvit::image_shape{{1, 1}, 8, 2, small});
    image = qvit::rasterized(drawing, 1);
    CHECK(image.at(4, 1) == white);
    CHECK(image.at(5, 1) == rgb{9, 8, 7});
    CHECK(image.at(8, 2) == rgb{9, 8, 7});
    CHECK(image.at(9, 2) == white);
    CHECK(image.at(8, 3) == white);
}

TEST_CASE("rasterized: text stands where its anchor and angle say, and outside is cut off") {
    const auto drawn = [](qvit::text_shape text) {
        picture drawing{.title = "", .width = 60, .height = 60};
        text.text = "HHH";
        text.size = 10;
        text.at = {30, 30};
        drawing.add(text);
        return qvit::rasterized(drawing, 1);
    };
    rgb_image image = drawn({});
    CHECK(ink(image, 30, 22, 60, 31) > 0);
    CHECK(ink(image, 0, 0, 30, 60) == 0);
    image = drawn({.anchor = qvit::text_anchor::end});
    CHECK(ink(image, 0, 22, 30, 31) > 0);
    CHECK(ink(image, 30, 0, 60, 60) == 0);
    image = drawn({.anchor = qvit::text_anchor::middle});
    CHECK(ink(image, 15, 22, 30, 31) == doctest::Approx(ink(image, 30, 22, 45, 31)).epsilon(0.02));
    image = drawn({.turned = 90});  // runs upwards, its top to the left
    CHECK(ink(image, 22, 0, 31, 30) > 0);
    CHECK(ink(image, 0, 31, 60, 60) == 0);
    CHECK(ink(image, 32, 0, 60, 60) == 0);
    CHECK_NOTHROW((void)drawn({.turned = 30}));
    picture outside{.title = "", .width = 5, .height = 5};
    outside.add(qvit::line_shape{.points = {{-50, -50}, {100, 100}}, .colour = black, .width = 3});
    outside.add(qvit::box_shape{{-10, 20}, 100, 100, black});
    outside.add(qvit::disc_shape{{-30, 2}, 3, black});
    outside.add(qvit::disc_shape{{not_a_number, 2}, 3, black});
    outside.add(qvit::box_shape{{not_a_number, 0}, 3, not_a_number, black});
    outside.add(qvit::line_shape{.points = {{0, 1e300}, {not_a_number, 4}}, .colour = black});
    image = qvit::rasterized(outside, 1);
    CHECK(image.at(2, 2) == black);
    CHECK(image.at(0, 4) == white);
}

TEST_CASE("svg_text: every shape is an element and texts are escaped") {
    picture drawing{.title = "a < b", .width = 100, .height = 50.5};
    drawing.add(qvit::line_shape{.points = {{0, 0}, {10.126, 5}}, .colour = {0, 114, 178}, .dashed = true});
    drawing.add(qvit::box_shape{{1, 2}, 3, 4, black, 0.5});
    drawing.add(qvit::disc_shape{{5, 6}, 2, black});
    drawing.add(qvit::text_shape{.at = {7, 8}, .text = "<&>", .anchor = qvit::text_anchor::end, .turned = 90});
    drawing.add(qvit::image_shape{{0, 0}, 10, 10, rgb_image(1, 1)});
    const std::string svg = qvit::svg_text(drawing);
    CHECK_CONTAINS(svg, "viewBox=\"0 0 100 50.5\"");
    CHECK_CONTAINS(svg, "<title>a &lt; b</title>");
    CHECK_CONTAINS(svg, "stroke=\"#0072b2\"");
    CHECK_CONTAINS(svg, "points=\"0,0 10.13,5 \"");
    CHECK_CONTAINS(svg, "stroke-dasharray");
    CHECK_CONTAINS(svg, "fill-opacity=\"0.5\"");
    CHECK_CONTAINS(svg, "<circle cx=\"5\" cy=\"6\" r=\"2\"");
    CHECK_CONTAINS(svg, "text-anchor=\"end\" transform=\"rotate(-90 7 8)\">&lt;&amp;&gt;</text>");
    CHECK_CONTAINS(svg, "href=\"data:image/png;base64,iVBOR");
    CHECK(count(svg, "<svg") == 1);
}

TEST_CASE("joined: pictures stand in rows and none covers another") {
    std::vector<picture> parts;
    for (int i = 0; i < 3; ++i) {
        parts.push_back({.title = std::to_string(i), .width = 10, .height = 10});
        parts.back().add(qvit::box_shape{{0, 0}, 10, 10, black});
    }
    const picture all = qvit::joined(parts, 2, 4);
    CHECK(all.title == "0; 1; 2");
    CHECK(all.width == 24);
    CHECK(all.height == 24);
    CHECK(ink(qvit::rasterized(all, 1), 0, 0, 24, 24) * 576 == doctest::Approx(300));
}

TEST_CASE("line_plot: points lie where their numbers say") {
    qvit::line_chart chart{.title = "Loss",
                           .x_label = "epoch",
                           .y_label = "loss",
                           .lines = {{"training", {1, 2, 3, 4, 5}, {1, 2, not_a_number, 3, 4}}, {"one", {5}, {2}}},
                           .x_range = qvit::axis_range{1, 5},
                           .y_range = qvit::axis_range{0, 4},
                           .marked_x = 3,
                           .whole_x = true,
                           .width = 400,
                           .height = 200};
    picture drawing = qvit::line_plot(chart);
    check_inside(drawing);
    for (const char* text : {"Loss", "epoch", "loss", "training", "one", "1", "5", "0", "4"})
        CHECK(has_text(drawing, text));
    std::vector<qvit::line_shape> curves;
    for (const auto& line : shapes_of<qvit::line_shape>(drawing))
        if (line.colour == qvit::series_colour(0) && line.width == 2) curves.push_back(line);
    REQUIRE(curves.size() == 2);  // broken where a number is none
    CHECK(curves[0].points[1].x - curves[0].points[0].x == doctest::Approx(100));
    CHECK(curves[0].points[0].y - curves[0].points[1].y == doctest::Approx(50));
    CHECK(curves[1].points[1].x - curves[0].points[0].x == doctest::Approx(400));
    CHECK(shapes_of<qvit::disc_shape>(drawing).size() == 1);

    chart.lines[1].y.clear();
    CHECK_THROWS_AS((void)qvit::line_plot(chart), std::invalid_argument);
    check_inside(qvit::line_plot({.title = "nothing yet", .x_label = "", .y_label = "", .lines = {}}));
    check_inside(qvit::line_plot({.title = "", .x_label = "x", .y_label = "y", .lines = {{"flat", {1, 2}, {3, 3}}}}));
    check_inside(qvit::line_plot({.title = std::string(200, 'W'),
                                  .x_label = "x",
                                  .y_label = "y",
                                  .lines = {{std::string(200, 'W'), {1, 2}, {-3e-7, 3e-7}}, {"b", {}, {}}}}));
}

TEST_CASE("roc_plot: areas in the legend, and a guess to compare with") {
    const picture drawing = qvit::roc_plot({{"benign", 0.9114, {0, 0.2, 1}, {0, 0.8, 1}}});
    check_inside(drawing);
    CHECK(has_text(drawing, "benign (0.911)"));
    CHECK(has_text(drawing, "a guess (0.500)"));
    std::vector<qvit::roc_line> many(
        20, {"a class with a rather long name, longer than there is room for", 0.5, {0, 1}, {0, 1}});
    check_inside(qvit::roc_plot(many));
}

TEST_CASE("confusion_plot: counts, shares of the row and names") {
    const picture drawing = qvit::confusion_plot({{"benign", "malignant"}, {30, 10, 0, 0}});
    check_inside(drawing);
    for (const char* text : {"30", "75%", "10", "25%", "0%", "benign", "malignant", "truth", "answer"})
        CHECK(has_text(drawing, text));
    const auto boxes = shapes_of<qvit::box_shape>(drawing);
    REQUIRE(boxes.size() == 4);
    CHECK(boxes[0].colour == qvit::share_colour(0.75));
    CHECK(boxes[1].corner.x > boxes[0].corner.x);
    CHECK(boxes[2].corner.y > boxes[0].corner.y);
    for (const std::size_t n : {1U, 3U, 8U, 14U})
        check_inside(qvit::confusion_plot({std::vector<std::string>(n, "cancer-associated stroma and more"),
                                           std::vector<std::size_t>(n * n, 12345)}));
    CHECK_THROWS_AS((void)qvit::confusion_plot({{"a"}, {1, 2}}), std::invalid_argument);
}

TEST_CASE("reliability_plot: one bar and one point per bin with images") {
    const picture drawing = qvit::reliability_plot({{{0, 0.5, 0, 0, 0}, {0.5, 1, 40, 0.8, 0.6}}, 0.2});
    check_inside(drawing);
    CHECK(has_text(drawing, "ECE 0.200"));
    CHECK(shapes_of<qvit::disc_shape>(drawing).size() == 1);
    CHECK(shapes_of<qvit::box_shape>(drawing).size() == 2 + 2);  // two of the legend
    check_inside(qvit::reliability_plot({}));
}

TEST_CASE("bar_plot: heights are in proportion, error bars and numbers stand over them") {
    const picture drawing = qvit::bar_plot({.title = "AUC",
                                            .y_label = "AUC",
                                            .groups = {"a", "b"},
                                            .series = {{"x", {0.5, 1}, {0.1, 0}}, {"y", {not_a_number, 0.25}, {}}}});
    check_inside(drawing);
    const auto boxes = shapes_of<qvit::box_shape>(drawing);
    REQUIRE(boxes.size() == 3 + 2);
    CHECK(boxes[1].height == doctest::Approx(2 * boxes[0].height));
    CHECK(boxes[2].height == doctest::Approx(boxes[1].height / 4));
    CHECK(has_text(drawing, "0.500"));
    check_inside(qvit::bar_plot({.title = "",
                                 .y_label = "z",
                                 .groups = {"colorectal adenocarcinoma epithelium", "b"},
                                 .series = {{"x", {-0.5, 1}}}}));
    check_inside(qvit::bar_plot({.title = "none", .y_label = "z", .groups = {}, .series = {}}));
    CHECK_THROWS_AS((void)qvit::bar_plot({.title = "", .y_label = "", .groups = {"a"}, .series = {{"x", {}}}}),
                    std::invalid_argument);
}

TEST_CASE("heat_overlay: the largest weight is the brightest, none leaves the grey image") {
    const rgb_image image(8, 8, {100, 100, 100});
    const rgb_image heat = qvit::heat_overlay(image, {"", 2, 2, {0, 0, 0, 3}}, 4);
    CHECK(heat.width == 32);
    CHECK(heat.at(0, 0) == rgb{100, 100, 100});
    CHECK(heat.at(31, 31) == qvit::mixed({100, 100, 100}, qvit::heat_colour(1), 0.7));
    CHECK(heat.at(31, 0) == rgb{100, 100, 100});
    CHECK(qvit::heat_overlay(image, {"", 1, 1, {0}}).at(5, 5) == rgb{100, 100, 100});
    CHECK(qvit::heat_overlay(rgb_image(2, 2, {255, 0, 0}), {"", 1, 1, {0}}).at(0, 0) == rgb{76, 76, 76});
    CHECK(qvit::heat_overlay(image, {"", 1, 2, {not_a_number, 1}}).at(0, 0) == rgb{100, 100, 100});
    CHECK_THROWS_AS((void)qvit::heat_overlay(image, {"", 2, 2, {1}}), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::heat_overlay(rgb_image{}, {"", 1, 1, {1}}), std::invalid_argument);
    const picture drawing =
        qvit::attention_plot("Attention", image, std::vector(6, qvit::attention_heat{"h", 1, 1, {1}}));
    check_inside(drawing);
    CHECK(shapes_of<qvit::image_shape>(drawing).size() == 1 + 6 + 1);
}

TEST_CASE("plot colours: distinct also in grey enough to be told apart, and shares darken evenly") {
    for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t k = 0; k < i; ++k) CHECK(qvit::series_colour(i) != qvit::series_colour(k));
    CHECK(qvit::series_colour(7) == qvit::series_colour(0));
    const auto lightness = [](rgb c) { return 299 * c.red + 587 * c.green + 114 * c.blue; };
    for (int i = 1; i <= 20; ++i) {
        CHECK(lightness(qvit::share_colour(i / 20.)) < lightness(qvit::share_colour((i - 1) / 20.)));
        CHECK(lightness(qvit::heat_colour(i / 20.)) > lightness(qvit::heat_colour((i - 1) / 20.)));
    }
}

TEST_CASE("report_page: self-contained, escaped, and only what is there") {
    qvit::training_report run{.title = "<script>alert(1)</script>", .summary = "a & b"};
    std::string html = qvit::report_page(qvit::training_page(run));
    CHECK_CONTAINS(html, "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>");
    CHECK_CONTAINS(html, "<p>a &amp; b</p>");
    CHECK(count(html, "<section") == 0);

    run.scores = {"Scores", {"split", "AUC"}, {{"test", "0.750"}, {"1", "0.7 \xc2\xb1 0.1"}}};
    run.facts = {{"parameters", "913"}, {"engine", "closed form"}};
    run.curves = {{.title = "Loss", .x_label = "epoch", .y_label = "loss", .lines = {{"training", {1, 2}, {3, 2}}}}};
    run.confusion = {{"<b>", "c"}, {1, 2, 3, 4}};
    run.roc = {{"c", 0.5, {0, 1}, {0, 1}}};
    run.per_class = {"", {"class"}, {{"c"}}};
    run.calibration = {{{0, 1, 3, 0.5, 0.5}}, 0};
    run.attention = {{"image 3", rgb_image(4, 4), {{"head 0", 2, 2, {1, 2, 3, 4}}}}};
    run.configuration = {{"epochs", "\"7\""}};
    run.files = {{"weights", "best.safetensors"}};
    html = qvit::report_page(qvit::training_page(run));
    CHECK(count(html, "<section") == 7);
    CHECK(count(html, "</section>") == 7);
    CHECK(count(html, "<svg") == 5);
    CHECK(count(html, "<script") == 0);
    CHECK(count(html, "http") == 5 + 1);  // the names of SVG's namespace and of the policy's header
    CHECK_CONTAINS(html, "<tr><td>test</td><td class=\"number\">0.750</td></tr>");
    CHECK_CONTAINS(html, "<tr><td>1</td><td class=\"number\">0.7 \xc2\xb1 0.1</td></tr>");
    CHECK_CONTAINS(html, "<th scope=\"col\" class=\"number\">AUC</th>");
    CHECK_CONTAINS(html, "<tr><td>engine</td><td>closed form</td></tr>");
    CHECK_CONTAINS(html, "<td>&quot;7&quot;</td>");
    CHECK_CONTAINS(html, ">&lt;b&gt;</text>");
}
