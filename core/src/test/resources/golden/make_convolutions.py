#!/usr/bin/env python3
"""Writes the golden files of convolutions, pooling, convolutional LSTMs and TimeDistributed: what Keras computes.

    pip install keras torch numpy
    python3 make_convolutions.py            # writes every case, the same bytes each time
    python3 make_convolutions.py --check    # computes every case anew and compares it, relative 1e-8

Numbers, sections and layout are those of make_golden.py, whose functions this script uses: weights and inputs lie on
a binary grid, Keras computes in float64, sequences are time-major [T,B,...]. Weights have Carousel's layout: of a
convolution W [places*c, filters], of a depthwise one D [places, c*m], of an LSTM W and R with gates i f g o.
The loss is the sum of output * lossOutput.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

import make_golden
from make_golden import Numbers

keras.backend.set_floatx("float64")
keras.utils.set_random_seed(1)
L = keras.layers

# What Keras calls its weights, in its order, by our names; a kernel [places..., c, n] is our matrix, row by row.
FULL = ["W", "b"]
DEPTHWISE = ["D", "b"]
SEPARABLE = ["D", "P", "b"]
LSTM = ["W", "R", "b"]
PEEPHOLES = ["W", "R", "b", "p"]

FINE = 1 / 4096  # no two numbers of a window are the same


class PeepholeConvLSTM2D(L.Layer):
    """Equation 3 of Shi et al. 2015, which Keras does not have: as it stands there, by PyTorch's convolution."""

    return_sequences = True

    def __init__(self, filters, window):
        super().__init__()
        self.filters, self.window = filters, window

    def build(self, shape):
        n = self.filters
        for size in [(*self.window, shape[-1], 4 * n), (*self.window, n, 4 * n), (4 * n,), (*shape[2:4], 3 * n)]:
            self.add_weight(shape=size)
        self.built = True

    def call(self, x):
        w, r, b, p = [variable.value for variable in self.weights]
        n = self.filters
        h = c = torch.zeros(x.shape[0], *x.shape[2:4], n, dtype=x.dtype)
        outputs = []
        for t in range(x.shape[1]):
            i, f, g, o = torch.split(convolved(x[:, t], w) + convolved(h, r) + b, n, dim=-1)
            i = torch.sigmoid(i + p[..., :n] * c)
            f = torch.sigmoid(f + p[..., n:2 * n] * c)
            c = f * c + i * torch.tanh(g)
            o = torch.sigmoid(o + p[..., 2 * n:] * c)
            h = o * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, dim=1)


def convolved(x, kernel):
    y = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1), padding="same")
    return y.permute(0, 2, 3, 1)


def case(name, seed, layer, shape, weights=(), time=True, grid=1 / 16):
    """A layer on x of a shape, batch first; time tells whether the second axis is time."""
    numbers = Numbers(seed)
    order = (1, 0) + tuple(range(2, len(shape))) if time else tuple(range(len(shape)))
    x = numbers.tensor(*shape, grid=grid).requires_grad_()
    layer.build(shape)
    parameters = {}
    for ours, variable in zip(weights, layer.weights):
        value = numbers.tensor(*variable.shape, scale=0.5)
        variable.assign(value)
        flat = variable.value
        if ours == "D":
            flat = flat.reshape(-1, flat.shape[-2] * flat.shape[-1])
        elif ours not in ("b", "p"):
            flat = flat.reshape(-1, flat.shape[-1])
        parameters[ours] = (flat, variable)
    out = layer(x)
    back = (1, 0) + tuple(range(2, out.dim())) if time and getattr(layer, "return_sequences", True) else None
    ours = out.permute(back) if back and out.dim() > 2 else out
    weight = numbers.tensor(*ours.shape, grid=1 / 8)
    loss = (ours * weight).sum()
    loss.backward()
    gradients = {k: v.value.grad.reshape(flat.shape) for k, (flat, v) in parameters.items()}
    gradients["x"] = x.grad.permute(order)
    sizes = {"B": shape[0], "T": shape[1] if time else 1}
    make_golden.write("keras_" + name, seed, sizes, {k: flat for k, (flat, _) in parameters.items()},
                      {"x": x.permute(order), "lossOutput": weight}, {"output": ours, "loss": loss}, gradients, None)


def main():
    torch.set_num_threads(1)
    case("conv1d", 1, L.Conv1D(4, 3, padding="same", activation="tanh"), (2, 7, 5), FULL)
    case("conv1d_causal", 2, L.Conv1D(4, 3, padding="causal", dilation_rate=2), (2, 7, 5), FULL)
    case("conv1d_valid_stride", 3, L.Conv1D(4, 3, strides=2), (2, 7, 5), FULL)
    case("conv1d_same_stride", 4, L.Conv1D(4, 4, strides=2, padding="same"), (2, 8, 5), FULL)
    case("depthwise_conv1d", 5, L.DepthwiseConv1D(3, depth_multiplier=2, padding="same"), (2, 7, 3), DEPTHWISE)
    case("separable_conv1d", 6, L.SeparableConv1D(4, 3, padding="same"), (2, 7, 3), SEPARABLE)
    case("conv2d_stride", 7, L.Conv2D(4, (3, 2), strides=2, padding="same"), (2, 6, 5, 3), FULL, time=False)
    case("conv2d_valid", 8, L.Conv2D(4, (2, 3), activation="relu"), (2, 5, 4, 3), FULL, time=False)
    case("depthwise_conv2d", 9, L.DepthwiseConv2D((3, 3), depth_multiplier=2, padding="same"), (2, 4, 5, 3), DEPTHWISE,
         time=False)
    case("separable_conv2d", 10, L.SeparableConv2D(4, (2, 3), padding="same"), (2, 4, 5, 3), SEPARABLE, time=False)
    case("max_pooling1d", 11, L.MaxPooling1D(3, strides=2), (2, 7, 3), grid=FINE)
    case("mean_pooling1d", 12, L.AveragePooling1D(2, padding="same"), (2, 7, 3))
    case("max_pooling2d", 13, L.MaxPooling2D((2, 3), padding="same"), (2, 5, 7, 3), time=False, grid=FINE)
    case("mean_pooling2d", 14, L.AveragePooling2D((3, 2), strides=2, padding="same"), (2, 5, 4, 3), time=False)
    case("global_mean_pooling2d", 15, L.Lambda(lambda x: x.mean((1, 2))), (2, 5, 4, 3), time=False)
    case("conv_lstm1d", 20, L.ConvLSTM1D(3, 3, strides=2, padding="same", return_sequences=True), (2, 4, 5, 2), LSTM)
    case("conv_lstm1d_last", 21, L.ConvLSTM1D(2, 3), (2, 4, 5, 2), LSTM)
    case("conv_lstm2d", 22, L.ConvLSTM2D(3, (3, 2), padding="same", return_sequences=True), (2, 4, 4, 5, 2), LSTM)
    case("conv_lstm2d_peepholes", 23, PeepholeConvLSTM2D(3, (3, 2)), (2, 4, 4, 5, 2), PEEPHOLES)
    case("time_distributed_lstm", 30, L.TimeDistributed(L.LSTM(3)), (2, 4, 5, 3), LSTM)
    case("time_distributed_lstm_sequences", 31, L.TimeDistributed(L.LSTM(3, return_sequences=True)), (2, 4, 5, 3), LSTM)
    case("time_distributed_conv2d", 32, L.TimeDistributed(L.Conv2D(3, (2, 2))), (2, 4, 3, 4, 2), FULL)


if __name__ == "__main__":
    make_golden.CHECK = "--check" in sys.argv[1:]
    make_golden.SOURCE = f"Keras {keras.__version__} on PyTorch {torch.__version__}"
    main()
