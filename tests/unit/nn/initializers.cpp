// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/ansatz.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/inverse.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/nn/gradient_check_module.hpp>
#include <qvit/nn/identity_block.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/quantum_layer.hpp>
#include <qvit/nn/visit.hpp>

#include "reference/close.hpp"
#include "reference/test_circuits.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;

namespace {

/// One parameter and how it starts.
template <class Shape>
struct single {
    using tensor = parameter<Shape>;
    BOOST_HANA_DEFINE_STRUCT(single, (tensor, weight));
    constexpr explicit single(initializer start) : weight{{}, start} {}
};
template <class Shape>
std::vector<double> drawn(initializer start) {
    const single<Shape> module(start);
    std::vector<double> values(parameter_count(module));
    initialize(module, 17, values.data());
    return values;
}
/// Uniform in (-bound, bound), to the last hundredth of it, with mean 0 and the right variance.
void check_uniform(const std::vector<double>& values, double bound) {
    const double n = static_cast<double>(values.size());
    double sum = 0;
    double squares = 0;
    for (const double v : values) sum += v, squares += v * v;
    CHECK(reference::largest_magnitude(values) <= bound);
    CHECK(reference::largest_magnitude(values) > 0.99 * bound);
    CHECK(std::abs(sum / n) < 4 * bound / std::sqrt(3 * n));
    CHECK(reference::close(squares / n, bound * bound / 3, 0.04, 0));
}
/// Mean 0, standard deviation sigma, as much beyond 1 and 2 sigma as a normal distribution has.
void check_normal(const std::vector<double>& values, double sigma) {
    const double n = static_cast<double>(values.size());
    double sum = 0;
    double squares = 0;
    double beyond_1 = 0;
    double beyond_2 = 0;
    for (const double v : values) {
        sum += v;
        squares += v * v;
        beyond_1 += std::abs(v) > sigma ? 1 : 0;
        beyond_2 += std::abs(v) > 2 * sigma ? 1 : 0;
    }
    CHECK(std::abs(sum / n) < 4 * sigma / std::sqrt(n));
    CHECK(reference::close(squares / n, sigma * sigma, 0.05, 0));
    CHECK(reference::close(beyond_1 / n, 0.31731, 0.05, 0));
    CHECK(reference::close(beyond_2 / n, 0.04550, 0.15, 0));
}

using wide = shape<200, 50>;         // out 200, in 50
using kernel = shape<40, 10, 5, 5>;  // out 40 * 25, in 10 * 25

}  // namespace

TEST_CASE("initialisers: Xavier and He, with torch's gains and fans") {
    check_uniform(drawn<wide>(initializer::xavier_uniform()), std::sqrt(6.0 / 250));
    check_uniform(drawn<kernel>(initializer::xavier_uniform()), std::sqrt(6.0 / (50 * 25)));
    check_uniform(drawn<wide>(initializer::xavier_uniform(initializer::gain_of_tanh)), 5.0 / 3 * std::sqrt(6.0 / 250));
    check_normal(drawn<wide>(initializer::xavier_normal()), std::sqrt(2.0 / 250));
    check_uniform(drawn<wide>(initializer::he_uniform()), std::sqrt(6.0 / 50));
    check_uniform(drawn<wide>(initializer::he_uniform(1, initializer::fan::out)), std::sqrt(3.0 / 200));
    check_normal(drawn<wide>(initializer::he_normal()), std::sqrt(2.0 / 50));
    check_normal(drawn<kernel>(initializer::he_normal(std::sqrt(2.0), initializer::fan::out)), std::sqrt(2.0 / 1000));
    check_normal(drawn<wide>(initializer::normal(0.3)), 0.3);
    check_uniform(drawn<shape<10000>>(initializer::xavier_uniform()), std::sqrt(6.0 / 20000));
}

namespace {

constexpr auto mirrored = circuit<4>(encode<ry>, basic_entangler<2>(), inverse(basic_entangler<2>()), measure<z>);
constexpr auto blocks = circuit<3>(encode<ry>, hardware_efficient<2>(), inverse(hardware_efficient<2>()), rotate<rot>,
                                   entangle<cnot>(chain), inverse(rotate<rot>, entangle<cnot>(chain)), measure<z>);
/// CZs in another order than backwards, scaled and shifted weights, an encoding of several gates.
constexpr auto palindrome =
    circuit<3>(apply<h, 0>, apply<h, 0>, encode<ry>, apply<ry, 0>(2 * weight(1) + 0.5), rotate<rx>,
               entangle<cz>(ring), entangle<cz>(ring), apply<rx, 2>(weight(5)), apply<rx, 0>(weight(6)),
               apply<rx, 1>(weight(7)), apply<ry, 0>(-3 * weight(0) + 0.25), measure<z>);
constexpr auto odd = circuit<2>(encode<ry>, rotate<ry>, entangle<cz>(chain), rotate<ry>, measure<z>);
constexpr auto shared = circuit<2>(encode<ry>, apply<ry, 0>(weight(0)), apply<ry, 1>(weight(0)),
                                   apply<ry, 1>(weight(1)), apply<ry, 0>(2 * weight(1)), measure<z>);

/// At the start, the expectation of Z on wire i is that of RY(x_i): cos x_i.
template <const auto& Circuit>
void check_identity() {
    quantum_layer<Circuit> layer(identity_block<Circuit>());
    bind(layer);
    std::vector<double> theta(Circuit.parameters);
    initialize(layer, 5, theta.data());
    std::size_t large = 0;
    for (const double t : theta) large += std::abs(t) > 0.3 ? 1 : 0;
    CHECK(2 * large > theta.size());
    std::vector<double> x(2 * Circuit.inputs);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 3 * std::sin(1.0 + 5.0 * static_cast<double>(i));
    const auto y = module_check::run(layer, shape<2, Circuit.inputs>{}, x, theta);
    REQUIRE(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(reference::close(y[i], std::cos(x[i]), 0, 1e-13));
    // Not so with other angles.
    theta[0] += 0.5;
    CHECK(reference::largest_difference(module_check::run(layer, shape<2, Circuit.inputs>{}, x, theta), y) > 1e-3);
}

}  // namespace

static_assert(has_identity_block<mirrored> && has_identity_block<blocks> && has_identity_block<palindrome>);
static_assert(!has_identity_block<odd> && !has_identity_block<shared>);
static_assert(!has_identity_block<reference::ry_ring<4, 1>> && !has_identity_block<reference::ry_ring<4, 2>>);

TEST_CASE("identity_block: the circuit does nothing at the start") {
    check_identity<mirrored>();
    check_identity<blocks>();
    check_identity<palindrome>();
}
