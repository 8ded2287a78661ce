#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folds of a MedMNIST file for choosing a recipe without its test split.

    folds.py retinamnist.npz FOLDER [--folds 5] [--validation 120] [--partition 0]

Puts training and validation images together, shuffles them, and writes FOLDER/p<partition>f<k>.npz in the same form:
the k-th part is held out as "test", the --validation images after it choose the epoch, the rest train. The file's own
test split is not read.
"""
import argparse
import pathlib

import numpy as np

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("file")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--folds", type=int, default=5)
parser.add_argument("--validation", type=int, default=120)
parser.add_argument("--partition", type=int, default=0, help="seed of the shuffle")
options = parser.parse_args()

with np.load(options.file) as data:
    images = np.concatenate([data["train_images"], data["val_images"]])
    labels = np.concatenate([data["train_labels"], data["val_labels"]])
count = len(images)
held_out = count // options.folds
if options.folds < 2 or held_out < 1 or held_out + options.validation >= count:
    parser.error(f"{count} images are too few for {options.folds} folds and {options.validation} validation images")
order = np.random.default_rng(options.partition).permutation(count)
options.folder.mkdir(parents=True, exist_ok=True)
for fold in range(options.folds):
    turned = np.roll(order, -fold * held_out)
    parts = {
        "test": turned[:held_out],
        "val": turned[held_out : held_out + options.validation],
        "train": turned[held_out + options.validation :],
    }
    arrays = {}
    for name, chosen in parts.items():
        arrays[f"{name}_images"] = images[chosen]
        arrays[f"{name}_labels"] = labels[chosen]
    target = options.folder / f"p{options.partition}f{fold}.npz"
    np.savez(target, **arrays)
    print(target, {name: len(chosen) for name, chosen in parts.items()})
