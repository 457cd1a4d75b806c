#!/usr/bin/env python3
"""Writes the golden files beside this script: what PyTorch computes for the models the engine is held to.

    pip install torch numpy
    python3 make_golden.py            # writes every case, the same bytes each time
    python3 make_golden.py --check    # computes every case anew and compares it with the files, relative 1e-8

Every number that goes in (weights, inputs, states, the weights of the loss) lies on a coarse binary grid, so
it is exact as a float32. PyTorch computes in float64, so the reference has no rounding noise of its own; what
comes out is stored with 9 significant digits.

Layout is Carousel's: sequences are time-major [T,B,F]; W is [I,4H], R is [H,4H], b is [4H] (PyTorch's two
biases as one), gates in the order i f g o; a dense layer is y = x W + b with W [in,out]. Tokens are time-major
[T,B], 0 is padding.

The cells beyond the LSTM are written out as equations, step by step, in this file's layout; where PyTorch has
the cell, its module must give the same outputs and gradients.

Conventions:
 - Loss of the pure layers: sum over all elements of output * lossOutput, plus h * lossH and c * lossC for the
   final states. lossOutput is zero on padding, so what a layer writes there does not matter to the gradients.
 - Outputs on padding are stored as zero. h and c are those after each row's own last step; for the backward
   direction those after it has read the row's first step.
 - A bidirectional output is the forward units, then the backward units. States of several runs are [runs,B,H]
   in the order layer 0 forward, layer 0 backward, layer 1 forward, ...; of a single run [B,H].
 - Pooling "last" of a bidirectional layer: the final h of each direction, side by side. "mean" and "max" go
   over a row's own steps. Several poolings lie side by side in the order last, mean, max.
 - Binary cross-entropy (from logits): mean over rows. Softmax cross-entropy: mean over rows. Mean squared
   error: mean over rows and outputs.
"""

import json
import os
import sys

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = os.path.dirname(os.path.abspath(__file__))
GATES = 4
CHECK = False
SOURCE = f"PyTorch {torch.__version__}"


class Numbers:
    """Random numbers on a binary grid: exact in float32, and short in decimal."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def tensor(self, *shape, scale=1.0, grid=1 / 64, grad=False):
        steps = max(1, int(scale / grid))
        values = self.rng.integers(-steps, steps + 1, size=shape).astype(np.float64) * grid
        assert np.array_equal(values, values.astype(np.float32).astype(np.float64))
        return torch.tensor(values, requires_grad=grad)

    def ints(self, low, high, shape):
        return torch.tensor(self.rng.integers(low, high, size=shape))


def lstm_parameters(numbers, inputs, units, grid=1 / 64, scale=0.5):
    return {
        "W": numbers.tensor(inputs, GATES * units, scale=scale, grid=grid, grad=True),
        "R": numbers.tensor(units, GATES * units, scale=scale, grid=grid, grad=True),
        "b": numbers.tensor(GATES * units, scale=0.5, grid=1 / 16, grad=True),
    }


def torch_lstm(runs, inputs, units, bidirectional):
    """An nn.LSTM of float64 whose weights are views of ours, and how to carry its gradients back to ours."""
    directions = 2 if bidirectional else 1
    net = torch.nn.LSTM(inputs, units, len(runs) // directions, bidirectional=bidirectional).double()
    pairs = []
    with torch.no_grad():
        for k, run in enumerate(runs):
            suffix = f"_l{k // directions}" + ("_reverse" if k % directions else "")
            getattr(net, "weight_ih" + suffix).copy_(run["W"].T)
            getattr(net, "weight_hh" + suffix).copy_(run["R"].T)
            getattr(net, "bias_ih" + suffix).copy_(run["b"])
            getattr(net, "bias_hh" + suffix).zero_()
            pairs.append((run, suffix))

    def gradients():
        for run, suffix in pairs:
            run["W"].grad = getattr(net, "weight_ih" + suffix).grad.T.contiguous()
            run["R"].grad = getattr(net, "weight_hh" + suffix).grad.T.contiguous()
            run["b"].grad = getattr(net, "bias_ih" + suffix).grad

    return net, gradients


def run_lstm(net, x, lengths, state):
    if lengths is None:
        return net(x, state)
    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    out, final = net(packed, state)
    out, _ = pad_packed_sequence(out, total_length=x.shape[0])
    return out, final


def padding_mask(steps, lengths):
    """[T,B,1]: 1 on a row's own steps."""
    return (torch.arange(steps)[:, None] < torch.tensor(lengths)[None, :]).double()[:, :, None]


def equation_check(run, x, h, c, out):
    """The equation of the cell, in this file's layout, gives what nn.LSTM gave."""
    units = h.shape[1]
    with torch.no_grad():
        for t in range(x.shape[0]):
            z = x[t] @ run["W"] + h @ run["R"] + run["b"]
            i, f, g, o = (z[:, k * units:(k + 1) * units] for k in range(GATES))
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            assert torch.allclose(h, out[t], rtol=1e-12, atol=1e-14)


def names(runs, bidirectional):
    """W, R, b for one run; forward.W for two directions; layer0.forward.W for more."""
    result = {}
    for k, run in enumerate(runs):
        direction = ("backward." if k % 2 else "forward.") if bidirectional else ""
        directions = 2 if bidirectional else 1
        layer = f"layer{k // directions}." if len(runs) > directions else ""
        for name, value in run.items():
            result[layer + direction + name] = value
    return result


def pure_lstm(name, seed, T, B, I, H, layers=1, bidirectional=False, lengths=None, grid=1 / 64, scale=0.5,
              loss_grid=1 / 8):
    numbers = Numbers(seed)
    directions = 2 if bidirectional else 1
    n = layers * directions
    width = directions * H
    runs = [lstm_parameters(numbers, I if k < directions else width, H, grid, scale) for k in range(n)]
    x = numbers.tensor(T, B, I, grid=1 / 16)
    h0 = numbers.tensor(n, B, H, grid=1 / 16, scale=0.75, grad=True)
    c0 = numbers.tensor(n, B, H, grid=1 / 16, grad=True)
    loss_out = numbers.tensor(T, B, width, grid=loss_grid)
    loss_h = numbers.tensor(n, B, H, grid=1 / 8)
    loss_c = numbers.tensor(n, B, H, grid=1 / 8)
    if lengths is not None:
        x = x * padding_mask(T, lengths)
        loss_out = loss_out * padding_mask(T, lengths)
    x.requires_grad_()
    net, gradients = torch_lstm(runs, I, H, bidirectional)
    out, (h, c) = run_lstm(net, x, lengths, (h0, c0))
    if n == 1 and lengths is None:
        equation_check(runs[0], x, h0[0], c0[0], out)
    loss = (out * loss_out).sum() + (h * loss_h).sum() + (c * loss_c).sum()
    loss.backward()
    gradients()

    def flat(t):  # a single run has states [B,H]
        return t[0] if n == 1 else t

    inputs = {"x": x, "h0": flat(h0), "c0": flat(c0)}
    inputs.update({"lossOutput": loss_out, "lossH": flat(loss_h), "lossC": flat(loss_c)})
    parameters = names(runs, bidirectional)
    grads = {k: v.grad for k, v in parameters.items()}
    grads.update({"x": x.grad, "h0": flat(h0.grad), "c0": flat(c0.grad)})
    sizes = dict(T=T, B=B, I=I, H=H, layers=layers, bidirectional=bidirectional)
    outputs = {"output": out, "h": flat(h), "c": flat(c), "loss": loss}
    write(name, seed, sizes, parameters, inputs, outputs, grads, lengths)


def gates(z, n):
    return torch.chunk(z, n, dim=-1)


def rnn(activation):
    return lambda p, x, h: (activation(x @ p["W"] + h @ p["R"] + p["b"]),)


def gru_before(p, x, h):
    ir, iz, i_n = gates(x @ p["W"] + p["b"], 3)
    rr, rz, rn = gates(p["R"], 3)
    r, z = torch.sigmoid(ir + h @ rr), torch.sigmoid(iz + h @ rz)
    return (z * h + (1 - z) * torch.tanh(i_n + (r * h) @ rn),)


def gru(p, x, h):
    ir, iz, i_n = gates(x @ p["W"] + p["b"], 3)
    hr, hz, hn = gates(h @ p["R"] + p["d"], 3)
    r, z = torch.sigmoid(ir + hr), torch.sigmoid(iz + hz)
    return (z * h + (1 - z) * torch.tanh(i_n + r * hn),)


def peephole_lstm(p, x, h, c):
    i, f, g, o = gates(x @ p["W"] + h @ p["R"] + p["b"], 4)
    pi, pf, po = gates(p["p"], 3)
    c_next = torch.sigmoid(f + pf * c) * c + torch.sigmoid(i + pi * c) * torch.tanh(g)
    return torch.sigmoid(o + po * c_next) * torch.tanh(c_next), c_next


def coupled_lstm(p, x, h, c):
    f, g, o = gates(x @ p["W"] + h @ p["R"] + p["b"], 3)
    f = torch.sigmoid(f)
    c_next = f * c + (1 - f) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c_next), c_next


def layer_norm_lstm(p, x, h, c):
    def norm(a):
        return torch.nn.functional.layer_norm(a, a.shape[-1:], eps=1e-5)

    i, f, g, o = gates(norm(x @ p["W"]) * p["gx"] + norm(h @ p["R"]) * p["gh"] + p["b"], 4)
    c_next = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(norm(c_next) * p["gc"] + p["bc"]), c_next


def check_module(module, parameters, x, h0, lengths, loss_out, loss_h, out):
    """A module of PyTorch gives the same outputs, and the same gradients by its weights."""
    net = module.double()
    shared = "d" not in parameters  # one bias of ours is the sum of two of PyTorch's
    weights = {
        "weight_ih_l0": parameters["W"].T, "weight_hh_l0": parameters["R"].T, "bias_ih_l0": parameters["b"],
        "bias_hh_l0": 0 * parameters["b"] if shared else parameters["d"],
    }
    with torch.no_grad():
        for name, value in weights.items():
            getattr(net, name).copy_(value)
    found, h = run_lstm(net, x.detach(), lengths, h0.detach()[None])
    assert torch.allclose(found, out, rtol=1e-12, atol=1e-14)
    ((found * loss_out).sum() + (h[0] * loss_h).sum()).backward()
    pairs = [("weight_ih_l0", "W"), ("weight_hh_l0", "R"), ("bias_ih_l0", "b"), ("bias_hh_l0", "b" if shared else "d")]
    for theirs, ours in pairs:
        assert torch.allclose(getattr(net, theirs).grad.t(), parameters[ours].grad, rtol=1e-10, atol=1e-12), theirs


def cell(name, seed, equations, n, states, more=None, module=None):
    """A cell run by its equations: W [I,nH], R [H,nH], b [nH], and more parameters by name and multiple of H."""
    T, B, I, H = 7, 4, 5, 4
    lengths = [7, 4, 0, 1] if module is None else [7, 4, 2, 1]  # PyTorch refuses empty rows
    numbers = Numbers(seed)
    parameters = {
        "W": numbers.tensor(I, n * H, scale=0.5, grad=True), "R": numbers.tensor(H, n * H, scale=0.5, grad=True),
        "b": numbers.tensor(n * H, scale=0.5, grid=1 / 16, grad=True),
    }
    for k, multiple in (more or {}).items():
        parameters[k] = numbers.tensor(multiple * H, scale=0.5, grid=1 / 16, grad=True)
    mask = padding_mask(T, lengths)
    x = (numbers.tensor(T, B, I, grid=1 / 16) * mask).requires_grad_()
    initial = {k + "0": numbers.tensor(B, H, grid=1 / 16, scale=0.75, grad=True) for k in "hc"[:states]}
    loss_states = {"loss" + k.upper(): numbers.tensor(B, H, grid=1 / 8) for k in "hc"[:states]}
    loss_out = numbers.tensor(T, B, H, grid=1 / 8) * mask
    now, steps = list(initial.values()), []
    for t in range(T):
        new = equations(parameters, x[t], *now)
        now = [torch.where(mask[t] > 0, a, b) for a, b in zip(new, now)]
        steps.append(new[0] * mask[t])
    out = torch.stack(steps)
    loss = (out * loss_out).sum() + sum((a * w).sum() for a, w in zip(now, loss_states.values()))
    loss.backward()
    if module:
        check_module(module(I, H), parameters, x, initial["h0"], lengths, loss_out, loss_states["lossH"], out)
    grads = {k: v.grad for k, v in {**parameters, "x": x, **initial}.items()}
    write(name, seed, dict(T=T, B=B, I=I, H=H), parameters,
          {"x": x, **initial, "lossOutput": loss_out, **loss_states},
          {"output": out, **dict(zip("hc", now)), "loss": loss}, grads, lengths)


def tokens_of(numbers, T, vocabulary, lengths):
    tokens = numbers.ints(1, vocabulary, (T, len(lengths)))
    return tokens * padding_mask(T, lengths)[:, :, 0].long()


def text_binary(name, seed, poolings):
    """Embedding -> bidirectional LSTM -> pooling -> dense 1 -> binary cross-entropy from the logit."""
    T, B, V, E, H = 6, 4, 11, 5, 3
    lengths = [6, 3, 1, 5]
    numbers = Numbers(seed)
    embedding = numbers.tensor(V, E, grad=True)
    runs = [lstm_parameters(numbers, E, H) for _ in range(2)]
    width = 2 * H * len(poolings)
    dense_w = numbers.tensor(width, 1, grad=True)
    dense_b = numbers.tensor(1, scale=0.5, grad=True)
    tokens = tokens_of(numbers, T, V, lengths)
    targets = torch.tensor([[1.0], [0.0], [1.0], [0.0]]).double()
    net, gradients = torch_lstm(runs, E, H, True)
    zero = torch.zeros(2, B, H).double()
    out, (h, _) = run_lstm(net, embedding[tokens], lengths, (zero, zero))
    mask = padding_mask(T, lengths)
    pooled = {
        "last": torch.cat([h[0], h[1]], dim=1),
        "mean": (out * mask).sum(0) / torch.tensor(lengths).double()[:, None],
        "max": out.masked_fill(mask == 0, -np.inf).amax(0),
    }
    features = torch.cat([pooled[p] for p in ("last", "mean", "max") if p in poolings], dim=1)
    logits = features @ dense_w + dense_b
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets)
    loss.backward()
    gradients()
    wanted = {"embedding": embedding, **names(runs, True), "dense.W": dense_w, "dense.b": dense_b}
    write(name, seed, dict(T=T, B=B, V=V, E=E, H=H, bidirectional=True, pooling=poolings), wanted,
          {"tokens": tokens, "targets": targets},
          {"output": out, "pooled": features, "logits": logits, "probabilities": torch.sigmoid(logits),
           "loss": loss},
          {k: v.grad for k, v in wanted.items()}, lengths)


def text_classes(name, seed):
    """Embedding -> LSTM (its last h) -> dense -> softmax cross-entropy."""
    T, B, V, E, H, K = 5, 4, 9, 4, 5, 3
    lengths = [5, 2, 4, 1]
    numbers = Numbers(seed)
    embedding = numbers.tensor(V, E, grad=True)
    runs = [lstm_parameters(numbers, E, H)]
    dense_w = numbers.tensor(H, K, grad=True)
    dense_b = numbers.tensor(K, scale=0.5, grad=True)
    tokens = tokens_of(numbers, T, V, lengths)
    classes = torch.tensor([2, 0, 1, 2])
    net, gradients = torch_lstm(runs, E, H, False)
    zero = torch.zeros(1, B, H).double()
    out, (h, _) = run_lstm(net, embedding[tokens], lengths, (zero, zero))
    logits = h[0] @ dense_w + dense_b
    loss = torch.nn.functional.cross_entropy(logits, classes)
    loss.backward()
    gradients()
    wanted = {"embedding": embedding, **names(runs, False), "dense.W": dense_w, "dense.b": dense_b}
    write(name, seed, dict(T=T, B=B, V=V, E=E, H=H, K=K, bidirectional=False, pooling=["last"]), wanted,
          {"tokens": tokens, "classes": classes},
          {"output": out, "pooled": h[0], "logits": logits, "probabilities": torch.softmax(logits, 1),
           "loss": loss},
          {k: v.grad for k, v in wanted.items()}, lengths)


def dense_mse(name, seed):
    """Dense relu -> dense -> mean squared error."""
    B, I, J, K = 5, 6, 7, 2
    numbers = Numbers(seed)
    x = numbers.tensor(B, I, grid=1 / 16, grad=True)
    wanted = {
        "dense0.W": numbers.tensor(I, J, grad=True), "dense0.b": numbers.tensor(J, scale=0.5, grad=True),
        "dense1.W": numbers.tensor(J, K, grad=True), "dense1.b": numbers.tensor(K, scale=0.5, grad=True),
    }
    targets = numbers.tensor(B, K, grid=1 / 16)
    hidden = torch.relu(x @ wanted["dense0.W"] + wanted["dense0.b"])
    out = hidden @ wanted["dense1.W"] + wanted["dense1.b"]
    loss = torch.nn.functional.mse_loss(out, targets)
    loss.backward()
    grads = {**{k: v.grad for k, v in wanted.items()}, "x": x.grad}
    write(name, seed, dict(B=B, I=I, J=J, K=K, activation="relu"), wanted, {"x": x, "targets": targets},
          {"hidden": hidden, "output": out, "loss": loss}, grads, None)


def entry(tensor):
    tensor = tensor.detach()
    values = [str(int(v)) if v == int(v) else format(v, ".9g") for v in tensor.reshape(-1).tolist()]
    return '{"shape":[%s],"values":[%s]}' % (",".join(map(str, tensor.shape)), ",".join(values))


def section(title, tensors):
    lines = [f"    {json.dumps(k)}: {entry(v)}" for k, v in tensors.items()]
    return f'  "{title}": {{\n' + ",\n".join(lines) + "\n  }"


def write(name, seed, sizes, parameters, inputs, outputs, gradients, lengths):
    if lengths is not None:
        inputs = {**inputs, "lengths": torch.tensor(lengths)}
    head = {
        "case": name,
        "from": f"{SOURCE}, numpy seed {seed}, {os.path.basename(sys.argv[0])}",
        "note": "weights and inputs are exact float32; computed in float64; 9 significant digits stored",
        "sizes": sizes,
    }
    text = "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()) + ",\n"
    sections = (("parameters", parameters), ("inputs", inputs), ("outputs", outputs), ("gradients", gradients))
    text += ",\n".join(section(title, tensors) for title, tensors in sections) + "\n}\n"
    path = os.path.join(HERE, name + ".json")
    if CHECK:
        compare(json.load(open(path)), json.loads(text))
    else:
        with open(path, "w") as file:
            file.write(text)
    print(f"{name}: {len(text)} bytes")


def compare(old, new):
    for part in ("parameters", "inputs", "outputs", "gradients"):
        assert old[part].keys() == new[part].keys(), (new["case"], part)
        for k, v in new[part].items():
            assert old[part][k]["shape"] == v["shape"], (new["case"], part, k)
            np.testing.assert_allclose(old[part][k]["values"], v["values"], rtol=1e-8, atol=1e-12,
                                       err_msg=f"{new['case']} {k}")


def main():
    torch.set_num_threads(1)
    pure_lstm("lstm", 1, T=7, B=3, I=5, H=4)
    pure_lstm("lstm_lengths", 2, T=7, B=3, I=5, H=4, lengths=[7, 4, 1])
    pure_lstm("bilstm", 3, T=7, B=3, I=5, H=4, bidirectional=True)
    pure_lstm("bilstm_lengths", 4, T=7, B=4, I=5, H=4, bidirectional=True, lengths=[4, 7, 1, 6])
    pure_lstm("stacked_bilstm_lengths", 5, T=7, B=3, I=5, H=4, layers=2, bidirectional=True, lengths=[7, 4, 1])
    pure_lstm("lstm_larger", 6, T=20, B=6, I=24, H=33, grid=1 / 16, scale=0.25, loss_grid=1 / 2)
    for k, poolings in enumerate((["last"], ["mean"], ["max"], ["last", "mean", "max"])):
        text_binary("text_binary_" + "_".join(poolings), 10 + k, poolings)
    text_classes("text_classes", 20)
    dense_mse("dense_mse", 21)
    cell("cell_rnn_tanh", 30, rnn(torch.tanh), 1, 1, module=torch.nn.RNN)
    cell("cell_rnn_relu", 31, rnn(torch.relu), 1, 1, module=lambda i, h: torch.nn.RNN(i, h, nonlinearity="relu"))
    cell("cell_gru", 32, gru, 3, 1, {"d": 3}, module=torch.nn.GRU)
    cell("cell_gru_before", 33, gru_before, 3, 1)
    cell("cell_peephole_lstm", 34, peephole_lstm, 4, 2, {"p": 3})
    cell("cell_coupled_lstm", 35, coupled_lstm, 3, 2)
    cell("cell_layer_norm_lstm", 36, layer_norm_lstm, 4, 2, {"gx": 4, "gh": 4, "gc": 1, "bc": 1})


if __name__ == "__main__":
    CHECK = "--check" in sys.argv[1:]
    main()
