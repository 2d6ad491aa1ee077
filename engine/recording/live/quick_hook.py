"""The hook of a training loop's leaf: a few bytecodes for each backward run.

Every Python-level operation here is paid for in each step of the program: names are looked up once, state lives in
a closure, there is one comparison for all that may have become different, and a number is read by ``tolist()``, which
goes through less of PyTorch than ``item()``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter
from types import CodeType, FrameType
from typing import Any

import torch

from engine.recording.backward.running_backward import METHOD, name_of_root
from engine.recording.live.ticks import Ticks

METHOD_DEPTH, CALLER_DEPTH = 3, 4  # frames from the hook up: _engine_run_backward, backward, Tensor.backward, caller


class QuickHook:
    """``hook`` adds the tick itself while ``aim``ed at a place in the program, else it calls ``go_long``."""

    hook: Callable[[torch.Tensor], None]

    def __init__(
        self, ticks: Ticks, go_long: Callable[[torch.Tensor], None], told: Callable[[FrameType], None]
    ) -> None:
        self._names: dict[tuple[CodeType, int], str | None] = {}
        module: FrameType | None = None  # the caller, when it is the program's module
        code: CodeType | None = None  # of the caller, when it is a function
        place, name, variables, due = -1, "", {}, 0.0
        add_value, add_time = ticks.values.append, ticks.times.append
        frame_at, now = sys._getframe, perf_counter

        def hook(leaf: torch.Tensor) -> None:
            value = None
            try:
                if module is not None:
                    if frame_at(CALLER_DEPTH) is module and module.f_lasti == place:
                        value = variables[name].tolist()
                elif code is not None:
                    method = frame_at(METHOD_DEPTH)
                    caller: Any = method.f_back
                    if caller.f_lasti == place and caller.f_code is code and method.f_code is METHOD:
                        value = method.f_locals["self"].tolist()
            except Exception:  # noqa: BLE001 - another thread's stack, another kind of root: the long way knows
                value = None
            if type(value) is not float:
                go_long(leaf)
                return
            time = now()
            add_value(value)
            add_time(time)
            if time > due:
                aim(None, None)  # look again at what may be different by now
                told(frame_at(CALLER_DEPTH))

        def aim(at: FrameType | None, root: str | None) -> None:
            nonlocal module, code, place, name, variables
            module = code = None
            if at is not None:
                place = at.f_lasti
                if root is not None:
                    module, name, variables = at, root, at.f_globals
                elif at.f_code.co_name != "<module>":
                    code = at.f_code

        def set_due(time: float) -> None:
            nonlocal due
            due = time

        self.hook, self.aim, self.set_due = hook, aim, set_due

    def name_at(self, frame: FrameType, source: str) -> str | None:
        """The module's name for the root of the call that ``frame`` is at; None when it is not in the module's code."""
        place = (frame.f_code, frame.f_lasti)
        if frame.f_code.co_name != "<module>":
            return None
        if place not in self._names:
            self._names[place] = name_of_root(*place, source)
        return self._names[place]
