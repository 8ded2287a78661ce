// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/kd/options.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * ((1 - a) CE(targets, z) + a D(t, z)) for student logits z and teacher logits t, both 1 x K.
///
/// D is T^2 KL(softmax(t / T) || softmax(z / T)) for the soft target, CE(one-hot argmax t, z) for the hard one, and
/// sum (z - t)^2 for logits; class_reduction::mean divides the first and the last by K. `targets` (a distribution) and
/// `teacher` hold K lanes each, `weight` as for cross_entropy. Cost: 4 K exponentials per block of images.
///
///     tape.apply(distillation_loss<S>{options, labels.value, teacher.value, weight}, model(tape, images));
template <class S>
struct distillation_loss {
    static constexpr const char* name = "distillation loss";
    using R = real_of<S>;
    distillation_options options{};
    const S* targets = nullptr;
    const S* teacher = nullptr;
    S weight{};

    template <std::size_t K>
    static constexpr shape<1> output_shape(shape<1, K>) {
        return {};
    }
    /// d y / d z, and room for the student's and the teacher's distributions.
    template <std::size_t K>
    static constexpr auto saved_shape(shape<1, K> logits) {
        if constexpr (K == dynamic)
            return shape<3, K>(logits.extent(1));
        else
            return shape<3, K>{};
    }

    void forward(auto y, S* saved, auto logits) const {
        const std::size_t classes = logits.extents.extent(1);
        S* const student = saved + classes;
        S* const target = saved + 2 * classes;
        const S share(static_cast<R>(options.share));
        const S scale(
            static_cast<R>(options.reduction == class_reduction::mean ? 1.0 / static_cast<double>(classes) : 1.0));

        // The labels' part: CE = log sum exp z - targets . z
        const S log_sum = distribution(logits.value, S(R(1)), student, classes);
        S loss(R(0));
        for (std::size_t k = 0; k < classes; ++k) {
            loss = simd::fma(targets[k], log_sum - logits(0, k), loss);
            saved[k] = (S(R(1)) - share) * (student[k] - targets[k]);
        }
        // The teacher's part.
        S distance(R(0));
        if (options.target == distillation_target::soft) {
            const R t = static_cast<R>(options.temperature);
            const S cooled(R(1) / t);
            const S log_student = distribution(logits.value, cooled, student, classes);
            const S log_teacher = distribution(teacher, cooled, target, classes);
            for (std::size_t k = 0; k < classes; ++k) {
                const S log_ratio = (teacher[k] - logits(0, k)) * cooled - log_teacher + log_student;
                distance = simd::fma(target[k], log_ratio, distance);
                saved[k] =
                    simd::fma(share * scale * S(t), student[k] - target[k], saved[k]);  // T^2 d KL = T (q_z - q_t)
            }
            distance *= scale * S(t * t);
        } else if (options.target == distillation_target::hard) {
            one_hot(teacher, target, classes);
            for (std::size_t k = 0; k < classes; ++k) {
                distance = simd::fma(target[k], log_sum - logits(0, k), distance);
                saved[k] = simd::fma(share, student[k] - target[k], saved[k]);
            }
        } else {
            for (std::size_t k = 0; k < classes; ++k) {
                const S difference = logits(0, k) - teacher[k];
                distance = simd::fma(difference, difference, distance);
                saved[k] = simd::fma(share * scale * S(R(2)), difference, saved[k]);
            }
            distance *= scale;
        }
        y(0) = weight * simd::fma(share, distance - loss, loss);
    }

    void backward(auto y, const S* saved, auto logits) const {
        const S upstream = weight * y.d(0);
        for (std::size_t k = 0; k < logits.extents.extent(1); ++k)
            logits.d(0, k) = simd::fma(upstream, saved[k], logits.d(0, k));
    }

  private:
    /// p = softmax(factor * z); returns log sum exp(factor * z).
    static S distribution(const S* z, S factor, S* p, std::size_t classes) {
        S largest = z[0] * factor;
        for (std::size_t k = 1; k < classes; ++k) largest = simd::maximum(largest, z[k] * factor);
        S total(R(0));
        for (std::size_t k = 0; k < classes; ++k) {
            p[k] = simd::exp(z[k] * factor - largest);
            total += p[k];
        }
        const S inverse = S(R(1)) / total;
        for (std::size_t k = 0; k < classes; ++k) p[k] *= inverse;
        return largest + simd::log(total);
    }
    /// 1 at the first largest entry of every lane, 0 elsewhere.
    static void one_hot(const S* z, S* out, std::size_t classes) {
        S largest = z[0];
        for (std::size_t k = 1; k < classes; ++k) largest = simd::maximum(largest, z[k]);
        S left(R(1));
        for (std::size_t k = 0; k < classes; ++k) {
            out[k] = simd::select(z[k] == largest, left, S(R(0)));
            left -= out[k];
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
