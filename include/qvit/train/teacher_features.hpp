// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/kd/distillation_terms.hpp>

namespace qvit::inline QVIT_ABI {

/// What a teacher tells of every image besides its logits: rows of floats, in the order of teacher_signal's rows.
///
/// A table that no term asks for is empty. T tokens, as many as the student's; C channels. Memory: see bytes.
struct teacher_features {
    std::size_t tokens = 0;
    std::size_t channels = 0;           ///< of hints: the teacher's, or the student's for hint_projection::fixed
    std::vector<float> hints{};         ///< T x C a row: tokens
    std::vector<float> maps{};          ///< T: activation_map of the tokens that the last block leaves
    std::vector<float> similarities{};  ///< T x T: token_similarities
    std::vector<float> distances{};     ///< T x T: token_distances
    std::vector<float> relations{};     ///< T x T: token_relations of q and k, one relation head
    std::vector<float> values{};        ///< T x T: token_relations of v and v

    /// Calls visit(name, table, numbers of a row, weight of the term that needs it); `features` may be constant.
    static void visit(auto& features, const distillation_terms& terms, auto&& visit) {
        const std::size_t square = features.tokens * features.tokens;
        visit("hints", features.hints, features.tokens * features.channels, terms.hint);
        visit("maps", features.maps, features.tokens, terms.attention_map);
        visit("similarities", features.similarities, square, terms.similarities);
        visit("distances", features.distances, square, terms.distances);
        visit("relations", features.relations, square, terms.relations);
        visit("values", features.values, square, terms.values);
    }
    /// Bytes of so many rows of what the terms ask for.
    std::size_t bytes(std::size_t rows, const distillation_terms& terms) const {
        std::size_t numbers = 0;
        visit(*this, terms, [&](const char*, const auto&, std::size_t size, double weight) {
            if (weight != 0) numbers += size;
        });
        return rows * numbers * sizeof(float);
    }
};

}  // namespace qvit::inline QVIT_ABI
