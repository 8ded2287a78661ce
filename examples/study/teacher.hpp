// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/data/dataset.hpp>

/// Logits of an ensemble for every training image, images x classes: the mean over `members` classical teachers of 64
/// channels, trained on the labels with seeds of their own for `epochs` epochs each. The test split is not read.
std::vector<double> ensemble_logits(const qvit::dataset& data, std::size_t members, std::size_t epochs);
