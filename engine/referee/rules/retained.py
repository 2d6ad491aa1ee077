"""Graphs kept alive round after round: memory grows, and each backward may take longer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from engine.contract.trace import NodeRecord, Trace
from engine.explain.errors.explanation import said
from engine.program.source import Source
from engine.reading.index import TraceIndex, index_of
from engine.referee.finding import Finding, on_lines
from engine.text.language import N_

MOST_RUNS = 8  # of those whose graphs a sum holds, kept by number


def findings(trace: Trace) -> tuple[Finding, ...]:
    found = {finding.line: finding for rule in (_listed, _summed, _carried) for finding in rule(trace)}
    return tuple(found.values())


def _summed(trace: Trace) -> Iterator[Finding]:
    """``total += loss``: a line that adds the roots of several runs to what it made in the round before."""
    holds, index = _holdings(trace), index_of(trace).afresh()
    found: dict[tuple[int | None, str], int] = {}
    for number, runs in holds.items():
        node = trace.nodes[number]
        if len(runs) > 1 and (node.line, node.name) not in found and _is_added_in_rounds(trace, index, number, holds):
            found[node.line, node.name] = number
    for number in found.values():
        yield _sum_kept(trace, number, holds[number])


def _holdings(trace: Trace) -> dict[int, frozenset[int]]:
    """Nodes that no backward ever ran through -> the last runs whose roots are in their graph."""
    roots = {root.node: number for number, run in enumerate(trace.runs) for root in run.roots if root.node is not None}
    reached = {node for run in trace.runs for node in run.nodes}
    holds: dict[int, frozenset[int]] = {}
    for number, node in enumerate(trace.nodes):
        if number not in reached:
            parts = [edge.node for edge in node.next_functions if edge.node is not None]
            own = frozenset(roots[part] for part in parts if part in roots)
            together = own.union(*(holds.get(part, ()) for part in parts))
            holds[number] = frozenset(sorted(together)[-MOST_RUNS:])
    return {number: runs for number, runs in holds.items() if runs}


def _is_added_in_rounds(trace: Trace, index: TraceIndex, number: int, holds: dict[int, frozenset[int]]) -> bool:
    """Whether the node's graph has a node of the same kind and line, made before another run."""
    node, waiting, seen = trace.nodes[number], [number], {number}
    for current in waiting:
        if not index.may(1):
            return False
        for edge in trace.nodes[current].next_functions:
            if edge.node is None or edge.node in seen or edge.node not in holds:
                continue
            other = trace.nodes[edge.node]
            is_same = other.name == node.name and other.line == node.line
            if is_same and _rounds_before(index, other) < _rounds_before(index, node):
                return True
            seen.add(edge.node)
            waiting.append(edge.node)
    return False


def _rounds_before(index: TraceIndex, node: NodeRecord) -> int:
    made = 0 if node.call is None else index.call_step.get(node.call, 0)
    return bisect_left(index.started_by_step, (made,))


def _sum_kept(trace: Trace, number: int, runs: frozenset[int]) -> Finding:
    node = trace.nodes[number]
    total = _made_by(trace, number)
    root = trace.runs[max(runs)].roots[0].tensor
    return Finding(
        kind="graph-retained",
        line=node.line,
        explanation=said(
            N_(
                "Line {line} adds `{loss}` with its graph to `{total}`. So every round's graph stays in memory as long "
                "as `{total}` does, although its backward has run."
            ),
            N_("Add the number only: `{total} += {loss}.item()`, or `{loss}.detach()` to stay on the device."),
            line=node.line or "?",
            loss=_name(trace, root, "loss"),
            total=_name(trace, total, "total"),
        ),
        tensor=total,
        name=None if total is None else trace.tensors[total].name,
        node=number,
        step=None if node.call is None else index_of(trace).call_step.get(node.call, 0),
        lines=on_lines(("cause", node.line)),
    )


def _listed(trace: Trace) -> Iterator[Finding]:
    """``losses.append(loss)``: roots of several rounds still held when a later one starts, or at the end."""
    index = index_of(trace).afresh()
    lines: dict[int | None, int | None] = {root.tensor: run.line for run in trace.runs for root in run.roots}
    moments = [(run.held_roots, index.started.get(number, 1) - 1) for number, run in enumerate(trace.runs)]
    for held, step in (*moments, (trace.held_roots, len(trace.steps))):
        for tensors in _by_line(lines, held).values():
            is_looked_for = len(tensors) > 1 and index.may(len(index.source.nodes))
            kept = _where_kept(trace, index.source, tensors[-1]) if is_looked_for else None
            if kept is not None:
                yield _list_kept(trace, tensors[-1], kept, len(tensors), step)
                return


def _by_line(lines: dict[int | None, int | None], held: tuple[int, ...]) -> dict[int | None, list[int]]:
    """The held roots by the line of their backward."""
    found: dict[int | None, list[int]] = {}
    for tensor in held:
        found.setdefault(lines.get(tensor), []).append(tensor)
    return found


def _where_kept(trace: Trace, source: Source, tensor: int) -> int | None:
    record = trace.tensors[tensor]
    frame = "<module>" if record.call is None else trace.calls[record.call].frame
    return source.keeps(record.name or "", None if frame == "<module>" else frame)


def _list_kept(trace: Trace, tensor: int, line: int, n: int, step: int) -> Finding:
    node = next((root.node for run in trace.runs for root in run.roots if root.tensor == tensor), None)
    return Finding(
        kind="graph-retained",
        line=line,
        explanation=said(
            N_(
                "Line {line} keeps `{loss}` with its graph: {n} of them were still in memory here, although their "
                "backward has run. Memory grows with every round."
            ),
            N_("Keep the number only: `{loss}.item()`, or `{loss}.detach()` to stay on the device."),
            line=line,
            loss=_name(trace, tensor, "loss"),
            n=n,
        ),
        tensor=tensor,
        name=trace.tensors[tensor].name,
        node=node,
        step=step,
        lines=on_lines(("cause", line)),
    )


def _carried(trace: Trace) -> Iterator[Finding]:
    """Rounds chained by a state that keeps its graph, made possible by ``retain_graph=True``."""
    index = index_of(trace)
    for number in range(2, len(trace.runs)):
        runs = [trace.runs[n] for n in (number - 2, number - 1, number)]
        first, second, last = (set[int](n for n in run.nodes if trace.nodes[n].variable is None) for run in runs)
        is_chain = first & second and first & last and second & last - first and len(first) < len(second) < len(last)
        is_loop = runs[0].line == runs[1].line == runs[2].line
        is_on_purpose = any(run.create_graph or run.kind == "grad" for run in runs)  # derivatives of derivatives
        if (
            not is_chain
            or not is_loop
            or is_on_purpose
            or not runs[1].retain_graph
            or {r.node for r in runs[2].roots} & second
        ):
            continue
        node = _first_over(trace, last - second, second)
        if node is not None:
            yield _state_kept(trace, *node, step=index.started.get(number, 0))
            return


def _first_over(trace: Trace, new: set[int], old: set[int]) -> tuple[int, int] | None:
    """The node of this round that leads into the round before, and the node it leads to."""
    for number in sorted(new):
        for edge in trace.nodes[number].next_functions:
            if edge.node in old and trace.nodes[edge.node].variable is None:
                return number, edge.node
    return None


def _state_kept(trace: Trace, node: int, into: int, step: int) -> Finding:
    state = _made_by(trace, into)
    line = trace.nodes[into].line or trace.nodes[node].line
    return Finding(
        kind="graph-retained",
        line=line,
        explanation=said(
            N_(
                "`{state}` is carried from round to round with its graph. Each backward goes back through all rounds "
                "before, so each takes longer than the last, and all their graphs stay in memory."
            ),
            N_(
                "Cut the rounds apart: `{state} = {state}.detach()` at the start of each, and leave out `retain_graph`."
            ),
            state=_name(trace, state, "h"),
        ),
        tensor=state,
        name=None if state is None else trace.tensors[state].name,
        node=node,
        step=step,
        lines=on_lines(("cause", line)),
    )


def _made_by(trace: Trace, node: int) -> int | None:
    call = trace.nodes[node].call
    outputs = () if call is None else trace.calls[call].outputs
    return next((state.tensor for state in outputs if state.node == node), None)


def _name(trace: Trace, tensor: int | None, otherwise: str) -> str:
    return otherwise if tensor is None else trace.tensors[tensor].name or otherwise
