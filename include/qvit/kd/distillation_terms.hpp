// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

#include <qvit/kd/options.hpp>

namespace qvit::inline QVIT_ABI {

/// How a student's tokens come to the width of its teacher's: by a linear layer that is trained with it, or not at all,
/// because the teacher's were brought to the student's width by random_projection, once.
enum class hint_projection : std::uint8_t { learnt, fixed };

/// What a student minimises: the sum of terms, each the mean over images of a loss times its weight; 0 leaves it out.
///
/// Terms on logits: `labels` is the cross entropy with the labels, `soft`, `hard` and `answers` are the three targets
/// of distillation_loss. Terms on the tokens that the head sees: `hint` (feature_hint), `similarities`
/// (similarity_loss), `distances` (distance_loss); on the tokens that the last block leaves, not yet normalised:
/// `attention_map` (attention_transfer). Terms on the last block's attention: `relations` of q and k and `values` of v
/// (relation_loss with one relation head).
///
///     const distillation_terms terms{.labels = 0.5, .soft = 0.5, .temperature = 4, .hint = 0.1};
struct distillation_terms {
    double labels = 0;
    double soft = 1;     ///< T^2 KL of softened distributions
    double hard = 0;     ///< cross entropy with the teacher's answer
    double answers = 0;  ///< squared error of the logits
    double temperature = 2;
    class_reduction reduction = class_reduction::sum;  ///< of soft and answers
    double hint = 0;
    hint_projection projection = hint_projection::learnt;
    double attention_map = 0;
    double relations = 0;
    double values = 0;
    double similarities = 0;
    double distances = 0;
    bool second_head =
        false;  ///< soft, hard and answers are asked of the distillation token, labels of the class token

    /// Needs the teacher's logits, its tokens, its attention.
    constexpr bool of_logits() const { return soft != 0 || hard != 0 || answers != 0; }
    constexpr bool of_tokens() const { return hint != 0 || attention_map != 0 || similarities != 0 || distances != 0; }
    constexpr bool of_attention() const { return relations != 0 || values != 0; }
    constexpr bool of_features() const { return of_tokens() || of_attention(); }

    /// Weights are finite and not negative, one is positive, and the temperature is.
    bool possible() const {
        double sum = 0;
        for (const double weight :
             {labels, soft, hard, answers, hint, attention_map, relations, values, similarities, distances}) {
            if (!(weight >= 0)) return false;
            sum += weight;
        }
        return sum > 0 && std::isfinite(sum) && temperature > 0 && std::isfinite(temperature);
    }
};

}  // namespace qvit::inline QVIT_ABI
