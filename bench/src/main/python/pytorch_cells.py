"""PyTorch's side of the suite cells: forward, loss and backward of a layer, all outputs, without an optimizer.

Where PyTorch has a layer, that is taken; else the cell as users write one: the product of all inputs before the loop,
the rest step by step. Gate order i f g o; the equations are those of Carousel's cells.
"""

import torch
from torch import nn

# steps T, rows B, inputs and units
SIZES = {"S": (50, 32, 64), "M1": (100, 64, 256)}


class BuiltIn(nn.Module):
    """A layer of PyTorch's own, its outputs alone."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


class Eager(nn.Module):
    """A cell of one's own; subclasses say what a step does with the inputs' part z of the gates."""

    gates = 4
    states = 2

    def __init__(self, units):
        super().__init__()
        self.units = units
        self.inputs = nn.Linear(units, self.gates * units)
        self.recurrent = self.uniform(units, self.gates * units)

    def uniform(self, *shape):
        return nn.Parameter((torch.rand(*shape) * 2 - 1) * self.units ** -0.5)

    def prepared(self, x):
        """The inputs' part of the gates at all steps."""
        return self.inputs(x)

    def forward(self, x):
        states = [x.new_zeros(x.shape[1], self.units) for _ in range(self.states)]
        outputs = []
        for z in self.prepared(x).unbind(0):
            states = self.step(z, *states)
            outputs.append(states[0])
        return torch.stack(outputs)


class GruBefore(Eager):
    """Resets the state before its product."""

    gates, states = 3, 1

    def step(self, z, h):
        units = self.units
        r, update = torch.sigmoid(z[:, :2 * units] + h @ self.recurrent[:, :2 * units]).chunk(2, 1)
        n = torch.tanh(z[:, 2 * units:] + (r * h) @ self.recurrent[:, 2 * units:])
        return [update * h + (1 - update) * n]


class Peephole(Eager):
    def __init__(self, units):
        super().__init__(units)
        self.peepholes = self.uniform(3, units)

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
        i = torch.sigmoid(i + self.peepholes[0] * c)
        f = torch.sigmoid(f + self.peepholes[1] * c)
        c = f * c + i * torch.tanh(g)
        o = torch.sigmoid(o + self.peepholes[2] * c)
        return [o * torch.tanh(c), c]


class Coupled(Eager):
    """What is forgotten makes room for what comes in."""

    gates = 3

    def step(self, z, h, c):
        f, g, o = (z + h @ self.recurrent).chunk(3, 1)
        f = torch.sigmoid(f)
        c = f * c + (1 - f) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]


class LayerNorm(Eager):
    """What goes into the gates, and the cell on its way out, is normalized over the units."""

    def __init__(self, units):
        super().__init__(units)
        self.of_inputs = nn.LayerNorm(4 * units)
        self.of_state = nn.LayerNorm(4 * units)
        self.of_cell = nn.LayerNorm(units)

    def prepared(self, x):
        return self.of_inputs(self.inputs(x))

    def step(self, z, h, c):
        i, f, g, o = (z + self.of_state(h @ self.recurrent)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(self.of_cell(c)), c]


class Dropout(Eager):
    """Drops half of the output on its way back in, the same units at all steps of a row."""

    def prepared(self, x):
        self.mask = nn.functional.dropout(x.new_ones(x.shape[1], self.units), 0.5)
        return super().prepared(x)

    def step(self, z, h, c):
        i, f, g, o = (z + (h * self.mask) @ self.recurrent).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]


class Carry(Eager):
    """The user-written cell: what the output gate keeps shut, the last output fills."""

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
        o = torch.sigmoid(o)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return [o * torch.tanh(c) + (1 - o) * h, c]


KINDS = {
    "lstm": lambda units: BuiltIn(nn.LSTM(units, units)),
    "gru": lambda units: BuiltIn(nn.GRU(units, units)),
    "gru-before": GruBefore,
    "peephole": Peephole,
    "coupled": Coupled,
    "layer-norm": LayerNorm,
    "dropout": Dropout,
    "rnn": lambda units: BuiltIn(nn.RNN(units, units)),
    "own": Carry,
}


def start(kind, size):
    torch.manual_seed(7)
    steps, rows, units = SIZES[size]
    layer = KINDS[kind](units)
    x = torch.rand(steps, rows, units) - 0.5
    targets = torch.rand(steps, rows, units) - 0.5

    def step():
        layer.zero_grad()
        nn.functional.mse_loss(layer(x), targets).backward()

    return step


def jobs():
    return {f"cells {kind}-{size}": lambda kind=kind, size=size: start(kind, size) for size in SIZES for kind in KINDS}
