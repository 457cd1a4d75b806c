#!/usr/bin/env python3
"""Writes the golden files of cells beyond those of make_golden.py, whose conventions hold here too.

    pip install torch numpy onnx onnxruntime keras
    python3 make_cells.py            # writes every case, the same bytes each time
    python3 make_cells.py --check    # computes every case anew and compares it with the files, relative 1e-8

Each cell is written out from its paper, step by step, in float64, and its gradients are autograd's. Where PyTorch,
ONNX Runtime or Keras has the cell, the peer must give the same outputs before a file is written: PyTorch to 1e-12,
Keras, which drops to float32 in places, to 1e-6, ONNX Runtime, which computes in float32, to 1e-5 of the largest.

A case's sizes say which states it has, in the cell's order, if they are not h and c, and whether it reads in reverse.
A state without an initial value among the inputs begins as the cell begins; one without loss weights is not compared.
sLSTM and mLSTM are computed here without stabilizer, as their papers define them: c exp(m) is the c of the paper.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402

import make_golden  # noqa: E402
from make_golden import Numbers, gates, padding_mask, run_lstm, write  # noqa: E402

T, B, I, H = 7, 4, 5, 4
LENGTHS = [7, 4, 2, 1]  # PyTorch refuses empty rows
SIGMOID, TANH = torch.sigmoid, torch.tanh
FUNCTIONS = {  # by ONNX's names
    "Sigmoid": SIGMOID, "Tanh": TANH, "Relu": torch.relu, "Softsign": torch.nn.functional.softsign,
    "Elu": torch.nn.functional.elu, "Softplus": torch.nn.functional.softplus,
    "HardSigmoid": lambda x: torch.where(x.abs() < 2.5, x / 5 + 0.5, (x > 0).double()),
}


def case(name, seed, shapes, equations, states="hc", I=I, lengths=LENGTHS, reverse=False, inner=None, widths=None,
         loss_on="hc", inputs=None, checks=()):
    """Runs a cell and writes its file. ``inner``: sizes of states that the reference has and the file has not."""
    numbers = Numbers(seed)
    p = {k: numbers.tensor(*shape, scale=0.5, grid=1 / 64 if len(shape) > 1 else 1 / 16, grad=True)
         for k, shape in shapes.items()}
    mask = padding_mask(T, lengths)
    x = numbers.tensor(T, B, I, grid=1 / 16) if inputs is None else inputs(numbers)
    x = (x * mask).requires_grad_()
    sizes = {k: (H,) for k in states} | {k: v if isinstance(v, tuple) else (v,) for k, v in (widths or {}).items()}
    initial = {k: numbers.tensor(B, *sizes[k], grid=1 / 16, scale=0.75, grad=True) for k in states}
    if "n" in states:  # a normalizer is positive
        initial["n"] = (initial["n"].detach().abs() + 1).requires_grad_()
    losses = {k: numbers.tensor(B, *sizes[k], grid=1 / 8) for k in states if k in loss_on}
    loss_out = numbers.tensor(T, B, H, grid=1 / 8) * mask
    now = dict(initial) | {k: torch.zeros(B, *v).double() for k, v in (inner or {}).items()}
    steps = [None] * T
    for t in reversed(range(T)) if reverse else range(T):
        new = equations(p, x[t], now)
        own = {k: (mask[t] > 0).reshape(B, *[1] * (v.dim() - 1)) for k, v in now.items()}
        now = {k: torch.where(own[k], new[k], v) for k, v in now.items()}
        steps[t] = new["h"] * mask[t]
    out = torch.stack(steps)
    loss = (out * loss_out).sum() + sum((now[k] * losses[k]).sum() for k in losses)
    loss.backward()
    for check in checks:
        with torch.no_grad():
            check(p, x, initial, lengths, reverse, out, now)
    grads = {k: v.grad for k, v in p.items()} | {"x": x.grad} | {k + "0": v.grad for k, v in initial.items()}
    extra = {} if "hc".startswith(states) else {"states": list(states)}
    write(name, seed, dict(T=T, B=B, I=I, H=H) | extra | ({"reverse": True} if reverse else {}), p,
          {"x": x} | {k + "0": v for k, v in initial.items()} | {"lossOutput": loss_out}
          | {"loss" + k.upper(): v for k, v in losses.items()},
          {"output": out} | {k: now[k] for k in losses} | {"loss": loss},
          {k: v for k, v in grads.items() if v is not None}, lengths)


# ---- with options ------------------------------------------------------------------------------------------------


def clipped(f, clip):
    return f if clip is None else lambda x: f(torch.clamp(x, -clip, clip))


def lstm(gate=SIGMOID, candidate=TANH, output=TANH, clip=None, peepholes=False, coupled=False, bias=True):
    f_gate, f_candidate = clipped(gate, clip), clipped(candidate, clip)

    def step(p, x, s):
        z = x @ p["W"] + s["h"] @ p["R"] + (p["b"] if bias else 0)
        c = s["c"]
        if coupled:
            f, g, o = gates(z, 3)
            f = f_gate(f)
            i = 1 - f
        else:
            i, f, g, o = gates(z, 4)
            pi, pf, po = gates(p["p"], 3) if peepholes else (0, 0, 0)
            i, f = f_gate(i + pi * c), f_gate(f + pf * c)
        c = f * c + i * f_candidate(g)
        o = f_gate(o + po * c if peepholes else o)
        return {"h": o * output(c), "c": c}

    return step


def gru(after, gate=SIGMOID, candidate=TANH, clip=None, bias=True):
    f_gate, f_candidate = clipped(gate, clip), clipped(candidate, clip)

    def step(p, x, s):
        h = s["h"]
        ir, iz, i_n = gates(x @ p["W"] + (p["b"] if bias else 0), 3)
        hr, hz, hn = gates(h @ p["R"] + (p["d"] if after and bias else 0), 3)
        r, z = f_gate(ir + hr), f_gate(iz + hz)
        n = f_candidate(i_n + (r * hn if after else (r * h) @ gates(p["R"], 3)[2]))
        return {"h": z * h + (1 - z) * n}

    return step


def rnn(activation, clip=None, bias=True):
    f = clipped(activation, clip)
    return lambda p, x, s: {"h": f(x @ p["W"] + s["h"] @ p["R"] + (p["b"] if bias else 0))}


def shapes(n, bias=True, d=False, p=False):
    result = {"W": (I, n * H), "R": (H, n * H)}
    result |= {"b": (n * H,)} if bias else {}
    result |= {"d": (n * H,)} if d else {}
    return result | ({"p": (3 * H,)} if p else {})


# ---- the peers ---------------------------------------------------------------------------------------------------


def onnx_check(op, order, activations, clip=None, **attributes):
    """ONNX Runtime gives the same. ``order``: ours of its gates; −1 for one that it has and ignores."""

    def stacked(matrix):
        parts = gates(matrix, max(order) + 1)
        return torch.cat([torch.zeros_like(parts[0]) if k < 0 else parts[k] for k in order], -1)

    def check(p, x, initial, lengths, reverse, out, now):
        weights = {k: p[k].clone() for k in p}
        if "input_forget" in attributes:  # its input gate is 1 − f, so our f with the other sign
            for k in ("W", "R", "b"):
                weights[k][..., :H] *= -1
        d = weights.get("d", torch.zeros_like(weights["b"]))
        constants = {
            "W": stacked(weights["W"]).T[None], "R": stacked(weights["R"]).T[None],
            "B": torch.cat([stacked(weights["b"]), stacked(d)])[None],
            "lengths": torch.tensor(lengths).int(), "h0": initial["h"][None],
        }
        names = ["x", "W", "R", "B", "lengths", "h0"]
        if op == "LSTM":
            constants["c0"] = initial["c"][None]
            names.append("c0")
            if "p" in weights:
                i, f, o = gates(weights["p"], 3)
                constants["P"] = torch.cat([i, o, f])[None]
                names.append("P")
        more = {} if clip is None else {"clip": clip}
        node = helper.make_node(op, names, ["y", "h"] + (["c"] if op == "LSTM" else []), hidden_size=H,
                                activations=list(activations), direction="reverse" if reverse else "forward",
                                **more, **attributes)
        data = [numpy_helper.from_array(v.numpy() if v.dtype == torch.int32 else v.float().numpy(), k)
                for k, v in constants.items()]
        graph = helper.make_graph([node], "cell", [helper.make_tensor_value_info("x", 1, [T, B, I])],
                                  [helper.make_tensor_value_info(k, 1, None) for k in node.output], data)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
        found = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x.float().numpy()})
        for name, theirs, ours in zip(("y", "h", "c"), found, (out[:, None], now["h"][None], now.get("c"))):
            ours = ours[None] if name == "c" else ours
            error = np.abs(theirs - ours.numpy()).max() / np.abs(ours.numpy()).max()
            assert error <= 1e-5, (op, name, error)

    return check


def keras_check(kind, order, biases=("b",), **options):
    """Keras gives the same, in float64; ``order``: ours of its gates."""

    def stacked(matrix):
        return torch.cat([gates(matrix, len(order))[k] for k in order], -1)

    def check(p, x, initial, lengths, reverse, out, now):
        assert lengths == [T] * B
        layer = kind(H, return_sequences=True, return_state=True, go_backwards=reverse, dtype="float64", **options)
        layer.build((B, T, I))
        weights = [stacked(p["W"]), stacked(p["R"])]
        if len(biases) > 1:
            weights.append(torch.stack([stacked(p[b]) for b in biases]))
        elif biases:
            weights.append(stacked(p[biases[0]]))
        layer.set_weights([w.numpy() for w in weights])
        found, h, *c = layer(x.transpose(0, 1), initial_state=list(initial.values()))
        found = found.transpose(0, 1)
        pairs = [(found.flip(0) if reverse else found, out), (h, now["h"])] + [(each, now["c"]) for each in c]
        for theirs, ours in pairs:
            assert torch.allclose(theirs, ours, rtol=1e-6, atol=1e-6)

    return check


def projection_check(p, x, initial, lengths, reverse, out, now):
    cells = p["P"].shape[0]
    net = torch.nn.LSTM(I, cells, proj_size=H).double()
    weights = {"weight_ih_l0": p["W"].T, "weight_hh_l0": p["R"].T, "bias_ih_l0": p["b"],
               "bias_hh_l0": 0 * p["b"], "weight_hr_l0": p["P"].T}
    for k, v in weights.items():
        getattr(net, k).copy_(v)
    found, (h, c) = run_lstm(net, x, lengths, (initial["h"][None], initial["c"][None]))
    for a, b in ((found, out), (h[0], now["h"]), (c[0], now["c"])):
        assert torch.allclose(a, b, rtol=1e-12, atol=1e-14)


# ---- from the papers ---------------------------------------------------------------------------------------------


def original_lstm(p, x, s):
    i, g, o = gates(x @ p["W"] + s["h"] @ p["R"] + p["b"], 3)
    c = s["c"] + SIGMOID(i) * TANH(g)
    return {"h": SIGMOID(o) * TANH(c), "c": c}


def projected_lstm(p, x, s):
    i, f, g, o = gates(x @ p["W"] + s["h"] @ p["R"] + p["b"], 4)
    c = SIGMOID(f) * s["c"] + SIGMOID(i) * TANH(g)
    return {"h": (SIGMOID(o) * TANH(c)) @ p["P"], "c": c}


def layer_norm_gru(p, x, s):
    def norm(a):  # of the gates together, and of the candidate
        parts = (a[:, :2 * H], a[:, 2 * H:])
        return torch.cat([torch.nn.functional.layer_norm(part, part.shape[-1:], eps=1e-5) for part in parts], -1)

    ir, iz, i_n = gates(norm(x @ p["W"]) * p["gx"] + p["b"], 3)
    hr, hz, hn = gates(norm(s["h"] @ p["R"]) * p["gh"], 3)
    z = SIGMOID(iz + hz)
    return {"h": z * s["h"] + (1 - z) * TANH(i_n + SIGMOID(ir + hr) * (hn + p["d"]))}


def mgu(p, x, s):
    h = s["h"]
    wf, wn = gates(p["W"], 2)
    rf, rn = gates(p["R"], 2)
    bf, bn = gates(p["b"], 2)
    f = SIGMOID(x @ wf + h @ rf + bf)
    return {"h": (1 - f) * h + f * TANH(x @ wn + (f * h) @ rn + bn)}


def min_gru(p, x, s):
    z, n = gates(x @ p["W"] + p["b"], 2)
    return {"h": (1 - SIGMOID(z)) * s["h"] + SIGMOID(z) * n}


def min_lstm(p, x, s):
    f, i, n = gates(x @ p["W"] + p["b"], 3)
    f, i = SIGMOID(f), SIGMOID(i)
    return {"h": f / (f + i) * s["h"] + i / (f + i) * n}


def ind_rnn(activation):
    return lambda p, x, s: {"h": activation(x @ p["W"] + p["u"] * s["h"] + p["b"])}


def sru(p, x, s):
    parts = gates(x @ p["W"], p["W"].shape[1] // H)
    (vf, vr), (bf, br), c = gates(p["v"], 2), gates(p["b"], 2), s["c"]
    f, r = SIGMOID(parts[0] + vf * c + bf), SIGMOID(parts[1] + vr * c + br)
    c = f * c + (1 - f) * parts[2]
    past = x if len(parts) == 3 else parts[3]
    return {"h": r * c + (1 - r) * past * np.sqrt(3), "c": c}


def qrnn(window, pooling):
    n = 2 + ["f", "fo", "ifo"].index(pooling)

    def step(p, x, s):
        kernels = gates(p["W"], window)  # of this input, the one before, ...
        seen = [x] + [s["x%d" % j] for j in range(1, window)]
        parts = list(gates(sum(a @ w for a, w in zip(seen, kernels)) + p["b"], n))
        i = SIGMOID(parts.pop(0)) if pooling == "ifo" else None
        f, g = SIGMOID(parts[0]), TANH(parts[1])
        c = f * s["h" if pooling == "f" else "c"] + (1 - f if i is None else i) * g
        result = {"h": c} if pooling == "f" else {"h": SIGMOID(parts[2]) * c, "c": c}
        return result | {"x%d" % j: seen[j - 1] for j in range(1, window)}

    return step


def slstm(heads):
    D = H // heads

    def step(p, x, s):
        parts = [gates(s["h"][:, k * D:(k + 1) * D] @ p["R"][k * D:(k + 1) * D], 4) for k in range(heads)]
        back = torch.cat([torch.cat(gate, 1) for gate in zip(*parts)], 1)  # each head's gates side by side
        i, f, g, o = gates(x @ p["W"] + back + p["b"], 4)
        i, f, g, o = torch.exp(i), SIGMOID(f), TANH(g), SIGMOID(o)
        c, n = s["c"] * torch.exp(s["m"]), s["n"] * torch.exp(s["m"])
        c, n = f * c + i * g, f * n + i
        return {"h": o * c / n, "c": c, "n": n, "m": torch.zeros_like(s["m"])}

    return step


def mlstm(heads):
    D = H // heads

    def step(p, x, s):
        a = x @ p["W"] + p["b"]
        q, k, v, o = (a[:, j * H:(j + 1) * H].reshape(B, heads, D) for j in range(4))
        i, f = torch.exp(a[:, 4 * H:4 * H + heads]), SIGMOID(a[:, 4 * H + heads:])
        k = k / np.sqrt(D)
        scale = torch.exp(s["m"])
        C = f[:, :, None, None] * s["c"] * scale[..., None] + i[:, :, None, None] * torch.einsum("bnv,bnk->bnvk", v, k)
        n = f[:, :, None] * s["n"] * scale + i[:, :, None] * k
        h = torch.einsum("bnvk,bnk->bnv", C, q) / torch.clamp((n * q).sum(-1, keepdim=True).abs(), min=1)
        return {"h": (SIGMOID(o) * h).reshape(B, H), "c": C, "n": n, "m": torch.zeros_like(s["m"])}

    return step


def gru_d(p, x, s):
    v, m, gap = torch.chunk(x, 3, dim=-1)
    gx = torch.exp(-torch.relu(p["wx"] * gap + p["bx"]))
    gh = torch.exp(-torch.relu(gap @ p["D"] + p["bh"]))
    filled = torch.where(m > 0.5, v, gx * s["l"] + (1 - gx) * p["mu"])
    h = gh * s["h"]
    ir, iz, i_n = gates(filled @ p["W"] + m @ p["V"] + p["b"], 3)
    rr, rz, rn = gates(p["R"], 3)
    r, z = SIGMOID(ir + h @ rr), SIGMOID(iz + h @ rz)
    return {"h": (1 - z) * h + z * TANH(i_n + (r * h) @ rn), "l": torch.where(m > 0.5, v, s["l"])}


def gaps(numbers):
    """Values, of which those that are missing are 9, their mask, and the time since each was last observed."""
    F = 2
    values = numbers.tensor(T, B, F, grid=1 / 16)
    mask = numbers.ints(0, 2, (T, B, F)).double()
    times = torch.cumsum(numbers.ints(1, 5, (T, B)).double() / 4, 0)
    gap = torch.zeros(T, B, F).double()
    for t in range(1, T):
        gap[t] = (times[t] - times[t - 1])[:, None] + torch.where(mask[t - 1] > 0, 0.0, gap[t - 1])
    return torch.cat([torch.where(mask > 0, values, 9.0), mask, gap], -1)


def with_options():
    full = [T] * B
    f = FUNCTIONS
    hard = lambda x: torch.where(x.abs() < 3, x / 6 + 0.5, (x > 0).double())  # noqa: E731; PyTorch's slope is float32
    lstm_order, gru_order = (0, 3, 1, 2), (1, 0, 2)  # ONNX: i o f c and z r h
    case("cell_peephole_lstm_onnx", 60, shapes(4, p=True),
         lstm(f["HardSigmoid"], f["Softsign"], f["Relu"], 0.5, peepholes=True), reverse=True,
         checks=[onnx_check("LSTM", lstm_order, ("HardSigmoid", "Softsign", "Relu"), 0.5)])
    case("cell_lstm_onnx", 61, shapes(4), lstm(clip=0.25),
         checks=[onnx_check("LSTM", lstm_order, ("Sigmoid", "Tanh", "Tanh"), 0.25)])
    case("cell_coupled_lstm_onnx", 62, shapes(3), lstm(clip=0.75, coupled=True),
         checks=[onnx_check("LSTM", (0, 2, -1, 1), ("Sigmoid", "Tanh", "Tanh"), 0.75, input_forget=1)])
    for k, after in enumerate((True, False)):
        name = "cell_gru" + ("" if after else "_before")
        case(name + "_onnx", 63 + k, shapes(3, d=after), gru(after, f["HardSigmoid"], f["Softsign"], 0.5), "h",
             reverse=True, checks=[onnx_check("GRU", gru_order, ("HardSigmoid", "Softsign"), 0.5,
                                              linear_before_reset=int(after))])
        case(name + "_keras", 65 + k, shapes(3, d=after), gru(after, hard, f["Softsign"]), "h",
             lengths=full, reverse=True,
             checks=[keras_check(keras.layers.GRU, gru_order, ("b", "d") if after else ("b",), reset_after=after,
                                 activation="softsign", recurrent_activation="hard_sigmoid")])
    case("cell_rnn_onnx", 67, shapes(1), rnn(f["Elu"], 0.5), "h", checks=[onnx_check("RNN", (0,), ("Elu",), 0.5)])
    case("cell_lstm_keras", 68, shapes(4), lstm(hard, f["Softsign"], f["Softsign"]), lengths=full, reverse=True,
         checks=[keras_check(keras.layers.LSTM, (0, 1, 2, 3), activation="softsign",
                             recurrent_activation="hard_sigmoid")])
    case("cell_lstm_no_bias", 69, shapes(4, bias=False), lstm(bias=False), lengths=full,
         checks=[keras_check(keras.layers.LSTM, (0, 1, 2, 3), (), use_bias=False)])
    case("cell_gru_no_bias", 70, shapes(3, bias=False), gru(True, bias=False), "h", lengths=full,
         checks=[keras_check(keras.layers.GRU, gru_order, (), use_bias=False)])
    case("cell_rnn_no_bias", 71, shapes(1, bias=False), rnn(f["Softplus"], bias=False), "h", lengths=full,
         checks=[keras_check(keras.layers.SimpleRNN, (0,), (), use_bias=False, activation="softplus")])


def from_papers():
    C, empty = 6, [7, 4, 0, 1]
    case("cell_original_lstm", 72, shapes(3), original_lstm, lengths=empty)
    case("cell_projected_lstm", 73, {"W": (I, 4 * C), "R": (H, 4 * C), "b": (4 * C,), "P": (C, H)}, projected_lstm,
         widths={"c": C}, checks=[projection_check])
    case("cell_layer_norm_gru", 74, shapes(3) | {"d": (H,), "gx": (3 * H,), "gh": (3 * H,)}, layer_norm_gru, "h",
         lengths=empty)
    case("cell_mgu", 75, shapes(2), mgu, "h", lengths=empty)
    case("cell_min_gru", 76, {"W": (I, 2 * H), "b": (2 * H,)}, min_gru, "h", lengths=empty)
    case("cell_min_lstm", 77, {"W": (I, 3 * H), "b": (3 * H,)}, min_lstm, "h", lengths=empty)
    case("cell_ind_rnn", 78, {"W": (I, H), "u": (H,), "b": (H,)}, ind_rnn(torch.relu), "h", lengths=empty)
    for k, inputs in enumerate((I, H)):
        case("cell_sru" + ("" if inputs == I else "_square"), 79 + k,
             {"W": (inputs, (4 if inputs == I else 3) * H), "v": (2 * H,), "b": (2 * H,)}, sru, I=inputs, lengths=empty)
    for k, (window, pooling) in enumerate(((2, "fo"), (1, "f"), (3, "ifo"))):
        n = {"f": 2, "fo": 3, "ifo": 4}[pooling]
        case(f"cell_qrnn_{window}_{pooling}", 81 + k, {"W": (I, window * n * H), "b": (n * H,)}, qrnn(window, pooling),
             "h" if pooling == "f" else "hc", inner={"x%d" % j: (I,) for j in range(1, window)}, reverse=k == 2)
    for heads in (1, 2):
        D = H // heads
        case(f"cell_slstm_{heads}", 84 + heads, {"W": (I, 4 * H), "R": (H, 4 * D), "b": (4 * H,)}, slstm(heads), "hcnm",
             loss_on="h", lengths=empty)
        case(f"cell_mlstm_{heads}", 86 + heads, {"W": (I, 4 * H + 2 * heads), "b": (4 * H + 2 * heads,)}, mlstm(heads),
             "hcnm", widths={"c": (heads, D, D), "n": (heads, D), "m": (heads, 1)}, loss_on="h", lengths=empty)
    F = 2
    case("cell_gru_d", 89, {"W": (F, 3 * H), "R": (H, 3 * H), "b": (3 * H,), "V": (F, 3 * H), "wx": (F,), "bx": (F,),
                            "D": (F, H), "bh": (H,), "mu": (F,)}, gru_d, "hl", I=3 * F, widths={"l": F},
         loss_on="hl", inputs=gaps, lengths=empty)


def stacked(name, seed, net, p_of):
    """Two bidirectional layers of PyTorch's on packed rows; ``p_of``: the shapes of a direction's parameters."""
    numbers = Numbers(seed)
    lengths, layers = [4, 7, 1, 6], 2
    mask = padding_mask(T, lengths)
    x = (numbers.tensor(T, B, I, grid=1 / 16) * mask).requires_grad_()
    loss_out = numbers.tensor(T, B, 2 * H, grid=1 / 8) * mask
    ours, theirs = {}, {}
    for k in range(layers):
        for direction, suffix in (("forward", f"_l{k}"), ("backward", f"_l{k}_reverse")):
            for key, shape in p_of(I if k == 0 else 2 * H).items():
                grid = 1 / 64 if len(shape) > 1 else 1 / 16
                value = numbers.tensor(*shape, scale=0.5, grid=grid)
                weight = {"W": "weight_ih", "R": "weight_hh", "b": "bias_ih", "d": "bias_hh", "P": "weight_hr"}[key]
                ours[f"layer{k}.{direction}.{key}"] = value
                theirs[f"layer{k}.{direction}.{key}"] = getattr(net, weight + suffix)
            if "d" not in p_of(1):
                torch.nn.init.zeros_(getattr(net, "bias_hh" + suffix))
    with torch.no_grad():
        for key, value in ours.items():
            theirs[key].copy_(value.t())
    out, _ = run_lstm(net, x, lengths, None)
    loss = (out * loss_out).sum()
    loss.backward()
    write(name, seed, dict(T=T, B=B, I=I, H=H, layers=layers, bidirectional=True), ours,
          {"x": x, "lossOutput": loss_out}, {"output": out, "loss": loss},
          {k: v.grad.t() for k, v in theirs.items()} | {"x": x.grad}, lengths)


def stacks():
    def of(n, more):
        return lambda inputs: {"W": (inputs, n * H), "R": (H, n * H), "b": (n * H,)} | more

    options = dict(num_layers=2, bidirectional=True, dtype=torch.float64)
    stacked("stacked_birnn_lengths", 90, torch.nn.RNN(I, H, **options), of(1, {}))
    stacked("stacked_bigru_lengths", 91, torch.nn.GRU(I, H, **options), of(3, {"d": (3 * H,)}))
    C = 6
    stacked("stacked_biprojected_lengths", 92, torch.nn.LSTM(I, C, proj_size=H, **options),
            lambda inputs: {"W": (inputs, 4 * C), "R": (H, 4 * C), "b": (4 * C,), "P": (C, H)})


def main():
    torch.set_num_threads(1)
    with_options()
    from_papers()
    stacks()


if __name__ == "__main__":
    make_golden.CHECK = "--check" in sys.argv[1:]
    main()
