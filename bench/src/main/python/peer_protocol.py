"""The lines that a peer of the benchmark speaks, so that the runner can alternate: ours, peer, ours, peer.

    (at its start)     {"peer": "pytorch", "version": "2.13, ...", "jobs": ["train S0", ...]}
    run train S1 15    {"ms": [15 numbers], "peak_rss_mb": 310.2}
    quit               (ends; so does the end of the input)
    anything else      {"error": "one line"}

A job is warmed up for at least --warmup seconds when it is first asked for and a tenth of that on each further call
in a row; only the last job is kept.
"""

import argparse
import importlib
import json
import platform
import resource
import sys
import time


def say(answer):
    print(json.dumps(answer), flush=True)


def require(module):
    """A module that may not be installed; without it the process says so and ends."""
    try:
        return importlib.import_module(module)
    except ImportError as missing:
        say({"error": str(missing)})
        sys.exit(3)


def arguments(description):
    """A parser with the options that all peers have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warmup", type=float, default=1.0, help="seconds of steps before a job is first measured")
    return parser


class Bench:
    """One job, ready to be done again and again."""

    def __init__(self, step, warmup):
        self.step = step
        for _ in range(2):
            step()
        self.warm(warmup)

    def warm(self, seconds):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.step()

    def run(self, repetitions):
        times = []
        for _ in range(repetitions):
            start = time.perf_counter_ns()
            self.step()
            times.append(round((time.perf_counter_ns() - start) / 1e6, 5))
        return {"ms": times, "peak_rss_mb": round(peak_rss_mb(), 1)}


def peak_rss_mb():
    """Largest resident memory of this process so far; Linux counts in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def serve(peer, version, jobs, warmup):
    """Answers until the end of the input. `jobs` maps "train S1" to a function that gives the job's step."""
    say({"peer": peer, "version": f"{version}, Python {platform.python_version()}", "jobs": list(jobs)})
    bench, last = None, None
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        if words == ["quit"]:
            break
        job = " ".join(words[1:-1])
        if words[0] != "run" or job not in jobs or not words[-1].isdigit() or int(words[-1]) < 1:
            say({"error": f"expected 'run SUITE SHAPE N' or 'quit', got {line.strip()!r}"})
            continue
        if job == last:
            bench.warm(warmup / 10)
        else:
            bench = None  # the old model's memory goes first
            bench, last = Bench(jobs[job](), warmup), job
        say(bench.run(int(words[-1])))
