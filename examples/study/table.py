#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/reproduction.md in Markdown, from the folder that reproduction.sh filled.

    table.py OUT
"""
import csv
import json
import pathlib
import statistics
import sys

out = pathlib.Path(sys.argv[1])
NAMES = ("retinamnist", "breastmnist", "pneumoniamnist_rebuilt", "bloodmnist_like")


def short(value):
    return f"{value:.3f}".replace("0.", ".", 1)


def spread(values):
    return f"{short(statistics.mean(values))} ± {short(statistics.stdev(values) if len(values) > 1 else 0)}"


def signed(value):
    return ("-" if value < 0 else "+") + short(abs(value))


def gain(of):
    low, high = of["interval"]
    return f"{signed(of['gain']['mean'])} [{signed(low)}, {signed(high)}]"


def of(metric, kind):
    return f"{short(metric[kind]['mean'])} ± {short(metric[kind]['deviation'])}"


print("| set | model | parameters | q, k, v, o | multiply-adds | seconds | AUC, scratch | AUC, distilled | gain "
      "| ACC, scratch | ACC, distilled | gain |")
print("|---" * 12 + "|")
for name in NAMES:
    here = out / name
    if not (here / "scratch/results.csv").exists():
        continue
    rows = list(csv.DictReader((here / "scratch/results.csv").open()))
    for model in ("qvit4", "qvit8", "vit4", "vit8"):
        runs = [row for row in rows if row["model"] == model]
        if not runs or not (here / f"{model}.json").exists():
            continue
        both = json.loads((here / f"{model}.json").read_text())["comparison"]
        auc, acc = both["auc"], both["acc"]
        # The command that distils trains from scratch too: the same runs as the sweep's.
        assert abs(statistics.mean(float(row["test_auc"]) for row in runs) - auc["scratch"]["mean"]) < 1e-9, (name, model)
        seconds = statistics.mean(float(row["train_seconds"]) for row in runs)
        print(f"| {name} | {model} | {runs[0]['params']} | {runs[0]['attention_params']} | {runs[0]['multiply_adds']} "
              f"| {seconds:.2f} | {of(auc, 'scratch')} | {of(auc, 'distilled')} | {gain(auc)} "
              f"| {of(acc, 'scratch')} | {of(acc, 'distilled')} | {gain(acc)} |")
    teachers = [json.loads(file.read_text()) for file in sorted(here.glob("teacher-*/result.json"))]
    if teachers:
        first = teachers[0]
        print(f"| {name} | teacher, {len(teachers)} seeds, {first['epochs']} epochs | {first['params']} "
              f"| {first['attention_params']} | {first['multiply_adds']} "
              f"| {statistics.mean(t['train_seconds'] for t in teachers):.0f} "
              f"| {spread([t['test_auc'] for t in teachers])} | | | {spread([t['test_acc'] for t in teachers])} | | |")

print("\n| set | model | AUC, scratch | AUC, distilled | gain | ACC, scratch | ACC, distilled | gain |")
print("|---" * 8 + "|")
for name in NAMES:
    for file in sorted((out / name).glob("long-*.json")):
        both = json.loads(file.read_text())["comparison"]
        auc, acc = both["auc"], both["acc"]
        print(f"| {name} | {file.stem.removeprefix('long-')} | {of(auc, 'scratch')} | {of(auc, 'distilled')} | {gain(auc)} "
              f"| {of(acc, 'scratch')} | {of(acc, 'distilled')} | {gain(acc)} |")

comparisons = {}
for name in NAMES:
    for model in ("qvit4", "qvit8", "vit4", "vit8"):
        file = out / name / f"{model}.json"
        if file.exists():
            comparisons[name, model] = json.loads(file.read_text())["comparison"]

print("\nUnweighted means over the sets: AUC and ACC from scratch, gain of distillation")
for model in ("qvit4", "qvit8", "vit4", "vit8"):
    here = [both for (_, other), both in comparisons.items() if other == model]
    if here:
        scratch = [short(statistics.mean(both[metric]["scratch"]["mean"] for both in here)) for metric in ("auc", "acc")]
        gains = [signed(statistics.mean(both[metric]["gain"]["mean"] for both in here)) for metric in ("auc", "acc")]
        print(f"{model}: {' / '.join(scratch)}, gain {' / '.join(gains)} ({len(here)} sets)")

print("\nGain at 8 less gain at 4, paired by seed, with standard errors")
for small, large in (("qvit4", "qvit8"), ("vit4", "vit8")):
    for metric in ("auc", "acc"):
        for name in NAMES:
            if (name, small) not in comparisons or (name, large) not in comparisons:
                continue
            more = [(b[f"distilled_{metric}"] - b[f"scratch_{metric}"]) - (a[f"distilled_{metric}"] - a[f"scratch_{metric}"])
                    for a, b in zip(comparisons[name, small]["seeds"], comparisons[name, large]["seeds"])]
            error = statistics.stdev(more) / len(more) ** 0.5 if len(more) > 1 else float("nan")
            print(f"{large} less {small}, {metric.upper()}, {name}: {signed(statistics.mean(more))} ± {short(error)}")
