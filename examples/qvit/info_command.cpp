// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <qvit/data/bad_input.hpp>
#include <qvit/simd/lanes.hpp>

#include "commands.hpp"
#include "json_line.hpp"
#include "model_entry.hpp"

namespace qvit::tool {

namespace {
void print_json(const info_arguments& arguments, const model_entry& model, const model_description& d) {
    nlohmann::ordered_json json;
    json["model"] = arguments.model;
    json["summary"] = summary_of(model.name);
    json["classes"] = arguments.classes;
    json["colours"] = model.colours;
    json["pool"] = arguments.pool;
    json["params"] = d.parameters;
    json["attention_params"] = d.attention_parameters;
    json["multiply_adds"] = d.multiply_adds;
    json["arena_bytes"] = d.arena_bytes;
    json["engine"] = d.engine;
    json["engine_explanation"] = d.explanation;
    json["operations"] = nlohmann::json::array();
    for (const operation_row& row : d.operations)
        json["operations"].push_back(
            {{"name", row.name}, {"output", row.output}, {"multiply_adds", row.multiply_adds}});
    json["parameters"] = nlohmann::json::array();
    for (const parameter_row& row : d.parameter_rows)
        json["parameters"].push_back({{"name", row.name}, {"shape", row.extents}, {"count", row.count}});
    std::printf("%s\n", as_line(json).c_str());
}
}  // namespace

int run_info(const info_arguments& arguments) {
    const model_entry& model = find_model(arguments.model, arguments.colours, arguments.pool);
    const model_description d = model.describe(arguments.classes);
    if (arguments.json) {
        print_json(arguments, model, d);
        return 0;
    }
    const vit_config& c = model.config;
    std::printf("%s: %s\n\n", arguments.model.c_str(), std::string(summary_of(model.name)).c_str());
    std::printf("images         %zu x %zu x %zu, %zu classes\n", c.image, c.image, c.colours, arguments.classes);
    std::printf("tokens         %zu patches of %zu x %zu pixels%s, %zu channels\n", c.patches(), c.patch, c.patch,
                arguments.pool == "mean"  ? ", mean pooling"
                : arguments.pool == "cls" ? " and a class token"
                                          : ", a class and a distillation token",
                c.width);
    std::printf("blocks         %zu, MLP %zu -> %zu -> %zu\n", c.depth, c.width, c.mlp, c.width);
    std::printf("parameters     %zu: %zu in attention (q, k, v, o), %zu elsewhere\n", d.parameters,
                d.attention_parameters, d.parameters - d.attention_parameters);
    std::printf("multiply-adds  %zu per image, forward; sines, exponentials and norms are not counted\n",
                d.multiply_adds);
    std::printf("memory         %zu KiB per thread while training, %zu images at a time (%s)\n",
                (d.arena_bytes + 1023) / 1024, lane_count<lanes<float>>, isa_name);
    if (!d.circuit.empty())
        std::printf("\nthe circuit of each projection (engine: %s)\n\n%s\n%s", d.engine.c_str(), d.circuit.c_str(),
                    d.explanation.c_str());
    std::printf("\n%-24s %-10s %14s\n", "operation", "output", "multiply-adds");
    for (const operation_row& row : d.operations)
        std::printf("%-24s %-10s %14zu\n", row.name.c_str(), row.output.c_str(), row.multiply_adds);
    std::printf("\n%-28s %-10s %8s\n", "parameter", "shape", "count");
    for (const parameter_row& row : d.parameter_rows)
        std::printf("%-28s %-10s %8zu\n", row.name.c_str(), row.extents.c_str(), row.count);
    return 0;
}

int run_draw(const info_arguments& arguments) {
    const model_entry& model = find_model(arguments.model, arguments.colours, "mean");
    const model_description d = model.describe(arguments.classes);
    if (d.circuit.empty()) throw bad_input("model " + arguments.model + " is classical: it has no circuit to draw");
    if (arguments.json) {
        const nlohmann::ordered_json json{
            {"model", arguments.model}, {"engine", d.engine}, {"circuit", d.circuit}, {"qasm", d.qasm}};
        std::printf("%s\n", as_line(json).c_str());
    } else {
        std::fputs((arguments.qasm ? d.qasm : d.circuit).c_str(), stdout);
    }
    return 0;
}

}  // namespace qvit::tool
