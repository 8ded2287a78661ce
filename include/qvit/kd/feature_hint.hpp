// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <boost/hana/define_struct.hpp>

#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/constant.hpp>
#include <qvit/tensor/matmul.hpp>
#include <qvit/tensor/squared_error.hpp>

namespace qvit::inline QVIT_ABI {

/// Mean squared error between a student's features, projected by a linear layer, and a teacher's (FitNets,
/// arXiv:1412.6550, eq. 3): T x Features against T x TeacherFeatures, tokens or pooled.
///
/// A module: the projection is trained with the student and thrown away afterwards (see hinted_student). `teacher`
/// holds T x TeacherFeatures lanes; `weight` as for cross_entropy. TeacherFeatures may be dynamic.
///
///     loss = hint.loss(tape, model.encode(tape, images), teacher, weight)
template <std::size_t Features, std::size_t TeacherFeatures>
struct feature_hint {
    using layer = linear<Features, TeacherFeatures>;
    BOOST_HANA_DEFINE_STRUCT(feature_hint, (layer, projection));

    constexpr feature_hint() requires(TeacherFeatures != dynamic) = default;
    constexpr explicit feature_hint(std::size_t teacher_features) requires(TeacherFeatures == dynamic)
        : projection(teacher_features) {}

    template <class S>
    constexpr auto loss(auto& tape, auto features, const S* teacher, S weight) const {
        return mean_squared_error(tape, projection(tape, features), teacher, weight);
    }
    /// weight * mean over elements of (x - teacher)^2.
    template <class S>
    static constexpr auto mean_squared_error(auto& tape, auto x, const S* teacher, S weight) {
        const S share(real_of<S>(1) / static_cast<real_of<S>>(x.size()));
        return tape.apply(squared_error<S>{teacher, weight * share}, x);
    }
};

/// The same with a projection that is not trained: `matrix` is TeacherFeatures x Features, one for all images, e.g.
/// filled by random_projection. The student's features alone have to move.
///
///     loss = fixed_hint<64>(tape, model.encode(tape, images), matrix.data(), teacher, weight)
template <std::size_t TeacherFeatures, class S, std::size_t T, std::size_t Features>
constexpr auto fixed_hint(auto& tape, variable<S, shape<T, Features>> features, const real_of<S>* matrix,
                          const S* teacher, S weight) {
    const auto projected = tape.apply(matmul_bt{}, features, constant_tensor<shape<TeacherFeatures, Features>>(matrix));
    return feature_hint<Features, TeacherFeatures>::mean_squared_error(tape, projected, teacher, weight);
}

/// Fills a matrix [outputs, inputs] with normal numbers of variance 1 / inputs: lengths are kept in the mean
/// (Johnson and Lindenstrauss). The same for one seed.
template <class R>
void random_projection(std::uint64_t seed, std::size_t outputs, std::size_t inputs, R* matrix) {
    random_stream random(seed, static_cast<std::uint32_t>(stream::projection));
    const double scale = 1 / std::sqrt(static_cast<double>(inputs));
    for (std::size_t i = 0; i < outputs * inputs; ++i) matrix[i] = static_cast<R>(scale * random.normal());
}

/// A student and what is trained with it only while it is taught: its weights come first in the flat vector, so the
/// first parameter_count(student) of them are the student's own.
///
///     constexpr hinted_student taught(model, feature_hint<4, 64>());
template <class Student, class Hint>
struct hinted_student {
    BOOST_HANA_DEFINE_STRUCT(hinted_student, (Student, student), (Hint, hint));

    constexpr hinted_student(const Student& model, const Hint& teacher_hint) : student(model), hint(teacher_hint) {
        bind(*this);
    }
};

}  // namespace qvit::inline QVIT_ABI
