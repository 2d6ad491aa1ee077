"""From pressing Run to the drawn graph in Chromium for two real models, warm, beside the server's own part.

    python -m tests.benchmarks.first_picture [RUNS]

The server's part is timed in the same pair: the program's run and :func:`graphviz_tools.picture.show` without a browser.
Targets on a machine that is not busy: ResNet-18 2.5 s, a GPT of 4 layers 3.5 s.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from playwright.sync_api import sync_playwright

from engine.contract.trace import Limits, Program
from engine.running.runner import Runner
from engine.running.turns import NOBODY
from engine.text.language import N_
from graphviz_tools.picture import shared_layout, show
from pages.ui.desk.task import Task
from tests.benchmarks.programs import GPT, HEAD
from tests.benchmarks.run_to_picture import PRESS_RUN_AND_WAIT
from tests.conftest import chromium
from tests.e2e.conftest import VIEWPORT
from tests.e2e.explorer import Explorer
from tests.e2e.serving import serve

RESNET = (
    HEAD
    + """
class Block(nn.Module):
    def __init__(self, n_in, n, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n, 3, stride, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(n), nn.ReLU(inplace=True)
        self.conv2, self.bn2 = nn.Conv2d(n, n, 3, 1, 1, bias=False), nn.BatchNorm2d(n)
        self.downsample = None
        if stride != 1 or n_in != n:
            self.downsample = nn.Sequential(nn.Conv2d(n_in, n, 1, stride, bias=False), nn.BatchNorm2d(n))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))

class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        sizes = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
        for i, (n_in, n, stride) in enumerate(sizes, 1):
            setattr(self, f"layer{i}", nn.Sequential(Block(n_in, n, stride), Block(n, n, 1)))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))

model = ResNet()
loss = nn.functional.cross_entropy(model(torch.randn(2, 3, 64, 64)), torch.tensor([1, 2]))
loss.backward()
"""
)
PROGRAMS = {"ResNet-18": RESNET, "GPT of 4 layers": GPT.replace("range(12)", "range(4)")}
TARGETS_S = {"ResNet-18": 2.5, "GPT of 4 layers": 3.5}


def server_s(runner: Runner, source: str) -> float:
    """Seconds of a run and of its picture, without a browser."""
    began = perf_counter()
    task = Task(runner, Program(source), Limits(), NOBODY).start()
    task.wait(60)
    show(task.trace(), _=N_, language="en")
    return perf_counter() - began


def pairs(runner: Runner, explorer: Explorer, source: str, n: int) -> Iterator[tuple[float, float]]:
    """(browser, server) seconds; each run changes the program, so that nothing comes from a cache."""
    for number in range(n + 1):
        own = f"{source}\n# run {number}\n"
        explorer.type_program(own)
        pair = explorer.page.evaluate(PRESS_RUN_AND_WAIT) / 1000, server_s(runner, own)
        if number:  # the first one warms
            yield pair


def main(n: int) -> None:
    runner = Runner()
    with serve() as server, sync_playwright() as playwright:
        server.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEWPORT)
        page.goto(server.url)
        explorer = Explorer(page).wait_for_picture()
        for name, source in PROGRAMS.items():
            seen, own = zip(*pairs(runner, explorer, source, n), strict=True)
            print(
                f"{name}: in the browser {median(seen):.2f} s, the server's part {median(own):.2f} s, {n} runs "
                f"(target {TARGETS_S[name]} s)"
            )
        browser.close()
    runner.close()
    shared_layout().close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
