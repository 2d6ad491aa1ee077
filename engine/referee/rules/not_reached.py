"""Gradients that are None: read from a tensor that is no leaf, or of a leaf that backward did not reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from engine.contract.ids import TensorId
from engine.contract.trace import GradRead, Leaf, TensorState, Trace
from engine.explain.errors.explanation import Explanation, said
from engine.reading.cuts import Cutting, cutting
from engine.reading.index import TraceIndex, index_of, is_complete, is_cut_short, made_from, states_after
from engine.reading.intended import is_optimized, made_on, wants_gradient
from engine.reading.naming import called
from engine.reading.why_none import WhyNone
from engine.referee.finding import Finding, on_lines
from engine.referee.rules.rebound import rebindings
from engine.text.language import N_


def findings(trace: Trace) -> tuple[Finding, ...]:
    return (*_nonleaf(trace), *_unreached(trace))


# --- .grad of a result ----------------------------------------------------------------------------


def _nonleaf(trace: Trace) -> Iterator[Finding]:
    index, rebound = index_of(trace).afresh(), {rebinding.tensor for rebinding in rebindings(trace)}
    seen: set[int | None] = set()
    for read in trace.grad_reads:
        if not read.is_none or read.tensor in rebound or read.line in seen or not index.may(len(trace.calls)):
            continue
        state = states_after(index, read.step).get(read.tensor)
        if state is None or state.is_leaf or not state.requires_grad or state.retains_grad:
            continue
        if _has_run(index, read.step):
            seen.add(read.line)
            yield _of_result(trace, index, read, state)


def _has_run(index: TraceIndex, step: int) -> bool:
    return index.first_end is not None and index.first_end <= step


def _of_result(trace: Trace, index: TraceIndex, read: GradRead, state: TensorState) -> Finding:
    record = trace.tensors[read.tensor]
    node = None if state.node is None else trace.nodes[state.node]
    leaf = _meant_leaf(trace, index, read.tensor)
    values = {
        "name": called(trace, read.tensor),
        "line": record.line or "?",
        "node": "…" if node is None else node.name,
        "call": "…" if record.call is None else trace.calls[record.call].name,
    }
    if leaf is not None:
        explanation = said(
            N_(
                "`{name}.grad` is None: `{name}` is no leaf. Line {line} made a leaf with `requires_grad=True`, "
                "but then "
                "`{call}` made `{name}` out of it, and the gradient went to the leaf, which has no name."
            ),
            N_("Ask for gradients last: `{name} = (...).requires_grad_()`."),
            **values,
        )
    else:
        explanation = said(
            N_(
                "`{name}.grad` is None: `{name}` is no leaf but the result of {node} on line {line}. Backward passes "
                "gradients through it and keeps them for leaves only."
            ),
            N_("Call `{name}.retain_grad()` before backward, or use `torch.autograd.grad(loss, {name})`."),
            **values,
        )
    return Finding(
        kind="grad-none-nonleaf",
        line=read.line,
        explanation=explanation,
        tensor=read.tensor,
        name=record.name,
        node=state.node,
        step=read.step,
        lines=on_lines(("read", read.line), ("cause", record.line)),
    )


def _meant_leaf(trace: Trace, index: TraceIndex, tensor: int) -> int | None:
    """The nameless leaf of ``w = torch.ones(3, requires_grad=True) * 2``, made on the same line."""
    record = trace.tensors[tensor]
    for source in made_from(trace, tensor) - {tensor}:
        other = trace.tensors[source]
        if source in index.node_of_leaf and other.name is None and other.line == record.line:
            return source
    return None


# --- leaves that were not reached -----------------------------------------------------------------


def _unreached(trace: Trace) -> Iterator[Finding]:
    whole = index_of(trace).afresh()
    if not whole.completed:
        return
    cut: dict[int | None, Finding] = {}
    final, trace = {leaf.name for leaf in trace.leaves}, _with_optimized(trace, whole)
    index = index_of(trace).afresh()
    source, last = index.source, max((index.started.get(run, 0) for run in index.completed), default=0)
    grown = {leaf.name.partition(".")[0] for leaf in trace.leaves if leaf.grad is not None and "." in leaf.name}
    named_last = sorted(trace.leaves, key=lambda leaf: source.is_loop_variable(leaf.name))
    for leaf in named_last:
        if cut and source.is_loop_variable(leaf.name):
            continue  # ``for p in model.parameters()``: one of those already named
        if not _is_unreached(index, leaf, index.why_nones.of(leaf), grown) or not _was_there(index, leaf, last):
            continue
        place = None if leaf.tensor is None else cutting(index, leaf.tensor)
        if not wants_gradient(index, leaf, place):
            continue
        if leaf.name not in final and not is_complete(trace) and source.may_be_skipped(place and place.line):
            continue  # what became of it later is not known
        finding = _of_leaf(index, leaf, place)
        cut.setdefault(finding.line if place is not None else -1 - len(cut), finding)
    whole.is_worn_out = whole.is_worn_out or index.is_worn_out
    yield from _one_for_each_module(cut.values())


def _with_optimized(trace: Trace, index: TraceIndex) -> Trace:
    """The trace with the leaves that only an optimizer tells of: those of modules inside of functions and objects."""
    known = {leaf.tensor for leaf in trace.leaves}
    more = [
        Leaf(name, TensorId(tensor), record.shape, record.dtype)
        for tensor in index.optimized
        if tensor not in known and (name := (record := trace.tensors[tensor]).name) is not None
    ]
    return msgspec.structs.replace(trace, leaves=(*trace.leaves, *more))


def _is_unreached(index: TraceIndex, leaf: Leaf, code: WhyNone | None, grown: set[str]) -> bool:
    """Whether no backward reached the leaf.

    Past the recording budget an optimizer must have taken a step without its gradient, or other parameters of its
    module must have gradients at the end.
    """
    if code != "not_recorded" or is_cut_short(index.trace):
        return code == "not_reached" and is_complete(index.trace)
    return is_optimized(index, leaf.tensor) or leaf.name.partition(".")[0] in grown


def _was_there(index: TraceIndex, leaf: Leaf, last: int) -> bool:
    """Whether the leaf existed when the last backward started. One that no call used is taken to."""
    if leaf.tensor is None:
        return True
    call = index.trace.tensors[leaf.tensor].call
    call = index.first_use.get(leaf.tensor) if call is None else call
    return call is None or index.call_step.get(call, 0) < last


def _one_for_each_module(found: Iterable[Finding]) -> Iterator[Finding]:
    """Weight and bias of one layer are one mistake."""
    seen: set[tuple[int | None, str]] = set()
    for finding in found:
        module, _, own = (finding.name or "").rpartition(".")
        key = (finding.line, module if module else own)
        if key not in seen:
            seen.add(key)
            yield finding


def _of_leaf(index: TraceIndex, leaf: Leaf, place: Cutting | None) -> Finding:
    trace, last = index.trace, index.completed[-1]
    made = made_on(index, leaf)
    node = None if leaf.tensor is None else index.node_of_leaf.get(leaf.tensor)
    return Finding(
        kind="grad-none-unreached",
        line=made if place is None else place.line,
        explanation=_explanation(leaf, place),
        tensor=leaf.tensor,
        name=leaf.name,
        node=node if place is None or place.node is None else place.node,
        step=index.ended[last][0] if place is None else place.step,
        lines=on_lines(
            ("cause" if place is None else "cut", made if place is None else place.line),
            ("backward", trace.runs[last].line),
        ),
    )


CUTS = {
    "detach": N_("`detach()` on line {line} took `{tensor}` out of the graph, and with it the way back to `{name}`."),
    "data": N_("`.data` on line {line} took `{tensor}` out of the graph, and with it the way back to `{name}`."),
    "no_grad": N_(
        "Line {line} ran with recording switched off (`torch.no_grad()` or the like), so no graph leads from "
        "there back to "
        "`{name}`."
    ),
    "item": N_("`item()` on line {line} took a plain number out of `{tensor}`; no graph leads back to `{name}`."),
    "tolist": N_("`tolist()` on line {line} took plain numbers out of `{tensor}`; no graph leads back to `{name}`."),
    "numpy": N_(
        "`numpy()` on line {line} took `{tensor}` to NumPy, which records nothing; no graph leads back to `{name}`."
    ),
    "new_tensor": N_(
        "`torch.tensor(...)` on line {line} made a new leaf out of `{tensor}`, without its history; no graph "
        "leads back "
        "to `{name}`."
    ),
    "not_differentiable": N_(
        "The operation on line {line} has no derivative (argmax, a comparison, rounding to integers); no graph "
        "leads back "
        "to `{name}`."
    ),
}


def _explanation(leaf: Leaf, place: Cutting | None) -> Explanation:
    if place is not None:
        return said(
            CUTS[place.cut],
            N_("Keep the way from `{name}` to the loss in the graph. Without it `{name}` never learns."),
            name=leaf.name,
            line=place.line or "?",
            tensor=place.name,
        )
    return said(
        N_("`{name}.grad` is None: what backward started from does not depend on `{name}`."),
        N_("Use `{name}` in the calculation of the loss, or leave it out; an optimizer passes it over."),
        name=leaf.name,
    )
