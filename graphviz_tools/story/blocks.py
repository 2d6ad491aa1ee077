"""Pieces of text that steps and cards share: what arrives, what was saved, what leaves."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import Edge, NodeRanStep, NodeRecord, RunRecord, Saved, Value
from engine.reading.replay import Arrival
from graphviz_tools.graph.labels import node_word, tensor_text
from graphviz_tools.graph.views import words
from graphviz_tools.payload import Row, ValuesBlock
from graphviz_tools.story.context import Stage


def arrives_block(stage: Stage, step: NodeRanStep, arrivals: Sequence[Arrival]) -> ValuesBlock | None:
    """What comes to a node; where several gradients meet, each of them and their sum."""
    rows: list[Row] = []
    by_input = by_input_nr(arrivals)
    for number, total in enumerate(step.grad_outputs):
        parts = by_input.get(number, [])
        suffix = f" {number}" if len(step.grad_outputs) > 1 else ""
        if len(parts) > 1:
            rows.extend(_summand(stage, part, is_first=part is parts[0]) for part in parts)
            label = stage._("sum") + suffix
            rows.append(Row(label, stage.table.ref(total), stage._("sum of {n}").format(n=len(parts)), sign="="))
        elif total is not None or len(step.grad_outputs) == 1:
            source = parts[0] if parts else None
            label = _from(stage, source) if source is not None else stage._("arrives") + suffix
            rows.append(Row(label, stage.table.ref(total), vertex=_source_vertex(stage, source)))
    return ValuesBlock(stage._("arrives"), tuple(rows)) if rows else None


def by_input_nr(arrivals: Sequence[Arrival]) -> dict[int, list[Arrival]]:
    """The summands of each of a node's grad_outputs."""
    found: dict[int, list[Arrival]] = {}
    for arrival in arrivals:
        found.setdefault(arrival.input_nr, []).append(arrival)
    return found


def _summand(stage: Stage, arrival: Arrival, is_first: bool) -> Row:
    vertex = _source_vertex(stage, arrival)
    return Row(_from(stage, arrival), stage.table.ref(arrival.value), vertex=vertex, sign="" if is_first else "+")


def _source_vertex(stage: Stage, arrival: Arrival | None) -> str | None:
    if arrival is None or arrival.source is None:
        return None
    return stage.vertex_of_node.get(arrival.source)


def _from(stage: Stage, arrival: Arrival) -> str:
    """Where a gradient comes from: the node above, by the name of what it made or by its word."""
    if arrival.source is None:
        return stage._("start")
    return stage._("from {node}").format(node=node_text(stage, arrival.source))


def node_text(stage: Stage, node: int) -> str:
    """A node in a sentence: "z = multiply" or "multiply"."""
    record = stage.trace.nodes[node]
    for state in stage.index.outputs.get(node, ()):
        name = stage.trace.tensors[state.tensor].name
        if name is not None:
            return f"{name} = {node_word(record, stage._)}"
    return node_word(record, stage._)


def target_text(stage: Stage, edge: Edge) -> str:
    """Where an edge leads, by name: the leaf, the tensor that the node made, or the node's word."""
    if edge.node is None:
        return "–"
    record = stage.trace.nodes[edge.node]
    if record.variable is not None or record.name == "AccumulateGrad":
        return words.leaf_name(stage.trace, edge.node, stage._)
    for state in stage.index.outputs.get(edge.node, ()):
        if state.output_nr == edge.input_nr:
            return tensor_text(stage.trace, state.tensor, stage._)
    return node_word(record, stage._)


def leaves_block(stage: Stage, record: NodeRecord, grad_inputs: Sequence[Value | None]) -> ValuesBlock | None:
    """What goes on towards the leaves, one row per edge that needs a gradient."""
    rows: list[Row] = []
    for position, edge in enumerate(record.next_functions):
        if edge.node is None:
            continue
        value = grad_inputs[position] if position < len(grad_inputs) else None
        label, vertex = f"→ {target_text(stage, edge)}", stage.vertex_of_node.get(edge.node)
        note = "" if value is not None else stage._("no gradient goes this way")
        rows.append(Row(label, stage.table.ref(value), note, vertex))
    return ValuesBlock(stage._("leaves"), tuple(rows)) if rows else None


def saved_block(
    stage: Stage, record: NodeRecord, title: str, note: str = "", *, is_struck: bool = False
) -> ValuesBlock | None:
    """The tensors a node keeps for its backward, by role, as they were when saved."""
    if not record.saved:
        return None
    rows = tuple(_saved_row(stage, saved, note, is_struck) for saved in record.saved)
    return ValuesBlock(title, rows)


def _saved_row(stage: Stage, saved: Saved, note: str, is_struck: bool) -> Row:
    label, vertex = saved.role, None
    if saved.tensor is not None:
        label = f"{saved.role} = {tensor_text(stage.trace, saved.tensor, stage._)}"
        vertex = stage.vertex_of_tensor.get(saved.tensor)
    version = stage._("version {version}").format(version=saved.version)
    return Row(label, stage.table.ref(saved.value), f"{version}, {note}" if note else version, vertex, struck=is_struck)


def fate_of_saved(stage: Stage, run: RunRecord) -> str:
    """What becomes of saved tensors when their node has run."""
    return stage._("kept, retain_graph=True") if run.retain_graph else stage._("freed after this step")
