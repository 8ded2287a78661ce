// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/kd/feature_hint.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/shape/shape.hpp>

namespace qvit::inline QVIT_ABI {

/// A vision transformer that also learns from its teacher's tokens and attention, with the projection that a learnt
/// hint needs; a model for trainer and fit.
///
/// The student's own weights come first in the flat vector, so the first parameter_count(student) of a result are its
/// weights, and its names and start values are those it has alone. With 0 channels there is no projection and nothing
/// else is trained. Terms on logits need no taught_student; it costs the compiler the losses on features.
///
///     const taught_student taught(models::qvit4<3>(classes), features.channels);
///     fit<lanes<float>>(taught, data, options, report, {.teacher = &signal});
template <class Student>
struct taught_student {
    using projection = feature_hint<Student::config.width, dynamic>;
    BOOST_HANA_DEFINE_STRUCT(taught_student, (Student, student), (projection, hint));

    static constexpr auto config = Student::config;
    using input_shape = typename Student::input_shape;
    using token_shape = typename Student::token_shape;

    constexpr explicit taught_student(const Student& model, std::size_t teacher_channels = 0)
        : student(model), hint(teacher_channels) {
        bind(*this);
    }
    constexpr std::size_t classes() const { return student.classes(); }
    constexpr auto operator()(auto& tape, auto images) const { return student(tape, images); }
};

namespace detail {
template <class Model>
inline constexpr bool is_taught_student = false;
template <class Student>
inline constexpr bool is_taught_student<taught_student<Student>> = true;
}  // namespace detail

/// A model of trainer that can be given teacher_features.
template <class Model>
concept learns_features = detail::is_taught_student<Model>;

}  // namespace qvit::inline QVIT_ABI
