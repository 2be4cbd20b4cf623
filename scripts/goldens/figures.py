"""Figures of a test by scikit-learn, for classes, a yes or no, several labels and values, with ties and classes that are never said.

Run by hand: python scripts/goldens/figures.py     writes test/goldens/figures.json
"""

import json
import os

import numpy as np
from sklearn import metrics as M

random = np.random.default_rng(11)
N = 60


def rates(y, p, **more):
    return [list(map(float, v)) for v in M.precision_recall_fscore_support(y, p, zero_division=np.nan, **more)[:3]]


# Classes: the fifth is never said, the sixth is in no picture and never said.
actual = random.integers(0, 5, N)
predicted = np.where(random.random(N) < 0.6, actual, random.integers(0, 4, N))
predicted[predicted == 4] = 3
classes = {
    "actual": actual.tolist(), "predicted": predicted.tolist(), "names": list("abcdef"),
    "accuracy": M.accuracy_score(actual, predicted),
    "confusion": M.confusion_matrix(actual, predicted, labels=range(6)).tolist(),
    "rates": rates(actual, predicted, labels=range(5)),
    "mean": list(M.precision_recall_fscore_support(actual, predicted, average="macro", zero_division=0)[:3]),
}

# Yes or no in steps of 1/16, so that outputs are equal and float32 holds them; the last label has no picture.
labels = (random.random((N, 4)) < [0.5, 0.3, 0.1, 0]).astype(int)
outputs = np.clip(np.round((labels * 0.3 + random.random((N, 4)) * 0.7) * 16) / 16, 0, 1)
said = (outputs > 0.5).astype(int)
multilabel = {
    "actual": labels.tolist(), "outputs": outputs.tolist(), "exact": M.accuracy_score(labels, said),
    "rates": rates(labels, said), "together": [v[0] for v in rates(labels.ravel(), said.ravel(), average=None, labels=[1])],
    "auc": [M.roc_auc_score(labels[:, k], outputs[:, k]) for k in range(3)],
    "mean": list(M.precision_recall_fscore_support(labels, said, average="macro", zero_division=0)[:3]),
    "best": [max(M.f1_score(labels[:, k], outputs[:, k] > t / 100) for t in range(1, 100)) for k in range(3)],
}

true = np.float32(np.stack([random.normal(20, 5, N), random.random(N), np.full(N, 3.0)], 1)).astype(float)
answers = np.float32(true + random.normal(0, [2, 0.3, 1], (N, 3))).astype(float)
values = {
    "actual": true.tolist(), "outputs": answers.tolist(),
    "mae": M.mean_absolute_error(true, answers, multioutput="raw_values").tolist(),
    "rmse": M.root_mean_squared_error(true, answers, multioutput="raw_values").tolist(),
    "r2": M.r2_score(true[:, :2], answers[:, :2], multioutput="raw_values").tolist(),
}


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    return value


path = os.path.join(os.path.dirname(__file__), "../../test/goldens/figures.json")
with open(path, "w") as file:
    json.dump(plain({"classes": classes, "multilabel": multilabel, "values": values}), file, separators=(",", ":"))
    file.write("\n")
