"""What runs have told: a result, what is worked out of it, and the results of the lessons, which all visitors share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from engine.contract.packed import Packed
from engine.contract.trace import Program, Trace
from engine.running.turns import NOBODY, Asker
from pages.ui.desk.task import AnyTask, SharedRuns, Task

P = ParamSpec("P")
T = TypeVar("T")


class Result:
    """A program and what its run told, as bytes. ``key`` changes with every run.

    ``is_blank``: nothing has run yet, only the program is known.
    """

    def __init__(self, key: str, recorded: Trace | Packed, is_blank: bool = False) -> None:
        self.key, self.is_blank = key, is_blank
        self.packed = recorded if isinstance(recorded, Packed) else Packed.of(recorded)

    @property
    def outline(self) -> Trace:
        """The program, its output and its end, with nothing in between."""
        return self.packed.outline

    @property
    def trace(self) -> Trace:
        """The whole recording. Hold it for as long as it is needed: it is made from the bytes."""
        return self.packed.trace()


def blank(program: Program) -> Result:
    """The result of a program that has not run: its source and nothing else. Its key is the program's."""
    digest = hashlib.sha256(repr(program).encode("utf-8", "backslashreplace")).hexdigest()
    return Result(f"blank-{digest}", Trace(program=program, ending="ok"), is_blank=True)


class KnownTraces:
    """Traces of the lessons' own programs, shared by all visitors of this process.

    Made by running them here, so they cannot be older than the program or PyTorch. A trace is found by
    the program's whole content, a run by its program while it goes on. Only the given programs' traces are
    kept, so there are never more than there are lessons, and what a visitor typed is never among them. Safe
    to use from many threads: the first result of a program stays.
    """

    def __init__(self, programs: frozenset[Program]) -> None:
        self._programs = programs
        self._results: dict[Program, Result] = {}
        self._under_way = SharedRuns()

    def get(self, program: Program) -> Result | None:
        return self._results.get(program)

    def begin(self, program: Program, asker: Asker, begin: Callable[[Program, Asker], Task]) -> AnyTask:
        """Run ``program``, or wait with others for the run of a lesson that is under way, which is in nobody's name."""
        if program not in self._programs:
            return begin(program, asker)
        return self._under_way.join(program, lambda: begin(program, NOBODY))

    def offer(self, result: Result) -> Result:
        """Keep the result of a lesson's program that came to its own end; the one that is kept if it is of the same
        run, so that all who waited for it share one."""
        if result.outline.program not in self._programs or result.outline.ending not in ("ok", "error", "exit"):
            return result
        kept = self._results.setdefault(result.outline.program, result)
        return kept if kept.key == result.key else result


def with_result(function: Callable[Concatenate[Result, P], T]) -> Callable[Concatenate[Result, P], T]:
    """As ``functools.cache``, but what was kept goes with the first argument: nothing outlives its visitor.

    What ``function`` gives must not hold that result. Two threads that ask at once may both work it out.
    """
    kept: WeakKeyDictionary[Result, dict[object, T]] = WeakKeyDictionary()

    @wraps(function)
    def known(result: Result, *args: P.args, **kwargs: P.kwargs) -> T:
        of_result = kept.setdefault(result, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in of_result:
            of_result[key] = function(result, *args, **kwargs)
        return of_result[key]

    return known
