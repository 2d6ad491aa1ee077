"""The report of a run: the JSON that scripts read, and the text that people read."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import msgspec

from engine.contract.trace import Complex, Leaf, NodeRanStep, Number, RunEndedStep, RunRecord, Trace, Value
from engine.contract.values import NotFinite, finite_or_word, n_elements
from engine.explain.errors.explain_error import explain
from engine.gradients.central_differences import Check, checks, verdict
from engine.reading.index import index_of
from engine.reading.why_none import WhyNone
from engine.referee.finding import Compared, Finding
from engine.referee.findings import WORN_OUT, findings
from engine.text.language import Language, Translate, translator
from engine.text.numbers import number_text, value_text

SCHEMA = 1
MOST_EMPTY, MOST_EMPTY_DIMS = 1_000, 64  # lists without a number, and how deep
OUTCOMES = {
    "ok": "finished",
    "error": "raised",
    "syntax": "raised",
    "recursion": "raised",
    "memory": "raised",
    "exit": "raised",
}


def report(trace: Trace, stdout: str, language: Language = "en") -> dict[str, Any]:
    """The report as plain data; ``stdout`` is the program's whole output, findings are in ``language``.

    Complex numbers are {"re", "im"}, non-finite ones the words nan, inf, -inf. A gradient of more
    than ``limits.grad_items`` elements is None with its norm in "grad_norm".
    "notice" is there when the recording was too long for every fault to be looked for.
    """
    index, _ = index_of(trace), translator(language)
    data = {
        "schema": SCHEMA,
        "outcome": OUTCOMES.get(trace.ending, "stopped"),
        "ending": trace.ending,
        "stdout": stdout,
        "error": _error(trace),
        "backwards": _backwards(trace) + [_later(line, value) for line, value in trace.later_losses],
        "leaves": _leaves(trace),
        "findings": [_finding(trace, finding, _) for finding in findings(trace)],
    }
    if trace.limits.numeric_items:
        data["numeric"] = [_numeric(check, _) for check in checks(trace)]
    if index.is_worn_out:
        data["notice"] = _(WORN_OUT)
    return data


def nested(value: Value) -> Any:
    """A whole value as nested lists of its shape; a 0-dim one as a number."""
    items = [_plain(number) for number in value.items]
    for size in reversed(value.shape[1:]):
        items = [items[i : i + size] for i in range(0, len(items), size)] if size else []
    if not value.shape:
        return items[0] if items else None
    return items if n_elements(value.shape) else _empty(value.shape)


def readable(trace: Trace, language: Language = "en") -> str:
    """A few lines for a terminal: how it ended, what is wrong, each backward, each leaf."""
    _, data = translator(language), report(trace, "", language)
    lines = [f"backstep: {data['outcome']} ({trace.ending}), {trace.wall_s:.3g} s"]
    lines += _error_lines(trace, data, _)
    for finding in data["findings"]:
        line = "" if finding["line"] is None else _("line {line}: ").format(line=finding["line"])
        lines += [f"  ! {line}{finding['kind']}", f"    {finding['message']}", *_compared_lines(finding, _)]
        lines.append(f"    → {finding['cure']}")
    for backward in data["backwards"]:
        lines.append("  " + _backward_text(backward, _))
    for leaf, row in zip(trace.leaves, data["leaves"], strict=True):
        lines.append(f"  {leaf.name} {leaf.shape}: {_leaf_text(leaf, row, _)}")
    for check in data.get("numeric", ()):
        said = _("central differences, line {line}, {name}: {verdict}")
        lines.append("  " + said.format(line=check["line"], name=check["name"], verdict=check["verdict"]))
    for omission in trace.omissions:
        lines.append("  " + _("left out: {what} beyond {limit}").format(what=omission.what, limit=omission.limit))
    lines += [f"  {data['notice']}"] if "notice" in data else []
    return "\n".join(lines) + "\n"


def _error_lines(trace: Trace, data: dict[str, Any], _: Translate) -> list[str]:
    error = data["error"]
    if error is None:
        return []
    first = error["message"].splitlines()[0] if error["message"] else ""
    place = [
        error["phase"],
        *([_("line {line}").format(line=error["line"])] if error["line"] else []),
        *([error["node"]] if error["node"] else []),
    ]
    lines = [f"  {error['type']}: {first}", f"  {', '.join(place)}"]
    explanation = None if data["findings"] else explain(trace)
    if explanation is not None:
        meaning, cure = explanation.text(_)
        lines += [f"    {meaning}", f"    → {cure}"]
    return lines


def _compared_lines(finding: dict[str, Any], _: Translate) -> list[str]:
    """Each wrong gradient beside the true one."""
    said = _("{name}: computed {computed}, true {true}")
    return [f"    {said.format(**one)}" for one in finding["gradients"]]


def _backward_text(backward: dict[str, Any], _: Translate) -> str:
    root = backward["root"] or _("an unnamed tensor")
    if backward["root_value"] is not None:
        root = f"{root} = {_root_text(backward['root_value'])}"
    said = (
        _("line {line}: backward from {root}, {n} nodes")
        if backward["completed"]
        else _("line {line}: backward from {root}, {n} nodes, not completed")
    )
    return said.format(line=backward["line"], root=root, n=len(backward["nodes"]))


def _finding(trace: Trace, finding: Finding, _: Translate) -> dict[str, Any]:
    message, cure = finding.explanation.text(_)
    return {
        "kind": finding.kind,
        "line": finding.line,
        "tensor": finding.name,
        "message": message,
        "cure": cure,
        "gradients": [_compared(one) for one in finding.gradients],
        "lines": [{"role": role, "line": line} for role, line in finding.lines],
        "node": None if finding.node is None else trace.nodes[finding.node].name,
    }


def _error(trace: Trace) -> dict[str, Any] | None:
    failure = trace.failure
    if failure is None:
        return None
    node = trace.nodes[failure.node].name if failure.node is not None else None
    return {
        "type": failure.type,
        "message": failure.message,
        "line": failure.line,
        "phase": failure.phase,
        "node": node,
    }


def _backwards(trace: Trace) -> list[dict[str, Any]]:
    steps: dict[int, list[NodeRanStep | RunEndedStep]] = {}
    for step in trace.steps:
        if isinstance(step, (NodeRanStep, RunEndedStep)):
            steps.setdefault(step.run, []).append(step)
    return [_backward(trace, run, steps.get(number, [])) for number, run in enumerate(trace.runs)]


def _backward(trace: Trace, run: RunRecord, steps: list[NodeRanStep | RunEndedStep]) -> dict[str, Any]:
    root = run.roots[0] if run.roots else None
    value = root.value.items[0] if root is not None and root.value is not None and len(root.value.items) == 1 else None
    return {
        "line": run.line,
        "root": trace.tensors[root.tensor].name if root is not None and root.tensor is not None else None,
        "root_value": None if value is None else _plain(value),
        "nodes": [trace.nodes[s.node].name for s in steps if isinstance(s, NodeRanStep)],
        "completed": any(isinstance(s, RunEndedStep) and s.completed for s in steps),
    }


def _compared(one: Compared) -> dict[str, Any]:
    """As texts; the whole numbers stand among the leaves."""
    true = value_text(one.true) if one.unavailable is None else f"? ({one.unavailable})"
    computed = "–" if one.computed is None else value_text(one.computed)
    return {"name": f"{one.name}.grad", "computed": computed, "true": true}


def _numeric(check: Check, _: Translate) -> dict[str, Any]:
    """Flat gradients of one backward run; without a number, ``verdict`` says why."""
    return {
        "backward": check.run,
        "line": check.line,
        "name": check.name,
        "shape": check.shape,
        "computed": None if check.computed is None else [finite_or_word(number) for number in check.computed],
        "numeric": None if check.numeric is None else [finite_or_word(number) for number in check.numeric],
        "kinks": check.kinks,
        "difference": None if check.difference is None else finite_or_word(check.difference),
        "agrees": check.agrees,
        "verdict": verdict(check, _),
    }


def _later(line: int | None, value: Any) -> dict[str, Any]:
    """A run past the recording budget: only its root's value is known."""
    return {"line": line, "root": None, "root_value": value, "nodes": [], "completed": True}


def _leaves(trace: Trace) -> list[dict[str, Any]]:
    why = index_of(trace).why_nones
    return [_leaf(leaf, why.of(leaf)) for leaf in trace.leaves]


def _leaf(leaf: Leaf, why: WhyNone | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": leaf.name,
        "shape": list(leaf.shape),
        "grad": nested(leaf.grad) if leaf.grad is not None and leaf.grad.is_whole else None,
        "true_grad": nested(leaf.true_grad) if leaf.true_grad is not None and leaf.true_grad.is_whole else None,
        "why_none": why,
    }
    if leaf.grad is not None and not leaf.grad.is_whole:
        row["grad_norm"] = leaf.grad.stats.norm if leaf.grad.stats is not None else None
    if leaf.true_grad is not None and not leaf.true_grad.is_whole:
        row["true_grad_norm"] = leaf.true_grad.stats.norm if leaf.true_grad.stats is not None else None
    return row


def _plain(number: Number) -> Any:
    return msgspec.to_builtins({"re": number.re, "im": number.im}) if isinstance(number, Complex) else number


def _empty(shape: tuple[int, ...]) -> Any:
    """Nested lists without a number; of a shape that has very many of them, none."""
    outer = shape[: shape.index(0)] if 0 in shape else ()
    if n_elements(outer, MOST_EMPTY) == MOST_EMPTY or len(outer) > MOST_EMPTY_DIMS:
        return []
    lists: Any = []
    for size in reversed(outer):
        lists = [deepcopy(lists) for _ in range(size)]
    return lists


def _root_text(number: float | NotFinite | dict[str, float | NotFinite]) -> str:
    return number_text(Complex(**number) if isinstance(number, dict) else number)


def _leaf_text(leaf: Leaf, row: dict[str, Any], _: Translate) -> str:
    text = value_text(leaf.grad)
    if row["why_none"] is not None:
        text = f"None ({row['why_none']})"
    if leaf.true_grad is not None:
        return _("grad {grad}, the right one is {true}").format(grad=text, true=value_text(leaf.true_grad))
    return _("grad {grad}").format(grad=text)
