"""The report of a run: the JSON that scripts read, and the text that people read."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from engine.trace import Complex, NodeRanStep, Number, RunEndedStep, RunRecord, Trace, Value
from engine.why_none import why_none

SCHEMA = 1
OUTCOMES = {"ok": "finished", "error": "raised", "syntax": "raised", "recursion": "raised", "memory": "raised",
            "exit": "raised"}  # fmt: skip


def report(trace: Trace, stdout: str) -> dict[str, Any]:
    """The report as plain data; ``stdout`` is the program's whole output.

    Complex numbers are {"re", "im"}, non-finite ones the words nan, inf, -inf. A gradient of more
    than ``limits.grad_items`` elements is None with its norm in "grad_norm".
    """
    return {
        "schema": SCHEMA,
        "outcome": OUTCOMES.get(trace.ending, "stopped"),
        "ending": trace.ending,
        "stdout": stdout,
        "error": _error(trace),
        "backwards": [_backward(trace, number, run) for number, run in enumerate(trace.runs)]
        + [_later(line, value) for line, value in trace.later_losses],
        "leaves": [_leaf(trace, i) for i in range(len(trace.leaves))],
        "findings": [],
    }


def nested(value: Value) -> Any:
    """A whole value as nested lists of its shape; a 0-dim one as a number."""
    items = [_plain(number) for number in value.items]
    for size in reversed(value.shape[1:]):
        items = [items[i : i + size] for i in range(0, len(items), size)] if size else []
    if not value.shape:
        return items[0] if items else None
    return items if math.prod(value.shape) else _empty(value.shape)


def readable(trace: Trace) -> str:
    """A few lines for a terminal: how it ended, each backward, each leaf."""
    data = report(trace, "")
    lines = [f"backstep: {data['outcome']} ({trace.ending}) in {trace.wall_s:.3g} s"]
    if (error := data["error"]) is not None:
        at = f", line {error['line']}" if error["line"] else ""
        node = f", in {error['node']}" if error["node"] else ""
        lines.append(f"  {error['type']}: {error['message'].splitlines()[0] if error['message'] else ''}")
        lines.append(f"  in {error['phase']}{at}{node}")
    for backward in data["backwards"]:
        root = backward["root"] or "an unnamed tensor"
        value = "" if backward["root_value"] is None else f" = {_short(backward['root_value'])}"
        done = f"{len(backward['nodes'])} nodes" + ("" if backward["completed"] else ", not completed")
        lines.append(f"  line {backward['line']}: backward from {root}{value}: {done}")
    for leaf in data["leaves"]:
        lines.append(f"  {leaf['name']} {tuple(leaf['shape'])}: {_leaf_text(leaf)}")
    for omission in trace.omissions:
        lines.append(f"  left out: {omission.what} beyond {omission.limit}")
    return "\n".join(lines) + "\n"


def _error(trace: Trace) -> dict[str, Any] | None:
    failure = trace.failure
    if failure is None:
        return None
    node = trace.nodes[failure.node].name if failure.node is not None else None
    return {
        "type": failure.type, "message": failure.message, "line": failure.line, "phase": failure.phase, "node": node,
    }  # fmt: skip


def _backward(trace: Trace, number: int, run: RunRecord) -> dict[str, Any]:
    root = run.roots[0] if run.roots else None
    value = root.value.items[0] if root is not None and root.value is not None and len(root.value.items) == 1 else None
    steps = [s for s in trace.steps if isinstance(s, (NodeRanStep, RunEndedStep)) and s.run == number]
    return {
        "line": run.line,
        "root": trace.tensors[root.tensor].name if root is not None and root.tensor is not None else None,
        "root_value": None if value is None else _plain(value),
        "nodes": [trace.nodes[s.node].name for s in steps if isinstance(s, NodeRanStep)],
        "completed": any(isinstance(s, RunEndedStep) and s.completed for s in steps),
    }


def _later(line: int | None, value: Any) -> dict[str, Any]:
    """A run past the recording budget: only its root's value is known."""
    return {"line": line, "root": None, "root_value": value, "nodes": [], "completed": True}


def _leaf(trace: Trace, i: int) -> dict[str, Any]:
    leaf = trace.leaves[i]
    row: dict[str, Any] = {
        "name": leaf.name,
        "shape": list(leaf.shape),
        "grad": nested(leaf.grad) if leaf.grad is not None and leaf.grad.is_whole else None,
        "true_grad": None,
        "why_none": why_none(trace, leaf),
    }
    if leaf.grad is not None and not leaf.grad.is_whole:
        row["grad_norm"] = leaf.grad.stats.norm if leaf.grad.stats is not None else None
    return row


def _plain(number: Number) -> Any:
    return msgspec.to_builtins({"re": number.re, "im": number.im}) if isinstance(number, Complex) else number


def _empty(shape: tuple[int, ...]) -> Any:
    return [_empty(shape[1:]) for _ in range(shape[0])] if len(shape) > 1 else []


def _short(number: Any) -> str:
    return f"{number:.4g}" if isinstance(number, (int, float)) else str(number)


def _leaf_text(leaf: dict[str, Any]) -> str:
    if leaf["why_none"] is not None:
        return f"grad None ({leaf['why_none']})"
    if leaf["grad"] is None:
        return f"grad of norm {_short(leaf.get('grad_norm'))}"
    text = str(leaf["grad"])
    return f"grad {text if len(text) <= 100 else text[:97] + '...'}"
