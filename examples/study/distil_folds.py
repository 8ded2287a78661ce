#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does distillation help qvit4 on RetinaMNIST's folds? The rows of docs/recipe.md.

    distil_folds.py QVIT FOLDS OUT [--folds 5] [--seeds 6] [--share 1]

FOLDS is what folds.py filled (partition 0). Trains 8 qvit4, 4 vit8 and 4 qvit8 per fold (--share .25: a quarter of them),
then qvit4 on labels alone and distilled from the mean of their logits, and prints held-out scores with paired
differences. Runs that are in OUT are not done again.
"""
import argparse
import json
import pathlib
import subprocess

import numpy as np

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("tool")
parser.add_argument("data", type=pathlib.Path)
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("--folds", type=int, default=5)
parser.add_argument("--seeds", type=int, default=6)
parser.add_argument("--share", type=float, default=1)
options = parser.parse_args()

COMMON = ["--augment", "dihedral", "--normalise", "data", "--tta", "dihedral"]
TEACHERS = {"qvit4": (8, "0.02"), "vit8": (4, "0.01"), "qvit8": (4, "0.01")}
# Distillation alone ends with one epoch that changes nothing, as the tool's last stage reads the held-out images.
ROWS = {
    "labels alone": None,
    "soft targets": ["--kd-epochs", "200", "--epochs", "1", "--lr", "1e-9"],
    "soft targets, then labels": ["--kd-epochs", "150", "--epochs", "50", "--lr", "0.003"],
}


def run(where, *words):
    """The result of a run, which OUT/<where>.json keeps."""
    kept = options.out / f"{where}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([options.tool, *words, *COMMON, "--json"], stdout=subprocess.PIPE, check=True)
        kept.write_bytes(done.stdout)
    return json.loads(kept.read_text().splitlines()[-1])


scores = {row: [] for row in ROWS}
for fold in range(options.folds):
    data = str(options.data / f"p0f{fold}.npz")
    teachers = []
    for model, (count, rate) in TEACHERS.items():
        for seed in range(max(1, int(count * options.share))):
            where = f"{fold}/{model}-{seed}"
            run(where, "train", "--data", data, "--model", model, "--seed", str(seed), "--lr", rate,
                "--out", str(options.out / where))
            teachers.append(str(options.out / where / "best.safetensors"))
    for seed in range(100, 100 + options.seeds):
        for row, words in ROWS.items():
            command = (["train", "--model", "qvit4", "--lr", "0.02"] if words is None else
                       ["distil", "--student", "qvit4", "--teacher", *teachers, "--views", "all", "--kd-lr", "0.02", *words])
            result = run(f"{fold}/{row}-{seed}", *command, "--data", data, "--seed", str(seed))
            scores[row].append((result["test_auc"], result["test_acc"]))

alone = np.array(scores["labels alone"])
for row, values in scores.items():
    change = np.array(values) - alone
    error = change.std(0, ddof=1) / len(change) ** .5 if len(change) > 1 else (np.nan, np.nan)
    print(f"{row:26s}", *(f"{name} {mean:.4f} ({by:+.4f} +- {e:.4f})" for name, mean, by, e in
                          zip(("AUC", "ACC"), np.mean(values, 0), change.mean(0), error)), f"{len(values)} runs")
