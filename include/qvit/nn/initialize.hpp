// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
#include <qvit/nn/visit.hpp>

namespace qvit::inline QVIT_ABI {

/// Fills a model's flat vector with the start values its parameters ask for; the same on every machine for one seed.
///
/// Every parameter draws from its own stream, keyed by its number, so adding one does not move the others' values.
template <class Module, class R>
void initialize(const Module& module, std::uint64_t seed, R* values) {
    std::uint32_t number = 0;
    for_each_parameter(module, [&](const auto& p) {
        random_stream random(seed, static_cast<std::uint32_t>(stream::initial_weights), 0, number++);
        const initializer& start = p.start;
        const double scale = start.scale / std::sqrt(start.fan_of(p.extents));
        for (std::size_t i = 0; i < p.size(); ++i) {
            double value = scale;
            if (start.kind == initializer::distribution::uniform) value *= 2 * random.uniform() - 1;
            if (start.kind == initializer::distribution::normal) value *= random.normal();
            if (start.kind == initializer::distribution::truncated_normal) value *= random.truncated_normal();
            if (start.ties != nullptr && start.ties[i].tied) {
                const weight_tie& tie = start.ties[i];
                value = tie.factor * static_cast<double>(values[p.offset + tie.to]) + tie.plus;
            }
            values[p.offset + i] = static_cast<R>(value);
        }
    });
}

}  // namespace qvit::inline QVIT_ABI
