// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/random_stream.hpp>

namespace reference {

/// `count` numbers of [-3, 3) that follow from the seed.
inline std::vector<double> random_numbers(std::size_t count, std::uint64_t seed) {
    std::vector<double> result(count);
    qvit::random_stream random(seed, 5);
    for (double& value : result) value = random.uniform(-3, 3);
    return result;
}

}  // namespace reference
