// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <qvit/data/dataset.hpp>
#include <qvit/data/md5.hpp>
#include <qvit/train/settings_text.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/visit_options.hpp>

namespace qvit::inline QVIT_ABI {

/// All that decides how a run goes, as text: its options, its teacher, its data. Threads decide nothing.
template <class R>
std::string run_settings(const training_options& options, const fit_start<R>& start, const dataset& data,
                         std::size_t parameters) {
    settings_text text;
    for_each_option(options, [&](std::string_view name, const auto& value) {
        if (name != "threads") text(name, value);
    });
    text("taught", start.teacher != nullptr);
    if (start.teacher != nullptr) {
        const teacher_signal& teacher = *start.teacher;
        for_each_distillation_term(teacher.terms, text);
        text("orientations", teacher.orientations);
        md5 lessons;
        lessons.add(std::as_bytes(std::span(teacher.logits)));
        teacher_features::visit(teacher.features, teacher.terms, [&](const char*, const auto& table, auto...) {
            lessons.add(std::as_bytes(std::span(table)));
        });
        text("lessons", lessons.hex());
    }
    if (!start.weights.empty()) {
        md5 weights;
        weights.add(std::as_bytes(std::span(start.weights)));
        text("start_weights", weights.hex());
    }
    text("data", data.md5);
    text("parameters", parameters);
    return text.text();
}

}  // namespace qvit::inline QVIT_ABI
