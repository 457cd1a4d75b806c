"""PyTorch's side of the suite infer: the last h of nn.LSTM, without gradients."""

import inference_shapes
import torch
from torch import nn


def start(inputs, units, steps, rows):
    torch.manual_seed(7)
    lstm = nn.LSTM(inputs, units).eval()
    x = torch.rand(steps, rows, inputs) - 0.5

    def step():
        with torch.inference_mode():
            return lstm(x)[1][0]

    return step


def jobs():
    return inference_shapes.jobs(start)
