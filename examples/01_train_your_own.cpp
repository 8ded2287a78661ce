// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <qvit/data.hpp>
#include <qvit/qvit.hpp>
#include <qvit/train.hpp>

// A projection of 4 channels: x_i turns wire i, two trainable layers follow, and <Z_i> of every wire comes out.
constexpr auto projection = qvit::circuit<4>(                                         // 4 wires
    qvit::encode<qvit::ry>,                                                           // RY(x_i) on wire i
    qvit::repeat<2>(qvit::rotate<qvit::ry>, qvit::entangle<qvit::cnot>(qvit::ring)),  // RY(w), CNOT ring, twice
    qvit::measure<qvit::z>);

// A vision transformer whose q, k, v and o are that circuit: the types hold its shape, the compiler its engine.
using my_vit = qvit::vision_transformer<qvit::vit_config{.width = 4, .pool = qvit::pooling::mean},
                                        qvit::quantum_attention<projection>>;
static_assert(qvit::parameter_count(my_vit(5)) == 937);
static_assert(qvit::best_engine<projection>() == qvit::engine::closed_form);

int main() {
    std::fputs(qvit::draw(projection).c_str(), stdout);
    const qvit::dataset data = qvit::synthetic_dataset();  // or load_dataset("retinamnist.npz")
    const qvit::training_options options{.epochs = 40, .batch = 64, .learning_rate = 1e-2};
    const auto result =
        qvit::fit<qvit::lanes<float>>(my_vit(data.classes), data, options, [](const qvit::epoch_report& now) {
            if (now.epoch % 10 == 0)
                std::printf("epoch %2zu  loss %.3f  validation AUC %.3f\n", now.epoch, now.loss, now.validation.auc);
        });
    std::printf("test AUC %.3f, accuracy %.3f, %.1f s\n", result.test.auc, result.test.accuracy, result.train_seconds);
    return result.test.auc > 0.6 ? 0 : 1;
}
