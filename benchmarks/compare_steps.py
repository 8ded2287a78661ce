#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Times one training step of qvit beside the same step in plain torch.

    /usr/bin/python3 benchmarks/compare_steps.py

A step: loss and gradients of 128 images of 28 x 28 x 3, 5 classes, and Adam; float, one thread. Every round times each
model on either side, one after the other; the table has the medians over the rounds. qvit's side is the benchmark
train/step/<model> of build/release/benchmarks/qvit_benchmarks, whose teacher row also says how near the step comes to
the measured multiply-add peak; torch's is the class ViT of the file given by --oracle. Needs python3-torch.
"""
import os

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # before torch is loaded

import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = {
    "qvit4": dict(d=4, mlp=8, kind="quantum", L=1),
    "qvit8": dict(d=8, mlp=16, kind="quantum", L=1),
    "qvit4_L2": dict(d=4, mlp=8, kind="quantum", L=2),
    "qvit8_L2": dict(d=8, mlp=16, kind="quantum", L=2),
    "vit4": dict(d=4, mlp=8, kind="linear"),
    "vit8": dict(d=8, mlp=16, kind="linear"),
    "teacher": dict(d=64, mlp=128, depth=4, heads=4, kind="linear"),
}
BATCH = 128


def fail(text):
    sys.exit(f"compare_steps: {text}")


def load_oracle(path):
    if not path.is_file():
        fail(f"expected a torch model at {path}, found no file; pass --oracle")
    sys.dont_write_bytecode = True  # its folder may be read-only
    spec = importlib.util.spec_from_file_location("qvit_torch_oracle", path)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    return oracle


def time_qvit(program, model):
    """Seconds of a step, and its ratio to the floor of its multiply-adds."""
    command = [str(program), f"--benchmark_filter=^train/step/{model}$", "--benchmark_format=json",
               "--benchmark_min_time=0.3"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except OSError as error:
        fail(f"cannot run {program}: {error.strerror}; build it with ./run build or pass --program")
    rows = json.loads(done.stdout)["benchmarks"] if done.returncode == 0 else []
    if len(rows) != 1:
        fail(f"expected one result of `{' '.join(command)}`, found {len(rows)}")
    if rows[0]["time_unit"] != "ns":
        fail(f"expected nanoseconds, found {rows[0]['time_unit']}")
    return rows[0]["real_time"] * 1e-9, rows[0]["floor_ratio"]


def make_torch_step(torch, oracle, model):
    torch.manual_seed(0)
    options = dict(dict(depth=2, heads=1), **MODELS[model])
    net = oracle.ViT(3, 5, p=7, cls=True, **options)
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-9)
    images, labels = torch.rand(BATCH, 3, 28, 28) * 2 - 1, torch.randint(0, 5, (BATCH,))

    def step():
        loss = torch.nn.functional.cross_entropy(net(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return step


def time_torch(step):
    step()
    samples = []
    begin = time.perf_counter()
    while len(samples) < 5 or time.perf_counter() - begin < 0.5:
        start = time.perf_counter()
        step()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/benchmarks/qvit_benchmarks")
    parser.add_argument("--oracle", type=pathlib.Path, default=ROOT / "../shared/oracle/qvit_torch.py")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS), metavar="MODEL")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds must be at least 1, but is {arguments.rounds}")
    try:
        import torch
    except ImportError:
        fail("no torch; on Debian: apt install python3-torch, then /usr/bin/python3")
    torch.set_num_threads(1)
    oracle = load_oracle(arguments.oracle)
    steps = {model: make_torch_step(torch, oracle, model) for model in arguments.models}
    ours, floors, theirs = ({model: [] for model in arguments.models} for _ in range(3))
    for _ in range(arguments.rounds):
        for model in arguments.models:
            seconds, floor = time_qvit(arguments.program, model)
            ours[model].append(seconds)
            floors[model].append(floor)
            theirs[model].append(time_torch(steps[model]))
    print("| model | qvit ms | torch ms | torch / qvit | share of the FMA peak |")
    print("|---|---|---|---|---|")
    for model in arguments.models:
        mine, other = statistics.median(ours[model]), statistics.median(theirs[model])
        print(f"| {model} | {1e3 * mine:.3f} | {1e3 * other:.1f} | {other / mine:.1f} | "
              f"{1 / statistics.median(floors[model]):.2f} |")
    print(f"\nBatch {BATCH}, 28 x 28 x 3, float, one thread, medians of {arguments.rounds} rounds, torch "
          f"{torch.__version__}, load {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
