"""PyTorch as a peer of the benchmark: a child process that times itself; see peer_protocol.

    python3 -m pytorch_peer --threads 2 [--warmup 1.0] [--adam default|fused]

Sequences are time-major and have full length, so that nn.LSTM takes its fused path; random numbers from a seed.
"default" Adam is torch.optim.Adam as a user would write it, "fused" the same with fused=True, one pass over the
parameters.
"""

import peer_protocol

torch = peer_protocol.require("torch")

import pytorch_cells
import pytorch_inference
import pytorch_training


def main():
    parser = peer_protocol.arguments("PyTorch as a peer of the benchmark")
    parser.add_argument("--adam", choices=("default", "fused"), default="default")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    version = (f"{torch.__version__}, {torch.get_num_threads()} threads, Adam {options.adam}, "
               f"oneDNN {'yes' if torch.backends.mkldnn.is_available() else 'no'}, "
               f"{torch.backends.cpu.get_cpu_capability()}")
    jobs = pytorch_training.jobs(options.adam) | pytorch_inference.jobs() | pytorch_cells.jobs()
    peer_protocol.serve("pytorch", version, jobs, options.warmup)


if __name__ == "__main__":
    main()
