"""The one way to run a program: ``submit`` it, read its events."""

from __future__ import annotations

import os
import sys
import threading
import uuid
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from tempfile import TemporaryDirectory
from types import TracebackType

import msgspec

from engine.contract.assemble import TraceBuilder, assemble
from engine.contract.codec import FrameTooLarge, Job, frame
from engine.contract.events import Event, Finished, Started
from engine.contract.live import Command
from engine.contract.policy import Confinement, Policy, confinement_of, limits_of
from engine.contract.trace import Cause, Ending, Failure, Limits, Program, Trace
from engine.running.processes.fresh import FreshBackend
from engine.running.processes.launching import launched
from engine.running.processes.pool import PoolBackend
from engine.running.processes.process import Backend, BackendError
from engine.running.processes.zygote import ZygoteBackend
from engine.running.pump import Pump
from engine.running.queue import Queue
from engine.running.runlog import RunLog
from engine.running.turns import NOBODY, OUT, Asker, Place, Places, Ticket
from engine.sandbox.level import NOT_TRIED, PROBES, Guarantee, judged, without
from engine.sandbox.paths import hidden

UNCONFINED = "programs cannot be confined on this computer or device, so this one was not run"
ONLY_LESSONS = "this server runs the lessons' own programs only"
MAX_SOURCE = 200_000  # characters of a stranger's program
MAPPED_BYTES = 100_000_000  # of a run beyond what its program asks for
OTHERS_BYTES = 2_000_000_000  # of memory, for the system and the server

FIRST_S = 0.5  # a run that takes longer goes on aside: it makes room for the next
CROWDED_S = 0.25  # the same when others wait and there is room aside
PER_CORE = 2  # runs in their first moments: two of them share a core, and one of two that never end is soon gone
LONG_PER_CORE = 4  # long runs, trainings, and processes that stand still, for each core
HELD_PER_SHARE = 4  # paused trainings: those that stand still have seldom all the memory they may have
MOST_TRAINING = 4  # at once, of one visitor


class Refused(Exception):
    """A program that this policy does not run."""

    def __init__(self, ending: Ending, message: str) -> None:
        super().__init__(message)
        self.ending: Ending = ending


class Entry:
    """A run that was submitted; its process does as its ticket says."""

    def __init__(self, asker: Asker, queue: Queue) -> None:
        self.ticket = Ticket(asker, self.follow)
        self.queue = queue
        self.cancelled = threading.Event()
        self.pump: Pump | None = None  # once it has begun
        self._following = threading.Lock()

    def begin(self, pump: Pump) -> None:
        """Its process is there."""
        self.pump = pump
        if self.cancelled.is_set():
            pump.cancel()
        self.follow()

    def follow(self) -> None:
        """Let the process run, stand still or end. Where no process can be stopped, a parked one runs on."""
        with self._following:
            match self.ticket.state:
                case _ if self.pump is None:
                    return
                case "parked" | "held":
                    self.pump.pause()
                case "aside":
                    self.pump.process.lower()
                    self.pump.go_on()
                case "out" if self.ticket.reason != "left":
                    self.pump.cancel()
                case _:
                    return

    def passing(self, events: Iterable[Event]) -> Iterator[Event]:
        """``events``; a run that was sent out says why. Its first moments count from its program's start."""
        timers = [
            threading.Timer(CROWDED_S, self.queue.step_aside, (self.ticket,)),
            threading.Timer(FIRST_S, self.queue.outlive, (self.ticket,)),
        ]
        try:
            for event in events:
                if isinstance(event, Started) and timers[0].ident is None:
                    for timer in timers:
                        timer.daemon = True
                        timer.start()
                yield self._said(event) if isinstance(event, Finished) else event
        finally:
            for timer in timers:
                timer.cancel()

    def _said(self, last: Finished) -> Finished:
        reason = self.ticket.reason
        if last.ending != "cancelled" or last.failure is None or reason is None or reason == "left":
            return last
        failure = msgspec.structs.replace(last.failure, message=OUT[reason], cause=reason)
        return msgspec.structs.replace(last, failure=failure)


def places(n_cores: int | None, memory_bytes: int, policy: Policy) -> tuple[Places, Places]:
    """How many programs may be where: runs, and trainings.

    Two begin at once for each core, and some more are under way, as there is memory for when each takes all it
    may. Everybody can begin even where memory is scarce, and there is always one place to go on.

    >>> places(2, 16 * 10**9, "classroom")[0]
    Places(first=4, aside=6, stopped=3, per_visitor=1, per_address=None)
    >>> places(2, 16 * 10**9, "classroom")[1]
    Places(first=0, aside=6, stopped=12, per_visitor=4, per_address=None)
    >>> [each.aside + each.stopped for each in places(16, 4 * 10**9, "classroom")]
    [1, 2]
    """
    first, confinement = PER_CORE * (n_cores or 1), confinement_of(policy, Limits())
    most = share = max(2, n_cores or 1) * LONG_PER_CORE
    if confinement is not None:
        room = (memory_bytes - OTHERS_BYTES) // (confinement.memory_bytes + MAPPED_BYTES)
        first = max(1, min(first, room // 3))
        share = max(0, room - first) // 6  # one for those that stand still, two for those that go on, twice
    long, stopped = max(1, min(most, 2 * share)), min(most, share)
    n_paused = max(1, min(2 * most, HELD_PER_SHARE * share))
    return Places(first, long, stopped), Places(0, long, n_paused, MOST_TRAINING)


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
        per_address: int | None = None,
    ) -> None:
        """``lessons``: our own programs, which run under every policy. ``per_address``: at most so many at once."""
        self.policy: Policy = policy
        self._lessons = lessons
        self._backend = backend or default_backend(policy)
        self._accelerated: Backend | None = None  # made when first needed
        runs, trainings = places(os.cpu_count(), memory_bytes(), policy)
        self.n_slots = n_slots or runs.first
        self._queue = Queue(replace(runs, first=self.n_slots, per_address=per_address))
        self._trainings = Queue(replace(trainings, per_address=per_address))
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

    def submit(self, program: Program, limits: Limits, run_id: str, asker: Asker = NOBODY) -> Iterator[Event]:
        """The program's events as they happen; always ends in exactly one Finished.

        ``run_id`` is the caller's name for the run, for :meth:`cancel`: known from now on, also before the first
        event is asked for. Closing the iterator early kills the program.
        """
        asker = asker if asker.visitor else replace(asker, visitor=uuid.uuid4().hex)
        entry = Entry(asker, self._queue if limits.live is None else self._trainings)
        with self._lock:
            self._running[run_id] = entry
        return self._events(program, limits, run_id, entry)

    def _events(self, program: Program, limits: Limits, run_id: str, entry: Entry) -> Iterator[Event]:
        log = RunLog(program, run_id, entry.ticket.asker.visitor)
        try:
            if not entry.queue.enter(entry.ticket):
                reason = entry.ticket.reason or "left"
                yield _not_run("cancelled", OUT[reason], "cancelled" if reason == "left" else reason)
                return
            log.begin()
            yield from log.passing(entry.passing(self._run(program, limits, entry)))
        finally:
            entry.queue.leave(entry.ticket)
            log.end()
            with self._lock:
                if self._running.get(run_id) is entry:
                    del self._running[run_id]

    def cancel(self, run_id: str) -> None:
        """End a run, waiting or running; its iterator ends with the ending "cancelled"."""
        entry = self._entry(run_id)
        if entry is not None:
            entry.cancelled.set()
            entry.queue.give_up(entry.ticket)
            if entry.pump is not None:
                entry.pump.cancel()

    def place(self, run_id: str) -> Place | None:
        """Where the run is in its line, 1 for the next, to begin or to go on; None when it does not wait."""
        entry = self._entry(run_id)
        return None if entry is None else entry.queue.place(entry.ticket)

    @property
    def n_waiting(self) -> int:
        return self._queue.n_waiting

    @property
    def n_running(self) -> int:
        return self._queue.n_running

    @property
    def n_parked(self) -> int:
        """Runs that stand still until a place to go on comes free."""
        return self._queue.n_stopped

    @property
    def n_training(self) -> int:
        return self._trainings.n_running

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
        entry = self._entry(run_id)
        return entry is not None and entry.pump is not None and entry.pump.tell(command)

    def pause(self, run_id: str) -> bool:
        """Stop a run where it is; its time limit stops too, and its place is free. False when that cannot be done."""
        entry = self._entry(run_id)
        if entry is None or not entry.queue.hold(entry.ticket):
            return False
        if entry.pump is not None and not entry.pump.is_paused:
            entry.queue.resume(entry.ticket)
            return False
        return True

    def resume(self, run_id: str) -> bool:
        """Let a paused run go on as soon as there is a place; False when it was not paused."""
        entry = self._entry(run_id)
        return entry is not None and entry.queue.resume(entry.ticket)

    def look(self) -> None:
        """To be called now and then: ends what has been paused for too long, lets trainings take turns."""
        self._queue.look()
        self._trainings.look()

    def _entry(self, run_id: str) -> Entry | None:
        with self._lock:
            return self._running.get(run_id)

    def close(self) -> None:
        """End every run and every process."""
        for run_id in list(self._running):
            self.cancel(run_id)
        self._backend.close()
        if self._accelerated is not None:
            self._accelerated.close()

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
            yield _not_run("cancelled", OUT["left"], "cancelled")
            return
        pump = Pump(process, job.limits, job.program.filename, job.confinement)
        entry.begin(pump)
        yield from pump.events()

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


def _not_run(ending: Ending, message: str, cause: Cause = "not_run") -> Finished:
    return Finished(ending, Failure("NotRun", message, None, "limit", cause=cause), exit_status=1)
