#!/usr/bin/env python3
"""Writes the golden files of activations and of layers that are not recurrent; conventions as in make_golden.py.

    pip install torch numpy
    python3 make_layers.py            # writes every case, the same bytes each time
    python3 make_layers.py --check    # computes every case anew and compares it with the files, relative 1e-8
"""

import sys

import torch
import torch.nn.functional as F

import make_golden
from make_golden import Numbers, write

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: torch.softmax(x, -1),
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "silu": F.silu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),  # F.softplus is linear from 20 on
    "softsign": F.softsign,
    "hard_sigmoid": F.hardsigmoid,
    "hard_sigmoid_onnx": lambda x: torch.where(x.abs() < 2.5, x / 5 + 0.5, (x > 0).double()),
}


def activations():
    """Each function and the derivative of the sum of its values times loss, at fixed places."""
    places = [-20, -6, -3.5, -2.5, -1, -0.5, -0.125, -0.015625, 0.015625, 0.125, 0.5, 1, 2.5, 3.5, 6, 20]
    x = torch.tensor(places).double().reshape(4, 4)
    numbers = Numbers(50)
    loss = numbers.tensor(4, 4, grid=1 / 8)
    outputs = {}
    for name, function in ACTIVATIONS.items():
        at = x.clone().requires_grad_()
        y = function(at)
        (y * loss).sum().backward()
        outputs[name] = y
        outputs[name + ".slope"] = at.grad
    write("activations", 50, dict(N=4), {}, {"x": x, "loss": loss}, outputs, {}, None)


def main():
    torch.set_num_threads(1)
    activations()


if __name__ == "__main__":
    make_golden.CHECK = "--check" in sys.argv[1:]
    main()
