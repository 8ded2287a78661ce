// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/attention_plot.hpp>
#include <qvit/io/confusion_plot.hpp>
#include <qvit/io/line_plot.hpp>
#include <qvit/io/reliability_plot.hpp>
#include <qvit/io/report_page.hpp>
#include <qvit/io/roc_plot.hpp>

namespace qvit::inline QVIT_ABI {

/// A name and its value, as a table of facts has them.
using named_text = std::pair<std::string, std::string>;

/// An image of the test set with its attention maps.
struct attention_example {
    std::string title;
    rgb_image image;
    std::vector<attention_heat> maps;
};

/// All that a training run leaves for its reader. What is empty is left out of the page.
struct training_report {
    std::string title{}, summary{};
    report_table scores{};             ///< e.g. split, AUC, ACC, loss
    std::vector<named_text> facts{};   ///< parameters, seconds, engine, compiler, seed, data
    std::vector<line_chart> curves{};  ///< over epochs
    std::optional<confusion_counts> confusion{};
    std::vector<roc_line> roc{};
    report_table per_class{};  ///< class, images, precision, recall, F1, AUC
    std::optional<reliability> calibration{};
    std::vector<attention_example> attention{};
    std::vector<named_text> configuration{};  ///< every option and its value
    std::vector<named_text> files{};          ///< what it is and where
};

/// The page of a training run, with its plots drawn, for report_page.
///
/// Fails as the plots do. Cost: that of its plots.
///
///     qvit::write_file("run/report.html", qvit::report_page(qvit::training_page(run)));
[[nodiscard]] inline report training_page(const training_report& run) {
    report page{run.title, run.summary, {}};
    const auto facts = [](const std::vector<named_text>& rows, std::vector<std::string> header) {
        report_table table{"", std::move(header), {}};
        for (const auto& [name, value] : rows) table.rows.push_back({name, value});
        return table;
    };
    const auto add = [&](report_section section) {
        if (!section.tables.empty() || !section.figures.empty()) page.sections.push_back(std::move(section));
    };

    report_section result{.title = "Result"};
    if (!run.scores.rows.empty()) result.tables.push_back(run.scores);
    if (!run.facts.empty()) result.tables.push_back(facts(run.facts, {}));
    add(std::move(result));

    report_section learning{.title = "Learning curves"};
    for (const line_chart& chart : run.curves) learning.figures.push_back({line_plot(chart)});
    add(std::move(learning));

    report_section answers{.title = "Answers"};
    if (!run.per_class.rows.empty()) answers.tables.push_back(run.per_class);
    if (run.confusion)
        answers.figures.push_back(
            {confusion_plot(*run.confusion), "Each row is a class: how its images were answered."});
    if (!run.roc.empty()) answers.figures.push_back({roc_plot(run.roc), "One class against the rest, with its AUC."});
    add(std::move(answers));

    report_section calibration{.title = "Calibration"};
    if (run.calibration)
        calibration.figures.push_back(
            {reliability_plot(*run.calibration), "Bars below the dashed line: more confident than right."});
    add(std::move(calibration));

    report_section attention{.title = "Attention"};
    for (const attention_example& example : run.attention)
        attention.figures.push_back({attention_plot(example.title, example.image, example.maps)});
    add(std::move(attention));

    report_section configuration{.title = "Configuration"};
    if (!run.configuration.empty()) configuration.tables.push_back(facts(run.configuration, {"option", "value"}));
    add(std::move(configuration));
    report_section files{.title = "Files"};
    if (!run.files.empty()) files.tables.push_back(facts(run.files, {"what", "path"}));
    add(std::move(files));
    return page;
}

}  // namespace qvit::inline QVIT_ABI
