"""An honest training that lasts as long as one may, under ``classroom``: how it ends, what it told, what that took.

python -m tests.benchmarks.long_training [SECONDS]     # 590 by default, of 600
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engine.contract.trace import Program
from engine.running.runner import Runner
from engine.running.turns import Asker
from pages.ui.training.candidates import Candidate
from pages.ui.training.run import LiveRun

SECONDS = 590.0
SOURCE = """\
import time
import torch
start = time.monotonic()
x = torch.linspace(-3, 3, 256).reshape(-1, 1)
y = x.sin()
model = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
step = 0
while time.monotonic() - start < {seconds}:
    loss = ((model(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    step += 1
print(step, loss.item() < 0.1)
"""


def main(seconds: float) -> int:
    program = Program(SOURCE.format(seconds=seconds), filename="program.py")
    with Runner(policy="classroom") as runner:
        run = LiveRun(runner, Candidate("own", program, "A program of my own"), Asker("somebody"), 1)
        started = time.monotonic()
        while not run.wait(30):
            with run.store.reading() as store:
                print(
                    f"{time.monotonic() - started:5.0f} s  step {store.n_ticks:9}  {resident_mb():4.0f} MB", flush=True
                )
    trace = run.trace()
    print(f"ended: {trace.ending} after {time.monotonic() - started:.0f} s; it printed {trace.stdout.strip()!r}")
    return 0 if trace.ending == "ok" else 1


def resident_mb() -> float:
    """Of this process, which stands for the server's (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
