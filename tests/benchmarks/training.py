"""What live telling costs a training loop, against plain Python in the same set-up.

    python -m tests.benchmarks.training [PAIRS]

Both kinds of run are forks of a process that has torch imported, with one thread and the same niceness, one after
the other in turning order. The programs time themselves: ``step`` is the median over pairs of the ratio of the
times of one step, from step 100 on; ``first`` is what the recorded first steps add once; ``whole`` is the ratio of
the whole loops, first steps included. Target: step at most 1.05.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from subprocess import PIPE, Popen

from engine.contract.events import Live
from engine.contract.trace import Limits, LiveLimits, Program
from engine.running import Runner
from tests.e2e.serving import ROOT

TARGET = 1.05
N_FIRST = 100
N_SET_UPS = 4
LIMITS = Limits(time_s=120, live=LiveLimits(series=("x", "y", "y_pred")))
HEAD = """
import json, time, torch
torch.manual_seed(0)
"""
CLOCK = """
    if t == {n_first}:
        first = time.perf_counter(), time.process_time()
"""
TAIL = """
end = time.perf_counter(), time.process_time()
print(json.dumps([[e - s, (e - f) / ({n} - {n_first})] for s, f, e in zip(start, first, end)]))
"""
FIT = """
x = torch.linspace(-3.14, 3.14, 2000)
y = torch.sin(x)
a, b, c, d = (torch.randn((), requires_grad=True) for _ in range(4))
start = time.perf_counter(), time.process_time()
for t in range({n}):
    {clock}
    y_pred = a + b * x + c * x ** 2 + d * x ** 3
    loss = (y_pred - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for w in (a, b, c, d):
            w -= 1e-6 * w.grad
            w.grad = None
"""
LAYERS = """
x, y = torch.randn(64, 1000), torch.randn(64, 10)
model = torch.nn.Sequential(torch.nn.Linear(1000, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
loss_fn = torch.nn.MSELoss(reduction="sum")
start = time.perf_counter(), time.process_time()
for t in range({n}):
    {clock}
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= 1e-4 * param.grad
"""
IN_FUNCTION = """
model = torch.nn.Sequential(torch.nn.Linear(1000, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
optimizer = torch.optim.Adam(model.parameters())
x, y = torch.randn(64, 1000), torch.randn(64, 10)
start = time.perf_counter(), time.process_time()
def step():
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
for t in range({n}):
    {clock}
    step()
"""
PROGRAMS = {
    "polynomial fit": (FIT, 2000),
    "two layers": (LAYERS, 1000),
    "two layers, Adam, in a function": (IN_FUNCTION, 1000),
}


def source(body: str, n: int) -> str:
    text = HEAD + body.replace("    {clock}\n", CLOCK) + TAIL
    return text.replace("{n_first}", str(N_FIRST)).replace("{n}", str(n))


def serve_plain() -> None:
    """Run programs from stdin, one a line as JSON, each in a fork of this process, as the zygote does."""
    from engine.recording.process.zygote import warm_up  # sets the number of threads, before torch is imported

    warm_up()
    gc.collect()
    gc.disable()
    gc.freeze()
    for line in sys.stdin:
        if os.fork() == 0:
            gc.enable()
            exec(compile(json.loads(line), "program.py", "exec", dont_inherit=True), {"__name__": "__main__"})
            sys.stdout.flush()
            os._exit(0)
        os.wait()


class Plain:
    """Plain Python."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process

    def run(self, text: str) -> list[list[float]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def plain_python() -> Iterator[Plain]:
    command = [sys.executable, "-m", "tests.benchmarks.training", "--plain"]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield Plain(process)
        process.kill()


def live(runner: Runner, text: str) -> tuple[list[list[float]], int]:
    printed, n_ticks = "", 0
    for event in runner.submit(Program(text), LIMITS, "run"):
        if isinstance(event, Live):
            n_ticks += len(event.ticks)
        printed += getattr(event, "text", "")
    return json.loads(printed), n_ticks


def pairs_of(text: str, n_pairs: int) -> list[tuple[list, list, int]]:
    """(ours, theirs, ticks) of paired runs: each set-up is started anew, since where memory lies is part of the time."""
    pairs = []
    for _ in range(N_SET_UPS):
        with Runner() as runner, plain_python() as python:
            python.run(text), live(runner, text)
            for number in range(-(-n_pairs // N_SET_UPS)):
                if number % 2:
                    theirs = python.run(text)
                    ours, n_ticks = live(runner, text)
                else:
                    ours, n_ticks = live(runner, text)
                    theirs = python.run(text)
                pairs.append((ours, theirs, n_ticks))
    return pairs


def main(n_pairs: int) -> None:
    """Print the table."""
    print(f"{'program':34} {'step us':>8} {'step':>6} {'step cpu':>9} {'first ms':>9} {'whole':>6} {'ticks':>6}")
    for name, (body, n) in PROGRAMS.items():
        pairs = pairs_of(source(body, n), n_pairs)
        step = median(ours[0][1] / theirs[0][1] for ours, theirs, _ in pairs)
        cpu = median(ours[1][1] / theirs[1][1] for ours, theirs, _ in pairs)
        first = median((o[0][0] - o[0][1] * n) - (t[0][0] - t[0][1] * n) for o, t, _ in pairs)
        whole = median(ours[0][0] / theirs[0][0] for ours, theirs, _ in pairs)
        step_us = median(theirs[0][1] for _, theirs, _ in pairs) * 1e6
        print(
            f"{name:34} {step_us:8.0f} {step:6.3f} {cpu:9.3f} {first * 1e3:9.0f} {whole:6.2f} {pairs[-1][2]:6}",
            flush=True,
        )
    print(f"target: step at most {TARGET}")


if __name__ == "__main__":
    if "--plain" in sys.argv:
        serve_plain()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
