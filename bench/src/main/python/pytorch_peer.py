#!/usr/bin/env python3
"""PyTorch as a peer of the benchmark: a child process that times whole training steps of itself.

    python3 pytorch_peer.py --threads 2 [--adam default|fused] [--warmup 1.0]

It speaks lines, one JSON object for each answer, so that the runner can alternate: ours, peer, ours, peer.

    (at start)      {"peer": "pytorch", "version": ..., "threads": 2, "adam": ..., "shapes": {...}, ...}
    run S1 15       {"shape": "S1", "ms": [15 numbers], "loss": 0.69, "parameters": 714881, "peak_rss_mb": 310.2}
    quit            (ends; so does the end of the input)
    anything else   {"error": "..."}

One repetition is one whole training step on one fixed batch: forward, loss, backward, Adam. Sequences have full
length, so nn.LSTM takes its fused path. Time-major input, random numbers from a seed. A shape is warmed up for at
least --warmup seconds when it is first asked for and a tenth of that on each further call in a row; only the last
shape is kept.

Losses: S0 S1 binary cross-entropy from the logit; S2 S4 mean squared error; M1 M2 mean squared error between all
outputs [T,B,H] and fixed targets; L1 L2 softmax cross-entropy over all T*B words. S0 S2 S4 use the last output, S1
the final h of both directions. No gradient to the input data is computed. "default" Adam is torch.optim.Adam as a
user would write it; "fused" is the same with fused=True, one pass over the parameters.
"""

import argparse
import json
import platform
import resource
import sys
import time

try:
    import torch
    from torch import nn
except ImportError as missing:
    print(json.dumps({"error": f"{missing}; get it with: pip install torch"}), flush=True)
    sys.exit(3)

SHAPES = {
    "S0": "Embedding(10000,64) -> LSTM 64 -> LSTM 32 -> Dense 1; T50 B32",
    "S1": "Embedding(10000,64) -> BiLSTM 64 -> Dense 64 relu -> Dense 1; T200 B32",
    "S2": "LSTM 128 on (10,32) -> Dense 1; B32",
    "S4": "LSTM 64 -> LSTM 32 on (50,10) -> Dense 1; B32",
    "M1": "LSTM 256 on 256; T100 B64",
    "M2": "LSTM 512 on 512; T100 B64",
    "L1": "language model 10000 words, 2 x LSTM 200; T20 B20",
    "L2": "language model 10000 words, 2 x LSTM 650; T35 B20",
}
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


class Bench:
    """One shape, ready to take training steps."""

    def __init__(self, shape, adam, warmup):
        self.shape = shape
        self.model, self.batch, self.targets, self.loss = build(shape)
        fused = {"fused": True} if adam == "fused" else {}
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, **fused)
        self.warm(warmup)

    def step(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.batch), self.targets)
        loss.backward()
        self.optimizer.step()
        return loss

    def warm(self, seconds):
        end = time.perf_counter() + seconds
        for _ in range(2):
            self.step()
        while time.perf_counter() < end:
            self.step()

    def run(self, repetitions):
        times, loss = [], None
        for _ in range(repetitions):
            start = time.perf_counter_ns()
            loss = self.step()
            times.append((time.perf_counter_ns() - start) / 1e6)
        return {
            "shape": self.shape,
            "ms": [round(t, 4) for t in times],
            "loss": float(loss.detach()),
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "peak_rss_mb": round(peak_rss_mb(), 1),
        }


def peak_rss_mb():
    """Largest resident memory of this process so far; Linux counts in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description="PyTorch as a peer of the benchmark; reads 'run SHAPE N' and 'quit'")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--adam", choices=("default", "fused"), default="default")
    parser.add_argument("--warmup", type=float, default=1.0, help="seconds of steps before a shape is first measured")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    say({"peer": "pytorch", "version": torch.__version__, "python": platform.python_version(),
         "threads": torch.get_num_threads(), "adam": options.adam, "onednn": torch.backends.mkldnn.is_available(),
         "cpu": torch.backends.cpu.get_cpu_capability(), "shapes": SHAPES})
    bench = None
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        if words == ["quit"]:
            break
        if len(words) != 3 or words[0] != "run" or words[1] not in SHAPES or not words[2].isdigit() \
                or int(words[2]) < 1:
            say({"error": f"expected 'run SHAPE N' or 'quit', SHAPE one of {' '.join(SHAPES)}, N at least 1; "
                          f"got {line.strip()!r}"})
            continue
        if bench is None or bench.shape != words[1]:
            bench = None  # the old model's memory goes first
            bench = Bench(words[1], options.adam, options.warmup)
        else:
            bench.warm(options.warmup / 10)
        say(bench.run(int(words[2])))


if __name__ == "__main__":
    main()
