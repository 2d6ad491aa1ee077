"""One word on a variant: an error, silently wrong, or right; and why a change in place did no harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.contract.trace import CalledStep, NodeRanStep, Saved, Trace
from engine.explain.errors.explain_error import explain
from engine.explain.errors.explanation import Explanation, said
from engine.reading import shared_memory
from engine.reading.naming import called
from engine.referee.finding import Compared, Finding, Role
from engine.text.language import N_

CUTS = {"data": "data", "detach": "detach()"}
VerdictKind = Literal["error", "wrong", "doubtful", "right", "none"]


@dataclass(frozen=True)
class Verdict:
    """``doubtful``: another finding than those about overwritten saved tensors. ``none``: no backward to judge."""

    kind: VerdictKind
    why: Explanation | None
    lines: tuple[tuple[Role, int], ...] = ()
    gradients: tuple[Compared, ...] = ()


def verdict(trace: Trace, found: Sequence[Finding], own: range | None = None) -> Verdict:
    """The verdict on a run, from the referee's findings. ``own``: the lines whose change in place is asked about."""
    silent = next((finding for finding in found if finding.kind == "silent-wrong-gradient"), None)
    if silent is not None:
        return Verdict("wrong", silent.explanation, silent.lines, silent.gradients)
    if trace.failure is not None or trace.ending not in ("ok", "exit"):
        raised = next((f for f in found if f.kind in ("inplace-error", "step-before-backward")), None)
        if raised is not None:
            return Verdict("error", raised.explanation, raised.lines, raised.gradients)
        line = trace.failure.line if trace.failure is not None else None
        return Verdict("error", explain(trace), () if line is None else (("cause", line),))
    gradients = tuple(_as_computed(trace))
    if found:
        return Verdict("doubtful", found[0].explanation, found[0].lines, gradients)
    if not trace.runs:
        return Verdict("none", said(N_("No backward ran: there is no gradient to judge."), N_("Call `backward()`.")))
    return Verdict("right", harmless(trace, own), (), gradients)


def _as_computed(trace: Trace) -> Iterator[Compared]:
    for leaf in trace.leaves:
        if leaf.tensor is not None and leaf.grad is not None:
            yield Compared(leaf.name, leaf.tensor, leaf.grad, leaf.grad)


# --- why a write did no harm ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Write:
    """A write in place: the step just after it, its line, the tensor written to (None: memory, not by torch)."""

    step: int
    line: int | None
    tensor: int
    storage: int | None


@dataclass(frozen=True)
class _Kept:
    """A saved tensor of a node that a backward run uses."""

    node: int
    saved: Saved
    made: int  # the step after which it was saved
    used: int | None  # the step at which its node ran


def name_of(trace: Trace, tensor: int) -> str:
    """The tensor's name; of an unnamed one how it was cut from another: ``b.data``; else the call that made it."""
    record = trace.tensors[tensor]
    if record.name is None and record.cut_from is not None and record.cut in CUTS:
        return f"{name_of(trace, record.cut_from)}.{CUTS[record.cut]}"
    return called(trace, tensor)


def harmless(trace: Trace, own: range | None = None) -> Explanation:
    """Why the saved tensors were right when backward used them, though something may have been written."""
    writes = [write for write in _writes(trace) if own is None or write.line in own]
    if writes:
        return _why(trace, writes[0])
    return _said(
        N_(
            "Nothing was written in place: each result went to a storage of its own, so what backward has saved "
            "still is as it was."
        )
    )


def _why(trace: Trace, write: _Write) -> Explanation:
    kept = [one for one in _kept(trace) if write.storage is not None and _storage(trace, one.saved) == write.storage]
    values = {"line": write.line or "?", "name": name_of(trace, write.tensor)}
    if not kept:
        return _not_saved(trace, write, values)
    first = kept[0]
    values |= {"node": trace.nodes[first.node].name, "saved": trace.nodes[first.node].line or "?"}
    if all(one.made > write.step for one in kept):
        return _said(
            N_(
                "Line {line} changed `{name}` before {node} saved it on line {saved}: the changed numbers are the "
                "ones that belong to this forward pass."
            ),
            **values,
        )
    if all(one.used is not None and one.used < write.step for one in kept if one.made <= write.step):
        return _said(
            N_("Line {line} changed `{name}` after backward had used it: nobody needs the old numbers any more."),
            **values,
        )
    if not any(_touches(trace, one.saved, write.tensor) for one in kept):
        return _said(
            N_(
                "Line {line} wrote to another part of the storage: the elements that {node} has saved are as they were."
            ),
            **values,
        )
    if any(row.is_restored for row in trace.overwrites):
        return _said(
            N_(
                "Line {line} changed `{name}`, which {node} had saved, but before backward ran the same bytes were "
                "there again. PyTorch did not check that."
            ),
            **values,
        )
    return _said(
        N_("Line {line} wrote to `{name}`, which {node} had saved, but the bytes are the same as before."), **values
    )


def _not_saved(trace: Trace, write: _Write, values: Mapping[str, object]) -> Explanation:
    record = trace.tensors[write.tensor]
    made = trace.calls[record.call] if record.call is not None else None
    if (
        made is not None
        and made.name in ("clone", "copy", "deepcopy")
        and made.inputs
        and made.inputs[0].tensor is not None
    ):
        return _said(
            N_(
                "Line {line} changed `{name}`, which is a copy with a storage of its own. `{source}` still is as it "
                "was saved."
            ),
            **values,
            source=name_of(trace, made.inputs[0].tensor),
        )
    return _said(
        N_(
            "Line {line} changed `{name}`, but nothing had saved those numbers: the backward of this program does "
            "without them."
        ),
        **values,
    )


def _said(meaning: str, **values: object) -> Explanation:
    return said(meaning, "", **values)


def _writes(trace: Trace) -> Iterator[_Write]:
    for step, done in enumerate(trace.steps, 1):
        if isinstance(done, CalledStep):
            call = trace.calls[done.call]
            for change in call.in_place:
                if trace.tensors[change.tensor].grad_of is None:
                    yield _Write(step, call.line, change.tensor, trace.tensors[change.tensor].storage)
    for row in trace.overwrites:
        saved = next((s for s in trace.nodes[row.node].saved if s.role == row.role), None)
        if row.by == "memory" and saved is not None and saved.tensor is not None:
            yield _Write(row.step, row.line, saved.tensor, _storage(trace, saved))


def _kept(trace: Trace) -> list[_Kept]:
    made: dict[int | None, int] = {s.call: step for step, s in enumerate(trace.steps, 1) if isinstance(s, CalledStep)}
    used = {s.node: step for step, s in enumerate(trace.steps, 1) if isinstance(s, NodeRanStep)}
    nodes = {node for run in trace.runs for node in run.nodes}
    return [
        _Kept(number, saved, made.get(trace.nodes[number].call, 0), used.get(number))
        for number in sorted(nodes)
        for saved in trace.nodes[number].saved
    ]


def _storage(trace: Trace, saved: Saved) -> int | None:
    if saved.storage is not None:
        return saved.storage
    return None if saved.tensor is None else trace.tensors[saved.tensor].storage


def _touches(trace: Trace, saved: Saved, tensor: int) -> bool:
    return saved.tensor is None or shared_memory.overlap(trace.tensors[saved.tensor], trace.tensors[tensor])
