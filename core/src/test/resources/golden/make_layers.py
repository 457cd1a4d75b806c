#!/usr/bin/env python3
"""Writes the golden files of activations and of layers that are not recurrent; conventions as in make_golden.py.

    pip install torch numpy keras
    python3 make_layers.py            # writes every case, the same bytes each time
    python3 make_layers.py --check    # computes every case anew and compares it with the files, relative 1e-8
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
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


def layer(name, seed, shapes, equations, module=None, F_in=6):
    """A layer of sequences by its equations, padding masked, held to a module of PyTorch where there is one.

    equations(p, x, mask) -> y, all batch first: x [B,T,F], mask [B,T] is True on a row's own steps.
    """
    T, B = 5, 3
    lengths = [5, 2, 3]
    numbers = Numbers(seed)
    parameters = {k: numbers.tensor(*s, scale=0.5, grad=True) for k, s in shapes.items()}
    mask = make_golden.padding_mask(T, lengths)
    x = (numbers.tensor(T, B, F_in, grid=1 / 16) * mask).requires_grad_()
    own = mask[:, :, 0].T > 0
    y = equations(parameters, x.transpose(0, 1), own)
    if module is not None:
        theirs = module(parameters, x.transpose(0, 1), own)
        assert torch.allclose(torch.where(own[:, :, None], theirs - y, 0 * y), 0 * y, atol=1e-12), name
    if y.dim() == 3:
        loss_out = numbers.tensor(T, B, y.shape[-1], grid=1 / 8) * mask
        out = y.transpose(0, 1) * mask
    else:
        loss_out = numbers.tensor(B, y.shape[-1], grid=1 / 8)
        out = y
    loss = (out * loss_out).sum()
    loss.backward()
    grads = {k: v.grad for k, v in {**parameters, "x": x}.items()}
    write(name, seed, dict(T=T, B=B, F=F_in), parameters, {"x": x, "lossOutput": loss_out},
          {"output": out, "loss": loss}, grads, lengths)


def layer_norm(p, x, own):
    return F.layer_norm(x, x.shape[-1:], p["g"], p["b"], eps=1e-5)


def rms_norm(p, x, own):
    return F.rms_norm(x, x.shape[-1:], p["g"], eps=1e-6)


def gated(p, x, own):
    both = torch.cat([x @ p["W"] + p["b"], x @ p["V"] + p["c"]], -1)
    return F.glu(both)


def highway(p, x, own):
    t = torch.sigmoid(x @ p["V"] + p["c"])
    return t * torch.relu(x @ p["W"] + p["b"]) + (1 - t) * x


def attended(scores, values, own, causal=False):
    seen = own[:, None, :].expand(scores.shape)
    if causal:
        seen = seen & torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return torch.softmax(scores.masked_fill(~seen, -torch.inf), -1) @ values


def dot(p, x, own):
    return attended(x @ x.mT, x, own)


def scaled_causal(p, x, own):
    return attended(x @ x.mT / x.shape[-1] ** 0.5, x, own, True)


def general(p, x, own):
    return attended(x @ p["W"] @ x.mT, x, own)


def additive(p, x, own):
    scores = torch.tanh((x @ p["W"])[:, :, None, :] + (x @ p["U"])[:, None, :, :]) @ p["v"]
    return attended(scores, x, own)


def multi_head(heads, causal):
    def equations(p, x, own):
        q, k, v = ((x @ p["W" + n] + p["b" + n]).unflatten(-1, (heads, -1)).transpose(1, 2) for n in "qkv")
        scores = q @ k.mT / q.shape[-1] ** 0.5
        out = [attended(scores[:, h], v[:, h], own, causal) for h in range(heads)]
        return torch.cat(out, -1) @ p["O"] + p["bo"]

    def module(p, x, own):
        net = torch.nn.MultiheadAttention(x.shape[-1], heads, batch_first=True).double()
        with torch.no_grad():
            net.in_proj_weight.copy_(torch.cat([p["Wq"], p["Wk"], p["Wv"]], 1).T)
            net.in_proj_bias.copy_(torch.cat([p["bq"], p["bk"], p["bv"]]))
            net.out_proj.weight.copy_(p["O"].T)
            net.out_proj.bias.copy_(p["bo"])
        later = ~torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril() if causal else None
        return net(x, x, x, key_padding_mask=~own, attn_mask=later, need_weights=False)[0]

    return equations, module


def head_shapes(features, width):
    shapes = {"W" + n: (features, width) for n in "qkv"} | {"b" + n: (width,) for n in "qkv"}
    return shapes | {"O": (width, features), "bo": (features,)}


def pooling(p, x, own):
    scores = torch.tanh(x @ p["W"] + p["b"]) @ p["v"]
    return torch.einsum("bt,btf->bf", torch.softmax(scores.masked_fill(~own, -torch.inf), -1), x)


def positions(p, x, own):
    t = torch.arange(x.shape[1]).double()[:, None]
    omega = 10_000 ** (-torch.arange(0, x.shape[2], 2).double() / x.shape[2])
    table = torch.stack([torch.sin(t * omega), torch.cos(t * omega)], -1).flatten(-2)
    return x + table[:, : x.shape[2]]


def learned_positions(p, x, own):
    return x + p["P"][: x.shape[1]]


def cross(name, seed, shapes, equations, *modules, F_in=6, M=4):
    """A layer that asks one sequence about another, of other lengths; equations(p, x, m, own of x, own of m) -> y."""
    T, B = 5, 3
    lengths, memory_lengths = [5, 2, 3], [2, 5, 4]
    numbers = Numbers(seed)
    parameters = {k: numbers.tensor(*s, scale=0.5, grad=True) for k, s in shapes.items()}
    masks = [make_golden.padding_mask(T, of) for of in (lengths, memory_lengths)]
    x = (numbers.tensor(T, B, F_in, grid=1 / 16) * masks[0]).requires_grad_()
    m = (numbers.tensor(T, B, M, grid=1 / 16) * masks[1]).requires_grad_()
    own, seen = (mask[:, :, 0].T > 0 for mask in masks)
    y = equations(parameters, x.transpose(0, 1), m.transpose(0, 1), own, seen)
    for module in modules:
        theirs = module(parameters, x.transpose(0, 1), m.transpose(0, 1), own, seen)
        assert torch.allclose(torch.where(own[:, :, None], theirs - y, 0 * y), 0 * y, atol=1e-7), name  # Keras scales in float32
    loss_out = numbers.tensor(T, B, y.shape[-1], grid=1 / 8) * masks[0]
    out = y.transpose(0, 1) * masks[0]
    loss = (out * loss_out).sum()
    loss.backward()
    grads = {k: v.grad for k, v in {**parameters, "x": x, "m": m}.items()}
    write(name, seed, dict(T=T, B=B, F=F_in, M=M), parameters,
          {"x": x, "m": m, "lossOutput": loss_out, "memoryLengths": torch.tensor(memory_lengths)},
          {"output": out, "loss": loss}, grads, lengths)


def cross_multi_head(features, memory, heads):
    def equations(p, x, m, own, seen):
        q, k, v = ((a @ p["W" + n] + p["b" + n]).unflatten(-1, (heads, -1)).transpose(1, 2)
                   for a, n in ((x, "q"), (m, "k"), (m, "v")))
        scores = q @ k.mT / q.shape[-1] ** 0.5
        return torch.cat([attended(scores[:, h], v[:, h], seen) for h in range(heads)], -1) @ p["O"] + p["bo"]

    def in_torch(p, x, m, own, seen):
        net = torch.nn.MultiheadAttention(features, heads, kdim=memory, vdim=memory, batch_first=True).double()
        with torch.no_grad():
            for n in "qkv":
                getattr(net, n + "_proj_weight").copy_(p["W" + n].T)
            net.in_proj_bias.copy_(torch.cat([p["bq"], p["bk"], p["bv"]]))
            net.out_proj.weight.copy_(p["O"].T)
            net.out_proj.bias.copy_(p["bo"])
        return net(x, m, m, key_padding_mask=~seen, need_weights=False)[0]

    def in_keras(p, x, m, own, seen):
        net = keras.layers.MultiHeadAttention(heads, features // heads, dtype="float64")
        net.build(x.shape, m.shape)
        split = lambda a: a.detach().unflatten(-1, (heads, -1)).numpy()
        net.set_weights([split(p[k]) for n in "qkv" for k in ("W" + n, "b" + n)]
                        + [p["O"].detach().unflatten(0, (heads, -1)).numpy(), p["bo"].detach().numpy()])
        order = [w.path for w in net.weights]
        assert ["query" in order[0], "key" in order[2], "value" in order[4]] == [True] * 3, order
        return net(x, m, query_mask=own, value_mask=seen)

    shapes = {"Wq": (features, features), "Wk": (memory, features), "Wv": (memory, features)}
    shapes |= {"b" + n: (features,) for n in "qkv"} | {"O": (features, features), "bo": (features,)}
    return shapes, equations, in_torch, in_keras


def cross_dot(p, x, m, own, seen):
    return attended(x @ m.mT, m, seen)


def cross_dot_in_keras(p, x, m, own, seen):
    return keras.layers.Attention(dtype="float64")([x, m], mask=[own, seen])


def cross_additive(p, x, m, own, seen):
    scores = torch.tanh((x @ p["W"])[:, :, None, :] + (m @ p["U"])[:, None, :, :]) @ p["v"]
    return attended(scores, m, seen)


def transformer(norm_first):
    features, heads, hidden = 6, 2, 7
    names = {"attention." + k: v for k, v in head_shapes(features, features).items()}
    norms = {f"{part}.norm.{k}": (features,) for part in ("attention", "dense") for k in "gb"}
    dense = {"dense.0.W": (features, hidden), "dense.0.b": (hidden,), "dense.1.W": (hidden, features),
             "dense.1.b": (features,)}
    attend, _ = multi_head(heads, False)

    def part_of(p, prefix):
        return {k[len(prefix):]: v for k, v in p.items() if k.startswith(prefix)}

    def equations(p, x, own):
        def norm(part, a):
            return layer_norm(part_of(p, part + ".norm."), a, own)

        def attention(a):
            return attend(part_of(p, "attention."), a, own)

        def forward(a):
            return F.gelu(a @ p["dense.0.W"] + p["dense.0.b"]) @ p["dense.1.W"] + p["dense.1.b"]

        if norm_first:
            x = x + attention(norm("attention", x))
            return x + forward(norm("dense", x))
        x = norm("attention", x + attention(x))
        return norm("dense", x + forward(x))

    def module(p, x, own):
        net = torch.nn.TransformerEncoderLayer(
            features, heads, hidden, dropout=0, activation="gelu", batch_first=True, norm_first=norm_first).double()
        with torch.no_grad():
            a = part_of(p, "attention.")
            net.self_attn.in_proj_weight.copy_(torch.cat([a["Wq"], a["Wk"], a["Wv"]], 1).T)
            net.self_attn.in_proj_bias.copy_(torch.cat([a["bq"], a["bk"], a["bv"]]))
            net.self_attn.out_proj.weight.copy_(a["O"].T)
            net.self_attn.out_proj.bias.copy_(a["bo"])
            for linear, k in ((net.linear1, "dense.0."), (net.linear2, "dense.1.")):
                linear.weight.copy_(p[k + "W"].T)
                linear.bias.copy_(p[k + "b"])
            for norm, k in ((net.norm1, "attention.norm."), (net.norm2, "dense.norm.")):
                norm.weight.copy_(p[k + "g"])
                norm.bias.copy_(p[k + "b"])
        return net(x, src_key_padding_mask=~own)

    return {**names, **norms, **dense}, equations, module


def layers():
    layer("layer_norm", 60, {"g": (6,), "b": (6,)}, layer_norm)
    layer("layer_rms_norm", 61, {"g": (6,)}, rms_norm)
    layer("layer_gated", 62, {"W": (6, 4), "b": (4,), "V": (6, 4), "c": (4,)}, gated)
    layer("layer_highway", 63, {"W": (6, 6), "b": (6,), "V": (6, 6), "c": (6,)}, highway)
    layer("layer_attention_dot", 64, {}, dot)
    layer("layer_attention_scaled_causal", 65, {}, scaled_causal)
    layer("layer_attention_general", 66, {"W": (6, 6)}, general)
    layer("layer_attention_additive", 67, {"W": (6, 6), "U": (6, 6), "v": (6,)}, additive)
    layer("layer_multi_head_attention", 68, head_shapes(6, 6), *multi_head(3, False))
    layer("layer_multi_head_attention_causal", 69, head_shapes(6, 6), *multi_head(2, True))
    layer("layer_attention_pooling", 70, {"W": (6, 5), "b": (5,), "v": (5,)}, pooling)
    layer("layer_sinusoidal_positions", 71, {}, positions)
    layer("layer_transformer", 72, *transformer(True))
    layer("layer_transformer_norm_last", 73, *transformer(False))
    layer("layer_learned_positions", 74, {"P": (7, 6)}, learned_positions)
    cross("layer_cross_multi_head_attention", 75, *cross_multi_head(6, 4, 3))
    cross("layer_cross_attention_dot", 76, {}, cross_dot, cross_dot_in_keras, M=6)
    cross("layer_cross_attention_additive", 77, {"W": (6, 4), "U": (4, 4), "v": (4,)}, cross_additive)


def main():
    torch.set_num_threads(1)
    activations()
    layers()


if __name__ == "__main__":
    make_golden.CHECK = "--check" in sys.argv[1:]
    main()
