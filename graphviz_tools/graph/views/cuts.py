"""Where the program cut the graph: detach(), .data, no_grad, new tensors made from old values.

NOTE [Finding cuts]
A tensor was cut when the recorder says so (``cut_from``) and its source took part in the graph, or when
a call made it from tensors that took part while gradients were off. A cut is drawn when it feeds the
graph again (the node that uses it gets an arrow to the scissors), when it is a detach() or .data, or
when the program gave the result a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contract.trace import Cut
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph.diagram import Arrow, Vertex
from graphviz_tools.graph.labels import elided, tensor_text
from graphviz_tools.graph.leaves import LeafPlace

SCISSORS = "✂"
MAX_CUTS = 10
MAX_SEARCH = 200  # calls looked back through from a tensor that needs no gradient
ALWAYS: tuple[Cut, ...] = ("detach", "data")


@dataclass(frozen=True)
class CutFound:
    tensor: int  # the first tensor outside the graph
    source: int  # the last one inside
    how: Cut
    line: int | None


def cut_at(index: TraceIndex, tensor: int) -> CutFound | None:
    """Whether the graph was cut exactly where this tensor was made."""
    record = index.trace.tensors[tensor]
    if tensor in index.tracked:
        return None
    if record.cut is not None and record.cut_from is not None:
        inside = record.cut_from in index.tracked
        return CutFound(tensor, record.cut_from, record.cut, record.line) if inside else None
    call = index.made_by(tensor)
    if call is None or call.grad_enabled:
        return None
    inputs = [a.tensor for a in call.inputs if a.tensor is not None and a.tensor in index.tracked]
    return CutFound(tensor, inputs[0], "no_grad", call.line) if inputs else None


def cut_behind(index: TraceIndex, tensor: int) -> CutFound | None:
    """The cut a tensor outside the graph comes from, looking back through the calls that made it."""
    stack, seen = [tensor], {tensor}
    while stack and len(seen) < MAX_SEARCH:
        at = stack.pop()
        found = cut_at(index, at)
        if found is not None:
            return found
        call = index.made_by(at)
        for argument in call.inputs if call is not None else ():
            if argument.tensor is not None and argument.tensor not in seen and argument.tensor not in index.tracked:
                seen.add(argument.tensor)
                stack.append(argument.tensor)
    return None


def cuts(index: TraceIndex) -> tuple[CutFound, ...]:
    """All cuts worth drawing, in order of making."""
    own = (cut_at(index, number) for number in range(len(index.trace.tensors)))
    found = {cut.tensor: cut for cut in own if cut is not None and _is_plain(index, cut)}
    for call in index.trace.calls:
        for argument in call.inputs if call.nodes else ():
            if argument.tensor is not None and argument.tensor not in index.tracked:
                behind = cut_behind(index, argument.tensor)
                if behind is not None:
                    found[behind.tensor] = behind
    return tuple(found[tensor] for tensor in sorted(found))


def _is_plain(index: TraceIndex, cut: CutFound) -> bool:
    """A cut the program made on purpose, or whose result it named."""
    is_named = cut.how == "no_grad" and index.trace.tensors[cut.tensor].name is not None
    return cut.how in ALWAYS or is_named


def cut_drawing(
    index: TraceIndex,
    nodes: Sequence[int],
    names: dict[int, str],
    leaf_ids: dict[tuple[int, int], str],
    places: Sequence[LeafPlace],
    _: Translate,
) -> tuple[list[Vertex], list[Arrow]]:
    """Scissors on a broken edge: from the nodes that use the cut tensor, to what it was cut from."""
    vertices: list[Vertex] = []
    arrows: list[Arrow] = []
    leaf_of = {place.node: leaf_ids[(place.node, place.users[0])] for place in reversed(places) if place.users}
    for cut in cuts(index)[:MAX_CUTS]:
        source = index.node_of_tensor.get(cut.source)
        target = names.get(source) or leaf_of.get(source) if source is not None else None
        if target is None:
            continue
        own = f"v-x{cut.tensor}"
        where = _("line {line}").format(line=cut.line) if cut.line is not None else ""
        lines = (f"{SCISSORS} {elided(tensor_text(index.trace, cut.tensor, _), 20)}", cut_text(cut.how, where))
        title = _("the graph is cut here: {how}").format(how=", ".join(lines))
        vertices.append(Vertex(own, "cut", lines, title, tensor=cut.tensor))
        arrows.append(Arrow(f"x-{cut.tensor}", own, target, "cut"))
        for user in _users(index, cut.tensor, nodes):
            arrows.append(Arrow(f"x-{cut.tensor}-n{user}", names[user], own, "cut"))
    return vertices, arrows


def cut_text(how: Cut, where: str) -> str:
    """ "detach(), line 5": what cut the graph, in PyTorch's words."""
    word = {
        "detach": "detach()",
        "data": ".data",
        "no_grad": "no_grad()",
        "item": "item()",
        "tolist": "tolist()",
        "numpy": "numpy()",
        "new_tensor": "torch.tensor()",
        "not_differentiable": "∂?",
    }[how]
    return f"{word}, {where}" if where else word


def _users(index: TraceIndex, tensor: int, nodes: Sequence[int]) -> list[int]:
    """The drawn nodes whose calls used the tensor, or something made from it outside the graph."""
    inside, outside = set(nodes), {tensor}
    users: list[int] = []
    for call in index.trace.calls:
        if not any(argument.tensor in outside for argument in call.inputs):
            continue
        own = [node for node in call.nodes if node in inside]
        if own:
            users.append(own[-1])
        else:
            outside.update(
                s.tensor for s in call.outputs if s.tensor not in index.tracked and cut_at(index, s.tensor) is None
            )
    return users
