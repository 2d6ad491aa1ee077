"""What a training loop does past its recorded steps, told about ten times a second.

NOTE [The feed]
1. Ticks come from :mod:`recorder` for recorded runs, from :mod:`unrecorded_runs` for the others.
2. About every 100 ms (at a run that is due, or at a beat of the clock while no run ends) commands are taken and
   what waits is sent.
3. Leaves and series are read at the end of a backward run, ``rate_hz`` times a second at most. Reading that took
   t is followed by none for 100 t, so that it costs at most 1% of the program's time. What is read has a rate, too:
   after many numbers the next reading waits, and past the first ticks of a long run only some are told.
4. While the program has not called backward, series are read at beats: every millisecond at first, then ever more
   seldom, so that short and long runs both give a curve.
5. A pace makes each run wait at its end until it is due. Only time passes: nothing of the program is asked or changed.
A beat that finds the recorder itself at work comes back later.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from time import perf_counter, sleep
from types import FrameType
from typing import Any

import torch

from engine.contract.events import Live
from engine.contract.live import Changed, LeafSample, RecordNext, Refused, Series, SetPace
from engine.contract.trace import LiveLimits, Program
from engine.installation import RECORDER
from engine.recording import private
from engine.recording.live.leaf_samples import LeafSamples
from engine.recording.live.learning_rates import LearningRates
from engine.recording.live.pace import Pace
from engine.recording.live.series import SeriesReader
from engine.recording.live.ticks import MOST_TICKS, TOLD_FREELY, Ticks
from engine.recording.live.unrecorded_runs import UnrecordedRuns
from engine.recording.names.leaf_names import named_leaves
from engine.recording.names.tensor_names import loop_variables
from engine.recording.program.clock import Clock
from engine.recording.state import Switch

INTERVAL_S = 0.1
AGAIN_S = 0.003  # after a beat that came at a bad time, or while no leaf is watched
FIRST_S, GROWTH = 0.001, 1.05  # between looks at the series of a program without backward
NUMBERS_PER_S = (
    12_000  # read and told at most; each takes some 40 bytes in the server (engine/running/checks/allowance.py)
)
NUMBERS_OF_ROW = 10  # what a row costs beside its values, in numbers
NAP_S = 0.05  # of a run that waits for its pace
COST = 100  # reading may take one part in so many of the time
LOOK_EVERY_S = 1.0  # for leaves that are new

Looking = Callable[[], AbstractContextManager[None]]


class Feed:
    """Collects what there is to tell and sends it as :class:`engine.contract.events.Live`.

    ``may_record``: whether the recording has room for one more run.
    """

    def __init__(
        self,
        limits: LiveLimits,
        ticks: Ticks,
        emit: Callable[[Live], None],
        clock: Clock,
        samples: LeafSamples,
        looking: Looking,
        program: Program,
        filename: str,
        switch: Switch,
        may_record: Callable[[], bool],
    ) -> None:
        self.unrecorded = UnrecordedRuns(ticks, filename, program.source, self.run_seen, self._may_be_quick)
        self._switch = switch
        self._may_record = may_record
        self._of_loops = loop_variables(program.source)  # names that loops give their content
        self._limits = limits
        self._ticks = ticks
        self._emit = emit
        self._clock = clock
        self._samples = samples
        self._looking = looking
        self._filename = filename
        self._record = frozenset(limits.record)
        self._pace = Pace(limits.pace)
        self._wants_record = False
        self._thread = threading.get_ident()
        self._variables: Mapping[str, Any] = {}
        self._rates: LearningRates | None = None
        self._rows: dict[str, list[Any]] = {}
        self._zero_s = clock.zero()
        self._send_at = self._read_at = self._look_at = 0.0
        self._between_s = FIRST_S
        self._series_reader = SeriesReader(limits.series, limits.points)

    def _may_be_quick(self) -> bool:
        return not any(number >= self._ticks.n for number in self._record)

    @property
    def records_next(self) -> bool:
        """Whether the next run was named beforehand as one to record."""
        return self._ticks.n in self._record

    def start(self, variables: Mapping[str, Any]) -> None:
        """The program is about to run; its module's variables."""
        self._variables = variables
        self._rates = LearningRates(self._met_optimizer, self._last, self._looking)
        self._clock.beat(self.beat)

    def finish(self) -> None:
        """The program has ended: tell the rest, leave nothing behind."""
        self._clock.beat(None)
        if self._rates is None:
            return
        with self._looking():
            if self._ticks.n:  # the values after the last step, which no backward has seen
                self._rows.setdefault("samples", []).extend(self._samples.read(self._ticks.n))
            self._rows.setdefault("series", []).extend(self._series())
            self._send()
        self._rates.remove()

    def recorded(self, line: int | None, value: float | None, run: int, leaves: Iterable[torch.Tensor]) -> None:
        """A run that was recorded came to its end; it has been sent."""
        self._ticks.add(line, value, perf_counter(), run)
        self._find_leaves(leaves)
        self._read()
        self._send()
        self._wait()

    def run_seen(self, frame: FrameType) -> None:
        """A later run is under way, its tick is there: a hook of the engine, in any thread."""
        now = perf_counter()
        if now >= self._send_at:
            with self._looking():
                self._do_what_is_due(now)
        else:
            self._look_again()
        self._wait()
        if self._wants_record or (self._record and self.records_next):
            self._wants_record = True
            if threading.get_ident() == self._thread:
                self._record_at(frame)
            else:  # of CUDA: the main thread waits for the engine, and takes a signal when it is back
                signal.pthread_kill(self._thread, signal.SIGALRM)

    def beat(self, at: FrameType | None) -> float:
        """Between two bytecodes of the main thread; seconds until it wants to be called again."""
        if self._is_at_work(at):
            return AGAIN_S
        now = perf_counter()
        with self._looking():
            if self._clock.zero() != self._zero_s:
                self._send()  # what happened before the pause
            if self._ticks.n == 0 and self._limits.series:
                series = tuple(self._series())
                self._rows.setdefault("series", []).extend(series)
                self._between_s = max(min(self._between_s * GROWTH, INTERVAL_S), _room_s(series))
            if now >= self._send_at:
                self._take_commands()
                self._look_for_leaves(now)
                self._send()
            elif self._is_blind():
                self._look_for_leaves(now)
        if self._wants_record and self._ticks.n and at is not None:
            self._record_at(at)
        if self._is_blind():
            return AGAIN_S
        return self._between_s if self._ticks.n == 0 and self._limits.series else INTERVAL_S

    def _wait(self) -> None:
        """Until the next run is due by the pace; commands are heard meanwhile."""
        while (left_s := self._pace.left_s(perf_counter())) > 0:
            sleep(min(left_s, NAP_S))
            if perf_counter() >= self._send_at:
                with self._looking():
                    self._take_commands()
                    self._send()
        self._pace.let_go(perf_counter())

    def _look_again(self) -> None:
        """At the next run when there is a pace, else when there is something to send."""
        if not self._switch.is_on:
            self.unrecorded.at_due(0.0 if self._pace.runs_per_s else self._send_at)

    def _is_at_work(self, at: FrameType | None) -> bool:
        while at is not None:
            if at.f_code.co_filename == self._filename:
                return False
            if at.f_code.co_filename.startswith(RECORDER):
                return True
            at = at.f_back
        return True

    def _record_at(self, frame: FrameType) -> None:
        self._wants_record = False
        self._switch.record_next(frame)

    def _do_what_is_due(self, now: float) -> None:
        self._take_commands()
        self._look_for_leaves(now)
        if now >= self._read_at:
            private.at_end_of_run(self._read_at_end)
        self._send()

    def _read_at_end(self) -> None:
        with self._looking():
            self._read()

    def _take_commands(self) -> None:
        rates = self._rates
        for command in self._clock.commands():
            if isinstance(command, SetPace):
                self._pace.set(command.runs_per_s)
                self._look_again()
            elif not isinstance(command, RecordNext):
                if rates is None or rates.is_empty:
                    self._add("refused", Refused("learning_rate", "no_optimizer"))
                else:
                    rates.change(command)
            elif self._ticks.n == 0:
                self._add("refused", Refused("record_next", "no_backward"))
            elif not self._may_record():
                self._add("refused", Refused("record_next", "budget"))
            else:
                self._wants_record = not self._switch.is_on  # else it is recorded anyway

    def _met_optimizer(self, optimizer: torch.optim.Optimizer) -> None:
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self._find_leaves(parameters)
        if not self._switch.is_on:
            self.unrecorded.look_for((str(id(optimizer)), leaf) for leaf in parameters)

    def _look_for_leaves(self, now: float) -> None:
        """Leaves that the program's module holds by now; those that are new are watched and sampled."""
        if now < self._look_at:
            return
        self._find_leaves(())
        if not self._switch.is_on:
            self.unrecorded.look_for(named_leaves(self._variables, self._of_loops))
        cost_s = perf_counter() - now
        self._look_at = now + max(AGAIN_S if self._is_blind() else LOOK_EVERY_S, COST * cost_s)

    def _is_blind(self) -> bool:
        """Whether the runs that go on are seen by nobody."""
        return not self._switch.is_on and self.unrecorded.is_blind

    def _find_leaves(self, more: Iterable[torch.Tensor]) -> None:
        named: Iterator[tuple[str, torch.Tensor]] = named_leaves(self._variables, self._of_loops)
        for leaf in self._samples.find((*named, *((None, leaf) for leaf in more))):
            self._add("leaves", leaf)

    def _read(self) -> None:
        """Leaves and series, at the end of a run."""
        started = perf_counter()
        samples, series = tuple(self._samples.read(self._ticks.n - 1)), tuple(self._series())
        self._rows.setdefault("samples", []).extend(samples)
        self._rows.setdefault("series", []).extend(series)
        cost_s = perf_counter() - started
        room_s = _room_s((*samples, *series))
        self._read_at = started + max(1 / self._limits.rate_hz - INTERVAL_S / 2, COST * cost_s, room_s)

    def _series(self) -> Iterator[Series]:
        backward = self._last()
        time_s = perf_counter() - self._zero_s
        for name, values, length in self._series_reader.changed(self._variables):
            yield Series(backward, time_s, name, values, length)

    def _send(self) -> None:
        """Send what waits; the times in it are without the pauses before."""
        rows, self._rows = self._rows, {}
        zero_s = self._clock.zero()
        most = None if self._ticks.n <= TOLD_FREELY else MOST_TICKS
        blocks = self._ticks.take(self._zero_s, zero_s - self._zero_s, most)
        optimizers, changes = ((), ()) if self._rates is None else self._rates.news()
        live = Live(blocks=blocks, optimizers=optimizers, changes=changes, **{k: tuple(v) for k, v in rows.items()})
        if live != Live():
            self._emit(live)
        self._zero_s = zero_s
        self._send_at = perf_counter() + max(INTERVAL_S, _room_s(changes))
        self._look_again()

    def _last(self) -> int | None:
        return self._ticks.n - 1 if self._ticks.n else None

    def _add(self, kind: str, row: Any) -> None:
        self._rows.setdefault(kind, []).append(row)


def _room_s(rows: Iterable[LeafSample | Series | Changed]) -> float:
    """For how long nothing more is told after these."""
    return sum(NUMBERS_OF_ROW + len(getattr(row, "values", ())) for row in rows) / NUMBERS_PER_S
