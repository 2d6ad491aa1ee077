"""Training on a CUDA device, where there is one: it is offered, and each run says that it was used."""

from __future__ import annotations

import pytest

from engine.contract.trace import Program
from engine.running import Runner
from pages.ui.training.candidates import Candidate
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.devices import Devices, has_driver

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.slow,
    pytest.mark.skipif(not has_driver(), reason="no NVIDIA driver on this computer"),
]
SOURCE = """
import os, torch
w = torch.zeros(2, device=os.environ["BACKSTEP_DEVICE"], requires_grad=True)
for step in range(200):
    loss = ((w - 1) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad = None
"""


def test_a_cuda_device_is_offered_and_its_run_is_told_with_it():
    with Runner() as runner:
        devices = Devices(runner)
        devices.known()
        assert devices.wait(120)
        found = [device.name for device in devices.known()]
        if len(found) == 1:
            pytest.skip("this torch has no CUDA")
        desk = TrainingDesk(runner)
        (run,) = desk.start([Candidate("w", Program(source=SOURCE), "w").on(found[1])])
        assert run.wait(120)
        assert run.store.ending == "ok" and run.store.device.startswith("cuda")
        assert {leaf.device for leaf in run.store.leaves.values()} == {found[1]}
        assert run.store.n_ticks == 200 and run.store.last_loss < 1e-6
