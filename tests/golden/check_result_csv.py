# SPDX-License-Identifier: Apache-2.0
"""Computes AUC and ACC anew, with scikit-learn, from result files in MedMNIST's official form.

usage: check_result_csv.py <folder with results.json>          what the tests do: must agree to 1e-6
       check_result_csv.py <result.csv> <flag.npz> [auc acc [confusion.csv]]   prints both; checks the name's three
                                                               places, the numbers given to 1e-6, and the table of a
                                                               run (of one label per image): rows are labels

The rules are those of medmnist/evaluator.py 3.0.2 (getAUC, getACC); the task is told from the numbers of labels and scores.
"""
import csv
import json
import pathlib
import re
import sys

from skip import need

np, metrics = need("numpy", "sklearn.metrics")

NAME = re.compile(r"(?P<flag>[a-z]+)(_\d+)?_(?P<split>train|val|test)_\[AUC\](?P<auc>\d\.\d{3})_"
                  r"\[ACC\](?P<acc>\d\.\d{3})@(?P<run>.+)\.csv")


def scores_of(path):
    table = np.loadtxt(path, delimiter=",", ndmin=2)  # no header line
    assert np.array_equal(table[:, 0], np.arange(len(table))), "the first column counts the images from 0"
    return table[:, 1:]


def auc_of(labels, scores, task):
    if task == "multi-label, binary-class":
        return np.mean([metrics.roc_auc_score(labels[:, k], scores[:, k]) for k in range(scores.shape[1])])
    if task == "binary-class":
        return metrics.roc_auc_score(labels[:, 0], scores[:, -1])
    return np.mean([metrics.roc_auc_score(labels[:, 0] == k, scores[:, k]) for k in range(scores.shape[1])])


def acc_of(labels, scores, task):
    if task == "multi-label, binary-class":
        return np.mean([metrics.accuracy_score(labels[:, k], scores[:, k] > .5) for k in range(scores.shape[1])])
    if task == "binary-class":
        return metrics.accuracy_score(labels[:, 0], scores[:, -1] > .5)
    return metrics.accuracy_score(labels[:, 0], scores.argmax(axis=1))


def check(path, labels, task, auc, acc):
    name = NAME.fullmatch(path.name)
    assert name, f"{path.name} is not of MedMNIST's form"
    scores = scores_of(path)
    assert len(scores) == len(labels), (len(scores), len(labels))
    found = auc_of(labels, scores, task), acc_of(labels, scores, task)
    print(f"{path.name}: AUC {found[0]:.9f} ACC {found[1]:.9f}")
    for expected, three, value in zip((auc, acc), (name["auc"], name["acc"]), found):
        assert abs(float(three) - value) <= .5e-3 + 1e-9, (three, value)
        assert expected is None or abs(expected - value) <= 1e-6, (expected, value)
    return found


def check_folder(folder):
    results = json.loads((folder / "results.json").read_text())
    assert {result["task"] for result in results} == {"multi-class", "ordinal-regression", "binary-class",
                                                      "multi-label, binary-class"}
    for result in results:
        labels = np.array(result["labels"])
        auc, _ = check(folder / result["file"], labels, result["task"], result["auc"], result["acc"])
        # Other labels must give another number, or this test could not fail.
        other = auc_of(np.roll(labels, 1, axis=0), scores_of(folder / result["file"]), result["task"])
        assert abs(other - auc) > 1e-3, other


def main():
    path = pathlib.Path(sys.argv[1])
    if path.is_dir():
        check_folder(path)
        return
    name = NAME.fullmatch(path.name)
    assert name, f"{path.name} is not of MedMNIST's form"
    labels = np.load(sys.argv[2])[name["split"] + "_labels"]
    labels = labels.reshape(len(labels), -1)
    classes = scores_of(path).shape[1]
    task = "multi-label, binary-class" if labels.shape[1] > 1 else "binary-class" if classes == 2 else "multi-class"
    check(path, labels, task, *(float(number) for number in sys.argv[3:5] or ()) or (None, None))
    if len(sys.argv) > 5:
        table = [[int(cell) for cell in row[1:]] for row in list(csv.reader(open(sys.argv[5], newline="")))[1:]]
        expected = metrics.confusion_matrix(labels[:, 0], scores_of(path).argmax(axis=1), labels=range(classes))
        assert not np.array_equal(expected, expected.T), "a transposed table would pass"
        assert np.array_equal(table, expected), (table, expected)


main()
