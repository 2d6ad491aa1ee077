"""``optimizer.step()`` as one call: an in-place change of the parameters, however many kernels it takes.

``seen`` of that call are all parameters that the optimizer was given, also those it left as they were.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from engine.contract.trace import CalledStep, CallRecord, InPlace
from engine.recording import private
from engine.recording.calls.mode import CallMode
from engine.recording.graph.watch import Write, storages_of
from engine.recording.session import Session
from engine.recording.site import current_frame
from engine.recording.state import Switch


class OptimizerSteps:
    """Global hooks around ``step``; :meth:`remove` takes them off."""

    def __init__(self, session: Session, mode: CallMode, switch: Switch) -> None:
        self._session = session
        self._mode = mode
        self._switch = switch
        self._before: dict[int, int] | None = None  # id(parameter) -> version, while a step lasts
        self._handles = [
            register_optimizer_step_pre_hook(self._starts),
            register_optimizer_step_post_hook(self._ends),
        ]

    def remove(self) -> None:
        """Take the hooks off."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _starts(self, optimizer: torch.optim.Optimizer, args: tuple, kwargs: dict) -> None:
        has_closure = any(callable(a) for a in (*args[1:], *kwargs.values()))
        if has_closure or self._mode.is_paused or not self._switch.is_on or not self._mode.is_on_stack:
            return  # a closure runs the program's own forward and backward: record what it does
        with self._session.looking():
            place = self._session.place(current_frame())
            for parameter in _parameters(optimizer):
                self._session.meet(parameter, place)
                number = self._session.tensors.get(parameter)
                if number is not None:
                    self._session.names.look_in_modules(parameter, number)
            self._before = {id(p): private.version(p) for p in _parameters(optimizer)}
        self._mode.is_paused = True

    def _ends(self, optimizer: torch.optim.Optimizer, args: tuple, kwargs: dict) -> None:
        before, self._before = self._before, None
        if before is None:
            return
        self._mode.is_paused = False
        session = self._session
        with session.looking():
            place = session.place(current_frame())
            origin = session.origin(place)
            known = [(p, n) for p in _parameters(optimizer) if (n := session.tensors.get(p)) is not None]
            changed = [(p, n, v) for p, n in known if (v := before.get(id(p))) is not None and v != private.version(p)]
            call = session.outbox.call(
                CallRecord(
                    name=f"{type(optimizer).__name__}.step",
                    function=f"torch.optim.{type(optimizer).__name__}.step",
                    line=origin.line,
                    seen=tuple(session.state(p, n) for p, n in known),
                    in_place=tuple(InPlace(n, v, private.version(p)) for p, n, v in changed),
                    scope=origin.scope,
                    frame=origin.frame,
                    grad_enabled=False,
                )
            )
            session.outbox.step(CalledStep(call=call, printed=session.printed()))
            watch = session.watch  # of all parameters: an optimizer that writes through .data moves no version
            written = [key for key in storages_of(_parameters(optimizer)) if watch.watches(key)]
            watch.look(written, Write("call", origin.line, call))
        self._switch.stepped(current_frame())


def _parameters(optimizer: torch.optim.Optimizer) -> list[Any]:
    return [p for group in optimizer.param_groups for p in group["params"]]
