"""Backward runs: the engine's real order, what arrives at each node and what leaves it.

NOTE [A run]
1. Record the roots and every node reachable from them; nodes made out of sight get their ids here.
2. Put a prehook and a hook on every node; on a leaf, instead of its AccumulateGrad, see NOTE [Leaf hooks]. The
   prehook sees the summed ``grad_outputs``, the hook the ``grad_inputs`` per edge; both return None, so gradients
   pass unchanged.
3. Let the program's own call run. While the engine runs Python code (hooks, custom Functions,
   checkpointing), the mode is put back on, so that its calls are recorded too.
4. Take every hook off, whatever happened.
A prehook without its hook names the node that failed.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import torch

from engine.contract.ids import NodeId, RunId, TensorId
from engine.contract.trace import (
    AccumulatedStep,
    NodeRanStep,
    NoTrueGradient,
    NumericGradient,
    Omission,
    Root,
    RunEndedStep,
    RunKind,
    RunRecord,
    RunStartedStep,
    Value,
)
from engine.recording import private
from engine.recording.backward.leaf_hooks import LeafHooks, Written, happens_in_one_thread
from engine.recording.graph.preview import value_of
from engine.recording.session import Session
from engine.recording.site import CallOn, Place
from engine.recording.state import Switch
from engine.recording.truth.numeric import numeric_gradients
from engine.recording.truth.replay_tape import Tape
from engine.recording.truth.true_grad_sum import Expected
from engine.recording.truth.true_gradient import Asked, Truth, true_gradients

MAX_REACHED = 16

Ended = Callable[["int | None", "float | None", RunId], None]


@dataclass(frozen=True)
class Request:
    """The arguments of backward(), torch.autograd.backward() or torch.autograd.grad()."""

    kind: RunKind
    roots: tuple[torch.Tensor, ...]
    gradients: tuple[torch.Tensor | None, ...]
    inputs: tuple[torch.Tensor, ...] | None
    retain_graph: bool
    create_graph: bool


@dataclass
class Reached:
    """The leaves that a run, and what ran inside it, gave gradients to."""

    kind: RunKind
    leaves: list[weakref.ref[torch.Tensor]]

    def alive(self) -> list[torch.Tensor]:
        """Those that the program still holds."""
        return [leaf for reference in self.leaves if (leaf := reference()) is not None]


@dataclass
class Running:
    """A run in progress."""

    number: RunId
    parent: RunId | None
    arrived: dict[NodeId, tuple[Value | None, ...]] = field(default_factory=dict)
    before: dict[NodeId, Value | None] = field(default_factory=dict)
    ran: list[NodeId] = field(default_factory=list)  # nodes whose hook ran
    open: list[NodeId] = field(default_factory=list)  # nodes whose prehook ran and whose hook did not
    is_told: bool = False  # its RunStartedStep was sent
    expected: Expected | None = None  # its true gradients, when it reads something overwritten
    followed: tuple[tuple[torch.Tensor, torch.Tensor | None], ...] = ()  # leaves of earlier such runs, .grad before


class Runs:
    """Records backward runs up to the budget, then has the recorder leave and records no more.

    ``enter_mode`` is called for Python code that the engine runs, ``ended`` with the line, the loss and the number of
    each run of the program.
    """

    def __init__(self, session: Session, switch: Switch, enter_mode: Callable[[], None], ended: Ended) -> None:
        self._session = session
        self._switch = switch
        self._enter_mode = enter_mode
        self._ended = ended
        self._written = Written()
        self.failed: tuple[BaseException, NodeId | None, tuple[Value | None, ...]] | None = None
        self.reached: list[Reached] = []  # by the runs so far
        self._roots: list[tuple[weakref.ref[torch.Tensor], TensorId]] = []  # of all runs so far

    def record(self, kind: RunKind, func: Any, args: tuple, kwargs: dict, caller: FrameType, call_on: CallOn) -> Any:
        """Make the program's backward call, recorded."""
        session = self._session
        request = _request(kind, func, args, kwargs)
        if request is None:
            return call_on(func, args, kwargs)  # wrong arguments: torch says so itself
        if self._switch.is_spent and session.run is None:
            omitted = Omission(what="backward_runs", limit=session.limits.full_runs, line=caller.f_lineno)
            session.outbox.leave_out(omitted)
            self._switch.leave(caller)
            return call_on(func, args, kwargs)
        if session.run is None:
            self._switch.count_run()
        running, handles = Running(session.outbox.next_run, session.run), []
        with session.looking(caller.f_lineno):
            self._written.settle()
            place = session.place(caller)
            self._hook(self._start(request, place, running), request, running, handles)
        try:
            result = call_on(func, args, kwargs)
        except BaseException as error:
            self._end(running, request, handles, error=error)
            raise
        self._end(running, request, handles, result=result)
        if running.is_told and running.parent is None:
            self._tell(running.number, request, caller.f_lineno)
        return result

    def _tell(self, number: RunId, request: Request, line: int) -> None:
        with self._session.looking(line):
            self._session.outbox.send()
            self._ended(line, value_of(request.roots[0]) if request.roots else None, number)

    def _start(self, request: Request, place: Place | None, running: Running) -> list[Any]:
        session = self._session
        for tensor in (*request.roots, *(request.inputs or ())):
            session.meet(tensor, place)
        starts = [t.grad_fn for t in request.roots if t.grad_fn is not None]
        nodes, _ = session.graph.reach(starts, session.origin(place))
        running.number = session.outbox.run(
            RunRecord(
                kind=request.kind,
                line=place.line if place is not None else None,
                roots=tuple(self._root(t, g) for t, g in zip(request.roots, request.gradients, strict=True)),
                inputs=None if request.inputs is None else tuple(map(session.tensors.known, request.inputs)),
                retain_graph=request.retain_graph,
                create_graph=request.create_graph,
                nodes=tuple(n for node in nodes if (n := session.graph.id_of(node)) is not None),
                parent=session.run,
                held_roots=self.held_roots(request.roots),
            )
        )
        session.run = running.number
        session.outbox.step(RunStartedStep(run=running.number, printed=session.printed()))
        running.is_told = True
        if running.parent is None:
            inputs = [t for t in request.inputs or () if t.is_leaf] if request.kind == "grad" else []
            self.reached = [*self.reached[-MAX_REACHED:], Reached(request.kind, [weakref.ref(t) for t in inputs])]
        self._roots.extend((weakref.ref(t), session.tensors.known(t)) for t in request.roots)
        self._compare(request, nodes, running)
        if session.tape is not None:
            self._differentiate(request, nodes, running, session.tape)
        return nodes

    def _differentiate(self, request: Request, nodes: list[Any], running: Running, tape: Tape) -> None:
        """Check the small leaves by central differences; the tape begins anew unless the graph is kept."""
        session = self._session
        asked = Asked(request.roots, request.gradients, _inputs(request, nodes))
        trouble = "hooks" if session.has_hooks else None
        for found in numeric_gradients(asked, tape, session.limits.numeric_items, trouble):
            number = session.tensors.get(found.tensor)
            if number is not None:
                value = None if found.value is None else session.preview(found.value)
                session.outbox.row(NumericGradient(running.number, number, value, found.kinks, found.unavailable))
        if not request.retain_graph:
            tape.clear()

    def held_roots(self, besides: tuple[torch.Tensor, ...] = ()) -> tuple[TensorId, ...]:
        """Roots of earlier runs that are still held together with their graph."""
        alive = [(root, number) for reference, number in self._roots if (root := reference()) is not None]
        others = [number for root, number in alive if root.grad_fn is not None and all(root is not t for t in besides)]
        return tuple(dict.fromkeys(others))

    def _compare(self, request: Request, nodes: list[Any], running: Running) -> None:
        """Compare what the nodes saved with what they would read; find the true gradients where that differs."""
        session = self._session
        numbered = [(n, node) for node in nodes if (n := session.graph.id_of(node)) is not None]
        differing = session.watch.differing(numbered, running.number)
        inputs = _inputs(request, nodes)
        if not differing:
            if request.kind == "backward":
                running.followed = tuple(
                    (t, before) for t in inputs if (before := session.shadow.follow(t)) is not None
                )
            return
        truth: Truth | NoTrueGradient
        if running.parent is not None:
            truth = "nested"
        elif session.graph.was_packed:
            truth = "unpack_hooks"
        elif session.has_hooks:
            truth = "hooks"
        else:
            truth = true_gradients(
                Asked(request.roots, request.gradients, inputs), numbered, differing, session.tensors
            )
        running.expected = session.shadow.expect(inputs, truth)

    def _root(self, tensor: torch.Tensor, gradient: torch.Tensor | None) -> Root:
        session = self._session
        return Root(
            tensor=session.tensors.get(tensor),
            node=None if tensor.grad_fn is None else session.graph.id_of(tensor.grad_fn),
            output_nr=tensor.output_nr,
            value=session.preview(tensor),
            gradient=None if gradient is None else session.preview(gradient),
        )

    def _hook(self, nodes: list[Any], request: Request, running: Running, handles: list[Any]) -> None:
        retained = self._retained_tensors()
        for node in nodes:
            number = self._session.graph.id_of(node)
            if number is None:
                continue  # over the limit of nodes
            variable = getattr(node, "variable", None) if private.node_sequence_nr(node) is None else None
            before, after = self._hooks_of(number, variable, retained.get(number, ()), running)
            if variable is None or not variable.requires_grad:
                handles.append(node.register_prehook(before))
                handles.append(node.register_hook(after))
            elif request.kind == "backward":  # torch.autograd.grad writes no .grad
                is_quiet = not self._session.has_hooks and happens_in_one_thread(variable)
                handles.append(LeafHooks(variable, before, after, self._written if is_quiet else None))

    def _hooks_of(
        self, node: NodeId, variable: torch.Tensor | None, retained: tuple[torch.Tensor, ...] | list, running: Running
    ) -> tuple[Callable, Callable]:
        def arrives(grad_outputs: tuple) -> None:
            with self._session.looking():
                self._arrives(node, variable, retained, grad_outputs, running)
            if threading.get_ident() == self._session.thread:
                self._enter_mode()  # the engine puts its own stack of modes back when the node is done

        def leaves(grad_inputs: tuple, grad_outputs: tuple) -> None:
            with self._session.looking():
                self._leaves(node, variable, grad_inputs, running)

        return arrives, leaves

    def _arrives(
        self, node: NodeId, variable: torch.Tensor | None, retained: Any, grad_outputs: tuple, running: Running
    ) -> None:
        self._written.settle(variable)
        running.open.append(node)
        running.arrived[node] = self._values(grad_outputs)
        if variable is not None:
            running.before[node] = None if variable.grad is None else self._session.preview(variable.grad)
        for tensor in retained:
            after = None if tensor.grad is None else self._session.preview(tensor.grad, is_final=True)
            number = self._session.tensors.get(tensor)
            if number is not None:
                self._step(AccumulatedStep(running.number, number, None, after, None, self._session.printed()))

    def _leaves(self, node: NodeId, variable: torch.Tensor | None, grad_inputs: tuple, running: Running) -> None:
        if node in running.open:
            running.open.remove(node)
        running.ran.append(node)
        printed = self._session.printed()
        arrived = running.arrived.pop(node, ())
        sent = () if variable is not None else self._values(grad_inputs)
        self._step(NodeRanStep(running.number, node, arrived, sent, printed))
        if variable is not None:
            after = None if variable.grad is None else self._session.preview(variable.grad)
            number = self._session.tensors.get(variable)
            if number is not None:
                self.reached[-1].leaves.append(weakref.ref(variable))
                before = running.before.pop(node, None)
                self._step(AccumulatedStep(running.number, number, before, after, node, printed))

    def _end(
        self,
        running: Running,
        request: Request,
        handles: list[Any],
        result: Any = None,
        error: BaseException | None = None,
    ) -> None:
        for handle in handles:
            handle.remove()
        with self._session.looking():
            self._written.settle(has_failed=error is not None)
        self._session.run = running.parent
        node = running.open[-1] if running.open and error is not None else None
        if error is not None and (self.failed is None or self.failed[0] is not error):
            self.failed = (error, node, running.arrived.get(node, ()) if node is not None else ())
        if not running.is_told:
            return
        with self._session.looking():
            returned: tuple[Value | None, ...] = ()
            if request.kind == "grad" and isinstance(result, (tuple, list)):
                returned = self._values(tuple(result))
            message = None if error is None else f"{type(error).__name__}: {_message(error)}"[:2000]
            printed = self._session.printed()
            self._step(RunEndedStep(running.number, error is None, returned, node, message, printed))
            self._account(running, request, result, error is None)

    def _account(self, running: Running, request: Request, result: Any, has_ended: bool) -> None:
        """Say what the run gave beside what is right, and forget what backward freed."""
        session, is_backward = self._session, request.kind == "backward"
        if running.expected is not None:
            returned = tuple(result) if has_ended and not is_backward else None
            session.shadow.compare(running.expected, running.number, returned, is_backward, has_ended)
        for tensor, before in running.followed:
            session.shadow.add(tensor, before)
        if has_ended and not request.retain_graph:
            session.watch.freed(running.ran)

    def _retained_tensors(self) -> dict[NodeId | None, list[torch.Tensor]]:
        """Tensors that keep their gradient, by the node that makes it."""
        found: dict[NodeId | None, list[torch.Tensor]] = {}
        for number in dict.fromkeys(self._session.retaining):
            tensor = self._session.tensors.alive(number)
            if tensor is not None and tensor.grad_fn is not None:
                found.setdefault(self._session.graph.id_of(tensor.grad_fn), []).append(tensor)
        return found

    def _values(self, gradients: tuple) -> tuple[Value | None, ...]:
        return tuple(None if g is None else self._session.preview(g) for g in gradients)

    def _step(self, step: Any) -> None:
        self._session.outbox.step(step)


def _inputs(request: Request, nodes: list[Any]) -> tuple[torch.Tensor, ...]:
    """The tensors that the run gives gradients to."""
    if request.inputs is not None:
        return request.inputs
    leaves = (getattr(node, "variable", None) for node in nodes if private.node_sequence_nr(node) is None)
    return tuple(leaf for leaf in leaves if isinstance(leaf, torch.Tensor))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:  # noqa: BLE001 - the program's own __str__ may raise
        return f"<no message: {type(second).__name__}>"


def _request(kind: RunKind, func: Any, args: tuple, kwargs: dict) -> Request | None:
    try:
        if kind == "grad":
            named = _grad_arguments(*args, **kwargs)
        elif func is torch.Tensor.backward:
            named = _tensor_backward_arguments(*args, **kwargs)
        else:
            named = _backward_arguments(*args, **kwargs)
    except TypeError:
        return None
    roots, gradients = _tensors(named["roots"]), _maybe_tensors(named["gradients"])
    if any(not isinstance(t, torch.Tensor) for t in (*roots, *(named["inputs"] or ()))):
        return None
    if len(gradients) != len(roots):
        gradients = (None,) * len(roots)
    retain = named["retain_graph"] if named["retain_graph"] is not None else named["create_graph"]
    return Request(kind, roots, gradients, named["inputs"], bool(retain), bool(named["create_graph"]))


def _tensor_backward_arguments(
    root: Any, gradient: Any = None, retain_graph: Any = None, create_graph: Any = False, inputs: Any = None
) -> dict[str, Any]:
    return _backward_arguments(root, gradient, retain_graph, create_graph, None, inputs)


def _backward_arguments(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: Any = None,
    create_graph: Any = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> dict[str, Any]:
    return {
        "roots": tensors,
        "gradients": grad_tensors,
        "retain_graph": retain_graph,
        "create_graph": create_graph,
        "inputs": None if inputs is None else _tensors(inputs),
    }


def _grad_arguments(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: Any = None,
    create_graph: Any = False,
    only_inputs: Any = True,
    allow_unused: Any = None,
    is_grads_batched: Any = False,
    materialize_grads: Any = False,
) -> dict[str, Any]:
    return {
        "roots": outputs,
        "gradients": grad_outputs,
        "retain_graph": retain_graph,
        "create_graph": create_graph,
        "inputs": _tensors(inputs),
    }


def _tensors(thing: Any) -> tuple[Any, ...]:
    return (thing,) if isinstance(thing, torch.Tensor) else tuple(getattr(t, "node", t) for t in thing)


def _maybe_tensors(thing: Any) -> tuple[Any, ...]:
    if thing is None:
        return ()
    return (thing,) if isinstance(thing, torch.Tensor) else tuple(thing)
