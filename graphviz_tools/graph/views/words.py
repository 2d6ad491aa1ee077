"""The lines inside vertices, and their titles for screen readers and the inspector."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.contract.trace import TensorState, Trace
from engine.reading.index import TraceIndex
from engine.text.language import Translate
from graphviz_tools.graph.collapse import Part
from graphviz_tools.graph.labels import (
    LONGEST_NAME,
    LONGEST_TOLD,
    elided,
    node_word,
    scope_text,
    tensor_label,
    tensor_text,
)
from graphviz_tools.graph.leaves import LeafPlace
from graphviz_tools.value_table import shape_text

SAME = "≡"  # the sign of a leaf that is drawn in several places; common fonts have it


def node_lines(index: TraceIndex, node: int, roots: Collection[int], _: Translate) -> tuple[str, ...]:
    """("z = multiply", "MulBackward0"); without a name, or when the root above shows it, the word alone."""
    record = index.trace.nodes[node]
    word = node_word(record, _)
    named = [n for s in index.outputs.get(node, ()) if s.tensor not in roots and (n := _name(index, s)) is not None]
    if named:
        word = f"{elided(', '.join(named[:3]), 18)} = {word}"
    return (word, record.name) if word != record.name else (word,)


def _name(index: TraceIndex, state: TensorState) -> str | None:
    return index.trace.tensors[state.tensor].name


def node_title(index: TraceIndex, node: int, _: Translate) -> str:
    record = index.trace.nodes[node]
    title = f"{node_word(record, _)}, {record.name}"
    if record.line is not None:
        title += ", " + _("line {line}").format(line=record.line)
    return title


def leaf_lines(index: TraceIndex, place: LeafPlace, _: Translate) -> tuple[str, ...]:
    """("x", "(2,)"); a further place of a shared leaf says which leaf it is once more."""
    trace = index.trace
    name, shape = leaf_name(trace, place.node, _), leaf_shape(trace, place.node, _)
    if place.n_unseen:
        return (name, _("{shape}, used {n} times").format(shape=shape, n=place.n_unseen + len(place.users)))
    if place.n_places > 1:
        if place.nth == 0:
            return (f"{SAME} {name}", shape)
        return (f"{SAME} {name}", _("same {name}").format(name=name))
    return (name, shape)


def leaf_title(index: TraceIndex, node: int, _: Translate) -> str:
    name, shape = leaf_name(index.trace, node, _, LONGEST_TOLD), leaf_shape(index.trace, node, _)
    return _("{name}, leaf, shape {shape}").format(name=name, shape=shape)


def leaf_name(trace: Trace, node: int, _: Translate, longest: int = LONGEST_NAME) -> str:
    tensor = trace.nodes[node].variable
    if tensor is not None:
        return tensor_label(trace, tensor, _, longest)
    return _("unnamed {shape}").format(shape=leaf_shape(trace, node, _))


def leaf_shape(trace: Trace, node: int, _: Translate) -> str:
    record = trace.nodes[node]
    if record.variable is not None:
        return shape_text(trace.tensors[record.variable].shape, _)
    return shape_text(record.output_shapes[0], _) if record.output_shapes else "?"


def part_lines(trace: Trace, part: Part, inside: Sequence[int], _: Translate) -> tuple[str, ...]:
    """What the nodes of a collapsed part have in common, and how many they are, with the leaves drawn inside."""
    n = _("{n} nodes").format(n=f"{len(part.nodes):,}")
    if inside:
        n += ", " + (_("{n} leaves").format(n=len(inside)) if len(inside) > 1 else leaf_name(trace, inside[0], _))
    where = lines_text(part.lines, _)
    match part.kind:
        case "scope":
            scope = elided(scope_text(part.scope))
            turn = _("round {number}").format(number=part.rounds[0]) if part.rounds else ""
            return (scope, ", ".join(text for text in (turn, n) if text))
        case "twins":
            return (_("{n} earlier rounds").format(n=f"{part.n_graphs:,}"), ", ".join(t for t in (where, n) if t))
        case "round":
            return (_("loop, round {number}").format(number=part.rounds[0]), ", ".join(t for t in (where, n) if t))
        case "stretch" if part.rounds:
            first, last = part.rounds
            return (_("loop, rounds {first}–{last}").format(first=first, last=last), n)
        case "stretch":
            return (where or n, n) if where else (n,)
        case _:
            return (_chain_text(trace, part, _), ", ".join(t for t in (where, n) if t))


def _chain_text(trace: Trace, part: Part, _: Translate) -> str:
    """Nodes in a row: "multiply × 417", or the first and the last word of different ones."""
    found = [node_word(trace.nodes[node], _) for node in part.nodes]
    if len(set(found)) == 1:
        return f"{found[0]} × {len(found)}"
    return elided(f"{found[-1]} … {found[0]}", 30)


def lines_text(lines: tuple[int, int] | None, _: Translate) -> str:
    if lines is None:
        return ""
    first, last = lines
    if first == last:
        return _("line {line}").format(line=first)
    return _("lines {first}–{last}").format(first=first, last=last)


def collapse_notices(n_nodes: int, parts: Sequence[Part], places: Sequence[LeafPlace], _: Translate) -> tuple[str, ...]:
    """What the picture does not show one by one."""
    notices: list[str] = []
    if any(part.kind == "twins" for part in parts):
        notices.append(_("Rounds that look alike are one group; the last of each kind is drawn. Every step is there."))
    if any(part.kind not in ("node", "twins") for part in parts):
        notices.append(
            _(
                "{n_nodes} nodes are too many for one picture: they are drawn as {n_parts} groups. Every step is there."
            ).format(n_nodes=f"{n_nodes:,}", n_parts=len(parts))
        )
    if any(place.n_unseen for place in places):
        notices.append(_("A leaf used by many groups is drawn once, at the first of them."))
    elif any(place.n_places > 1 for place in places):
        notices.append(_("A leaf used in several places is drawn at each of them, marked {sign}.").format(sign=SAME))
    return tuple(notices)


def root_lines(index: TraceIndex, tensor: int, value: str, _: Translate) -> tuple[str, ...]:
    return (elided(tensor_text(index.trace, tensor, _)), value)
