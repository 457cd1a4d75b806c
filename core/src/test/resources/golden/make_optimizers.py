"""Writes optimizers.json: weights after each of six steps of PyTorch's optimizers, and factors of its schedules.

    python make_optimizers.py

Weights and gradients are multiples of 1/64, exact in float32; computed in float64. The gradient does not depend on
the weights; it has zeros, changes of sign and sizes far apart.
"""
import json
import os
import warnings

import torch

warnings.simplefilter("ignore")  # schedulers before the first optimizer step
torch.set_default_dtype(torch.float64)
START = [1.0, -2.0, 0.5, 0.0, 3.0, -0.25]
GRADIENTS = [[((7 * k + 5 * i + k * i * i) % 13 - 6) * (4.0 ** (i - 3)) / 4 for i in range(6)] for k in range(6)]
O = torch.optim
RULES = {
    "sgd": lambda p: O.SGD(p, lr=0.1),
    "sgd_momentum": lambda p: O.SGD(p, lr=0.1, momentum=0.9),
    "sgd_nesterov": lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: O.RMSprop(p, lr=0.01),
    "rmsprop_momentum": lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-6, momentum=0.8),
    "adagrad": lambda p: O.Adagrad(p, lr=0.1),
    "adagrad_initial": lambda p: O.Adagrad(p, lr=0.1, initial_accumulator_value=0.1, eps=1e-7),
    "adadelta": lambda p: O.Adadelta(p),
    "adadelta_small": lambda p: O.Adadelta(p, lr=0.5, rho=0.95, eps=1e-4),
    "adam": lambda p: O.Adam(p, lr=0.01),
    "adamw": lambda p: O.AdamW(p, lr=0.01, weight_decay=0.1),
    "nadam": lambda p: O.NAdam(p, lr=0.01),
    "nadam_betas": lambda p: O.NAdam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-6),
}
STEPS = 20
L = O.lr_scheduler
SCHEDULES = {
    "step": lambda o: L.StepLR(o, 6, 0.5),
    "exponential": lambda o: L.ExponentialLR(o, 0.9),
    "cosine": lambda o: L.CosineAnnealingLR(o, STEPS, eta_min=0.1),
    "one_cycle": lambda o: L.OneCycleLR(o, max_lr=1.0, total_steps=STEPS),
}


def weights(rule):
    p = torch.tensor(START, requires_grad=True)
    optimizer = rule([p])
    after = []
    for g in GRADIENTS:
        p.grad = torch.tensor(g)
        optimizer.step()
        after.append([float(format(v, ".9g")) for v in p.tolist()])
    return after


def factors(schedule):
    optimizer = O.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = schedule(optimizer)
    seen = []
    for _ in range(STEPS):
        seen.append(float(format(optimizer.param_groups[0]["lr"], ".12g")))
        optimizer.step()
        scheduler.step() if len(seen) < STEPS else None
    return seen


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "optimizers.json"), "w") as file:
    head = {"from": f"PyTorch {torch.__version__}, make_optimizers.py", "start": START, "gradients": GRADIENTS}
    body = {"weights": {k: weights(v) for k, v in RULES.items()}, "schedules": {k: factors(v) for k, v in SCHEDULES.items()}}
    lines = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    for title, cases in body.items():
        inner = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items())
        lines.append(f'  "{title}": {{\n{inner}\n  }}')
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
