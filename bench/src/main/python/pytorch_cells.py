"""PyTorch's side of the suite cells: forward, loss and backward of a layer, all outputs, without an optimizer.

Where PyTorch has a layer, that is taken; else the cell as users write one: the product of all inputs before the loop,
the rest step by step. Gate order i f g o; the equations are those of Carousel's cells.
"""

import torch
from torch import nn

# steps T, rows B, inputs and units
SIZES = {"S": (50, 32, 64), "M1": (100, 64, 256), "IMAGES": (10, 16, 16)}
# along each axis of an image
PLACES = 16


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


class LstmHard(Eager):
    """Functions other than the usual, and a limit before them."""

    def step(self, z, h, c):
        i, f, g, o = torch.clamp(z + h @ self.recurrent, -3, 3).chunk(4, 1)
        hard, soft = nn.functional.hardsigmoid, nn.functional.softsign
        c = hard(f) * c + hard(i) * soft(g)
        return [hard(o) * soft(c), c]


class Original(Eager):
    """Without a forget gate."""

    gates = 3

    def step(self, z, h, c):
        i, g, o = (z + h @ self.recurrent).chunk(3, 1)
        c = c + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]


class LayerNormGru(Eager):
    """What goes into the gates, and what goes into the candidate, is normalized."""

    gates, states = 3, 1

    def __init__(self, units):
        super().__init__(units)
        self.norms = nn.ModuleList([nn.LayerNorm(n * units) for n in (2, 1, 2, 1)])

    def normalized(self, a, first):
        units = self.units
        return self.norms[first](a[..., :2 * units]), self.norms[first + 1](a[..., 2 * units:])

    def prepared(self, x):
        return torch.cat(self.normalized(self.inputs(x), 0), -1)

    def step(self, z, h):
        gates, candidate = self.normalized(h @ self.recurrent, 2)
        r, update = torch.sigmoid(z[:, :2 * self.units] + gates).chunk(2, 1)
        n = torch.tanh(z[:, 2 * self.units:] + r * candidate)
        return [update * h + (1 - update) * n]


class Mgu(Eager):
    """One gate that forgets and resets."""

    gates, states = 2, 1

    def step(self, z, h):
        of_f, of_n = self.recurrent.chunk(2, 1)
        f = torch.sigmoid(z[:, :self.units] + h @ of_f)
        n = torch.tanh(z[:, self.units:] + (f * h) @ of_n)
        return [(1 - f) * h + f * n]


class DropoutCandidate(Eager):
    """Drops half of what may be written into the cell."""

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
        c = torch.sigmoid(f) * c + nn.functional.dropout(torch.sigmoid(i) * torch.tanh(g), 0.5)
        return [torch.sigmoid(o) * torch.tanh(c), c]


class DropoutGru(Eager):
    """Drops half of the output on its way back in, the same units at all steps of a row."""

    gates, states = 3, 1

    def prepared(self, x):
        self.mask = nn.functional.dropout(x.new_ones(x.shape[1], self.units), 0.5)
        return super().prepared(x)

    def step(self, z, h):
        ir, iz, i_n = z.chunk(3, 1)
        hr, hz, hn = ((h * self.mask) @ self.recurrent).chunk(3, 1)
        update = torch.sigmoid(iz + hz)
        return [update * h + (1 - update) * torch.tanh(i_n + torch.sigmoid(ir + hr) * hn)]


class Zoneout(Eager):
    """A part of each state stays as it was."""

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
        new_c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        new_h = torch.sigmoid(o) * torch.tanh(new_c)
        return [torch.where(torch.rand_like(h) < 0.05, h, new_h), torch.where(torch.rand_like(c) < 0.5, c, new_c)]


class DropConnect(Eager):
    """Drops half of the recurrent weights, the same at all steps."""

    def prepared(self, x):
        self.dropped = nn.functional.dropout(self.recurrent, 0.5)
        return super().prepared(x)

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.dropped).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]


class Sru(Eager):
    """Gates of the input and, unit by unit, of the cell; a highway past it."""

    gates, states = 4, 2

    def __init__(self, units):
        super().__init__(units)
        self.inputs = nn.Linear(units, 3 * units)
        self.own = self.uniform(2, units)

    def prepared(self, x):
        return torch.cat([super().prepared(x), x], -1)

    def step(self, z, h, c):
        f, r, candidate, x = z.chunk(4, 1)
        f, r = torch.sigmoid(f + self.own[0] * c), torch.sigmoid(r + self.own[1] * c)
        c = f * c + (1 - f) * candidate
        return [r * c + (1 - r) * x * 3 ** 0.5, c]


class Qrnn(Eager):
    """Gates of this input and the one before."""

    gates = 3

    def __init__(self, units):
        super().__init__(units)
        self.before = nn.Linear(units, 3 * units, bias=False)

    def prepared(self, x):
        return self.inputs(x) + nn.functional.pad(self.before(x[:-1]), (0, 0, 0, 0, 1, 0))

    def step(self, z, h, c):
        f, g, o = z.chunk(3, 1)
        f = torch.sigmoid(f)
        c = f * c + (1 - f) * torch.tanh(g)
        return [torch.sigmoid(o) * c, c]


class MinGru(Eager):
    """Gate and candidate of the input alone."""

    gates, states = 2, 1

    def prepared(self, x):
        z, n = self.inputs(x).chunk(2, -1)
        return torch.cat([torch.sigmoid(z), n], -1)

    def step(self, z, h):
        z, n = z.chunk(2, 1)
        return [(1 - z) * h + z * n]


class MinLstm(Eager):
    """Gates and candidate of the input alone."""

    gates, states = 3, 1

    def prepared(self, x):
        f, i, n = self.inputs(x).chunk(3, -1)
        k = torch.sigmoid(nn.functional.logsigmoid(f) - nn.functional.logsigmoid(i))
        return torch.cat([k, n], -1)

    def step(self, z, h):
        k, n = z.chunk(2, 1)
        return [k * h + (1 - k) * n]


class IndRnn(Eager):
    """Each unit sees of the state itself alone."""

    gates, states = 1, 1

    def __init__(self, units):
        super().__init__(units)
        self.own = nn.Parameter(torch.rand(units))

    def step(self, z, h):
        return [torch.relu(z + self.own * h)]


class SLstm(Eager):
    """Exponential input gate with a stabilizer; four heads."""

    def __init__(self, units):
        super().__init__(units)
        self.blocks = self.uniform(4, units // 4, units)

    def forward(self, x):
        zeros = x.new_zeros(x.shape[1], self.units)
        h, c, n, m = zeros, zeros, zeros, zeros - 1e30
        outputs = []
        for z in self.prepared(x).unbind(0):
            heads = h.view(-1, 4, self.units // 4).transpose(0, 1) @ self.blocks
            back = heads.view(4, -1, 4, self.units // 4).permute(1, 2, 0, 3).reshape(-1, 4 * self.units)
            i, f, g, o = (z + back).chunk(4, 1)
            kept = nn.functional.logsigmoid(f) + m
            m = torch.maximum(kept, i)
            i, f = torch.exp(i - m), torch.exp(kept - m)
            c = f * c + i * torch.tanh(g)
            n = f * n + i
            h = torch.sigmoid(o) * c / n
            outputs.append(h)
        return torch.stack(outputs)


class MLstm(Eager):
    """A matrix of values by keys; heads of 16 units."""

    def __init__(self, units):
        super().__init__(units)
        self.of_gates = nn.Linear(units, units // 8)

    def forward(self, x):
        T, B, units = x.shape
        heads, size = units // 16, 16
        q, k, v, o = self.inputs(x).view(T, B, 4, heads, size).unbind(2)
        k, o = k * size ** -0.5, torch.sigmoid(o)
        i, f = self.of_gates(x).view(T, B, 2, heads, 1).unbind(2)
        f = nn.functional.logsigmoid(f)
        C, n, m = x.new_zeros(B, heads, size, size), x.new_zeros(B, heads, size), x.new_zeros(B, heads, 1)
        outputs = []
        for t in range(T):
            kept = f[t] + m
            m = torch.maximum(kept, i[t])
            new, old = torch.exp(i[t] - m), torch.exp(kept - m)
            C = old[..., None] * C + (new * v[t])[..., None] * k[t][:, :, None]
            n = old * n + new * k[t]
            answer = (C @ q[t][..., None])[..., 0]
            scale = torch.maximum((n * q[t]).sum(-1, keepdim=True).abs(), torch.exp(-m))
            outputs.append((o[t] * answer / scale).reshape(B, units))
        return torch.stack(outputs)


class GruD(Eager):
    """Values, mask and gaps side by side."""

    gates, states = 3, 1

    def __init__(self, units):
        super().__init__(units)
        self.of_mask = nn.Linear(units, 3 * units, bias=False)
        self.decay = nn.Linear(units, units)
        self.own_decay = nn.Parameter(torch.rand(2, units) * 0.1)

    def forward(self, x):
        values, mask, gap = x.chunk(3, -1)
        gx = torch.exp(-torch.relu(self.own_decay[0] * gap + self.own_decay[1]))
        gh = torch.exp(-torch.relu(self.decay(gap)))
        masked, seen_now = self.of_mask(mask), mask > 0.5
        h = seen = x.new_zeros(x.shape[1], self.units)
        outputs = []
        for t in range(x.shape[0]):
            filled = torch.where(seen_now[t], values[t], gx[t] * seen)
            seen = torch.where(seen_now[t], values[t], seen)
            h = gh[t] * h
            ir, iz, i_n = (self.inputs(filled) + masked[t]).chunk(3, 1)
            hr, hz = (h @ self.recurrent[:, :2 * self.units]).chunk(2, 1)
            r, z = torch.sigmoid(ir + hr), torch.sigmoid(iz + hz)
            h = (1 - z) * h + z * torch.tanh(i_n + (r * h) @ self.recurrent[:, 2 * self.units:])
            outputs.append(h)
        return torch.stack(outputs)


class Carry(Eager):
    """The user-written cell: what the output gate keeps shut, the last output fills."""

    def step(self, z, h, c):
        i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
        o = torch.sigmoid(o)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return [o * torch.tanh(c) + (1 - o) * h, c]


class Convolutional(nn.Module):
    """A convolution of 3x3 places of the inputs of all steps, another one of the state step by step."""

    def __init__(self, units, convolution):
        super().__init__()
        self.inputs, self.recurrent = convolution(units, True), convolution(units, False)

    def forward(self, x):
        h = c = torch.zeros_like(x[0])
        outputs = []
        for z in self.inputs(x.flatten(0, 1)).unflatten(0, x.shape[:2]).unbind(0):
            i, f, g, o = (z + self.recurrent(h)).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs)


def full(units, bias):
    return nn.Conv2d(units, 4 * units, 3, padding=1, bias=bias)


def mixed(units, bias):
    return nn.Sequential(
        nn.Conv2d(units, units, 3, padding=1, groups=units, bias=False), nn.Conv2d(units, 4 * units, 1, bias=bias))


KINDS = {
    "lstm": lambda units: BuiltIn(nn.LSTM(units, units)),
    "gru": lambda units: BuiltIn(nn.GRU(units, units)),
    "gru-before": GruBefore,
    "peephole": Peephole,
    "coupled": Coupled,
    "layer-norm": LayerNorm,
    "dropout": Dropout,
    "rnn": lambda units: BuiltIn(nn.RNN(units, units)),
    "rnn-relu": lambda units: BuiltIn(nn.RNN(units, units, nonlinearity="relu")),
    "lstm-hard": LstmHard,
    "original": Original,
    "projected": lambda units: BuiltIn(nn.LSTM(units, units, proj_size=units // 2)),
    "layer-norm-gru": LayerNormGru,
    "mgu": Mgu,
    "dropout-candidate": DropoutCandidate,
    "dropout-gru": DropoutGru,
    "zoneout": Zoneout,
    "drop-connect": DropConnect,
    "sru": Sru,
    "qrnn": Qrnn,
    "min-gru": MinGru,
    "min-lstm": MinLstm,
    "ind-rnn": IndRnn,
    "slstm": SLstm,
    "mlstm": MLstm,
    "gru-d": GruD,
    "own": Carry,
    "conv-lstm": lambda units: Convolutional(units, full),
    "depthwise-lstm": lambda units: Convolutional(units, mixed),
}


def start(kind, size):
    torch.manual_seed(7)
    steps, rows, units = SIZES[size]
    layer = KINDS[kind](units)
    if size == "IMAGES":
        x = torch.rand(steps, rows, units, PLACES, PLACES) - 0.5
        targets = torch.rand_like(x) - 0.5
    else:
        x = torch.rand(steps, rows, 3 * units if kind == "gru-d" else units) - 0.5
        targets = torch.rand(steps, rows, units // 2 if kind == "projected" else units) - 0.5

    def step():
        layer.zero_grad()
        nn.functional.mse_loss(layer(x), targets).backward()

    return step


def jobs():
    return {f"cells {kind}-{size}": lambda kind=kind, size=size: start(kind, size) for size in SIZES for kind in KINDS}
