"""PyTorch's side of the suite train: whole training steps on one fixed batch: forward, loss, backward, Adam.

Losses: S0 S1 binary cross-entropy from the logit; S2 S4 mean squared error; M1 M2 mean squared error between all
outputs [T,B,H] and fixed targets; L1 L2 softmax cross-entropy over all T*B words. S0 S2 S4 use the last output, S1
the final h of both directions. No gradient to the input data is computed.
"""

import torch
from torch import nn

SHAPES = ("S0", "S1", "S2", "S4", "M1", "M2", "L1", "L2")
WORDS = 10_000


class LastOfTwo(nn.Module):
    """(Embedding ->) LSTM -> LSTM -> Dense 1 on the last output."""

    def __init__(self, embedded, inputs, first, second):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, inputs) if embedded else None
        self.first = nn.LSTM(inputs, first)
        self.second = nn.LSTM(first, second) if second else None
        self.dense = nn.Linear(second or first, 1)

    def forward(self, x):
        if self.embedding is not None:
            x = self.embedding(x)
        x, _ = self.first(x)
        if self.second is not None:
            x, _ = self.second(x)
        return self.dense(x[-1])[:, 0]


class Bidirectional(nn.Module):
    """Embedding -> BiLSTM -> Dense relu -> Dense 1."""

    def __init__(self, embedding, units, hidden):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, embedding)
        self.lstm = nn.LSTM(embedding, units, bidirectional=True)
        self.hidden = nn.Linear(2 * units, hidden)
        self.dense = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(self.embedding(x))
        return self.dense(torch.relu(self.hidden(torch.cat([h[0], h[1]], dim=1))))[:, 0]


class Outputs(nn.Module):
    """LSTM, all its outputs."""

    def __init__(self, units):
        super().__init__()
        self.lstm = nn.LSTM(units, units)

    def forward(self, x):
        return self.lstm(x)[0]


class LanguageModel(nn.Module):
    """Embedding -> two LSTM layers -> Dense over the words, [T*B, words]."""

    def __init__(self, units):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, units)
        self.lstm = nn.LSTM(units, units, num_layers=2)
        self.dense = nn.Linear(units, WORDS)

    def forward(self, x):
        return self.dense(self.lstm(self.embedding(x))[0]).flatten(0, 1)


def build(shape):
    """The model of a shape, its fixed batch, its targets and its loss."""
    torch.manual_seed(7)
    binary, squared, words = nn.BCEWithLogitsLoss(), nn.MSELoss(), nn.CrossEntropyLoss()

    def tokens(steps, rows):
        return torch.randint(1, WORDS, (steps, rows))

    def labels(rows):
        return torch.randint(0, 2, (rows,)).float()

    if shape == "S0":
        return LastOfTwo(True, 64, 64, 32), tokens(50, 32), labels(32), binary
    if shape == "S1":
        return Bidirectional(64, 64, 64), tokens(200, 32), labels(32), binary
    if shape == "S2":
        return LastOfTwo(False, 32, 128, 0), torch.randn(10, 32, 32), torch.randn(32), squared
    if shape == "S4":
        return LastOfTwo(False, 10, 64, 32), torch.randn(50, 32, 10), torch.randn(32), squared
    if shape in ("M1", "M2"):
        units = 256 if shape == "M1" else 512
        return Outputs(units), torch.randn(100, 64, units), torch.rand(100, 64, units) - 0.5, squared
    units, steps = (200, 20) if shape == "L1" else (650, 35)
    return LanguageModel(units), tokens(steps, 20), torch.randint(1, WORDS, (steps * 20,)), words


def start(shape, adam):
    """A training step of a shape."""
    model, batch, targets, loss_of = build(shape)
    fused = {"fused": True} if adam == "fused" else {}
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **fused)

    def step():
        optimizer.zero_grad()
        loss_of(model(batch), targets).backward()
        optimizer.step()

    return step


def jobs(adam):
    return {f"train {shape}": lambda shape=shape: start(shape, adam) for shape in SHAPES}
