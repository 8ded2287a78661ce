// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/parameter.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/recycled.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/layer_norm.hpp>
#include <qvit/tensor/linear_map.hpp>

#include "reference/close.hpp"

using namespace qvit;

namespace {

struct death {
    int signal = 0;  ///< that ended the process; 0 where it went on living
    std::string text;
};
/// Runs a call in a process of its own and returns how it ended and what it wrote to stderr.
template <class Call>
death death_of(Call call) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);  // doctest has a handler of its own
        dup2(ends[1], STDERR_FILENO);
        call();
        _exit(0);
    }
    close(ends[1]);
    death result;
    char part[256];
    for (ssize_t got; (got = read(ends[0], part, sizeof part)) > 0;)
        result.text.append(part, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return result;
}

/// A user's own operation, y = x^3, with its derivative.
struct cube {
    static constexpr const char* name = "cube";
    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    static void forward(auto y, auto*, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = x.value[i] * x.value[i] * x.value[i];
    }
    static void backward(auto y, const auto*, auto x) {
        using S = typename decltype(x)::element;
        for (std::size_t i = 0; i < y.size(); ++i)
            x.gradient[i] += S(real_of<S>(3)) * x.value[i] * x.value[i] * y.gradient[i];
    }
};

/// Two uses of one weight, a residual connection and a dynamic extent.
struct small_net {
    parameter<shape<4, 4>> weight{};
    parameter<shape<4>> bias{};
    parameter<shape<dynamic, 4>> head;
    parameter<shape<dynamic>> head_bias;
    static constexpr std::size_t weights = 16 + 4;

    constexpr explicit small_net(std::size_t classes)
        : head{shape<dynamic, 4>(classes), {}, true, weights},
          head_bias{shape<dynamic>(classes), {}, false, weights + 4 * classes} {
        bias.offset = 16;
    }
    constexpr std::size_t count() const { return weights + head.size() + head_bias.size(); }
    constexpr auto operator()(auto& tape, auto x) const {
        const auto once = tape.apply(linear_map{}, x, tape.use(weight), tape.use(bias));
        const auto twice = tape.apply(linear_map{}, tape.apply(gelu_op{}, once), tape.use(weight), tape.use(bias));
        const auto sum = tape.apply(add_op{}, twice, x);
        return tape.apply(linear_map{}, sum, tape.use(head), tape.use(head_bias));
    }
    constexpr auto pass() const {
        return [net = *this](auto& tape) { net(tape, tape.create(shape<3, 4>{})); };
    }
};

/// Some numbers in (-1, 1) that repeat nowhere near.
double number(std::size_t i) { return std::sin(1.0 + 12.9898 * static_cast<double>(i)); }

template <class R>
std::vector<R> weights_of(const small_net& net) {
    std::vector<R> weights(net.count());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<R>(number(i));
    return weights;
}

template <class S>
void fill(auto x) {
    for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = S(static_cast<real_of<S>>(number(100 + i)));
}

constexpr auto gelu_and_add = [](auto& tape) {
    const auto x = tape.create_constant(shape<3, 4>{});
    const auto y = tape.apply(gelu_op{}, x);
    tape.apply(add_op{}, y, y);
};

}  // namespace

// The image, gelu's output, what gelu keeps, the sum: 12 doubles each, on cache lines.
static_assert(plan<double, false>(gelu_and_add).bytes == 4 * 128);
static_assert(plan<float, false>(gelu_and_add).bytes == 4 * 64);
static_assert(plan<double, false>(gelu_and_add).operations == 2);
// Two gradients more, and two records of at least a cache line.
static_assert(plan<double, true>(gelu_and_add).bytes >= 6 * 128 + 2 * 64);
static_assert(plan<double, true>(gelu_and_add).operations == 2);
static_assert(plan<double, true>(gelu_and_add).multiply_adds == 0);
static_assert(plan<lanes<float>, true>(small_net(5).pass()).multiply_adds == 3 * 4 * 4 * 2 + 3 * 4 * 5);
static_assert(plan<lanes<float>, true>(small_net(5).pass()).operations == 5);

// A tape is used up by backward; one that records nothing has none.
template <class Tape>
concept goes_backward = requires(Tape tape) {
    std::move(tape).backward();
};
template <class Tape>
concept goes_backward_as_lvalue = requires(Tape& tape) {
    tape.backward();
};
static_assert(goes_backward<training_tape<double>> && !goes_backward_as_lvalue<training_tape<double>>);
static_assert(!goes_backward<inference_tape<double>>);
static_assert(!std::is_copy_constructible_v<training_tape<double>>);

TEST_CASE_TEMPLATE("an arena is used up to the last planned byte", S, double, float, lanes<float>, lanes<double>) {
    using R = real_of<S>;
    for (const std::size_t classes : {2u, 5u, 9u}) {
        const small_net net(classes);
        const auto weights = weights_of<R>(net);
        std::vector<R> gradients(weights.size());

        const std::size_t training = plan<S, true>(net.pass()).bytes;
        arena memory(training);
        training_tape<S> tape(memory, weights.data(), gradients.data());
        net.pass()(tape);
        CHECK(memory.used() == training);
        CHECK(memory.used() == memory.size());
        std::move(tape).backward();
        CHECK(memory.used() == training);

        const std::size_t inference = plan<S, false>(net.pass()).bytes;
        arena less(inference);
        inference_tape<S> forward_only(less, weights.data());
        net.pass()(forward_only);
        CHECK(less.used() == inference);
        CHECK(inference < training);
    }
}

TEST_CASE("an arena hands out cache lines, and all of them again after reset") {
    arena memory(4 * 64);
    CHECK(arena::bytes_for<double>(1) == 64);
    CHECK(arena::bytes_for<double>(8) == 64);
    CHECK(arena::bytes_for<double>(9) == 128);
    CHECK(arena::bytes_for<char>(0) == 0);
    const auto address = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p); };
    double* const first = memory.allocate<double>(3);
    char* const second = memory.allocate<char>(65);
    CHECK(address(first) % 64 == 0);
    CHECK(address(second) == address(first) + 64);
    CHECK(memory.used() == 3 * 64);
    memory.allocate<char>(64);
    CHECK(memory.used() == memory.size());
    memory.reset();
    CHECK(memory.used() == 0);
    CHECK(memory.allocate<double>(3) == first);
}

TEST_CASE("an arena's shared gradients are taken again and count once") {
    arena memory(5 * 64);
    const auto before = memory.position();
    double* const first = memory.allocate_zeros<double>(8);
    double* const second = memory.allocate_zeros<double>(8);
    CHECK(memory.used() == 2 * 64);
    memory.share_gradients(before);
    CHECK(memory.allocate_zeros<double>(8) == first);
    CHECK(memory.used() == 2 * 64);  // the second is still in use
    memory.stop_sharing();
    CHECK(memory.allocate_zeros<double>(8) == second - 8);
    CHECK(memory.used() == 3 * 64);
    memory.rewind(before);
    CHECK(memory.used() == 0);
}

TEST_CASE("an arena that runs out ends the program and says what was wanted") {
    const death end = death_of([] {
        arena memory(128);
        memory.allocate<double>(1);
        memory.allocate<double>(9);
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.text == "qvit::arena: 128 bytes wanted, 64 of 128 are left; was the pass planned?\n");
    CHECK(death_of([] { arena(128).allocate<double>(16); }).signal == 0);
}

TEST_CASE("backward twice on one tape ends the program and says so") {
    const small_net net(2);
    const auto weights = weights_of<double>(net);
    std::vector<double> gradients(weights.size());
    arena memory(plan<double, true>(net.pass()).bytes);
    const auto run = [&](int times) {
        training_tape<double> tape(memory, weights.data(), gradients.data());
        net.pass()(tape);
        for (int i = 0; i < times; ++i) std::move(tape).backward();
    };
    const death end = death_of([&] { run(2); });
    CHECK(end.signal == SIGABRT);
    CHECK(end.text == "qvit::tape: backward was called twice on one tape; record the pass again.\n");
    CHECK(death_of([&] { run(1); }).signal == 0);
}

TEST_CASE("an operation on a tape that backward used up ends the program and says so") {
    const auto run = [](bool after) {
        arena memory(1 << 12);
        training_tape<double> tape(memory, nullptr, nullptr);
        const auto x = tape.create(shape<1>{});
        x(0) = 2;
        const auto y = tape.apply(cube{}, x);
        std::move(tape).backward(y);
        if (after) tape.apply(cube{}, y);
    };
    const death end = death_of([&] { run(true); });
    CHECK(end.signal == SIGABRT);
    CHECK(end.text == "qvit::tape: an operation was applied after backward; record the pass on a new tape.\n");
    CHECK(death_of([&] { run(false); }).signal == 0);
}

TEST_CASE("a recycled block that does not end with its result ends the program and says so") {
    const auto run = [](bool goes_on) {
        arena memory(1 << 12);
        training_tape<double> tape(memory, nullptr, nullptr);
        const auto x = tape.create(shape<1>{});
        x(0) = 2;
        const auto block = [goes_on](auto& inner, auto y) {
            const auto result = inner.apply(cube{}, y);
            if (goes_on) inner.apply(cube{}, y);
            return result;
        };
        std::move(tape).backward(recycled(tape, block, x));
    };
    const death end = death_of([&] { run(true); });
    CHECK(end.signal == SIGABRT);
    CHECK(end.text == "qvit::tape: a recycled block must end with the operation that makes its result.\n");
    CHECK(death_of([&] { run(false); }).signal == 0);
}

TEST_CASE_TEMPLATE("inference gives the values of training, bit by bit", S, double, lanes<float>) {
    using R = real_of<S>;
    const small_net net(5);
    const auto weights = weights_of<R>(net);
    std::vector<R> gradients(weights.size());
    const auto values = [&](auto& tape) {
        const auto x = tape.create(shape<3, 4>{});
        fill<S>(x);
        const auto y = net(tape, x);
        std::vector<R> result(y.size() * lane_count<S>);
        for (std::size_t i = 0; i < y.size(); ++i) simd::store(result.data() + i * lane_count<S>, y.value[i]);
        return result;
    };
    arena memory(plan<S, true>(net.pass()).bytes);
    training_tape<S> training(memory, weights.data(), gradients.data());
    const auto trained = values(training);
    arena less(plan<S, false>(net.pass()).bytes);
    inference_tape<S> inference(less, weights.data());
    CHECK(values(inference) == trained);
    CHECK(reference::largest_magnitude(trained) > 0.1);
}

TEST_CASE("a user's own operation is differentiated like the library's") {
    const auto alone = [](auto& tape, auto x) { return tape.apply(cube{}, x); };
    CHECK(gradient_check(alone, shape<2, 3>{}).largest_error < 1e-8);
    const auto between = [](auto& tape, auto x) {
        return tape.apply(gelu_op{}, tape.apply(add_op{}, x, tape.apply(cube{}, tape.apply(gelu_op{}, x))));
    };
    CHECK(gradient_check(between, shape<5>{}).largest_error < 1e-8);

    arena memory(4096);
    training_tape<lanes<float>> tape(memory, nullptr, nullptr);
    const auto x = tape.create(shape<1>{});
    x(0) = lanes<float>(2.0f);
    const auto y = tape.apply(cube{}, x);
    std::move(tape).backward(y);
    float lane[lane_count<lanes<float>>];
    simd::store(lane, y(0));
    CHECK(lane[0] == 8.0f);
    simd::store(lane, x.d(0));
    for (const float derivative : lane) CHECK(derivative == 12.0f);
}

TEST_CASE("fan-out: every use of a variable adds its share") {
    const auto fan = [](auto& tape, auto x) {
        const auto a = tape.apply(cube{}, x);
        const auto b = tape.apply(gelu_op{}, x);
        const auto both = tape.apply(add_op{}, tape.apply(add_op{}, a, b), tape.apply(add_op{}, a, x));
        return tape.apply(add_op{}, both, both);
    };
    CHECK(gradient_check(fan, shape<3, 2>{}).largest_error < 1e-8);
}

TEST_CASE("a parameter that is used twice gets the gradients of both uses") {
    const small_net net(3);
    auto weights = weights_of<double>(net);
    std::vector<double> gradients(weights.size());
    arena memory(plan<double, true>(net.pass()).bytes);
    const auto loss = [&](bool backward) {
        training_tape<double> tape(memory, weights.data(), gradients.data());
        const auto x = tape.create(shape<3, 4>{});
        fill<double>(x);
        const auto y = net(tape, x);
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            y.gradient[i] = number(200 + i);
            sum += number(200 + i) * y.value[i];
        }
        if (backward) std::move(tape).backward();
        return sum;
    };
    loss(true);
    const auto analytic = gradients;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double kept = weights[i];
        weights[i] = kept + 1e-5;
        const double above = loss(false);
        weights[i] = kept - 1e-5;
        const double below = loss(false);
        weights[i] = kept;
        INFO("weight " << i);
        CHECK(reference::close(analytic[i], (above - below) / 2e-5, 1e-8, 1e-8));
    }
    CHECK(reference::largest_magnitude(analytic) > 0.1);

    SUBCASE("a second pass adds to the gradients of the first") {
        loss(true);
        for (std::size_t i = 0; i < gradients.size(); ++i)
            CHECK(reference::close(gradients[i], 2 * analytic[i], 1e-14, 0));
    }
}

TEST_CASE("the gradient of a shared parameter is the sum over lanes") {
    using S = lanes<float>;
    constexpr std::size_t width = lane_count<S>;
    const small_net net(2);
    const auto weights = weights_of<float>(net);
    const auto gradient_of = [&]<class T>(T) {
        std::vector<float> gradients(weights.size());
        arena memory(plan<T, true>(net.pass()).bytes);
        for (std::size_t image = 0; image < width; image += lane_count<T>) {
            training_tape<T> tape(memory, weights.data(), gradients.data());
            const auto x = tape.create(shape<3, 4>{});
            for (std::size_t i = 0; i < x.size(); ++i) {
                float lane[lane_count<T>];
                for (std::size_t l = 0; l < lane_count<T>; ++l)
                    lane[l] = static_cast<float>(number(1000 * (image + l) + i));
                x.value[i] = simd::load<T>(lane);
            }
            const auto y = net(tape, x);
            for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = T(1.0f);
            std::move(tape).backward();
        }
        return gradients;
    };
    CHECK(reference::relative_difference(gradient_of(S()), gradient_of(0.0f)) < 2e-6);
}
