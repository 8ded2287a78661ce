// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <qvit/nn/gradient_check_module.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/parameter_view.hpp>
#include <qvit/nn/sequential.hpp>
#include <qvit/nn/state.hpp>
#include <qvit/nn/value_and_grad.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/linear_map.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"
#include "unit/train/count_allocations.hpp"

using namespace qvit;

namespace {

/// Parameters of the user's own: no module, only names.
struct weights {
    using matrix = parameter<shape<3, 3>>;
    using row = parameter<shape<3>>;
    using rest = std::array<linear<3, 3>, 2>;
    BOOST_HANA_DEFINE_STRUCT(weights, (matrix, mix), (row, bias), (rest, more));
    constexpr weights() = default;
};

/// Sum of all elements of a matrix.
struct total_op {
    static constexpr const char* name = "total";
    static constexpr shape<1> output_shape(auto) { return {}; }
    static void forward(auto y, auto*, auto x) {
        y(0) = x.value[0];
        for (std::size_t i = 1; i < x.size(); ++i) y(0) += x.value[i];
    }
    static void backward(auto y, const auto*, auto x) {
        for (std::size_t i = 0; i < x.size(); ++i) x.gradient[i] += y.d(0);
    }
};

/// Forgets the gradient of the second tensor.
struct forgetful_add : add_op {
    static void backward(auto y, const auto*, auto a, auto) {
        for (std::size_t i = 0; i < y.size(); ++i) a.gradient[i] += y.gradient[i];
    }
};

/// `mix` is used twice and the second layer three times, the input fans out.
constexpr auto shared = [](auto& tape, const weights& p, auto x) {
    const auto once = tape.apply(linear_map{}, x, tape.use(p.mix), tape.use(p.bias));
    const auto twice = tape.apply(linear_map{}, tape.apply(gelu_op{}, once), tape.use(p.mix), tape.use(p.bias));
    auto y = tape.apply(add_op{}, tape.apply(multiply_op{}, twice, x), once);
    for (int i = 0; i < 3; ++i) y = tape.apply(tanh_op{}, p.more[1](tape, y));
    return y;
};
constexpr auto loss_of_shared = [](auto& tape, const weights& p, auto x) {
    return tape.apply(total_op{}, shared(tape, p, x));
};

double number(std::size_t i) { return std::sin(1.0 + 12.9898 * static_cast<double>(i)); }

}  // namespace

TEST_CASE("gradient_check of modules and of functions of named parameters") {
    CHECK(gradient_check(mlp<3, 4>(), shape<2, 3>{}).largest_error < 1e-8);
    CHECK(gradient_check(weights(), shared, shape<2, 3>{}).largest_error < 1e-8);
    // It sees a wrong gradient of a parameter, which is the last input.
    const auto wrong = gradient_check(
        weights(),
        [](auto& tape, const weights& p, auto x) {
            return tape.apply(forgetful_add{}, tape.apply(linear_map{}, x, tape.use(p.mix), tape.use(p.bias)),
                              tape.use(p.mix));
        },
        shape<3, 3>{});
    CHECK(wrong.largest_error > 0.1);
    CHECK(wrong.input == 1);
    CHECK(wrong.element < 9);
}

TEST_CASE("value_and_grad: value, gradients by name, shared parameters, no heap") {
    auto f = value_and_grad<double>(weights(), loss_of_shared, shape<4, 3>{});
    const std::size_t count = parameter_count(weights());
    std::vector<double> values(count);
    std::vector<double> x(12);
    for (std::size_t i = 0; i < count; ++i) values[i] = number(i);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = number(100 + i);

    const std::size_t before = allocations_so_far();
    const double value = f(values.data(), x.data());
    const auto mix = f.gradient("mix");
    const auto layer = f.gradient("more.1.weight");
    CHECK(allocations_so_far() == before);

    CHECK(mix.data() == f.gradient().data());
    CHECK(mix.size() == 9);
    CHECK(layer.data() == f.gradient().data() + 9 + 3 + 12);
    CHECK(f.gradient("more").size() == 24);
    CHECK(f.gradient("more.2").empty());
    const std::vector<double> gradient(f.gradient().begin(), f.gradient().end());
    CHECK(reference::largest_magnitude(gradient) > 0.1);
    for (std::size_t i = 0; i < count; ++i) {
        auto near = values;
        near[i] += 1e-5;
        const double above = f(near.data(), x.data());
        near[i] -= 2e-5;
        const double below = f(near.data(), x.data());
        INFO("parameter " << i);
        CHECK(reference::close(gradient[i], (above - below) / 2e-5, 1e-8, 1e-8));
    }
    // The first of the two layers is not used.
    CHECK(f(values.data(), x.data()) == value);
    for (const double g : f.gradient("more.0")) CHECK(g == 0);
}

TEST_CASE("value_and_grad: the value is the sum over lanes, and inputs may be many") {
    using S = lanes<double>;
    const auto product = [](auto& tape, const weights&, auto a, auto b) {
        return tape.apply(total_op{}, tape.apply(multiply_op{}, a, b));
    };
    auto f = value_and_grad<S>(weights(), product, shape<dynamic>(2), shape<dynamic>(2));
    const std::vector<double> values(parameter_count(weights()));
    const std::array<S, 2> a{S(2.0), S(3.0)};
    const std::array<S, 2> b{S(10.0), S(100.0)};
    CHECK(f(values.data(), a.data(), b.data()) == 320.0 * lane_count<S>);
}

TEST_CASE("parameter_view finds what a name says, and nothing else") {
    sequential<linear<2, 3>, activation<gelu_op>, mlp<3, 4>> module;
    bind(module);
    std::vector<double> values(parameter_count(module));
    const auto place = [&](const char* name) {
        const auto view = parameter_view(module, values.data(), name);
        return view.empty()
                   ? std::vector<std::size_t>{}
                   : std::vector<std::size_t>{static_cast<std::size_t>(view.data() - values.data()), view.size()};
    };
    using found = std::vector<std::size_t>;
    for_each_named_parameter(module, [&](const std::string& name, const auto& p) {
        CHECK(place(name.c_str()) == found{p.offset, p.size()});
    });
    CHECK(place("2.fc2.bias") == found{9 + 16 + 12, 3});
    CHECK(place("2.fc2") == found{9 + 16, 15});
    CHECK(place("") == found{0, values.size()});
    for (const char* name : {"1", "3", "2.fc", "2.fc22", "2.", "02", "2.fc1.weight.0", ".2", "x", "0.weights"})
        CHECK(place(name).empty());
    const std::vector<double>& constant = values;
    CHECK(parameter_view(module, constant.data(), "0.bias").size() == 3);
}

TEST_CASE("the state of a model: names, extents and offsets, copied by name") {
    linear<2, dynamic> old_head(3);
    sequential old_model(mlp<2, 3>(), old_head);
    sequential model(mlp<2, 3>(), linear<2, dynamic>(5));
    bind(old_model);
    bind(model);
    const auto entries = state_of(model);
    REQUIRE(entries.size() == 6);
    CHECK(entries[0] == state_entry{"0.fc1.weight", {3, 2}, 0});
    CHECK(entries[4] == state_entry{"1.weight", {5, 2}, 17});
    CHECK(entries[5] == state_entry{"1.bias", {5}, 27});
    std::vector<double> source(parameter_count(old_model), 1.0);
    std::vector<float> target(parameter_count(model), 2.0f);
    CHECK(copy_state(state_of(old_model), source.data(), entries, target.data()) ==
          std::vector<std::string>{"1.weight", "1.bias"});
    for (std::size_t i = 0; i < target.size(); ++i) CHECK(target[i] == (i < 17 ? 1.0f : 2.0f));
    CHECK(copy_state(entries, target.data(), entries, target.data()).empty());
}
