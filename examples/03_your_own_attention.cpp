// SPDX-License-Identifier: Apache-2.0
// A token mixer of your own, with an operation of your own: what it takes to try an idea.
#include <cstdio>

#include <boost/hana/define_struct.hpp>

#include <qvit/qvit.hpp>

using namespace qvit;

// y[t] = x[t] * gate[t]: a learned weight per token. Forward and backward stand next to each other.
struct scale_tokens {
    static constexpr const char* name = "scale tokens";
    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C> x, shape<T>) {
        return x;
    }

    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x, auto gate) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) y(t, c) = x(t, c) * S(gate(t));
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x, auto gate) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) {
                x.d(t, c) += y.d(t, c) * S(gate(t));
                gate.d(t) += simd::sum(y.d(t, c) * x(t, c));  // the gate is shared by all images
            }
    }
};

// A module: named parameters, and what it does with a tape.
template <std::size_t Tokens>
struct gated_mean {
    using gate_parameter = parameter<shape<Tokens>>;
    BOOST_HANA_DEFINE_STRUCT(gated_mean, (gate_parameter, gate));
    constexpr gated_mean() : gate{{}, initializer::constant(1)} {}
    constexpr auto operator()(auto& tape, auto x) const { return tape.apply(scale_tokens{}, x, tape.use(gate)); }
};

constexpr vit_config sizes{.colours = 1, .depth = 1, .pool = pooling::mean};
static_assert(attention_for<gated_mean<sizes.tokens()>, sizes.tokens(), sizes.width>);

int main() {
    const auto check = gradient_check([](auto& tape, auto x, auto g) { return tape.apply(scale_tokens{}, x, g); },
                                      shape<5, 3>{}, shape<5>{});
    std::printf("largest gradient error %.1e\n", check.largest_error);

    constexpr vision_transformer<sizes, gated_mean<sizes.tokens()>> model(2);
    for_each_named_parameter(
        model, [](const std::string& name, const auto& p) { std::printf("%-26s %3zu\n", name.c_str(), p.size()); });
    return check.largest_error < 1e-8 ? 0 : 1;
}
