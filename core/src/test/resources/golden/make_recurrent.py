#!/usr/bin/env python3
"""Writes recurrent_*.json beside this script: what Keras computes for the ways to run a recurrent layer.

    pip install keras tensorflow numpy
    python3 make_recurrent.py

As in make_golden.py: numbers that go in lie on a binary grid, Keras computes in float64, and what comes out has 9
significant digits. Layout is Carousel's: sequences are time-major [T,B,F], W [I,4H], R [H,4H], b [4H], gates in the
order i f g o, which is Keras's too. The loss is the sum of all elements of each output times its loss weights.

x is 0 at the steps that the mask leaves out, and nowhere else for all features of a step.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
T, B, I, H = 6, 4, 3, 3
# Holes in the middle, at both ends, nothing left out, nothing left.
MASK = np.array([[1, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]], bool)

keras.config.set_floatx("float64")


def grid(rng, *shape, scale=1.0, step=1 / 16):
    n = int(scale / step)
    return rng.integers(-n, n + 1, size=shape).astype(np.float64) * step


def numbers(array):
    array = np.asarray(array, np.float64)
    return {"shape": list(array.shape), "values": [float(f"{v:.9g}") for v in array.reshape(-1)]}


def time_major(array):
    return np.swapaxes(np.asarray(array), 0, 1) if np.ndim(array) == 3 else np.asarray(array)


def case(name, layer, masked=False, states=0, chunks=0, bidirectional=False):
    rng = np.random.default_rng(sum(map(ord, name)))
    x = grid(rng, B, T, I)
    x[np.all(x == 0, axis=-1)] = 0.5
    if masked:
        x = x * MASK[:, :, None]
    xs = tf.Variable(x)
    initial = [tf.Variable(grid(rng, B, H)) for _ in range(states)]
    layer.build((B, T, I))
    layer.set_weights([grid(rng, *w.shape, scale=0.75, step=1 / 32) for w in layer.get_weights()])
    weights = layer.trainable_variables
    with tf.GradientTape() as tape:
        tape.watch(xs)
        kwargs = {"mask": tf.constant(MASK)} if masked else {}
        if states:
            kwargs["initial_state"] = [tf.convert_to_tensor(v) for v in initial]
        if chunks:
            outputs = [layer(xs[:, :chunks]), layer(xs[:, chunks:])]
        else:
            outputs = layer(xs, **kwargs)
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        loss_weights = [grid(rng, *o.shape) for o in outputs]
        loss = sum(tf.reduce_sum(o * w) for o, w in zip(outputs, loss_weights))
    leaves = [w.value for w in weights] + [xs] + initial
    found = tape.gradient(loss, leaves)
    short = [("forward." if k < 3 else "backward.") if bidirectional else "" for k in range(len(weights))]
    names = [p + "WRb"[k % 3] for k, p in enumerate(short)]
    data = {
        "case": name,
        "sizes": {"T": T, "B": B, "I": I, "H": H, "outputs": len(outputs), "chunk": chunks},
        "parameters": {n: numbers(w) for n, w in zip(names, weights)},
        "inputs": {
            "x": numbers(time_major(x)),
            **{f"start{k}": numbers(v) for k, v in enumerate(initial)},
            **{f"loss{k}": numbers(time_major(w)) for k, w in enumerate(loss_weights)},
        },
        "outputs": {**{f"output{k}": numbers(time_major(o)) for k, o in enumerate(outputs)}, "loss": numbers(loss)},
        "gradients": {} if chunks else {
            **{n: numbers(g) for n, g in zip(names, found)},
            "x": numbers(time_major(found[len(names)])),
            **{f"start{k}": numbers(g) for k, g in enumerate(found[len(names) + 1:])},
        },
    }
    with open(os.path.join(HERE, f"recurrent_{name}.json"), "w") as file:
        json.dump(data, file, separators=(",", ":"))
        file.write("\n")
    print(name, [o.shape for o in outputs])


def lstm(**options):
    return keras.layers.LSTM(H, dtype="float64", **options)


case("masked", lstm(return_sequences=True), masked=True)
case("masked_last", lstm(), masked=True)
case("masked_states", lstm(return_sequences=True, return_state=True), masked=True, states=2)
case("states", lstm(return_state=True), states=2)
case("go_backwards", lstm(return_sequences=True, go_backwards=True))
case("go_backwards_masked", lstm(return_sequences=True, go_backwards=True, return_state=True), masked=True)
case("go_backwards_last", lstm(go_backwards=True), masked=True)
case("stateful", lstm(return_sequences=True, stateful=True), chunks=2)
for mode in ["concat", "sum", "mul", "ave", None]:
    both = keras.layers.Bidirectional(lstm(return_sequences=True), merge_mode=mode, dtype="float64")
    case(f"bidirectional_{mode or 'separate'}", both, masked=True, bidirectional=True)
both = keras.layers.Bidirectional(lstm(return_state=True), dtype="float64")
case("bidirectional_last_states", both, masked=True, states=4, bidirectional=True)
