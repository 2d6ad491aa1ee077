"""The one way to run a program: ``submit`` it, read its events."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Container, Iterator
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from types import TracebackType

import msgspec

from engine.assemble import TraceBuilder, assemble
from engine.codec import FrameTooLarge, Job, frame
from engine.events import Event, Finished
from engine.live import Command
from engine.running.fresh import FreshBackend
from engine.running.launching import launched
from engine.running.pool import PoolBackend
from engine.running.process import Backend, BackendError
from engine.running.pump import Pump
from engine.running.queue import Queue, Ticket
from engine.running.runlog import RunLog
from engine.running.zygote import ZygoteBackend
from engine.sandbox.level import NOT_TRIED, PROBES, Guarantee, judged, without
from engine.sandbox.paths import hidden
from engine.sandbox.policy import Confinement, Policy, confinement_of, limits_of
from engine.trace import Ending, Failure, Limits, Program, Trace

UNCONFINED = "programs cannot be confined on this computer or device, so this one was not run"
ONLY_LESSONS = "this server runs the lessons' own programs only"
MAX_SOURCE = 200_000  # characters of a stranger's program
MAPPED_BYTES = 100_000_000  # of a run beyond what its program asks for
OTHERS_BYTES = 2_000_000_000  # of memory, for the system and the server

TRAININGS_PER_SLOT = 4
ASIDE_PER_SLOT = 4
ASIDE_S = 1.0  # a run that takes longer makes room for the next, and gets the processor when nobody else wants it


class Refused(Exception):
    """A program that this policy does not run."""

    def __init__(self, ending: Ending, message: str) -> None:
        super().__init__(message)
        self.ending: Ending = ending


@dataclass
class Entry:
    """A run that was submitted; ``pump`` once it has begun."""

    cancelled: threading.Event
    ticket: Ticket
    pump: Pump | None = None


def places(n_cores: int | None, memory_bytes: int, policy: Policy) -> tuple[int, int]:
    """How many programs may run at once, and how many long ones beside them.

    As many as there are cores, and some more, and as there is memory for when each takes all it may.

    >>> places(2, 16 * 10**9, "classroom"), places(16, 8 * 10**9, "classroom"), places(16, 8 * 10**9, "trusted")
    ((2, 8), (9, 0), (16, 64))
    """
    wanted = max(2, n_cores or 1)
    confinement = confinement_of(policy, Limits())
    if confinement is None:
        return wanted, wanted * ASIDE_PER_SLOT
    room = (memory_bytes - OTHERS_BYTES) // (confinement.memory_bytes + MAPPED_BYTES)
    n = max(1, min(wanted, room))
    return n, max(0, min(n * ASIDE_PER_SLOT, room - n))


def memory_bytes() -> int:
    """Of this computer; 16 GB where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 16_000_000_000


def default_backend(policy: Policy = "trusted") -> Backend:
    """A zygote on Linux, processes kept ready elsewhere."""
    return ZygoteBackend(is_bare=policy != "trusted") if sys.platform == "linux" else PoolBackend()


class Runner:
    """Runs programs in child processes. Safe to use from many threads; ``close()`` leaves no process."""

    def __init__(
        self,
        backend: Backend | None = None,
        n_slots: int | None = None,
        policy: Policy = "trusted",
        lessons: Container[Program] = frozenset(),
    ) -> None:
        """``lessons``: our own programs, which run under every policy."""
        self.policy: Policy = policy
        self._lessons = lessons
        self._backend = backend or default_backend(policy)
        self._accelerated: Backend | None = None  # made when first needed
        n, n_aside = places(os.cpu_count(), memory_bytes(), policy)
        self.n_slots = n_slots or n
        self._queue = Queue(self.n_slots, n_aside)
        self._trainings = Queue(TRAININGS_PER_SLOT * self.n_slots)  # they run for long, or pause: nobody waits for them
        self._lock = threading.Lock()
        self._running: dict[str, Entry] = {}
        self._guarantee: Guarantee | None = None
        self._testing = threading.Lock()

    def start(self) -> None:
        """Begin to import torch in the background; returns at once."""
        self._backend.start()

    @property
    def is_ready(self) -> bool:
        """Whether a program would start without waiting for torch."""
        return self._backend.is_ready

    def submit(self, program: Program, limits: Limits, run_id: str, session: str = "") -> Iterator[Event]:
        """The program's events as they happen; always ends in exactly one Finished.

        ``run_id`` is the caller's name for the run, for :meth:`cancel`. Closing the iterator early
        kills the program. ``session`` names who asked.
        """
        entry = Entry(threading.Event(), Ticket(session))
        queue = self._queue if limits.live is None else self._trainings
        with self._lock:
            self._running[run_id] = entry
        log = RunLog(program, run_id, session)
        long_after = threading.Timer(ASIDE_S, self._step_aside, (entry,))
        long_after.daemon = True
        try:
            if not queue.enter(entry.ticket, entry.cancelled):
                yield _not_run("cancelled", "stopped before it began")
                return
            log.begin()
            if queue is self._queue:
                long_after.start()
            try:
                yield from log.passing(self._run(program, limits, entry))
            finally:
                long_after.cancel()
                queue.leave(entry.ticket)
        finally:
            log.end()
            with self._lock:
                self._running.pop(run_id, None)

    def cancel(self, run_id: str) -> None:
        """End a run, waiting or running; its iterator ends with the ending "cancelled"."""
        with self._lock:
            entry = self._running.get(run_id)
        if entry is not None:
            entry.cancelled.set()
            self._queue.wake()
            self._trainings.wake()
            if entry.pump is not None:
                entry.pump.cancel()

    def place(self, run_id: str) -> int | None:
        """The run's place in the queue, 1 for the next to begin; None when it does not wait."""
        with self._lock:
            entry = self._running.get(run_id)
        return None if entry is None else self._queue.place(entry.ticket) or self._trainings.place(entry.ticket)

    @property
    def n_waiting(self) -> int:
        return self._queue.n_waiting

    @property
    def n_running(self) -> int:
        return self._queue.n_inside

    @property
    def known_guarantee(self) -> Guarantee:
        """What confinement here is worth, as far as it was tried."""
        return self._guarantee or NOT_TRIED

    def guarantee(self) -> Guarantee:
        """What confinement here is worth: tried once, in a process of its own. Waits for torch."""
        with self._testing:
            if self._guarantee is None:
                self._guarantee = self._tested()
            return self._guarantee

    def tell(self, run_id: str, command: Command) -> bool:
        """Send a running program's process a command; False when it is not running, or reads none."""
        pump = self._pump(run_id)
        return pump is not None and pump.tell(command)

    def pause(self, run_id: str) -> bool:
        """Stop a running program where it is; its time limit stops too. False when that cannot be done."""
        pump = self._pump(run_id)
        return pump is not None and pump.pause()

    def resume(self, run_id: str) -> bool:
        """Let a paused program go on; False when it was not paused."""
        pump = self._pump(run_id)
        return pump is not None and pump.go_on()

    def _pump(self, run_id: str) -> Pump | None:
        with self._lock:
            entry = self._running.get(run_id)
        return None if entry is None else entry.pump

    def close(self) -> None:
        """End every run and every process."""
        for run_id in list(self._running):
            self.cancel(run_id)
        self._backend.close()
        if self._accelerated is not None:
            self._accelerated.close()

    def _step_aside(self, entry: Entry) -> None:
        if self._queue.step_aside(entry.ticket) and entry.pump is not None:
            entry.pump.process.lower()

    def _backend_for(self, program: Program) -> Backend:
        """A program for an accelerator never runs in a fork of the zygote, which hides it."""
        if program.device in (None, "cpu"):
            return self._backend
        with self._lock:
            if self._accelerated is None:
                self._accelerated = FreshBackend()
            return self._accelerated

    def _run(self, program: Program, limits: Limits, entry: Entry) -> Iterator[Event]:
        try:
            confinement = self._confinement(program, limits)
        except Refused as refused:
            yield _not_run(refused.ending, str(refused))
            return
        if confinement is not None:
            yield from self._launched(Job(program, limits, confinement=confinement), entry)
            return
        try:
            folder = TemporaryDirectory(prefix="backstep-", dir=self._backend.folder, ignore_cleanup_errors=True)
        except OSError as error:
            yield _not_run("sandbox", f"no folder for the program's files ({error.strerror}); make room and run again")
            return
        with folder as name:
            yield from self._launched(Job(program, limits, folder=name), entry)

    def _launched(self, job: Job, entry: Entry) -> Iterator[Event]:
        try:
            process = launched(self._backend_for(job.program), frame(job), entry.cancelled)
        except FrameTooLarge as error:
            yield _not_run("toobig", str(error))
            return
        except BackendError as error:
            yield _not_run("sandbox", hidden(str(error)))
            return
        if process is None:
            yield _not_run("cancelled", "stopped before it began")
            return
        entry.pump = Pump(process, job.limits, job.program.filename, job.confinement)
        if entry.cancelled.is_set():
            entry.pump.cancel()
        if entry.ticket.is_aside:
            process.lower()
        yield from entry.pump.events()

    def _confinement(self, program: Program, limits: Limits) -> Confinement | None:
        """What the program is held to. Raises Refused when it may not run here at all."""
        if self.policy == "trusted":
            return None
        is_lesson = self._is_ours(program)
        if self.policy == "lessons-only" and not is_lesson:
            raise Refused("denied", ONLY_LESSONS)
        if len(program.source) > MAX_SOURCE:
            raise Refused("toobig", f"a program of {len(program.source)} characters; at most {MAX_SOURCE} are accepted")
        if self._backend_for(program).can_confine and self.guarantee().level == "enforced":
            return confinement_of(self.policy, limits)
        if not is_lesson:
            raise Refused("sandbox", UNCONFINED)
        return None

    def _is_ours(self, program: Program) -> bool:
        """Whether it is one of the lessons' programs, also one that was told to use the CPU."""
        return program in self._lessons or (
            program.device == "cpu" and msgspec.structs.replace(program, device=None) in self._lessons
        )

    def _tested(self) -> Guarantee:
        if not self._backend.can_confine:
            return without("only Linux can confine programs")
        limits = limits_of("classroom")
        program, confinement = Program(PROBES, filename="probes.py"), confinement_of("classroom", limits)
        try:
            process = self._backend.launch(frame(Job(program, limits, confinement=confinement)))
        except BackendError as error:
            return without(hidden(str(error)))
        return judged(assemble(program, limits, Pump(process, limits, program.filename, confinement).events()))

    def __enter__(self) -> Runner:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def run(runner: Runner, program: Program, limits: Limits | None = None, run_id: str = "run") -> Trace:
    """Run ``program`` to its end and return its trace."""
    limits = limits or Limits()
    builder = TraceBuilder(program, limits)
    for event in runner.submit(program, limits, run_id):
        builder.add(event)
    return builder.trace()


def _not_run(ending: Ending, message: str) -> Finished:
    failure = Failure(type="NotRun", message=message, line=None, phase="limit")
    return Finished(ending=ending, failure=failure, exit_status=1)
