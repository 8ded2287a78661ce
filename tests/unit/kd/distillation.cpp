// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <golden/distillation_golden.hpp>
#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/kd/distillation_loss.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/cross_entropy.hpp>

using namespace qvit;
namespace golden = distillation_golden;

namespace {
/// The golden images one to a lane; lanes beyond them weigh nothing.
template <class S>
void check_golden(double tolerance) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    for (const auto& expected : golden::cases) {
        CAPTURE(expected.name);
        double loss = 0;
        for (std::size_t first = 0; first < golden::images; first += width) {
            S logits[golden::classes], targets[golden::classes], teacher[golden::classes];
            auto lanes_of = [&](auto value) {
                R lane[width]{};
                for (std::size_t i = 0; i < width && first + i < golden::images; ++i)
                    lane[i] = static_cast<R>(value(first + i));
                return simd::load<S>(lane);
            };
            for (std::size_t k = 0; k < golden::classes; ++k) {
                logits[k] = lanes_of([&](std::size_t i) { return golden::student[i * golden::classes + k]; });
                teacher[k] = lanes_of([&](std::size_t i) { return golden::teacher[i * golden::classes + k]; });
                targets[k] =
                    lanes_of([&](std::size_t i) { return golden::labels[i] == static_cast<int>(k) ? 1.0 : 0.0; });
            }
            const S weight = lanes_of([](std::size_t) { return 1.0 / golden::images; });
            S gradient[golden::classes];
            for (S& g : gradient) g = S(R(0));
            arena memory(4096);
            training_tape<S> tape(memory, nullptr, nullptr);
            const variable<S, shape<1, dynamic>> z{logits, gradient, shape<1, dynamic>(golden::classes)};
            const auto y = tape.apply(distillation_loss<S>{expected.options, targets, teacher, weight}, z);
            loss += static_cast<double>(simd::sum(y(0)));
            std::move(tape).backward(y);
            for (std::size_t k = 0; k < golden::classes; ++k) {
                R lane[width];
                simd::store(lane, gradient[k]);
                for (std::size_t i = 0; i < width; ++i) {
                    const double found = static_cast<double>(lane[i]);
                    if (first + i < golden::images)
                        CHECK(std::fabs(found - expected.gradient[(first + i) * golden::classes + k]) < tolerance);
                    else
                        CHECK(found == 0.0);
                }
            }
        }
        CHECK(std::fabs(loss - expected.loss) < tolerance * std::fabs(expected.loss));
    }
}
}  // namespace

TEST_CASE("distillation losses and gradients are torch's") {
    check_golden<double>(1e-13);
    check_golden<lanes<double>>(1e-13);
    check_golden<lanes<float>>(2e-6);
}

TEST_CASE("distillation gradients against finite differences") {
    const double targets[] = {0.1, 0.6, 0.3};
    const double teacher[] = {1.3, -0.4, 0.2};
    for (const auto target : {distillation_target::soft, distillation_target::hard, distillation_target::logits})
        for (const auto reduction : {class_reduction::sum, class_reduction::mean}) {
            const distillation_options options{target, reduction, 0.6, 3.0};
            auto run = [&](auto& tape, auto z) {
                return tape.apply(distillation_loss<double>{options, targets, teacher, 0.5}, z);
            };
            CHECK(gradient_check(run, shape<1, 3>{}).largest_error < 1e-9);
        }
}

TEST_CASE("a hard target goes to one class even where the teacher's logits are equal") {
    const double targets[] = {0, 0, 1};
    const double teacher[] = {2, 2, 1};
    double z[] = {0.5, -0.5, 0.1};
    double saved[9];
    double y[1];
    const distillation_loss<double> loss{{.target = distillation_target::hard, .share = 1}, targets, teacher, 1};
    loss.forward(variable<double, shape<1>>{y, nullptr, {}}, saved, variable<double, shape<1, 3>>{z, nullptr, {}});
    const double log_sum = std::log(std::exp(0.5) + std::exp(-0.5) + std::exp(0.1));
    CHECK(std::fabs(y[0] - (log_sum - 0.5)) < 1e-14);
}
