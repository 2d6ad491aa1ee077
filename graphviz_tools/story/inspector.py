"""What the inspector shows when a vertex is selected."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import assert_never

from engine.contract.trace import AccumulatedStep, GradSetStep
from engine.explain.rules.table import rule_for
from graphviz_tools.graph.diagram import Vertex
from graphviz_tools.graph.labels import call_text, node_word, scope_text, tensor_text
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.views.words import leaf_name
from graphviz_tools.payload import Block, Row, RuleBlock, TextBlock, ValuesBlock
from graphviz_tools.story.blocks import leaves_block, saved_block
from graphviz_tools.story.context import Stage
from graphviz_tools.story.why import NOT_YET, spans, why_blocks
from graphviz_tools.value_table import shape_text

MAX_OUTPUTS = 2  # of a node, told with their .grad
MAX_LISTED = 12  # nodes of a group named one by one


def card(stage: Stage, vertex: Vertex, gradients: GradTracks) -> tuple[Block, ...]:
    """The inspector's content for a vertex, with the gradient of every step where there is one."""
    return tuple(block for block in _blocks(stage, vertex, gradients) if block is not None)


GradTracks = dict[int, tuple[tuple[int, int], ...]]  # tensor id -> track of value refs of its .grad


def grad_tracks(stage: Stage) -> GradTracks:
    """The track of ``.grad`` for every tensor that ever had one. Before its first entry: not computed yet."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, step in enumerate(stage.trace.steps, 1):
        if isinstance(step, (AccumulatedStep, GradSetStep)):
            found.setdefault(step.tensor, []).append((number, stage.table.ref(step.after)))
    return {tensor: ((0, stage.table.pending()), *track) for tensor, track in found.items()}


def _blocks(stage: Stage, vertex: Vertex, gradients: GradTracks) -> Iterator[Block | None]:
    match vertex.kind:
        case "node":
            yield from _node(stage, vertex.nodes[0])
            for state in stage.index.outputs.get(vertex.nodes[0], ())[:MAX_OUTPUTS]:
                yield from _grad(stage, state.tensor, gradients)
        case "leaf" | "tensor" | "root":
            yield from _tensor(stage, vertex, gradients)
        case "group":
            yield _members(stage, vertex)
            yield _inner_leaves(stage, vertex, gradients)
        case "saved":
            yield from _saved(stage, vertex)
        case "call":
            yield from _call(stage, vertex)
        case "cut":
            yield TextBlock(stage._("The graph ends here: what was made from this tensor sends no gradient back."))
            yield from _tensor(stage, vertex, gradients)
        case _:
            assert_never(vertex.kind)


def _node(stage: Stage, node: int) -> Iterator[Block | None]:
    _ = stage._
    record = stage.trace.nodes[node]
    rule = rule_for(record.name)
    yield RuleBlock(_(rule.sentence), tuple((formula.text, "") for formula in rule.formulas))
    if record.call is not None:
        yield _made(stage, record.call)
    yield saved_block(stage, record, _("keeps for backward"))
    yield leaves_to(stage, node)
    index = [(name, text) for name, text in record.attributes]
    if record.scope:
        index.append((_("module"), scope_text(record.scope)))
    if record.sequence_nr is not None:
        index.append((_("sequence number"), str(record.sequence_nr)))
    if index:
        yield ValuesBlock(_("also"), tuple(Row(name, note=text) for name, text in index))


def leaves_to(stage: Stage, node: int) -> ValuesBlock | None:
    """Where the node sends gradients, without values."""
    block = leaves_block(stage, stage.trace.nodes[node], ())
    if block is None:
        return None
    rows = tuple(Row(row.label, vertex=row.vertex) for row in block.rows)
    return ValuesBlock(stage._("leads to"), rows)


def _made(stage: Stage, call: int) -> TextBlock:
    record = stage.trace.calls[call]
    text = call_text(stage.trace, record, stage._)
    if record.line is not None:
        text = stage._("line {line}").format(line=record.line) + f": {text}"
    return TextBlock(text, "", stage._("made by"))


def _tensor(stage: Stage, vertex: Vertex, gradients: GradTracks) -> Iterator[Block | None]:
    _ = stage._
    if vertex.tensor is None:
        return
    record = stage.trace.tensors[vertex.tensor]
    yield from _grad(stage, vertex.tensor, gradients)
    values = _values(stage, vertex.tensor)
    if values:
        yield ValuesBlock(_("value"), (Row(tensor_text(stage.trace, vertex.tensor, _), track=values),))
    if record.call is not None:
        yield _made(stage, record.call)
    index = [(_("shape"), shape_text(record.shape, _)), ("dtype", record.dtype), (_("device"), record.device)]
    if record.kind != "Tensor":
        index.append((_("type"), record.kind))
    names = stage.sharing(vertex.tensor)
    if names:
        index.append((_("shares bytes with"), ", ".join(names)))
    yield ValuesBlock(_("tensor"), tuple(Row(name, note=text) for name, text in index))


def _grad(stage: Stage, tensor: int, gradients: GradTracks) -> Iterator[Block]:
    """The tensor's ``.grad`` at every step, and why it is None, zero or not finite where it is."""
    reasons, pending = spans(stage, tensor), (0, stage.table.pending())
    missing = next((span.since for span in reasons if span.reason.code not in NOT_YET), None)
    track = gradients.get(tensor)
    if track is None and missing is not None:
        none = (missing, stage.table.ref(None))
        track = (none,) if missing == 0 else (pending, none)
    yield ValuesBlock(".grad", (Row(".grad", track=track or (pending,)),))
    yield from why_blocks(stage, reasons)


def _values(stage: Stage, tensor: int) -> tuple[tuple[int, int], ...]:
    """The track of a tensor's value as the calls told it."""
    return stage.value_tracks.get(tensor, ())


def _members(stage: Stage, vertex: Vertex) -> ValuesBlock | None:
    _ = stage._
    counts: dict[str, int] = {}
    inner = [node for node in vertex.nodes if not is_leaf_node(stage.trace, node)]
    for node in inner:
        record = stage.trace.nodes[node]
        label = f"{node_word(record, _)} ({record.name})"
        counts[label] = counts.get(label, 0) + 1
    rows = [Row(label, note=f"× {n}" if n > 1 else "") for label, n in sorted(counts.items(), key=lambda p: -p[1])]
    if len(rows) > MAX_LISTED:
        left = _("{n} more").format(n=len(rows) - MAX_LISTED)
        rows = [*rows[:MAX_LISTED], Row(left)]
    return ValuesBlock(_("{n} nodes").format(n=len(inner)), tuple(rows)) if rows else None


def _inner_leaves(stage: Stage, vertex: Vertex, gradients: GradTracks) -> ValuesBlock | None:
    """The leaves drawn inside a group, with their gradients."""
    variables = [(node, stage.trace.nodes[node].variable) for node in vertex.nodes if is_leaf_node(stage.trace, node)]
    never = ((0, stage.table.pending()),)
    rows = [
        Row(f"{leaf_name(stage.trace, node, stage._)}.grad", track=gradients.get(tensor, never))
        for node, tensor in variables
        if tensor is not None
    ]
    return ValuesBlock(stage._("leaves"), tuple(rows[:MAX_LISTED])) if rows else None


def _saved(stage: Stage, vertex: Vertex) -> Iterator[Block | None]:
    _ = stage._
    record = stage.trace.nodes[vertex.nodes[0]]
    saved = record.saved[vertex.saved[0]]
    text = _("{node} keeps this tensor as it was on line {line}, to calculate its gradients with it.")
    if record.line is None:
        text = _("{node} keeps this tensor to calculate its gradients with it.")
    yield TextBlock(text.format(node=record.name, line=record.line))
    label = ", ".join(record.saved[position].role for position in vertex.saved)
    note = _("version {version}").format(version=saved.version)
    target = stage.vertex_of_tensor.get(saved.tensor) if saved.tensor is not None else None
    yield ValuesBlock(_("saved"), (Row(label, stage.table.ref(saved.value), note, target),))


def _call(stage: Stage, vertex: Vertex) -> Iterator[Block | None]:
    if vertex.call is None:
        return
    call = stage.trace.calls[vertex.call]
    yield _made(stage, vertex.call)
    rows = tuple(
        Row(call_.name, vertex=stage.vertex_of_node.get(node))
        for node in call.nodes
        if (call_ := stage.trace.nodes[node]).variable is None
    )
    if rows:
        yield ValuesBlock(stage._("nodes it made"), rows)
