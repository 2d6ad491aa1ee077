"""Gradients that are None: read from a tensor that is no leaf, or of a leaf that backward did not reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.explain import clues
from engine.explain.explanation import Explanation, said
from engine.language import N_
from engine.referee.finding import Finding, on_lines
from engine.referee.history import History, is_complete, is_cut_short
from engine.referee.intended import made_on, wants_gradient
from engine.referee.path import Cutting, cutting
from engine.referee.rebound import rebindings
from engine.referee.source import Source
from engine.trace import GradRead, Leaf, TensorState, Trace
from engine.why_none import why_none


def findings(trace: Trace) -> tuple[Finding, ...]:
    return (*_nonleaf(trace), *_unreached(trace))


# --- .grad of a result ----------------------------------------------------------------------------


def _nonleaf(trace: Trace) -> Iterator[Finding]:
    history, rebound = History(trace), {rebinding.tensor for rebinding in rebindings(trace)}
    seen: set[tuple[int, int | None]] = set()
    for read in trace.grad_reads:
        key = (read.tensor, read.line)
        if not read.is_none or read.tensor in rebound or key in seen or (read.line,) in {k[1:] for k in seen}:
            continue
        state = state_at(trace, history, read.tensor, read.step)
        if state is None or state.is_leaf or not state.requires_grad or state.retains_grad:
            continue
        if _has_run(history, read.step):
            seen.add(key)
            yield _of_result(trace, read, state)


def _has_run(history: History, step: int) -> bool:
    return any(history.ended[run][0] < step for run in history.completed)


def state_at(trace: Trace, history: History, tensor: int, position: int) -> TensorState | None:
    """The last recorded state of a tensor before so many steps had been recorded."""
    last: TensorState | None = None
    for number, call in enumerate(trace.calls):
        if history.called.get(number, 0) >= position:
            break
        for state in (*call.seen, *call.outputs):
            if state.tensor == tensor:
                last = state
        if call.name == "retain_grad" and call.inputs and call.inputs[0].tensor == tensor and last is not None:
            last = TensorState(tensor, last.version, last.requires_grad, last.is_leaf, True, last.node)
    return last


def _of_result(trace: Trace, read: GradRead, state: TensorState) -> Finding:
    record = trace.tensors[read.tensor]
    node = None if state.node is None else trace.nodes[state.node]
    leaf = _meant_leaf(trace, read.tensor)
    values = {
        "name": clues.called(trace, read.tensor),
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


def _meant_leaf(trace: Trace, tensor: int) -> int | None:
    """The nameless leaf of ``w = torch.ones(3, requires_grad=True) * 2``, made on the same line."""
    record = trace.tensors[tensor]
    for source in clues.made_from(trace, tensor) - {tensor}:
        other = trace.tensors[source]
        is_leaf = any(node.variable == source for node in trace.nodes)
        if is_leaf and other.name is None and other.line == record.line:
            return source
    return None


# --- leaves that were not reached -----------------------------------------------------------------


def _unreached(trace: Trace) -> Iterator[Finding]:
    history = History(trace)
    if not history.completed:
        return
    cut: dict[int | None, Finding] = {}
    source = Source(trace.program.source)
    named_last = sorted(trace.leaves, key=lambda leaf: source.is_loop_variable(leaf.name))
    for leaf in named_last:
        if cut and source.is_loop_variable(leaf.name):
            continue  # ``for p in model.parameters()``: one of those already named
        if not _is_unreached(trace, leaf) or not _was_there(trace, history, leaf):
            continue
        place = None if leaf.tensor is None else cutting(trace, leaf.tensor)
        if not wants_gradient(trace, history, leaf, place):
            continue
        finding = _of_leaf(trace, leaf, place)
        cut.setdefault(finding.line if place is not None else -1 - len(cut), finding)
    yield from _one_for_each_module(cut.values())


def _is_unreached(trace: Trace, leaf: Leaf) -> bool:
    """Whether no backward reached the leaf. Past the recording budget its module must have gradients at the end."""
    code = why_none(trace, leaf)
    if code != "not_recorded" or is_cut_short(trace):
        return code == "not_reached" and is_complete(trace)
    root = leaf.name.partition(".")[0] + "."
    return any(other.name.startswith(root) and other.grad is not None for other in trace.leaves)


def _was_there(trace: Trace, history: History, leaf: Leaf) -> bool:
    """Whether the leaf existed when the last backward started. One that no call used is taken to."""
    last = max(history.started[run] for run in history.completed)
    call = None if leaf.tensor is None else trace.tensors[leaf.tensor].call
    if leaf.tensor is not None and call is None:
        uses = [n for n, c in enumerate(trace.calls) if any(a.tensor == leaf.tensor for a in c.inputs)]
        return not uses or history.called.get(uses[0], 0) < last
    return call is None or history.called.get(call, 0) < last


def _one_for_each_module(found: Iterable[Finding]) -> Iterator[Finding]:
    """Weight and bias of one layer are one mistake."""
    seen: set[tuple[int | None, str]] = set()
    for finding in found:
        module, _, own = (finding.name or "").rpartition(".")
        key = (finding.line, module if module else own)
        if key not in seen:
            seen.add(key)
            yield finding


def _of_leaf(trace: Trace, leaf: Leaf, place: Cutting | None) -> Finding:
    made = made_on(trace, leaf)
    node = next((i for i, n in enumerate(trace.nodes) if leaf.tensor is not None and n.variable == leaf.tensor), None)
    last = History(trace).completed[-1]
    return Finding(
        kind="grad-none-unreached",
        line=made if place is None else place.line,
        explanation=_explanation(leaf, place),
        tensor=leaf.tensor,
        name=leaf.name,
        node=node if place is None or place.node is None else place.node,
        step=History(trace).ended[last][0] + 1 if place is None else place.step,
        lines=on_lines(("cause" if place is None else "cut", made if place is None else place.line),
                     ("backward", trace.runs[last].line)),
    )  # fmt: skip


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
}  # fmt: skip


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
