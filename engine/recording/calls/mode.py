"""The function mode: every Python-level torch call of the program, recorded around the real call.

NOTE [A call]
1. Name what was assigned since the last call; remember the versions of the inputs.
2. Make the real call, from a frame that looks like the program's (see :mod:`engine.recording.site`).
3. Record new nodes, the outputs, and the inputs that the call changed.
A call that raises is remembered, and the exception goes on its way untouched.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import CodeType, FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from engine.contract.ids import CallId, NodeId
from engine.contract.trace import (
    Argument,
    CalledStep,
    CallRecord,
    GradRead,
    GradSetStep,
    InPlace,
    Omission,
    Raised,
    TensorState,
)
from engine.recording import private
from engine.recording.backward.runs import Runs
from engine.recording.calls.lines import Lines
from engine.recording.calls.what import cut_of, defaults_of, full_name, shares_memory, short_name, treatment
from engine.recording.graph.watch import Write, storages_of
from engine.recording.session import Session
from engine.recording.site import Place, Sites, caller_of, current_frame
from engine.recording.state import Switch

MAX_DEPTH = 4  # of lists in a call's arguments
MAX_TENSORS = 64  # of one call's arguments that are looked at
MAX_TEXT = 80  # characters of a plain argument or result
MAX_ROUNDS = 100  # times that one place is recorded while the program has no graph


@dataclass
class _Before:
    """What a call found: its tensors, their versions, those met for the first time, its place."""

    inputs: list[torch.Tensor]
    versions: list[int]
    seen: list[TensorState]
    place: Place | None
    grad_enabled: bool


class CallMode(TorchFunctionMode):
    """Records while it is on the torch function mode stack."""

    def __init__(self, session: Session, runs: Runs, switch: Switch) -> None:
        super().__init__()
        self._session = session
        self._runs = runs
        self._switch = switch
        self._sites = Sites()
        self._rounds: Counter[tuple[CodeType, int]] = Counter()
        self.failed_call: tuple[BaseException, str] | None = None
        self.lines = Lines(session)
        self.is_paused = False  # inside optimizer.step(), which is one call

    @property
    def is_on_stack(self) -> bool:
        """Whether torch calls reach this mode now."""
        return self in _get_current_function_mode_stack()

    def enter_again(self) -> None:
        """Put the mode on the stack if it is not there: for Python code that the engine runs."""
        if self._switch.is_on and not self.is_on_stack:
            self.__enter__()

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        caller = caller_of(current_frame())
        call_on = self._sites.at(caller)
        how = treatment(func)
        if self.is_paused or not self._switch.is_on or threading.get_ident() != self._session.thread:
            return call_on(func, args, kwargs)
        if how == "hide":
            return self._hidden(func, args, kwargs, caller, call_on)
        if self._is_helper(caller):
            return self._helper(func, args, kwargs, caller, call_on)
        if how == "grad_read":
            return self._grad_read(func, args, kwargs, caller, call_on)
        if how in ("backward", "grad"):
            return self._runs.record(how, func, args, kwargs, caller, call_on)
        if how == "grad_assigned":
            return self._grad_assigned(func, args, kwargs, caller, call_on)
        if self._is_one_of_many(caller, args, kwargs):
            self._session.outbox.leave_out(Omission(what="rounds", limit=MAX_ROUNDS, line=caller.f_lineno))
            return call_on(func, args, kwargs)
        if self._session.outbox.n("calls") >= self._session.limits.calls:
            limit = self._session.limits.calls
            self._session.outbox.leave_out(Omission(what="calls", limit=limit, line=caller.f_lineno))
            self._switch.leave(caller)
            return call_on(func, args, kwargs)
        return self._recorded(func, args, kwargs, caller, call_on)

    def _is_one_of_many(self, caller: FrameType, args: tuple, kwargs: dict) -> bool:
        """Whether this place was recorded often enough: a loop without autograd would fill the trace.

        Before the first node nothing is saved that the call could change, and what it is called on needs no graph.
        """
        if self._session.outbox.n("nodes"):
            return False
        place = (caller.f_code, caller.f_lasti)
        self._rounds[place] += 1
        return self._rounds[place] > MAX_ROUNDS and not any(t.requires_grad for t in _tensors_in((args, kwargs)))

    def _hidden(self, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: Callable) -> Any:
        result = call_on(func, args, kwargs)
        if shares_memory(func) and args:
            with self._session.looking():
                self._session.watch.share(args[0])
                self.lines.follow(self._session.place(caller))
        return result

    def _helper(self, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: Callable) -> Any:
        result = call_on(func, args, kwargs)
        with self._session.looking(caller.f_lineno):
            written = [key for key in storages_of(_tensors_in(args)) if self._session.watch.watches(key)]
            if written:
                place = self._session.place(caller)
                self._session.watch.look(written, Write("call", None if place is None else place.line))
        return result

    def _grad_read(self, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: Callable) -> Any:
        result = call_on(func, args, kwargs)
        session = self._session
        is_program = caller.f_code.co_filename == session.filename
        with session.looking(caller.f_lineno):
            if is_program and session.outbox.n("grad_reads") < session.limits.calls:
                session.meet(args[0], session.place(caller))
                self._is_read(args[0], caller, result)
            number = session.tensors.get(args[0])
            if number is not None and result is not None:
                session.tensors.is_grad(result, number)
        return result

    def _is_read(self, tensor: torch.Tensor, caller: FrameType, result: Any) -> None:
        outbox, number = self._session.outbox, self._session.tensors.get(tensor)
        if number is not None:
            outbox.row(GradRead(number, outbox.n("steps"), caller.f_lineno, result is None))

    def _is_helper(self, caller: FrameType) -> bool:
        """A call that torch's own Python code makes to build modules or to start backward."""
        file, name = caller.f_code.co_filename, caller.f_code.co_name
        if file == self._session.filename:
            return False
        return file.endswith(("torch/nn/init.py", "torch/autograd/__init__.py", "torch/_tensor_str.py")) or (
            name in ("__init__", "reset_parameters", "_reset_parameters", "register_parameter") and "/torch/nn/" in file
        )

    def _recorded(self, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: Callable) -> Any:
        session = self._session
        before: _Before | None = None
        with session.looking(caller.f_lineno):
            inputs = list(_tensors_in((args, kwargs)))
            place = session.place(caller)
            seen = [state for t in inputs if (state := session.meet(t, place) or session.refresh(t)) is not None]
            if session.tape is not None:
                session.tape.before(inputs)
            before = _Before(inputs, [private.version(t) for t in inputs], seen, place, torch.is_grad_enabled())
        grad_enabled = torch.is_grad_enabled()
        try:
            result = call_on(func, args, kwargs)
        except BaseException as error:
            self.failed_call = (error, full_name(func))
            with session.looking(caller.f_lineno):
                self._raised(error, func, args, kwargs, before)
            raise
        if before is not None:
            before.grad_enabled = grad_enabled
            with session.looking(caller.f_lineno):
                self._note(func, args, kwargs, before, result)
        return result

    def _note(self, func: Any, args: tuple, kwargs: dict, before: _Before, result: Any) -> None:
        session, inputs, place = self._session, before.inputs, before.place
        outputs = list(_tensors_in((result,)))
        changed = [(t, v) for t, v in zip(inputs, before.versions, strict=True) if private.version(t) != v]
        cut = cut_of(func)
        is_attribute_set = full_name(func).endswith(".__set__")
        if not outputs and not changed and cut is None and not is_attribute_set and treatment(func) != "retain_grad":
            return
        call = session.outbox.next_call
        origin = session.origin(place, call)
        if cut == "new_tensor" and not inputs:
            cut = None
        states = tuple(self._output(t, call, place, origin, inputs, cut) for t in outputs)
        if place is not None and place.applied is not None:
            session.inside_function(outputs)
        nodes = tuple(n for ids, _ in states for n in ids)
        if treatment(func) == "retain_grad" and inputs:
            session.retaining.append(session.tensors.known(inputs[0]))
        mentioned = inputs if is_attribute_set or treatment(func) == "retain_grad" else [t for t, _ in changed]
        session.outbox.call(
            CallRecord(
                name=short_name(func),
                function=full_name(func),
                line=origin.line,
                inputs=tuple(_arguments(session, func, args, kwargs)),
                outputs=tuple(state for _, state in states),
                nodes=nodes,
                seen=_latest(session, before.seen, mentioned, outputs),
                in_place=tuple(
                    InPlace(session.tensors.known(t), version, private.version(t)) for t, version in _unique(changed)
                ),
                scope=origin.scope,
                frame=origin.frame,
                grad_enabled=before.grad_enabled,
                cut=cut,
                result=_text(result) if cut is not None and not outputs else None,
            )
        )
        session.outbox.step(CalledStep(call=call, printed=session.printed()))
        if session.tape is not None and before.grad_enabled:
            session.tape.after(func, args, kwargs, result, [t for t, _ in changed])
        self._watch(func, inputs, [t for t, _ in changed], outputs, Write("call", origin.line, call))
        self.lines.follow(place)

    def _watch(
        self,
        func: Any,
        inputs: list[torch.Tensor],
        changed: list[torch.Tensor],
        outputs: list[torch.Tensor],
        write: Write,
    ) -> None:
        """What the call wrote to, and whether others may write there from now on."""
        watch, tensors = self._session.watch, self._session.tensors
        for tensor in changed:
            through = replace(write, through=tensors.get(tensor))
            watch.look((key for key in storages_of((tensor,)) if watch.watches(key)), through)
        if full_name(func) == "torch.Tensor.data.__set__" and inputs:
            watch.replaced(inputs[0], replace(write, by="set_data", through=tensors.get(inputs[0])))
        if shares_memory(func):
            for tensor in inputs or outputs:
                watch.share(tensor)

    def _raised(self, error: BaseException, func: Any, args: tuple, kwargs: dict, before: _Before | None) -> None:
        session, place = self._session, None if before is None else before.place
        if session.outbox.n("raised") < session.limits.calls:
            session.outbox.row(
                Raised(
                    function=full_name(func),
                    type=type(error).__name__,
                    message=str(error)[:2000],
                    line=None if place is None else place.line,
                    step=session.outbox.n("steps"),
                    inputs=tuple(_arguments(session, func, args, kwargs)),
                )
            )

    def _output(
        self, tensor: torch.Tensor, call: CallId, place: Place | None, origin: Any, inputs: list[torch.Tensor], cut: Any
    ) -> tuple[tuple[NodeId, ...], TensorState]:
        session = self._session
        number = session.tensors.get(tensor)
        if number is None:
            source = session.tensors.get(inputs[0]) if cut is not None and inputs else None
            number = session.tensors.add(tensor, call=call, line=origin.line, cut_from=source, cut=cut)
            session.names.expect(tensor, number, origin.line)
        nodes: tuple[NodeId, ...] = ()
        node = private.grad_fn_of(tensor)
        if node is not None:
            nodes = session.graph.add(node, origin)
        return nodes, session.state(tensor, number)

    def _grad_assigned(self, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: Callable) -> Any:
        """``x.grad = value`` and ``zero_grad()``."""
        session, tensor, line, before = self._session, args[0], caller.f_lineno, None
        with session.looking(line):
            place = session.place(caller)
            line = place.line if place is not None else None
            session.meet(tensor, place)
            before = _grad_value(session, tensor)
        result = call_on(func, args, kwargs)
        with session.looking(line):
            after, number = _grad_value(session, tensor), session.tensors.get(tensor)
            if number is not None and (before is not None or after is not None):
                session.outbox.step(GradSetStep(number, line, before, after, session.printed()))
        return result


def _grad_value(session: Session, tensor: torch.Tensor) -> Any:
    grad = tensor.grad if private.is_leaf(tensor) or tensor.retains_grad else None
    return None if grad is None else session.preview(grad)


def _tensors_in(thing: Any, depth: int = 0) -> Iterator[torch.Tensor]:
    if isinstance(thing, torch.Tensor):
        yield thing
    elif isinstance(thing, (tuple, list)) and depth < MAX_DEPTH:
        for part in thing[:MAX_TENSORS]:
            yield from _tensors_in(part, depth + 1)
    elif isinstance(thing, dict) and depth < MAX_DEPTH:
        for part in list(thing.values())[:MAX_TENSORS]:
            yield from _tensors_in(part, depth + 1)


def _arguments(session: Session, func: Any, args: tuple, kwargs: dict) -> Iterator[Argument]:
    """What the call was given, without what torch's own Python functions pass on as their defaults."""
    defaults = defaults_of(func) if kwargs else {}
    for keyword, content in [(None, a) for a in args] + list(kwargs.items()):
        tensors = list(_tensors_in(content))
        if tensors:
            for tensor in tensors:
                yield Argument(tensor=session.tensors.get(tensor), keyword=keyword)
        elif keyword is None or not (content is None or _is_default(content, defaults.get(keyword))):
            yield Argument(text=_text(content), keyword=keyword)


def _is_default(content: Any, default: Any) -> bool:
    return type(content) in (bool, int, float, str) and type(content) is type(default) and content == default


def _text(thing: Any) -> str:
    """A short repr of a plain value; of anything else its type, since its repr may run the program's code."""
    if isinstance(thing, (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size)):
        text = repr(thing if not isinstance(thing, (str, bytes)) else thing[:MAX_TEXT])
    elif isinstance(thing, slice):
        parts = (thing.start, thing.stop) if thing.step is None else (thing.start, thing.stop, thing.step)
        text = ":".join("" if part is None else _text(part) for part in parts)
    elif type(thing) in (tuple, list):
        inner = ", ".join(_text(part) for part in thing[:8]) + (", ..." if len(thing) > 8 else "")
        text = f"({inner})" if isinstance(thing, tuple) else f"[{inner}]"
    elif thing is Ellipsis:
        text = "..."
    else:
        text = f"<{type(thing).__name__}>"
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _unique(changed: list[tuple[torch.Tensor, int]]) -> list[tuple[torch.Tensor, int]]:
    return list({id(t): (t, version) for t, version in changed}.values())


def _latest(
    session: Session, seen: list[TensorState], mentioned: list[torch.Tensor], outputs: list[torch.Tensor]
) -> tuple[TensorState, ...]:
    """States of the inputs met here or changed, as the call left them, without the outputs' own."""
    among_outputs = {id(t) for t in outputs}
    states = {state.tensor: state for state in seen}
    for tensor in mentioned:
        number = session.tensors.get(tensor)
        if number is not None and id(tensor) not in among_outputs:
            states[number] = session.state(tensor, number)
    return tuple(states.values())
