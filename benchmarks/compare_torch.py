#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Times training with the qvit program beside a plain torch model: same data, recipe, machine and run.

    /usr/bin/python3 benchmarks/compare_torch.py --data ../shared/data/retinamnist.npz --repeats 3

Each repeat trains every model once with either side, one thread each, one after the other, the side that starts
alternating. The result is a Markdown table of median seconds on stdout; progress goes to stderr.

Both clocks measure the same: training and the validation after every epoch, not loading and not the test set. Recipe on
both sides: Adam, the learning rate x0.1 at half and three quarters of the epochs, CLS token, no augmentation, test at
the epoch of the best validation AUC. The seeds agree but not the random streams, so AUC and ACC differ by as much as
two seeds do.

Torch's model is the class ViT of the file given by --oracle; the loop around it is here, because the file's own loop
puts test evaluations on the clock. Needs numpy and torch (Debian: python3-numpy, python3-torch).
"""
import os

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # before torch is loaded, and for the child process

import argparse
import importlib.util
import json
import pathlib
import platform
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The arguments of the oracle's ViT for each of our model names.
MODELS = {
    "qvit4": dict(d=4, mlp=8, kind="quantum", L=1),
    "qvit8": dict(d=8, mlp=16, kind="quantum", L=1),
    "vit4": dict(d=4, mlp=8, kind="linear"),
    "vit8": dict(d=8, mlp=16, kind="linear"),
}


class Failure(Exception):
    """One line for the user."""


def progress(text):
    print(text, file=sys.stderr, flush=True)


# ---- the qvit program ----------------------------------------------------------------------------------------------


def qvit_command(a, model):
    return [str(a.program), "train", "--data", str(a.data), "--model", model, "--epochs", str(a.epochs),
            "--batch", str(a.batch), "--lr", f"{a.lr:g}", "--seed", str(a.seed), "--threads", "1",
            "--pool", "cls", "--augment", "none", "--json"]


def find_number(result, *names):
    """The first of `names` that is a number in the JSON; a dot steps into an object. None if there is none."""
    for name in names:
        value = result
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    return None


def run_qvit(a, model):
    command = qvit_command(a, model)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise Failure(f"cannot run {a.program}: {error.strerror}; build it first or pass --program") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["nothing on stderr"])[-1]
        raise Failure(f"`{' '.join(command)}` ended with {done.returncode}: {last}")
    line = (done.stdout.strip().splitlines() or [""])[-1]
    try:
        result = json.loads(line)
    except json.JSONDecodeError:
        result = None
    if not isinstance(result, dict) or find_number(result, "train_seconds") is None:
        raise Failure(f"expected a JSON object with train_seconds as the last line of {model}, found: {line[:120]!r}")
    return dict(seconds=result["train_seconds"], auc=find_number(result, "test_auc", "test.auc"),
                acc=find_number(result, "test_acc", "test.acc"), params=find_number(result, "params", "parameters"),
                isa=result.get("isa"))


# ---- torch ---------------------------------------------------------------------------------------------------------


def load_oracle(path):
    if not path.is_file():
        raise Failure(f"no torch model at {path}; pass --oracle")
    sys.dont_write_bytecode = True  # its folder may be read-only
    spec = importlib.util.spec_from_file_location("qvit_torch_oracle", path)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    return oracle


def run_torch(oracle, data, a, model):
    """Trains for a.torch_epochs; `seconds` is what was measured, not scaled."""
    import torch

    torch.manual_seed(a.seed)
    x, y = data["train"][0], torch.tensor(data["train"][1])
    net = oracle.ViT(x.shape[1], int(y.max()) + 1, p=7, depth=2, heads=1, cls=True, **MODELS[model])
    optimiser = torch.optim.Adam(net.parameters(), lr=a.lr)
    epochs = a.torch_epochs
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, [epochs // 2, 3 * epochs // 4], 0.1)

    def evaluate(split):
        with torch.no_grad():
            return oracle.metrics(data[split][1], torch.softmax(net(data[split][0]), -1).numpy())

    best_auc, best_state = -1.0, None
    start = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for first in range(0, len(x), a.batch):
            batch = order[first:first + a.batch]
            loss = torch.nn.functional.cross_entropy(net(x[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
        auc = evaluate("val")[0]
        if auc > best_auc:
            best_auc, best_state = auc, {k: v.clone() for k, v in net.state_dict().items()}
    seconds = time.perf_counter() - start
    if best_state is None:
        raise Failure(f"torch's {model} never had a validation AUC (the loss may have become NaN)")
    net.load_state_dict(best_state)
    auc, acc = evaluate("test")
    return dict(seconds=seconds, auc=float(auc), acc=float(acc), params=sum(p.numel() for p in net.parameters()))


# ---- the report ----------------------------------------------------------------------------------------------------


def cpu_name():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def scores(result):
    return " / ".join("-" if result[k] is None else f"{result[k]:.3f}" for k in ("auc", "acc"))


def median_and_range(values):
    middle = f"{statistics.median(values):.3g}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.3g} to {max(values):.3g})"


def report(a, ours, theirs, torch_version, load):
    scale = a.epochs / a.torch_epochs
    lines = ["| model | parameters | qvit s | torch s | torch / qvit | qvit test AUC / ACC | torch test AUC / ACC |",
             "|---|---|---|---|---|---|---|"]
    warnings = []
    for model in a.models:
        mine = [r["seconds"] for r in ours[model]]
        other = [r["seconds"] * scale for r in theirs[model]]
        middle = statistics.median(mine)
        ratio = f"{statistics.median(other) / middle:.1f}" if middle > 0 else "-"
        parameters = theirs[model][0]["params"]
        if ours[model][0]["params"] not in (None, parameters):
            warnings.append(f"{model} has {ours[model][0]['params']} parameters in qvit, {parameters} in torch: "
                            "not the same model.")
        lines.append(f"| {model} | {parameters} | {median_and_range(mine)} | {median_and_range(other)} | {ratio} "
                     f"| {scores(ours[model][0])} | {scores(theirs[model][0])} |")
    isa = sorted({str(r["isa"]) for results in ours.values() for r in results if r["isa"] is not None})
    lines += ["", f"ISA of qvit: {', '.join(isa) or 'not in the JSON'}. torch {torch_version}. {cpu_name()}, "
              f"{os.cpu_count()} CPUs, load at the start {load}.",
              f"{a.data.name}, {a.epochs} epochs, batch {a.batch}, lr {a.lr:g}, seed {a.seed}, CLS, no augmentation, "
              f"one thread each, median of {a.repeats} alternating run{'s' if a.repeats > 1 else ''}; training and "
              "validation, no loading. AUC and ACC are of one seed."]
    if a.torch_epochs != a.epochs:
        lines.append(f"torch trained for {a.torch_epochs} epochs only: its seconds are the measured ones x {scale:g}, "
                     f"its AUC and ACC are those of {a.torch_epochs} epochs.")
    lines += [f"Warning: {text}" for text in warnings]
    return "\n".join(lines)


def positive(text):
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data/retinamnist.npz",
                   help="a MedMNIST .npz, not multi-label (default: ../shared/data/retinamnist.npz)")
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/examples/qvit",
                   help="the qvit executable (default: build/release/examples/qvit)")
    p.add_argument("--oracle", type=pathlib.Path, default=ROOT / "../shared/oracle/qvit_torch.py",
                   help="file with the torch model (default: ../shared/oracle/qvit_torch.py)")
    p.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS), metavar="MODEL",
                   help=f"which of {', '.join(MODELS)} (default: all)")
    p.add_argument("--epochs", type=positive, default=100, help="epochs (default: 100)")
    p.add_argument("--torch-epochs", type=positive,
                   help="fewer epochs for torch; its seconds are scaled linearly and the output says so")
    p.add_argument("--batch", type=positive, default=128, help="images per step (default: 128)")
    p.add_argument("--lr", type=float, default=5e-3, help="learning rate (default: 5e-3)")
    p.add_argument("--seed", type=int, default=0, help="seed of either side (default: 0)")
    p.add_argument("--repeats", type=positive, default=3, help="runs of each side; the median counts (default: 3)")
    a = p.parse_args()
    a.torch_epochs = a.torch_epochs or a.epochs
    if a.torch_epochs > a.epochs:
        p.error(f"--torch-epochs must be at most --epochs, {a.epochs}, but is {a.torch_epochs}")
    a.models = list(dict.fromkeys(a.models))
    for path in ("data", "program", "oracle"):
        setattr(a, path, pathlib.Path(os.path.abspath(getattr(a, path))))
    return a


def main():
    a = parse_arguments()
    if not a.data.is_file():
        raise Failure(f"no data at {a.data}; pass --data")
    try:
        import torch
    except ImportError:
        raise Failure(f"{sys.executable} has no torch; on Debian: apt install python3-torch, then /usr/bin/python3") \
            from None
    torch.set_num_threads(1)
    oracle = load_oracle(a.oracle)
    data = oracle.load(a.data)
    load = f"{os.getloadavg()[0]:.1f}"
    ours, theirs = ({model: [] for model in a.models} for _ in range(2))

    def qvit_side(model):
        ours[model].append(run_qvit(a, model))
        progress(f"{model}: qvit {ours[model][-1]['seconds']:.3g} s")

    def torch_side(model):
        theirs[model].append(run_torch(oracle, data, a, model))
        progress(f"{model}: torch {theirs[model][-1]['seconds']:.3g} s for {a.torch_epochs} epochs")

    for repeat in range(a.repeats):
        for model in a.models:
            sides = (qvit_side, torch_side) if repeat % 2 == 0 else (torch_side, qvit_side)
            for side in sides:
                side(model)
    print(report(a, ours, theirs, torch.__version__, load))


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"compare_torch: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
