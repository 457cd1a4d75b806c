#!/usr/bin/env python3
"""Writes golden training steps: what Keras makes of weights and loss in three steps of SGD, where penalties,
constraints and batch normalization take part. Conventions as in make_golden.py.

    pip install keras torch numpy
    KERAS_BACKEND=torch python3 make_steps.py            # writes steps_*.json
    KERAS_BACKEND=torch python3 make_steps.py --check
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch

import make_golden
from make_golden import Numbers, write

keras.config.set_floatx("float64")
L = keras.layers


def steps(name, seed, model, renamed, x, y, numbers):
    """Weights begin on a grid; a step's loss is the one that Keras reports for it."""
    wanted = {}
    begin = {}
    for ours, get in renamed.items():
        variable = get(model)
        value = numbers.tensor(*variable.shape, scale=0.75)
        if ours.endswith("variance"):
            value = value.abs() + 0.5
        variable.assign(value.numpy())
        begin[ours] = value
        wanted[ours] = variable
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mean_squared_error")
    losses = []
    for _ in range(3):
        model.reset_metrics()  # else it is the mean of all calls
        losses.append(float(model.train_on_batch(x.numpy(), y.numpy())))
    after = {k: torch.tensor(keras.ops.convert_to_numpy(v)) for k, v in wanted.items()}
    evaluated = float(model.evaluate(x.numpy(), y.numpy(), verbose=0))
    write(name, seed, dict(B=x.shape[0], T=x.shape[1] if x.dim() == 3 else 1, F=x.shape[-1]), begin,
          {"x": x.transpose(0, 1).contiguous() if x.dim() == 3 else x, "targets": y},
          {**after, "losses": torch.tensor(losses), "evaluated": torch.tensor(evaluated)}, {}, None)


def dense_rules():
    """Dense with L2 and max-norm, elastic and non-negative, activity; dense unit-norm."""
    numbers = Numbers(80)
    x, y = numbers.tensor(6, 5, grid=1 / 16), numbers.tensor(6, 2, grid=1 / 16)
    model = keras.Sequential([
        keras.Input((5,)),
        L.Dense(4, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.05),
                kernel_constraint=keras.constraints.MaxNorm(0.9), bias_regularizer=keras.regularizers.L1L2(0.02, 0.03),
                bias_constraint=keras.constraints.NonNeg(), activity_regularizer=keras.regularizers.L1L2(0.03, 0.01)),
        L.Dense(2, kernel_constraint=keras.constraints.UnitNorm()),
    ])
    steps("steps_rules", 80, model, {
        "dense.W": lambda m: m.layers[0].kernel, "dense.b": lambda m: m.layers[0].bias,
        "dense_1.W": lambda m: m.layers[1].kernel, "dense_1.b": lambda m: m.layers[1].bias}, x, y, numbers)


def batch_norm():
    """Dense, batch normalization, dense."""
    numbers = Numbers(81)
    x, y = numbers.tensor(6, 5, grid=1 / 16), numbers.tensor(6, 2, grid=1 / 16)
    model = keras.Sequential([
        keras.Input((5,)), L.Dense(4, activation="relu"), L.BatchNormalization(momentum=0.75), L.Dense(2)])
    steps("steps_batch_norm", 81, model, {
        "dense.W": lambda m: m.layers[0].kernel, "dense.b": lambda m: m.layers[0].bias,
        "batch_norm.g": lambda m: m.layers[1].gamma, "batch_norm.b": lambda m: m.layers[1].beta,
        "batch_norm.mean": lambda m: m.layers[1].moving_mean,
        "batch_norm.variance": lambda m: m.layers[1].moving_variance,
        "dense_1.W": lambda m: m.layers[2].kernel, "dense_1.b": lambda m: m.layers[2].bias}, x, y, numbers)


def main():
    torch.set_num_threads(1)
    dense_rules()
    batch_norm()


if __name__ == "__main__":
    make_golden.CHECK = "--check" in sys.argv[1:]
    main()
