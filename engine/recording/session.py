"""What the parts of a recording share: ids, names, the way out, and how a tensor's state is read."""

from __future__ import annotations

import ast
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import torch

from engine.contract.events import Chunk
from engine.contract.ids import CallId, RunId, TensorId
from engine.contract.trace import (
    Argument,
    CalledStep,
    CallRecord,
    GradSetStep,
    Limits,
    Omission,
    Program,
    TensorState,
    Value,
)
from engine.recording import private
from engine.recording.graph.identity import Storages, Tensors
from engine.recording.graph.preview import preview
from engine.recording.graph.walk import Graph, Origin
from engine.recording.graph.watch import Watch
from engine.recording.names.tensor_names import Names
from engine.recording.outbox import Outbox
from engine.recording.site import Place, find_place
from engine.recording.truth.replay_tape import Tape
from engine.recording.truth.true_grad_sum import Shadow

MAX_LEAVES = 256  # whose .grad is told again after a while without recording


class Session:
    """One recording in progress. Its methods must be called :func:`private.unseen`."""

    def __init__(
        self, program: Program, filename: str, limits: Limits, emit: Callable[[Chunk], None], printed: Callable[[], int]
    ) -> None:
        self.filename = filename
        self.limits = limits
        self.printed = printed
        self.outbox = Outbox(emit, limits)
        self.storages = Storages(self.outbox)
        self.tensors = Tensors(self.outbox, self.storages)
        self.watch = Watch(self.outbox, self.tensors, self.storages, limits)
        self.shadow = Shadow(self.outbox, self.tensors, limits)
        self.tape = Tape(self.tensors) if limits.numeric_items else None
        self.graph = Graph(self.outbox, self.tensors, self.storages, self.preview, self.watch, limits)
        self.names = Names(self.outbox, program.source)
        self.thread = threading.get_ident()
        self.retaining: list[TensorId] = []  # tensor ids that called retain_grad()
        self.has_hooks = _speaks_of_hooks(
            program.source
        )  # hooks on tensors, nodes or modules: the program's code in backward
        self._since = 0  # nodes with a smaller sequence number were made while the recorder was off
        self.stale: set[TensorId] = set()  # tensor ids whose state may have changed while the recorder was off
        self.run: RunId | None = None  # the backward run in progress, innermost
        self.applied: tuple[str, int] | None = None  # last custom Function seen running forward, and its line
        self._applying: list[weakref.ref[torch.Tensor]] = []  # what calls inside its forward returned

    @contextmanager
    def looking(self, line: int | None = None) -> Iterator[None]:
        """Look :func:`private.unseen`; when the recorder itself fails, say so and let the program go on."""
        try:
            with private.unseen():
                yield
        except Exception as fault:  # noqa: BLE001 - ours, and never the program's to see
            text = f"{type(fault).__name__}: {fault}"[:300]
            self.outbox.leave_out(Omission(what="fault", limit=0, line=line, text=text))

    def take_up_again(self, leaves: list[torch.Tensor]) -> None:
        """The recorder was off for a while: what it knows of tensors, and of the leaves' ``.grad``, is out of date."""
        self.watch.forget()
        self.stale = self.tensors.all_alive()
        self._since = private.sequence_nr()
        for leaf in leaves[:MAX_LEAVES]:
            number = self.tensors.get(leaf)
            if number is not None:
                after = None if leaf.grad is None else self.preview(leaf.grad)
                self.outbox.step(GradSetStep(number, None, None, after, self.printed()))

    def preview(self, tensor: torch.Tensor, *, is_final: bool = False) -> Value | None:
        """The tensor's bounded content now; ``is_final``: a gradient that may be looked at as a whole."""
        return self.outbox.afford(preview(tensor, self.limits, is_final=is_final))

    def place(self, frame: FrameType | None) -> Place | None:
        """Where in the program ``frame`` was called from; also gives names to tensors assigned since."""
        place = find_place(frame, self.filename)
        if place is not None:
            self.names.look(place.frames)
            if self._applying and place.applied != self.applied:
                self._has_applied(place)
            if place.applied is not None:
                self.applied = place.applied
        return place

    def inside_function(self, outputs: list[torch.Tensor]) -> None:
        """Tensors made inside a custom Function's forward: one of them may be its result."""
        self._applying.extend(map(weakref.ref, outputs))

    def _has_applied(self, place: Place) -> None:
        """A custom Function has returned, which no call tells: record its node before what it saved can change."""
        made, self._applying = self._applying, []
        for tensor in (reference() for reference in made):
            if tensor is not None and private.is_custom(private.grad_fn_of(tensor)):
                self.meet(tensor, place)

    def origin(self, place: Place | None, call: CallId | None = None) -> Origin:
        """What new nodes made at ``place`` are recorded with."""
        if place is None:
            return Origin(call=call, run=self.run)
        return Origin(call, place.line, self.names.scope(place), place.frame.f_code.co_name, self.run)

    def state(self, tensor: torch.Tensor, number: TensorId, value: Value | None = None) -> TensorState:
        """Everything about a known tensor that may change."""
        node = private.grad_fn_of(tensor)
        return TensorState(
            tensor=number,
            version=private.version(tensor),
            requires_grad=tensor.requires_grad,
            is_leaf=private.is_leaf(tensor),
            retains_grad=tensor.retains_grad,
            node=self.graph.nodes.accumulate_of(number) if node is None else self.graph.id_of(node),
            output_nr=tensor.output_nr,
            value=self.preview(tensor) if value is None else value,
        )

    def meet(self, tensor: torch.Tensor, place: Place | None) -> TensorState | None:
        """The state of an input seen for the first time; None for a tensor already known.

        When its node was made out of sight (a custom Function, a scripted function), a call is
        recorded for it, so that the step where it appears is not missing.
        """
        known, node = self.tensors.get(tensor), private.grad_fn_of(tensor)
        if known is not None:
            self.names.meet_again(tensor, known, place)
            if self._is_news(node):
                self._call_out_of_sight(tensor, known, place)
            return None
        line = place.line if place is not None else None
        name = self.names.of_parameter(tensor, place) if place is not None else None
        number = self.tensors.add(tensor, line=None if node is None else line, name=name)
        if name is None:
            self.names.expect(tensor, number)
            if place is not None:
                self.names.look(place.frames)
        if self._is_news(node):
            self._call_out_of_sight(tensor, number, place)
        return self.state(tensor, number)

    def _is_news(self, node: Any) -> bool:
        """Whether the node was made out of sight, since the recorder is on."""
        if node is None or self.graph.id_of(node) is not None:
            return False
        sequence_nr = private.node_sequence_nr(node)
        return sequence_nr is None or sequence_nr >= self._since

    def refresh(self, tensor: torch.Tensor) -> TensorState | None:
        """The state of a known tensor that may have changed while nobody looked, once."""
        number = self.tensors.get(tensor)
        if number is None or number not in self.stale:
            return None
        self.stale.discard(number)
        return self.state(tensor, number)

    def _call_out_of_sight(self, tensor: torch.Tensor, number: TensorId, place: Place | None) -> None:
        node = private.grad_fn_of(tensor)
        name = private.node_name(node).removesuffix("Backward")
        line = None
        if private.is_custom(node) and self.applied is not None and self.applied[0] == name:
            line = self.applied[1]
        call = self.outbox.next_call
        origin = Origin(call=call, line=line, run=self.run)
        if place is not None:
            origin = Origin(call, line, self.names.scope(place), place.frame.f_code.co_name, self.run)
        nodes = self.graph.add(node, origin)
        self.outbox.call(
            CallRecord(
                name=name,
                function=f"{name}.apply" if private.is_custom(node) else name,
                line=line,
                inputs=tuple(Argument(tensor=leaf) for leaf in self._leaves_below(node)),
                outputs=(self.state(tensor, number),),
                nodes=nodes,
                scope=origin.scope,
                frame=origin.frame,
            )
        )
        self.outbox.step(CalledStep(call=call, printed=self.printed()))

    def _leaves_below(self, node: object) -> list[TensorId]:
        variables = (getattr(child, "variable", None) for child, _ in node.next_functions)  # type: ignore[attr-defined]
        numbers = (self.tensors.get(v) for v in variables if isinstance(v, torch.Tensor))
        return [number for number in numbers if number is not None]


def _speaks_of_hooks(source: str) -> bool:
    """Whether a name or a string of the program does; a comment is none."""
    try:
        return "_hook" in source and "_hook" in ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
