"""The shapes of the suite infer: an LSTM layer that answers with its last output, from a state of zeros."""

# inputs I, units H, steps T, rows B
SHAPES = [
    (256, 256, 1, 1),
    (256, 256, 25, 1),
    (512, 512, 25, 1),
    (1024, 1024, 25, 1),
    (64, 64, 50, 32),
    (256, 256, 100, 64),
    (32, 128, 10, 32),
]


def jobs(start):
    """The jobs by their names, where `start(inputs, units, steps, rows)` makes the step of a shape."""
    return {f"infer I{i}-H{h}-T{t}-B{b}": lambda shape=(i, h, t, b): start(*shape) for i, h, t, b in SHAPES}
