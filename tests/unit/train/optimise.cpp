// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/nn/linear.hpp>
#include <qvit/train/batch_order.hpp>
#include <qvit/train/clip_norm.hpp>
#include <qvit/train/learning_rate.hpp>
#include <qvit/train/optimizer.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/weight_average.hpp>
#include <qvit/train/worker_pool.hpp>

#include "golden/optimizer_golden.hpp"
#include "reference/close.hpp"

using namespace qvit;

namespace {
std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed, std::size_t epoch) {
    std::vector<std::uint32_t> order(count, 12345);
    shuffle_epoch(order, seed, epoch);
    return order;
}
}  // namespace

TEST_CASE("batch order: a permutation of all images") {
    for (const std::size_t count : {0u, 1u, 2u, 3u, 100u, 1080u}) {
        auto order = shuffled(count, 7, 3);
        std::sort(order.begin(), order.end());
        std::vector<std::uint32_t> identity(count);
        std::iota(identity.begin(), identity.end(), 0u);
        CHECK(order == identity);
    }
}

TEST_CASE("batch order: depends on seed and epoch and on nothing else") {
    const auto order = shuffled(100, 7, 3);
    CHECK(shuffled(100, 7, 3) == order);
    CHECK(shuffled(100, 7, 4) != order);
    CHECK(shuffled(100, 8, 3) != order);
    CHECK(shuffled(100, 7 + (std::uint64_t{1} << 32), 3) != order);
    // What the order held before does not matter.
    auto again = order;
    shuffle_epoch(again, 7, 3);
    CHECK(again == order);
    // Every image comes first in some epoch.
    std::array<int, 4> first{};
    for (std::size_t epoch = 1; epoch <= 400; ++epoch) ++first[shuffled(4, 0, epoch)[0]];
    for (const int times : first) CHECK(times > 60);
}

TEST_CASE("batch order: that of seed 0 never changes") {
    CHECK(shuffled(10, 0, 1) == std::vector<std::uint32_t>{4, 5, 3, 1, 9, 7, 2, 6, 0, 8});
}

TEST_CASE("learning rate: constant, and MedMNIST's steps at 50 % and 75 % of the epochs") {
    training_options options{.epochs = 100, .learning_rate = 2e-3, .schedule = schedule_kind::constant};
    for (const std::size_t step : {0u, 17u, 699u}) CHECK(learning_rate_at(options, step, 7) == 2e-3);

    options.schedule = schedule_kind::step;
    const auto rate = [&](std::size_t step, std::size_t per_epoch) {
        return learning_rate_at(options, step, per_epoch) / options.learning_rate;
    };
    CHECK(rate(0, 7) == 1);
    CHECK(rate(50 * 7 - 1, 7) == 1);
    CHECK(reference::close(rate(50 * 7, 7), 0.1, 1e-15, 0));
    CHECK(reference::close(rate(75 * 7 - 1, 7), 0.1, 1e-15, 0));
    CHECK(reference::close(rate(75 * 7, 7), 0.01, 1e-15, 0));
    CHECK(reference::close(rate(100 * 7 - 1, 7), 0.01, 1e-15, 0));
    // Half the epochs are over in epoch e, counted from 0, if 2 e >= epochs; also where that is no whole number.
    for (std::size_t epochs = 1; epochs <= 9; ++epochs) {
        options.epochs = epochs;
        for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
            INFO("epoch " << epoch << " of " << epochs);
            const double expected = 4 * epoch >= 3 * epochs ? 0.01 : 2 * epoch >= epochs ? 0.1 : 1;
            CHECK(reference::close(rate(epoch * 5 + 2, 5), expected, 1e-15, 0));
        }
    }
}

TEST_CASE("learning rate: half a cosine to zero, step by step") {
    const training_options options{.epochs = 20, .learning_rate = 1e-2, .schedule = schedule_kind::cosine};
    const auto rate = [&](std::size_t step) { return learning_rate_at(options, step, 9); };
    CHECK(rate(0) == 1e-2);
    CHECK(reference::close(rate(90), 5e-3, 1e-12, 0));
    CHECK(reference::close(rate(60), 7.5e-3, 1e-12, 0));  // cos 60 degrees
    for (std::size_t step = 1; step < 180; ++step) CHECK(rate(step) < rate(step - 1));
    CHECK(rate(179) > 0);
    CHECK(rate(179) < 1e-6);
}

TEST_CASE("learning rate: a linear warm-up, then the schedule, a cosine that ends above zero") {
    training_options options{.epochs = 20, .learning_rate = 1e-2, .schedule = schedule_kind::cosine};
    options.scheduling = {.warm_up_epochs = 2, .final_fraction = 0.1};
    const auto rate = [&](std::size_t step) { return learning_rate_at(options, step, 9); };
    for (std::size_t step = 0; step < 18; ++step)
        CHECK(reference::close(rate(step), 1e-2 * static_cast<double>(step + 1) / 19, 1e-12, 0));
    CHECK(reference::close(rate(18), 1e-2, 1e-12, 0));
    CHECK(reference::close(rate(18 + 81), 5.5e-3, 1e-12, 0));  // half way of the rest
    for (std::size_t step = 19; step < 180; ++step) CHECK(rate(step) < rate(step - 1));
    CHECK(reference::close(rate(180), 1e-3, 1e-12, 0));
    CHECK(rate(179) > 1e-3);
    options.schedule = schedule_kind::constant;
    CHECK(reference::close(rate(8), 1e-2 * 9 / 19, 1e-12, 0));
    CHECK(rate(18) == 1e-2);
    CHECK(rate(100) == 1e-2);
}

TEST_CASE("learning rate: steps at shares of the epochs of one's own, also where the product is not exact") {
    training_options options{.epochs = 10, .learning_rate = 1, .schedule = schedule_kind::step};
    options.scheduling = {.milestones = {0.3, 0.6, 0.9}, .step_factor = 0.5};
    for (std::size_t epoch = 0; epoch < 10; ++epoch)
        CHECK(learning_rate_at(options, epoch * 4 + 3, 4) == (epoch < 3   ? 1
                                                              : epoch < 6 ? 0.5
                                                              : epoch < 9 ? 0.25
                                                                          : 0.125));
}

TEST_CASE("learning rate: one cycle is torch's") {
    for (const auto& cycle : optimizer_golden::cycles) {
        training_options options{
            .epochs = cycle.rates.size(), .learning_rate = 0.04, .schedule = schedule_kind::one_cycle};
        options.scheduling = {.rising_share = cycle.rising, .start_divisor = 20, .end_divisor = 500};
        for (std::size_t step = 0; step < cycle.rates.size(); ++step)
            CHECK(reference::close(learning_rate_at(options, step, 1), cycle.rates[step], 1e-12, 0));
    }
}

namespace {
using small = linear<2, 3>;  // 6 weights, which decay, then 3 biases

template <class R>
void check_optimizer(const optimizer_golden::golden_case& expected, double tolerance) {
    small module;
    bind(module);
    optimizer<R> rule(module, expected.options);
    std::vector<R> weights(std::begin(optimizer_golden::start), std::end(optimizer_golden::start));
    for (int step = 0; step < optimizer_golden::steps; ++step) {
        const std::vector<R> gradients(std::begin(optimizer_golden::gradients[step]),
                                       std::end(optimizer_golden::gradients[step]));
        const double norm = std::sqrt(squared_norm<R>(gradients));
        rule.step(weights.data(), gradients.data(), optimizer_golden::rates[step], expected.decay,
                  clip_scale(norm, expected.limit));
        for (std::size_t i = 0; i < weights.size(); ++i) {
            INFO(expected.name << ", step " << step << ", weight " << i);
            CHECK(reference::close(static_cast<double>(weights[i]), expected.weights[step][i], 0, tolerance));
        }
    }
}
}  // namespace

TEST_CASE("optimisers are torch's: SGD, Adam and AdamW, clipped, only what decays decays") {
    for (const auto& expected : optimizer_golden::cases) {
        check_optimizer<double>(expected, 1e-14);
        check_optimizer<float>(expected, 1e-6);
    }
}

TEST_CASE("an optimiser's step over ranges, and after its state was moved, has the same bits") {
    constexpr std::size_t inputs = 37;  // with the biases 3 x 37 + 3 reals: no multiple of a register
    linear<inputs, 3> module;
    bind(module);
    const std::size_t size = parameter_count(module);
    for (const optimizer_options& options :
         {optimizer_options{}, optimizer_options{.kind = optimizer_kind::sgd, .momentum = 0.9},
          optimizer_options{.kind = optimizer_kind::adam}}) {
        optimizer<float> whole(module, options), pieces(module, options);
        std::vector<float> a(size, 0.5f), b(size, 0.5f), gradient(size);
        for (int step = 0; step < 5; ++step) {
            for (std::size_t i = 0; i < size; ++i)
                gradient[i] = std::sin(static_cast<float>(i + 3) * static_cast<float>(step + 1));
            whole.step(a.data(), gradient.data(), 0.01, 0.1, 0.7);
            pieces.begin(0.01, 0.1, 0.7);
            for (const auto& [first, count] : {std::pair<std::size_t, std::size_t>{41, size - 41}, {0, 5}, {5, 36}})
                pieces.update(first, count, b.data(), gradient.data());
            CHECK(a == b);
            optimizer<float> moved(module, options);
            moved.first_moment() = pieces.first_moment();
            moved.second_moment() = pieces.second_moment();
            moved.set_steps(pieces.steps());
            pieces = moved;
        }
        CHECK(pieces.steps() == 5);
    }
}

TEST_CASE("the norm of gradients, and what clips it") {
    std::vector<float> values(1003);
    double expected = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(std::cos(static_cast<double>(i)));
        expected += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    }
    CHECK(reference::close(squared_norm<float>(values), expected, 1e-13, 0));
    CHECK(squared_norm<float>({}) == 0);
    CHECK(clip_scale(5, 0) == 1);
    CHECK(clip_scale(5, 10) == 1);
    CHECK(clip_scale(0, 1) == 1);
    CHECK(reference::close(clip_scale(5, 1), 1 / (5 + 1e-6), 1e-15, 0));
    CHECK(std::isnan(clip_scale(NAN, 1)));
}

TEST_CASE("the average of weights is timm's, with and without a warm-up") {
    const std::size_t size = 19;
    std::vector<double> weights(size), average(size), expected(size);
    for (const average_options options : {average_options{0.9, false}, average_options{0.9, true}})
        for (std::uint64_t step = 1; step <= 200; ++step) {
            const double decay =
                options.warm_up ? std::min(0.9, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)))
                                : 0.9;
            for (std::size_t i = 0; i < size; ++i) {
                weights[i] = std::sin(static_cast<double>(i * step));
                expected[i] = decay * expected[i] + (1 - decay) * weights[i];
            }
            update_average(weights.data(), average.data(), size, average_decay(options, step));
            REQUIRE(reference::largest_difference(average, expected) < 1e-15);
        }
    CHECK(average_decay({0.9, true}, 1) == 2.0 / 11);
    CHECK(average_decay({0.9, true}, 1000) == 0.9);
}

TEST_CASE("worker pool: every task once, by a worker of the pool, again and again") {
    for (std::size_t workers = 1; workers <= 4; ++workers) {
        worker_pool pool(workers);
        CHECK(pool.workers() == workers);
        for (const std::size_t count : {0u, 1u, 2u, 7u, 1000u}) {
            const auto times = std::make_unique<std::atomic<int>[]>(count + 1);
            std::atomic<bool> known_worker = true;
            pool.run(count, [&](std::size_t worker, std::size_t task) {
                if (worker >= workers || task >= count) known_worker = false;
                ++times[std::min(task, count)];
            });
            CHECK(known_worker);
            CHECK(std::count_if(times.get(), times.get() + count, [](const auto& t) { return t == 1; }) ==
                  static_cast<std::ptrdiff_t>(count));
        }
        std::size_t total = 0;
        for (std::size_t round = 0; round < 500; ++round) {
            std::array<std::size_t, 5> parts{};
            pool.run(parts.size(), [&](std::size_t, std::size_t task) { parts[task] = task + round; });
            total += std::accumulate(parts.begin(), parts.end(), std::size_t{0});
        }
        CHECK(total == 500 * 10 + 5 * (499 * 500 / 2));
    }
}

TEST_CASE("worker pool: a task's exception reaches the caller, and the pool goes on working") {
    for (std::size_t workers = 1; workers <= 4; ++workers) {
        worker_pool pool(workers);
        for (int round = 0; round < 20; ++round) {
            std::string message;
            try {
                pool.run(50, [](std::size_t, std::size_t task) {
                    if (task % 10 == 3) throw std::runtime_error("a task failed");
                });
            } catch (const std::runtime_error& error) {
                message = error.what();
            }
            CHECK(message == "a task failed");
            std::atomic<int> done = 0;
            pool.run(50, [&](std::size_t, std::size_t) { ++done; });
            CHECK(done == 50);
        }
    }
}

TEST_CASE("worker pool: each worker runs one task at a time") {
    // A worker's number names its arena.
    worker_pool pool(4);
    std::array<std::atomic<int>, 4> inside{};
    std::atomic<int> clashes = 0;
    pool.run(2000, [&](std::size_t worker, std::size_t) {
        if (++inside[worker] != 1) ++clashes;
        --inside[worker];
    });
    CHECK(clashes == 0);
}
