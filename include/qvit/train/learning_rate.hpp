// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <qvit/train/options.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// From `start` at 0 to `end` at 1 along half a cosine.
inline double cosine_between(double start, double end, double done) {
    return end + (start - end) * 0.5 * (1 + std::cos(3.14159265358979323846 * done));
}
/// torch.optim.lr_scheduler.OneCycleLR (two phases, cosine) with max_lr = peak; its first phase ends at step
/// pct_start * total - 1, which need not be a whole number.
inline double one_cycle_rate(const schedule_options& options, double peak, double step, double total) {
    const double start = peak / options.start_divisor;
    const double turn = options.rising_share * total - 1;
    if (step <= turn) return cosine_between(start, peak, turn > 0 ? step / turn : 1);
    const double fall = total - 1 - turn;
    return cosine_between(peak, start / options.end_divisor, fall > 0 ? (step - turn) / fall : 1);
}
}  // namespace detail

/// The learning rate of step `step` (from 0) of a run of `epochs` epochs of `steps_per_epoch` steps.
///
/// During a warm-up of n steps step s has (s + 1) / (n + 1) of the rate; a cosine begins where the warm-up ends.
inline double learning_rate_at(const training_options& options, std::size_t step, std::size_t steps_per_epoch) {
    const schedule_options& how = options.scheduling;
    const double now = static_cast<double>(step);
    const double total = static_cast<double>(options.epochs * steps_per_epoch);
    const double peak = options.learning_rate;
    if (options.schedule == schedule_kind::one_cycle) return detail::one_cycle_rate(how, peak, now, total);
    const double warm = std::round(how.warm_up_epochs * static_cast<double>(steps_per_epoch));
    const double rising = now < warm ? (now + 1) / (warm + 1) : 1;
    if (options.schedule == schedule_kind::step) {
        double rate = peak * rising;
        const double epoch = static_cast<double>(step / steps_per_epoch);
        for (const double milestone : how.milestones)  // the sum absorbs what .7 * 10 loses to rounding
            if (epoch + 1e-9 >= milestone * static_cast<double>(options.epochs)) rate *= how.step_factor;
        return rate;
    }
    if (options.schedule == schedule_kind::cosine && now >= warm)
        return detail::cosine_between(peak, peak * how.final_fraction, (now - warm) / (total - warm));
    return peak * rising;
}

}  // namespace qvit::inline QVIT_ABI
