"""The devices that a program can be given, as PyTorch itself reports them in a child process."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from engine.contract.trace import Limits, Program
from pages.ui.desk.task import Runs, Task

CPU = "cpu"
PROBE = Program(
    source=(
        "import json, torch\n"
        "n = torch.cuda.device_count() if torch.cuda.is_available() else 0\n"
        "print(json.dumps([[f'cuda:{i}', torch.cuda.get_device_name(i)] for i in range(n)]))\n"
    ),
    filename="devices.py",
    device="cuda",  # a process that sees them: never a fork of the zygote
)


class Device(msgspec.Struct, frozen=True, array_like=True):
    """``name`` as ``torch.device`` takes it; ``title`` as its maker calls it."""

    name: str
    title: str = ""


@cache
def has_driver() -> bool:
    """Whether it is worth starting a process to ask: NVIDIA's driver shows itself."""
    return Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi") is not None


class Devices:
    """CPU, and what the probe finds, once it has been asked for."""

    def __init__(self, runner: Runs, is_worth_asking: Callable[[], bool] = has_driver) -> None:
        self._runner, self._is_worth_asking = runner, is_worth_asking
        self._probe: Task | None = None
        self._lock = threading.Lock()

    def known(self) -> tuple[Device, ...]:
        """Those known by now, CPU first. The first call begins to look for others and does not wait for it."""
        with self._lock:
            if self._probe is None and self._is_worth_asking():
                self._probe = Task(self._runner, PROBE, Limits(time_s=60.0)).start()
        return (Device(CPU, "CPU"), *self._found())

    def wait(self, timeout_s: float) -> bool:
        """Whether the looking has come to its end."""
        return self._probe is None or self._probe.wait(timeout_s)

    def _found(self) -> tuple[Device, ...]:
        if self._probe is None or not self._probe.has_ended:
            return ()
        try:
            return msgspec.json.decode(self._probe.printed, type=tuple[Device, ...])
        except msgspec.DecodeError:
            return ()  # torch could not be asked: its own message appears when a program asks for the device
