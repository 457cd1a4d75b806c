#!/usr/bin/env python3
"""Writes metrics.json beside this script: what scikit-learn says about a few classifiers.

    pip install scikit-learn numpy
    python3 make_metrics.py

The probabilities are float32 numbers; the expected calibration error is computed here in plain NumPy, since
scikit-learn has none, with ten bins (from, to] of the largest probability.
"""
import json
import os
import warnings

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")


def case(name, seed, rows, classes, sharpness, unused=()):
    rng = np.random.default_rng(seed)
    used = [k for k in range(classes) if k not in unused]
    labels = rng.choice(used, size=rows)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), labels] += 1.0
    logits[:, list(unused)] -= 50.0
    logits *= sharpness
    p = np.exp(logits - logits.max(1, keepdims=True))
    p = (p / p.sum(1, keepdims=True)).astype(np.float32)
    predicted = p.argmax(1)
    everything = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=everything, zero_division=0)
    macro = metrics.precision_recall_fscore_support(labels, predicted, average="macro", zero_division=0)
    confidence = p.max(1)
    right = (predicted == labels).astype(np.float64)
    bins = np.clip(np.ceil(confidence.astype(np.float64) * 10).astype(int) - 1, 0, 9)
    ece = sum(abs(right[bins == b].sum() - confidence[bins == b].astype(np.float64).sum()) for b in range(10)) / rows
    return {
        "name": name,
        "classes": classes,
        "labels": labels.tolist(),
        "probabilities": [[float(str(x)) for x in row] for row in p],
        "accuracy": metrics.accuracy_score(labels, predicted),
        "logLoss": metrics.log_loss(labels, np.maximum(p.astype(np.float64), 2.0**-23), labels=everything),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "macro": [float(x) for x in macro[:3]],
        "confusion": metrics.confusion_matrix(labels, predicted, labels=everything).tolist(),
        "binCounts": np.bincount(bins, minlength=10).tolist(),
        "calibrationError": float(ece),
    }


cases = [
    case("two classes", 1, 40, 2, 1.0),
    case("five classes, two of them never seen", 2, 60, 5, 2.0, unused=(1, 4)),
    case("four classes, too sure", 3, 30, 4, 40.0),
]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.json")
with open(path, "w") as file:
    file.write('{"cases": [\n')
    file.write(",\n".join(json.dumps(c) for c in cases))
    file.write("\n]}\n")
