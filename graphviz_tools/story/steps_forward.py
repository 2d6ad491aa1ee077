"""The text of a forward step: a call, what it took and gave, the nodes it made and what they keep."""

from __future__ import annotations

from collections.abc import Iterator

from engine.contract.trace import CallRecord, InPlace
from graphviz_tools.graph.labels import call_text, node_word, tensor_text
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.payload import Block, Row, ShownStep, TextBlock, ValuesBlock
from graphviz_tools.story.blocks import saved_block
from graphviz_tools.story.context import Stage
from graphviz_tools.story.step_context import Told
from graphviz_tools.story.steps_plain import is_optimizer, plain_words

MAX_NODES_NAMED = 4
MAX_MOVED = 12  # parameters listed after an optimizer's step


def called_step(stage: Stage, number: int, told: Told) -> ShownStep:
    call = stage.trace.calls[number]
    return told.step(
        headline(stage, call),
        _focus(stage, number),
        *_words(stage, number),
        _takes(stage, call, told),
        _gives(stage, call),
        *_saved(stage, call),
        *(_moved(stage, call) if is_optimizer(call) else _changes(stage, number)),
    )


def headline(stage: Stage, call: CallRecord) -> str:
    """ "z = x * y"; without a name on the left, the call alone."""
    text = call_text(stage.trace, call, stage._)
    changed = {change.tensor for change in call.in_place}
    made = [s.tensor for s in call.outputs if s.tensor not in changed and stage.index.made_by(s.tensor) is call]
    names = [name for tensor in made if (name := stage.trace.tensors[tensor].name) is not None]
    return f"{', '.join(dict.fromkeys(names))} = {text}" if names else text


def _focus(stage: Stage, number: int) -> str | None:
    call = stage.trace.calls[number]
    if number in stage.vertex_of_call:
        return stage.vertex_of_call[number]
    for state in call.outputs:
        vertex = stage.vertex_of_tensor.get(state.tensor)
        if vertex is not None and state.node is not None and state.node in stage.vertex_of_node:
            return stage.vertex_of_node[state.node]
        if vertex is not None:
            return vertex
    tensors = (*(s.tensor for s in call.seen), *(change.tensor for change in call.in_place))
    return next((stage.vertex_of_tensor[t] for t in tensors if t in stage.vertex_of_tensor), None)


def _words(stage: Stage, number: int) -> Iterator[Block]:
    _, call = stage._, stage.trace.calls[number]
    made = [node for node in call.nodes if not is_leaf_node(stage.trace, node)]
    if made:
        named = [f"{stage.trace.nodes[n].name} ({node_word(stage.trace.nodes[n], _)})" for n in made[:MAX_NODES_NAMED]]
        if len(made) == 1:
            yield TextBlock(_("PyTorch adds a node to the graph: {node}.").format(node=named[0]))
        else:
            more = ", …" if len(made) > MAX_NODES_NAMED else ""
            text = _("PyTorch adds {n} nodes to the graph: {nodes}.")
            yield TextBlock(text.format(n=len(made), nodes=", ".join(named) + more))
    else:
        yield plain_words(stage, number)


def _takes(stage: Stage, call: CallRecord, told: Told) -> ValuesBlock | None:
    first_seen = {state.tensor: state.value for state in call.seen}
    rows: list[Row] = []
    for tensor in dict.fromkeys(argument.tensor for argument in call.inputs):
        if tensor is None:
            continue
        value = told.values.get(tensor) or first_seen.get(tensor)
        label = tensor_text(stage.trace, tensor, stage._)
        if value is not None:
            rows.append(Row(label, stage.table.ref(value), vertex=stage.vertex_of_tensor.get(tensor)))
    return ValuesBlock(stage._("takes"), tuple(rows)) if rows else None


def _gives(stage: Stage, call: CallRecord) -> ValuesBlock | None:
    _ = stage._
    rows: list[Row] = []
    for state in call.outputs:
        note = _("requires grad") if state.requires_grad else ""
        label = tensor_text(stage.trace, state.tensor, _)
        vertex = stage.vertex_of_tensor.get(state.tensor)
        if state.value is not None:
            rows.append(Row(label, stage.table.ref(state.value), note, vertex))
    if call.result is not None:
        rows.append(Row(call.result))
    return ValuesBlock(_("gives"), tuple(rows)) if rows else None


def _saved(stage: Stage, call: CallRecord) -> Iterator[Block]:
    for node in call.nodes:
        record = stage.trace.nodes[node]
        title = stage._("{node} keeps for backward").format(node=record.name)
        block = saved_block(stage, record, title)
        if block is not None:
            yield block


def _moved(stage: Stage, call: CallRecord) -> Iterator[Block]:
    """The parameters as an optimizer's step left them."""
    _, versions = stage._, {change.tensor: change for change in call.in_place}
    rows = [
        Row(
            tensor_text(stage.trace, state.tensor, _),
            stage.table.ref(state.value),
            _version_text(stage, versions[state.tensor]),
            stage.vertex_of_tensor.get(state.tensor),
        )
        for state in call.seen
        if state.tensor in versions and state.value is not None
    ]
    if rows:
        yield ValuesBlock(_("the parameters now"), tuple(rows[:MAX_MOVED]))
    if len(rows) > MAX_MOVED:
        yield TextBlock(_("{n} more").format(n=len(rows) - MAX_MOVED))


def _version_text(stage: Stage, change: InPlace) -> str:
    return stage._("version {before} → {after}").format(before=change.version_before, after=change.version_after)


def _changes(stage: Stage, number: int) -> Iterator[Block]:
    for change in stage.trace.calls[number].in_place:
        is_grave = stage.trace.tensors[change.tensor].storage in stage.tracked_storages
        title = stage._("changed in place")
        yield TextBlock(_change_words(stage, number, change), "warning" if is_grave else "note", title)


def _change_words(stage: Stage, number: int, change: InPlace) -> str:
    _, step = stage._, stage.index.call_step.get(number, 0)
    text = _("{name} was written to in place: version {before} → {after}.").format(
        name=tensor_text(stage.trace, change.tensor, _), before=change.version_before, after=change.version_after
    )
    others = stage.sharing(change.tensor, step)
    if others:
        text += " " + _("The same bytes belong to {others}.").format(others=", ".join(others))
    return text
