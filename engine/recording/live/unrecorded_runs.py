"""Backward runs past the recorded ones, seen at the cost of one hook call each: no mode, no tracing.

NOTE [Unrecorded runs]
1. A leaf that the recorded runs reached gets a post-accumulate hook; an input of torch.autograd.grad gets a tensor
   hook. One leaf is enough for all runs that reach it. Leaves met later get hooks of their own (:meth:`look_for`).
2. The hook finds the running ``backward()`` on the Python stack, and in its arguments the root.
3. Walking the stack costs more than all the rest. So when a call ``something.backward()`` was found once, the next
   from the same place goes a quick way (:mod:`quick_hook`), with the stack's depth known. In the module's own code,
   ``NAME.backward(...)`` need not even look into the call: while it lasts, the module's variable is the root.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from types import FrameType
from typing import Any

import torch

from engine.recording import private
from engine.recording.backward.running_backward import BackwardCall, find_backward_call
from engine.recording.graph.preview import number_or_copy
from engine.recording.live.quick_hook import QuickHook
from engine.recording.live.ticks import Ticks
from engine.recording.site import current_frame

MAX_WATCHED = 32

Seen = Callable[[FrameType], None]


@dataclass
class _Watched:
    """A hook on a leaf."""

    leaf: weakref.ref[torch.Tensor]
    handle: Any


class UnrecordedRuns:
    """Adds a tick for each run. ``seen(frame)`` is called after a tick, and at every ``due`` perf_counter().

    ``may_be_quick``: whether nothing has to be decided at each run.
    """

    def __init__(
        self, ticks: Ticks, filename: str, source: str, seen: Seen, may_be_quick: Callable[[], bool] = lambda: True
    ) -> None:
        self._ticks = ticks
        self._filename = filename
        self._source = source
        self._tell = seen
        self._may_be_quick = may_be_quick
        self._watched: list[_Watched] = []
        self._known: dict[int, weakref.ref[torch.Tensor]] = {}
        self._quick = QuickHook(ticks, self._seen, seen)
        self._forget()

    @property
    def is_blind(self) -> bool:
        """Whether no watched leaf is alive."""
        return all(one.leaf() is None for one in self._watched)

    def watch(self, leaves: list[torch.Tensor], *, is_grad: bool = False) -> None:
        """See to it that runs which reach these leaves are seen."""
        alive = [one.leaf() for one in self._watched]
        if leaves and not any(leaf is one for leaf in leaves for one in alive):
            self._put_on(leaves[-1], is_grad=is_grad)
        for leaf in leaves:
            self._known[id(leaf)] = weakref.ref(leaf)

    def look_for(self, leaves: Iterable[tuple[str, torch.Tensor]]) -> None:
        """Watch the first unknown leaf of each of the program's variables."""
        groups: dict[str, list[torch.Tensor]] = {}
        for name, leaf in leaves:
            known = self._known.get(id(leaf))
            if leaf.requires_grad and leaf.is_leaf and (known is None or known() is not leaf):
                groups.setdefault(name.partition(".")[0], []).append(leaf)
        for group in groups.values():
            self.watch(group)

    def at_due(self, due: float) -> None:
        """Call ``seen`` at the first run after this perf_counter()."""
        self._quick.set_due(due)

    def remove(self) -> None:
        """Take every hook off."""
        self._quick.aim(None, None)
        for one in self._watched:
            one.handle.remove()
            leaf = one.leaf()
            if leaf is not None:
                with private.unseen():
                    private.drop_empty_hooks(leaf)
        self._watched.clear()
        self._known.clear()
        self._forget()

    def _forget(self) -> None:
        self._task = -1  # the engine's number of the run seen last
        self._last_root: Callable[[], Any] = lambda: None
        self._was_nested = False
        self._quick.set_due(0.0)

    def _put_on(self, leaf: torch.Tensor, *, is_grad: bool) -> None:
        self._watched = [one for one in self._watched if one.leaf() is not None]
        self._quick.aim(None, None)  # only a single hook need not ask whether another one was first
        if len(self._watched) < MAX_WATCHED:
            if is_grad:
                handle = leaf.register_hook(torch.utils.hooks.unserializable_hook(lambda gradient: self._seen(None)))
            else:
                handle = leaf.register_post_accumulate_grad_hook(self._quick.hook)
            self._watched.append(_Watched(weakref.ref(leaf), handle))

    def _seen(self, leaf: torch.Tensor | None) -> None:
        """The long way, once for each run."""
        task = private.graph_task()
        if task == self._task:
            return
        self._task = task
        running = find_backward_call(current_frame(), self._filename)
        if running is None or not self._is_new(running):
            return
        line = running.frame.f_lineno
        self._ticks.add(line, number_or_copy(running.root), perf_counter())
        self._try_quick(running)
        self._tell(running.frame)

    def _is_new(self, running: BackwardCall) -> bool:
        """Whether it is not a run around, or inside, the one seen last: all of them are one run of the program."""
        is_same = self._last_root() is running.root and (running.is_nested or self._was_nested)
        self._last_root, self._was_nested = weakref.ref(running.root), running.is_nested
        return not is_same

    def _try_quick(self, running: BackwardCall) -> None:
        root = running.root
        is_plain = type(root) is torch.Tensor and root.device.type == "cpu" and root.dim() == 0
        if not (self._may_be_quick() and is_plain and running.is_method and not running.is_nested and self._is_alone()):
            return
        frame = running.frame
        name = self._quick.name_at(frame, self._source)
        self._quick.aim(frame, name if name is not None and frame.f_globals.get(name) is running.root else None)

    def _is_alone(self) -> bool:
        return len(self._watched) == 1
