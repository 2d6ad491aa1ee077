"""The combined view: what the program calculated, upwards, and behind it the autograd nodes, downwards.

Tensors that the program named are boxes; a call without a named result leads straight to the next call.
A larger program is shown by its backward graph instead, with a notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.contract.trace import CallRecord, Trace
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph.collapse import MAX_VERTICES
from graphviz_tools.graph.diagram import Arrow, Diagram, Vertex
from graphviz_tools.graph.labels import LONGEST_TOLD, elided, tensor_label
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.views import words
from graphviz_tools.graph.views.backward import backward
from graphviz_tools.graph.views.cuts import SCISSORS, cut_text
from graphviz_tools.value_table import shape_text, short_text

MAX_COMBINED = 90
MAX_CLEAR = 40  # vertices up to which all runs are drawn together


def combined(index: TraceIndex, _: Translate, run: int | None = None, most: int = MAX_VERTICES) -> Diagram:
    """Calls, tensors and nodes of the whole program, or of what led to one run when that is too much.

    Where even that cannot be drawn, ``most`` asks for fewer vertices: those of the backward graph alone.
    """
    has_run = run is not None and 0 <= run < len(index.trace.runs)
    diagram = None
    if most == MAX_VERTICES:
        diagram = _drawn(index, range(len(index.trace.calls)), _, MAX_CLEAR if has_run else MAX_COMBINED)
    if most == MAX_VERTICES and diagram is None and run is not None and has_run:
        diagram = _drawn(index, _behind(index, run), _, MAX_COMBINED)
        diagram = diagram and replace(diagram, run=run)
    if diagram is not None:
        return diagram
    fallback = backward(index, _, run if has_run else None, most)
    notice = _("With its calls this program is too large for one picture, so this is the backward graph alone.")
    return replace(fallback, notices=(notice, *fallback.notices), without_calls=True)


def _drawn(index: TraceIndex, numbers: Sequence[int], _: Translate, most: int) -> Diagram | None:
    """The diagram of some calls; None when it has more than ``most`` vertices."""
    calls = _drawn_calls(index.trace, numbers)
    if len(calls) > most:
        return None
    diagram = _Combined(index, calls, _).diagram()
    return diagram if len(diagram.vertices) <= most else None


def _drawn_calls(trace: Trace, numbers: Sequence[int]) -> list[int]:
    """Calls that make a tensor from tensors, or write into one."""
    return [n for n in numbers if _has_inputs(trace.calls[n]) and (trace.calls[n].outputs or trace.calls[n].in_place)]


def _has_inputs(call: CallRecord) -> bool:
    return any(argument.tensor is not None for argument in call.inputs)


def _behind(index: TraceIndex, run: int) -> list[int]:
    """The calls a run's roots were calculated by, in order, and the calls that cut tensors off them."""
    trace = index.trace
    stack = [root.tensor for root in trace.runs[run].roots if root.tensor is not None]
    seen = set(stack)
    calls: set[int] = set()
    while stack:
        number = trace.tensors[stack.pop()].call
        if number is None or number in calls:
            continue
        calls.add(number)
        for argument in trace.calls[number].inputs:
            if argument.tensor is not None and argument.tensor not in seen:
                seen.add(argument.tensor)
                stack.append(argument.tensor)
    for number, call in enumerate(trace.calls):
        if call.cut is not None and any(argument.tensor in seen for argument in call.inputs):
            calls.add(number)
    return sorted(calls)


class _Combined:
    """Builds one diagram."""

    def __init__(self, index: TraceIndex, calls: Sequence[int], _: Translate) -> None:
        self._facts = index
        self._trace = index.trace
        self._calls = calls
        self._ = _
        self._roots = {r.tensor for run in self._trace.runs for r in run.roots if r.tensor is not None}
        self._cut_calls = {n for n in calls if self._trace.calls[n].cut is not None}
        self._tensors = self._drawn_tensors()
        self._nodes = self._drawn_nodes()

    def diagram(self) -> Diagram:
        vertices = [self._tensor(tensor) for tensor in self._tensors]
        vertices += [self._call(number) for number in self._calls]
        vertices += [self._node(node) for node in self._nodes]
        arrows = [*self._data_arrows(), *self._ties(), *self._gradient_arrows()]
        return Diagram(tuple(vertices), tuple(arrows), grows_up=True, has_arrow_labels=len(vertices) <= MAX_CLEAR)

    def _drawn_tensors(self) -> list[int]:
        """Named tensors, leaves, roots and whatever no drawn call made, among those the calls touch."""
        made_here = {s.tensor for n in self._calls for s in self._trace.calls[n].outputs}
        touched: dict[int, None] = {}
        for number in self._calls:
            call = self._trace.calls[number]
            for argument in call.inputs:
                if argument.tensor is not None:
                    touched.setdefault(argument.tensor)
            for state in call.outputs:
                touched.setdefault(state.tensor)
        for tensor in self._facts.tracked:
            if self._facts.node_of_tensor.get(tensor) is None or self._is_leaf(tensor):
                touched.setdefault(tensor)
        return sorted(
            tensor
            for tensor in touched
            if self._trace.tensors[tensor].name is not None or tensor not in made_here or tensor in self._roots
        )

    def _drawn_nodes(self) -> list[int]:
        inside = [node for number in self._calls for node in self._trace.calls[number].nodes]
        return sorted({node for node in inside if not is_leaf_node(self._trace, node)})

    def _is_leaf(self, tensor: int) -> bool:
        node = self._facts.node_of_tensor.get(tensor)
        if node is not None:
            return is_leaf_node(self._trace, node)
        state = self._facts.last_value.get(tensor)
        return state is not None and state.is_leaf and state.requires_grad

    def _tensor(self, tensor: int) -> Vertex:
        _ = self._
        record = self._trace.tensors[tensor]
        name, shape = tensor_label(self._trace, tensor, _), shape_text(record.shape, _)
        whole = tensor_label(self._trace, tensor, _, LONGEST_TOLD)
        node = self._facts.node_of_tensor.get(tensor)
        if tensor in self._roots and not self._is_leaf(tensor):
            state = self._facts.last_value.get(tensor)
            value = short_text(state.value, _) if state is not None and state.value is not None else shape
            title = _("{name}, root, value {value}").format(name=whole, value=value)
            return Vertex(
                f"v-t{tensor}",
                "root",
                words.root_lines(self._facts, tensor, value, _),
                title,
                True,
                tensor=tensor,
                is_double=True,
            )
        if self._is_leaf(tensor):
            title = _("{name}, leaf, shape {shape}").format(name=whole, shape=shape)
            nodes = (node,) if node is not None else ()
            return Vertex(f"v-t{tensor}", "leaf", (name, shape), title, True, nodes, tensor)
        if tensor in self._facts.tracked:
            title = _("{name}, tensor, shape {shape}").format(name=whole, shape=shape)
            return Vertex(f"v-t{tensor}", "tensor", (name, shape), title, tensor=tensor)
        title = _("{name}, tensor without grad, shape {shape}").format(name=whole, shape=shape)
        return Vertex(
            f"v-t{tensor}", "tensor", (name, f"{shape}, {_('no grad')}"), title, tensor=tensor, is_dashed=True
        )

    def _call(self, number: int) -> Vertex:
        call = self._trace.calls[number]
        where = self._("line {line}").format(line=call.line) if call.line is not None else ""
        if number in self._cut_calls and call.cut is not None:
            lines = (f"{SCISSORS} {cut_text(call.cut, where)}",)
            title = self._("the graph is cut here: {how}").format(how=lines[0])
            return Vertex(f"v-c{number}", "cut", lines, title, call=number)
        name = elided(call.name)
        lines = (name, where) if where else (name,)
        return Vertex(f"v-c{number}", "call", lines, self._("call {call}").format(call=", ".join(lines)), call=number)

    def _node(self, node: int) -> Vertex:
        lines = words.node_lines(self._facts, node, (), self._)
        word = lines[0].rpartition(" = ")[2]
        title = words.node_title(self._facts, node, self._)
        return Vertex(f"v-n{node}", "node", (word, *lines[1:]), title, True, (node,))

    def _data_arrows(self) -> list[Arrow]:
        drawn = set(self._tensors)
        maker = {
            s.tensor: n
            for n in self._calls
            for s in self._trace.calls[n].outputs
            if self._trace.tensors[s.tensor].call == n
        }
        arrows: list[Arrow] = []
        for number in self._calls:
            call = self._trace.calls[number]
            inputs = [a.tensor for a in call.inputs if a.tensor is not None]
            for position, tensor in enumerate(inputs):
                source = f"v-t{tensor}" if tensor in drawn else f"v-c{maker[tensor]}" if tensor in maker else None
                if source is not None and source != f"v-c{number}":
                    arrows.append(Arrow(f"c-{number}-{position}", source, f"v-c{number}", "call"))
            for position, state in enumerate(call.outputs):
                if state.tensor in drawn and state.tensor not in inputs and maker.get(state.tensor) == number:
                    arrows.append(Arrow(f"o-{number}-{position}", f"v-c{number}", f"v-t{state.tensor}", "call"))
        return arrows

    def _ties(self) -> list[Arrow]:
        """Each call and the nodes it made."""
        drawn = set(self._nodes)
        return [
            Arrow(f"m-{number}-{node}", f"v-c{number}", f"v-n{node}", "same")
            for number in self._calls
            for node in self._trace.calls[number].nodes
            if node in drawn
        ]

    def _gradient_arrows(self) -> list[Arrow]:
        names = {node: f"v-n{node}" for node in self._nodes}
        tensors = set(self._tensors)
        for tensor in self._tensors:
            node = self._facts.node_of_tensor.get(tensor)
            if node is not None and is_leaf_node(self._trace, node):
                names[node] = f"v-t{tensor}"
        arrows = [
            Arrow(f"a-{node}-{nr}", f"v-n{node}", names[edge.node], edges=((node, nr),))
            for node in self._nodes
            for nr, edge in enumerate(self._trace.nodes[node].next_functions)
            if edge.node in names
        ]
        for tensor in sorted(self._roots & tensors):
            node = self._facts.node_of_tensor.get(tensor)
            if node in names and names[node] != f"v-t{tensor}":
                arrows.append(Arrow(f"a-t{tensor}", f"v-t{tensor}", names[node], root=tensor))
        return arrows
