"""DOT text to SVG, in child processes that may be killed: never in a thread of the server.

>>> layout = Layout()
>>> layout.svg("digraph { a -> b }").startswith("<svg")
True
>>> layout.close()

NOTE [Turns] Two processes at most, for whoever used least lately (:mod:`graphviz_tools.workers.turns`), so one
visitor's graphs hold up that visitor. No lock is held while Graphviz works.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Protocol

from engine.contract.bounded import Bounded
from graphviz_tools.render.graphviz_process import Answer, Child
from graphviz_tools.workers.turns import ShortTurns

TIME_LIMIT_S = 2.0
MEMORY_BYTES = 1_000_000_000
N_PROCESSES = 2
MAX_CACHED = 64
MAX_CACHED_BYTES = 4_000_000
MAX_FAILED = 1000
CHARACTERS_A_SECOND = 100_000  # of DOT text, roughly and at worst
N_TRIES = 2  # a process that dies without a word may have been killed from outside
LINGER_S = 1.0  # after its time limit a process ends by itself, when nobody is left to kill it


class LayoutError(Exception):
    """There is no picture; the message says why, in plain words."""


class TookTooLong(LayoutError):
    """The layout was killed at its time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Graphviz needed more than {seconds:g} s for this picture.")
        self.seconds = seconds


class LaysOut(Protocol):
    """Where pictures come from: a :class:`Layout`, or one visitor's turns at it."""

    def svg(self, dot: str) -> str: ...


@dataclass(frozen=True)
class Failed:
    """Why a text has no picture. ``seconds``: the limit it took longer than."""

    reason: str
    seconds: float | None = None

    def error(self) -> LayoutError:
        return LayoutError(self.reason) if self.seconds is None else TookTooLong(self.seconds)


class Layout:
    """Layout processes, started when first needed, replaced when they die. Safe to call from threads."""

    def __init__(
        self, time_limit_s: float = TIME_LIMIT_S, memory_bytes: int = MEMORY_BYTES, n: int = N_PROCESSES
    ) -> None:
        self._time_limit_s = time_limit_s
        self._memory_bytes = memory_bytes
        self._n = n
        self._turns = ShortTurns(n)
        self._lock = threading.Lock()  # of what follows; held for moments only
        self._drawn: Bounded[str, str] = Bounded(MAX_CACHED_BYTES, _room)
        self._failed: Bounded[str, Failed] = Bounded(MAX_FAILED)
        self._under_way: dict[str, threading.Event] = {}
        self._children: set[Child] = set()
        self._idle: list[Child] = []

    def of(self, visitor: str) -> LaysOut:
        """The same for one visitor: graphs that take long make others' pictures wait less."""
        return _Turn(self, visitor)

    def svg(self, dot: str, visitor: str = "") -> str:
        """The ``<svg>`` element of a DOT text. The same text is laid out once, whoever asks. Raises: LayoutError."""
        key = hashlib.sha256(dot.encode()).hexdigest()
        while True:
            found = self._known(key)
            if found is None:
                with self._turns.turn(visitor, len(dot) / CHARACTERS_A_SECOND):
                    found = self._draw(key, dot)
            if isinstance(found, str):
                return found
            if isinstance(found, Failed):
                raise found.error()
            found.wait()  # another visitor's turn draws it

    def warm(self) -> None:
        """Start a process now, so that the first picture does not wait for it."""
        self.svg("digraph { warm }")

    @property
    def is_confined(self) -> bool | None:
        """Whether the kernel confines the processes; None: none has started."""
        with self._lock:
            idle = self._idle[:1]
        return idle[0].is_confined() if idle else None

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are there now."""
        with self._lock:
            return tuple(child.pid for child in self._children if child.is_alive)

    def close(self) -> None:
        """End the processes. The next call of :meth:`svg` starts another."""
        with self._lock:
            children, self._children, self._idle = self._children, set(), []
        for child in children:
            child.stop()

    def _known(self, key: str) -> str | Failed | threading.Event | None:
        with self._lock:
            return self._known_now(key)

    def _known_now(self, key: str) -> str | Failed | threading.Event | None:
        return self._drawn.get(key) or self._failed.get(key) or self._under_way.get(key)

    def _draw(self, key: str, dot: str) -> str | Failed | threading.Event:
        """The picture, unless somebody made or began it while this visitor waited for the turn."""
        with self._lock:
            known = self._known_now(key)
            if known is not None:
                return known
            done = self._under_way[key] = threading.Event()
        outcome = None
        try:
            outcome = self._lay_out(dot)
            return outcome
        finally:
            with self._lock:
                del self._under_way[key]
                self._remember(key, outcome)
            done.set()

    def _lay_out(self, dot: str) -> str | Failed:
        answer = Answer(None)
        for _ in range(N_TRIES):
            answer = self._ask(dot.encode())
            if answer.text is not None or answer.is_late:
                break
        if answer.is_late:
            return Failed("", self._time_limit_s)
        if answer.text is None:
            return Failed("Graphviz stopped while it drew this picture, perhaps for want of memory.")
        text = answer.text[1:].decode(errors="replace")
        if answer.text[:1] != b"+":
            return Failed(f"Graphviz could not draw this picture: {text}")
        return text[text.index("<svg") :]

    def _ask(self, request: bytes) -> Answer:
        child = self._take()
        answer = Answer(None)
        try:
            answer = child.ask(request, self._time_limit_s)
        finally:
            self._give_back(child, is_whole=answer.text is not None and answer.text[:1] == b"+")
        return answer

    def _take(self) -> Child:
        """One that is ready, as a rule: the next one starts when this one is taken."""
        with self._lock:
            child = self._idle_child() or self._new_child()
            if not self._idle and len(self._children) < self._n:
                self._idle.append(self._new_child())
            return child

    def _idle_child(self) -> Child | None:
        while self._idle:
            child = self._idle.pop(0)
            if child.is_alive:
                return child
            self._children.discard(child)
            child.stop()
        return None

    def _give_back(self, child: Child, *, is_whole: bool) -> None:
        """To the others. One that was killed or is in disorder is replaced, and who did that waits for its start."""
        if not is_whole:
            with self._lock:
                if child not in self._children:
                    return  # closed meanwhile
                self._children.discard(child)
                child.stop()
                child = self._new_child()
            child.is_confined()
        with self._lock:
            if child in self._children:
                self._idle.append(child)

    def _new_child(self) -> Child:
        child = Child(self._memory_bytes, self._time_limit_s + LINGER_S)
        self._children.add(child)
        return child

    def _remember(self, key: str, outcome: str | Failed | None) -> None:
        match outcome:
            case Failed():
                self._failed.put(key, outcome)
            case str():
                self._drawn.put(key, outcome)
            case None:
                return  # interrupted: nothing is known


def _room(svg: str) -> int:
    """What a picture takes of the cache: at least its share, so that they are MAX_CACHED, and never more than all of
    it, so that the last one is there for whoever waited for it."""
    return min(max(len(svg), MAX_CACHED_BYTES // MAX_CACHED), MAX_CACHED_BYTES)


@dataclass(frozen=True)
class _Turn:
    layout: Layout
    visitor: str

    def svg(self, dot: str) -> str:
        return self.layout.svg(dot, self.visitor)
