// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <qvit/autodiff/plan.hpp>
#include <qvit/kd/distillation_loss.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/ordinal_loss.hpp>
#include <qvit/train/label_targets.hpp>
#include <qvit/train/teacher_signal.hpp>

namespace qvit::inline QVIT_ABI {

/// What a model is trained towards: its labels, and a teacher where there is one. The one place that chooses a loss.
///
/// cross_entropy for one label per image, coral_loss for levels of it, binary_cross_entropy for several labels,
/// distillation_loss with a teacher.
struct objective {
    label_targets targets;
    const teacher_signal* teacher = nullptr;

    /// The loss of up to W images, recorded on a tape.
    template <class S>
    auto loss(auto& tape, const block_labels& asked, auto logits) const {
        return loss_with<S>(tape, logits, [&](S* target, S* taught) {
            if (taught != nullptr) load_lesson(asked.images, taught);
            return targets.fill(asked, target);
        });
    }
    /// The same on a planning tape.
    template <class S>
    auto plan_loss(auto& tape, auto logits) const {
        return loss_with<S>(tape, logits, [](S*, S*) { return S(real_of<S>(0)); });
    }

  private:
    template <class S>
    auto loss_with(auto& tape, auto logits, auto&& fill) const {
        const shape<dynamic> row(targets.classes());
        S* const target = tape.create_constant(row).value;
        if (teacher != nullptr) {
            S* const taught = tape.create_constant(row).value;
            const S weight = fill(target, taught);
            return tape.apply(distillation_loss<S>{teacher->options, target, taught, weight}, logits);
        }
        const S weight = fill(target, static_cast<S*>(nullptr));
        if (targets.independent())
            return tape.apply(binary_cross_entropy<S>{target, weight, targets.template positive<real_of<S>>()}, logits);
        return targets.levels() ? tape.apply(coral_loss<S>{target, weight}, logits)
                                : tape.apply(cross_entropy<S>{target, weight}, logits);
    }
    template <class S>
    void load_lesson(std::span<const std::uint32_t> chosen, S* logits) const {
        using R = real_of<S>;
        for (std::size_t k = 0; k < targets.classes(); ++k) {
            R lane[lane_count<S>]{};
            for (std::size_t i = 0; i < chosen.size(); ++i)
                lane[i] = static_cast<R>(teacher->logits[chosen[i] * targets.classes() + k]);
            logits[k] = simd::load<S>(lane);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
