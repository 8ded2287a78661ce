// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/tensor/rms_norm.hpp>

namespace qvit::inline QVIT_ABI {

/// Divides every token by the root of the mean square of its Channels, and scales it; torch.nn.RMSNorm with eps 1e-6.
///
///     constexpr rms_norm<64> norm;  auto y = norm(tape, x);
template <std::size_t Channels>
struct rms_norm {
    using channel_parameter = parameter<shape<Channels>>;
    BOOST_HANA_DEFINE_STRUCT(rms_norm, (channel_parameter, weight));

    constexpr rms_norm() : weight{{}, initializer::constant(1)} {}

    constexpr auto operator()(auto& tape, auto x) const { return tape.apply(rms_norm_op{}, x, tape.use(weight)); }
};

}  // namespace qvit::inline QVIT_ABI
