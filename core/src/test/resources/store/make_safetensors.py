#!/usr/bin/env python3
"""Writes python.safetensors beside this script with the format's own library.

    pip install safetensors numpy
    python3 make_safetensors.py
"""
import os

import numpy as np
from safetensors.numpy import save_file

here = os.path.dirname(os.path.abspath(__file__))
save_file(
    {
        "layer.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        "layer.bias": np.array([-1.5, 2.5], dtype=np.float32),
        "scale": np.array(0.125, dtype=np.float32),
        "none": np.zeros((0, 4), dtype=np.float32),
    },
    os.path.join(here, "python.safetensors"),
    metadata={"format": "pt"},
)
save_file({"half": np.zeros(3, dtype=np.float16)}, os.path.join(here, "half.safetensors"))
