// SPDX-License-Identifier: Apache-2.0
// Does distillation help more with more qubits? Vision transformers whose attention has QVIT_STUDY_WIDTH wires, trained
// on labels alone and after distillation from an ensemble of classical teachers, with the same seeds.
//
//     qvit_more_qubits_16 retinamnist.npz 5 100 > rows.csv       seeds, epochs per stage
//
// One row per run. `outputs` and `gradients` are standard deviations at the start, before training: of a projection's
// outputs over random inputs, and of the derivative of its last output by a weight.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <boost/hana/define_struct.hpp>

#include <qvit/data.hpp>
#include <qvit/models.hpp>
#include <qvit/train.hpp>

#include "teacher.hpp"

using namespace qvit;

namespace {
constexpr std::size_t width = QVIT_STUDY_WIDTH;
/// Every output of a ring depends on many wires, one of `pairs` on two.
constexpr auto ring_circuit = ry_ring<width>;
constexpr auto pairs_circuit = circuit<width>(encode<ry>, rotate<ry>, entangle<cnot>(pairs), measure<z>);

/// A projection whose outputs are brought back to variance 1, with a learnt scale: a layer norm behind the circuit.
template <const auto& Circuit>
struct rescaled_layer {
    static constexpr const auto& circuit = Circuit;
    using projection = quantum_layer<Circuit>;
    using norm = layer_norm<width>;
    BOOST_HANA_DEFINE_STRUCT(rescaled_layer, (projection, project), (norm, rescale));
    constexpr rescaled_layer() = default;
    constexpr auto operator()(auto& tape, auto x) const { return rescale(tape, project(tape, x)); }
};

template <class Projection>
using model_of =
    vision_transformer<small_vit(width, 3, pooling::mean, 2 * width), multi_head_attention<Projection, Projection>>;

struct spread {
    double outputs = 0;
    double gradients = 0;
};

/// Standard deviations over 2000 samples of inputs from N(0, 1), as a layer norm gives them, and weights of the range.
template <const auto& Circuit>
spread spread_of(double range) {
    using run_type = evaluator<Circuit, double>;
    random_stream draw(7, 77);
    spread sum;
    constexpr std::size_t samples = 2000;
    for (std::size_t s = 0; s < samples; ++s) {
        std::vector<double> weights(Circuit.parameters), inputs(Circuit.inputs), outputs(Circuit.outputs);
        std::vector<double> saved(run_type::saved_per_token + 1), upstream(Circuit.outputs), by_input(Circuit.inputs);
        for (double& w : weights) w = draw.uniform(-range, range);
        for (double& x : inputs) x = draw.normal();
        const run_type run(weights.data());
        run.forward(inputs.data(), outputs.data(), saved.data());
        upstream.back() = 1;
        typename run_type::gradient_sum slots{};
        std::vector<double> by_weight(Circuit.parameters);
        run.backward(saved.data(), upstream.data(), by_input.data(), slots);
        run.add_weight_gradient(slots, by_weight.data());
        for (const double y : outputs) sum.outputs += y * y / static_cast<double>(outputs.size());
        sum.gradients += by_weight.back() * by_weight.back();
    }
    return {std::sqrt(sum.outputs / samples), std::sqrt(sum.gradients / samples)};
}

struct study {
    const dataset& data;
    const teacher_signal& teacher;
    std::size_t seeds;
    std::size_t epochs;
};

template <class Projection>
void run(const study& with, const char* entangler, const char* scale, double range) {
    using model_type = model_of<Projection>;
    const model_type model(with.data.classes);
    const spread start = spread_of<Projection::circuit>(range);
    for (std::size_t seed = 0; seed < with.seeds; ++seed) {
        training_options options{.epochs = with.epochs, .batch = 128, .learning_rate = 1e-2, .weight_decay = 0.05};
        options.schedule = schedule_kind::cosine;
        options.label_smoothing = 0.1;
        options.augment = augmentation::dihedral;
        options.seed = seed;
        std::vector<float> weights(parameter_count(model));
        initialize(model, seed, weights.data());
        for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
            if (name.ends_with("theta"))
                for (std::size_t i = 0; i < p.size(); ++i)
                    weights[p.offset + i] *= static_cast<float>(range / (pi / 2));
        });
        auto quiet = [](const epoch_report&) {};
        auto row = [&](const char* mode, const fit_result<float>& result, double seconds) {
            std::printf("%zu,%s,%s,%.2f,%s,%zu,%zu,%.3g,%.3g,%.4f,%.4f,%.4f,%.4f,%.1f\n", width, entangler, scale,
                        range, mode, seed, weights.size(), start.outputs, start.gradients, result.validation.auc,
                        result.validation.accuracy, result.test.auc, result.test.accuracy, seconds);
            std::fflush(stdout);
        };
        // The same number of epochs in all: on labels alone, or half of them taught.
        training_options twice = options;
        twice.epochs = 2 * with.epochs;
        const auto scratch = fit<lanes<float>>(model, with.data, twice, quiet,
                                               {.weights = weights, .teacher = nullptr, .read_test = true});
        row("scratch", scratch, scratch.train_seconds);
        const auto taught = fit<lanes<float>>(model, with.data, options, quiet,
                                              {.weights = weights, .teacher = &with.teacher, .read_test = false});
        options.learning_rate = 3e-3;
        const auto distilled = fit<lanes<float>>(model, with.data, options, quiet,
                                                 {.weights = taught.weights, .teacher = nullptr, .read_test = true});
        row("distilled", distilled, taught.train_seconds + distilled.train_seconds);
    }
}
}  // namespace

int main(int count, char** words) try {
    if (count != 4) throw bad_input("usage: qvit_more_qubits_N <file.npz> <seeds> <epochs per stage>");
    const dataset data = load_dataset(words[1]);
    const auto seeds = static_cast<std::size_t>(std::max(1, std::atoi(words[2])));
    const auto epochs = static_cast<std::size_t>(std::max(1, std::atoi(words[3])));
    teacher_signal teacher;
    teacher.logits = ensemble_logits(data, 3, std::max<std::size_t>(1, epochs / 2));
    teacher.terms = {.labels = 0.3, .soft = 0.7, .temperature = 2};
    std::puts(
        "qubits,entangler,scale,angles,mode,seed,parameters,outputs,gradients,val_auc,val_acc,test_auc,test_acc,"
        "seconds");
    const study with{data, teacher, seeds, epochs};
    run<quantum_layer<ring_circuit>>(with, "ring", "none", pi / 2);
    run<quantum_layer<ring_circuit>>(with, "ring", "none", 0.1);
    run<rescaled_layer<ring_circuit>>(with, "ring", "norm", 0.1);
    run<quantum_layer<pairs_circuit>>(with, "pairs", "none", pi / 2);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
