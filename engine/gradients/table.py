"""Every gradient of a run as a row of numbers: what each leaf and each retained tensor ended with.

A row's numbers are over *all* elements of the gradient, also where the trace keeps only a part of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.contract.ids import TensorId
from engine.contract.trace import (
    AccumulatedStep,
    Complex,
    GradSetStep,
    Leaf,
    NotFinite,
    Number,
    Stats,
    Step,
    Trace,
    TrueGradient,
    Value,
)
from engine.contract.values import finite_or_word, n_elements, norm_of, parts
from engine.reading.index import index_of, states
from engine.reading.predicates import item_is_inf, item_is_nan, item_is_zero
from engine.referee.finding import Finding
from engine.referee.findings import findings
from engine.referee.why import Reason, Reasons

State = Literal["value", "zero", "empty", "not_finite", "none", "pending", "unknown"]
Why = Literal[
    "no_backward", "backward_failed", "grad_only", "not_an_input", "cleared", "not_reached", "not_recorded", "not_leaf"
]
NOT_YET = ("no_backward", "backward_failed")


@dataclass(frozen=True)
class Size:
    """How large a gradient is. A number is None where it is not defined: of a complex or an empty gradient."""

    n: int
    norm: float | NotFinite | None
    min: float | NotFinite | None
    max: float | NotFinite | None
    mean: float | NotFinite | None
    n_zeros: int = 0
    n_nan: int = 0
    n_inf: int = 0

    @property
    def share_of_zeros(self) -> float | None:
        """0..1; None without elements."""
        return self.n_zeros / self.n if self.n else None


@dataclass(frozen=True)
class GradientRow:
    """What ``.grad`` of one tensor was when the program ended.

    state: none: it is None although backward ran. pending: it is None because no backward came that
    far. unknown: there is a gradient whose content was not recorded. zero: every element is 0.
    """

    name: str | None  # None: the program never named it
    tensor: int | None
    shape: tuple[int, ...]
    dtype: str
    is_leaf: bool
    state: State
    gradient: Value | None = None
    size: Size | None = None  # None: no gradient, or its content is unknown
    true: Value | None = None  # what it should be; None: the same, or unknown
    true_size: Size | None = None
    n_accumulations: int | None = 0  # gradients summed up since it was None or zero; None: not all were recorded
    why_none: Why | None = None
    reason: Reason | None = None  # why it is None, zero or not finite; None: it is none of these, or not known
    findings: tuple[Finding, ...] = ()  # those that name it
    is_final: bool = True  # False: as the last recorded backward left it; later ones were not recorded

    @property
    def has_problem(self) -> bool:
        """Whether it deserves a second look: missing, zero throughout, not finite, wrong, or in a finding."""
        return self.state not in ("value", "empty", "unknown") or self.true is not None or bool(self.findings)


def gradient_rows(trace: Trace) -> tuple[GradientRow, ...]:
    """A row for each leaf that requires grad, each tensor that retains its gradient, and each other
    tensor whose ``.grad`` the program looked for in vain; in the order in which forward used them."""
    ledger, order = _Ledger(trace), order_of_use(trace)
    leaves = [*trace.leaves, *ledger.other_leaves()]
    rows = [_row(ledger, leaf, is_leaf=True) for leaf in leaves]
    rows += [_row(ledger, leaf, is_leaf=False) for leaf in ledger.retained()]
    last = len(trace.nodes)
    place = [order.get(row.tensor, last) if row.tensor is not None else last for row in rows]
    return tuple(rows[i] for i in sorted(range(len(rows)), key=lambda i: (place[i], i)))


@dataclass(frozen=True)
class Trend:
    """Gradients that shrink or grow by ``FACTOR`` on their way back. ``first``: row from which on, towards the input,
    all are so; ``beside``: row of the largest or smallest norm nearer to the loss."""

    kind: Literal["vanishing", "exploding"]
    first: int
    beside: int
    n: int  # rows from ``first`` towards the input


FACTOR = 1000.0
LEAST = 2  # rows on either side: one alone is no trend


def trend(rows: Sequence[GradientRow]) -> Trend | None:
    """Whether the leaves' gradients vanish or explode towards the input; rows in the order of use.

    Vanishing: from some layer down every norm is less than a thousandth of the largest one above it. Exploding: every
    one is more than a thousand times the smallest above. Where both are so, the one that begins nearer to the loss.
    """
    known = [
        (i, float(row.size.norm))
        for i, row in enumerate(rows)
        if row.is_leaf and row.size is not None and isinstance(row.size.norm, (int, float))
    ]
    for k in range(len(known) - LEAST - 1, LEAST - 2, -1):
        down, up = known[: k + 1], known[k + 1 :]
        largest, smallest = max(up, key=_norm_of), min(up, key=_norm_of)
        if _norm_of(max(down, key=_norm_of)) < largest[1] / FACTOR:
            return Trend("vanishing", down[-1][0], largest[0], len(down))
        if smallest[1] > 0 and _norm_of(min(down, key=_norm_of)) > smallest[1] * FACTOR:
            return Trend("exploding", down[-1][0], smallest[0], len(down))
    return None


def _norm_of(known: tuple[int, float]) -> float:
    return known[1]


def order_of_use(trace: Trace) -> dict[int, int]:
    """Tensor id -> the first node that used it (a leaf) or made it; ids of nodes are in order of making.
    A leaf no node used is missing."""
    order: dict[int, int] = {}
    for call in trace.calls:
        order.update({s.tensor: s.node for s in call.outputs if s.node is not None and not s.is_leaf})
    for number, node in enumerate(trace.nodes):
        for edge in node.next_functions:
            variable = trace.nodes[edge.node].variable if edge.node is not None else None
            if variable is not None:
                order.setdefault(variable, number)
    return order


def size_of(value: Value) -> Size | None:
    """The numbers of a value; None when only a part of it is known and nothing was counted."""
    n = n_elements(value.shape)
    if value.unavailable is not None:
        return None
    if value.stats is not None:
        s = value.stats
        return Size(n, s.norm, s.min, s.max, s.mean, s.n_zeros, s.n_nan, s.n_inf)
    if not value.is_whole:
        return None
    s = stats_of(value.items)
    return Size(n, s.norm, s.min, s.max, s.mean, s.n_zeros, s.n_nan, s.n_inf)


def stats_of(items: tuple[Number, ...]) -> Stats:
    """Statistics over numbers as the recorder gives them: min and max leave NaN out, mean and norm do not.
    Complex numbers have a norm alone; none at all a norm of 0."""
    numbers = [float(part) for item in items for part in parts(item)]
    n_zeros, n_nan, n_inf = (sum(map(test, items)) for test in (item_is_zero, item_is_nan, item_is_inf))
    norm = norm_of(items)
    told = [number for number in numbers if not math.isnan(number)]
    if not told or any(isinstance(item, Complex) for item in items):
        mean = math.nan if items and not told else None
        return Stats(None, None, _word(mean), norm, n_zeros, n_nan, n_inf)
    mean = math.nan if n_nan else sum(numbers) / len(numbers)
    return Stats(_word(min(told)), _word(max(told)), _word(mean), norm, n_zeros, n_nan, n_inf)


class _Ledger:
    """What the rows of one trace look up, gathered once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.index = index_of(trace)
        self.findings_of = _by_tensor(findings(trace))
        self.true_of: dict[int, list[TrueGradient]] = {}
        for row in trace.true_gradients:
            self.true_of.setdefault(row.tensor, []).append(row)
        self.reasons, self.known = Reasons(trace), range(len(trace.tensors))
        self.held = {leaf.tensor for leaf in trace.leaves}
        self.is_whole = all(omission.what != "backward_runs" for omission in trace.omissions)
        self.with_grad_fn = {state.tensor for made in self.index.outputs.values() for state in made}
        self.retaining = {state.tensor for call in trace.calls for state in states(call) if state.retains_grad}
        self.last: dict[int, Value | None] = {}  # what was written into .grad last
        self.n_summands: dict[int, int] = {}
        for step in trace.steps:
            self._write(step)

    def other_leaves(self) -> Iterator[Leaf]:
        """Leaves that no module-level name held when the program ended: those of a function, say."""
        for tensor in dict.fromkeys(n.variable for n in self.trace.nodes if n.variable is not None):
            if tensor not in self.held:
                yield self._leaf(tensor)

    def retained(self) -> Iterator[Leaf]:
        """Tensors with a grad_fn that keep their gradient, or whose ``.grad`` the program found to be None."""
        asked = {read.tensor for read in self.trace.grad_reads if read.is_none} & self.with_grad_fn
        leaves = self.held | {node.variable for node in self.trace.nodes}
        yield from (self._leaf(tensor) for tensor in sorted((self.retaining | asked) - leaves))

    def _leaf(self, tensor: TensorId) -> Leaf:
        record = self.trace.tensors[tensor]
        return Leaf(record.name or "", tensor, record.shape, record.dtype, self.last.get(tensor))

    def _write(self, step: Step) -> None:
        match step:
            case AccumulatedStep(tensor=tensor, after=after, node=node):
                self.n_summands[tensor] = self.n_summands.get(tensor, 0) + 1
                self.last[tensor] = after
                if node is None:
                    self.retaining.add(tensor)
            case GradSetStep(tensor=tensor, after=after):
                size = size_of(after) if after is not None else None
                is_cleared = after is None or (size is not None and size.n_zeros == size.n)
                self.n_summands[tensor] = 0 if is_cleared else 1
                self.last[tensor] = after
            case _:
                return


def _row(ledger: _Ledger, leaf: Leaf, *, is_leaf: bool) -> GradientRow:
    size = size_of(leaf.grad) if leaf.grad is not None else None
    true = leaf.true_grad or _true_gradient(ledger, leaf)
    why = _why_none(ledger, leaf, is_leaf)
    tensor = leaf.tensor
    return GradientRow(
        name=leaf.name or None,
        tensor=tensor,
        shape=leaf.shape,
        dtype=leaf.dtype,
        is_leaf=is_leaf,
        state=_state(leaf.grad, size, why),
        gradient=leaf.grad,
        size=size,
        true=true,
        true_size=size_of(true) if true is not None else None,
        n_accumulations=_n_summands(ledger, tensor) if ledger.is_whole else None,
        why_none=why,
        reason=ledger.reasons.of(tensor) if tensor is not None and tensor in ledger.known else None,
        findings=tuple(ledger.findings_of.get(tensor, ())) if tensor is not None else (),
        is_final=ledger.is_whole or tensor is None or tensor in ledger.held,
    )


def _why_none(ledger: _Ledger, leaf: Leaf, is_leaf: bool) -> Why | None:
    """The one place that asks why a gradient is None."""
    if leaf.grad is None and not is_leaf and leaf.tensor not in ledger.retaining:
        return "not_leaf"
    return ledger.index.why_nones.of(leaf)


def _state(grad: Value | None, size: Size | None, why: Why | None) -> State:
    if grad is None:
        return "pending" if why in NOT_YET else "none"
    if size is None:
        return "unknown"
    if size.n == 0:
        return "empty"
    if size.n_nan or size.n_inf:
        return "not_finite"
    return "zero" if size.n_zeros == size.n else "value"


def _true_gradient(ledger: _Ledger, leaf: Leaf) -> Value | None:
    """What the only run with changed saved tensors should have given a leaf that has nothing else."""
    rows = ledger.true_of.get(leaf.tensor, []) if leaf.tensor is not None else []
    if len(rows) != 1 or rows[0].differs is False or _n_summands(ledger, leaf.tensor) > 1:
        return None
    return rows[0].true


def _n_summands(ledger: _Ledger, tensor: int | None) -> int:
    return ledger.n_summands.get(tensor, 0) if tensor is not None else 0


def _by_tensor(found: tuple[Finding, ...]) -> dict[int, list[Finding]]:
    """Tensor -> the findings that name it."""
    by: dict[int, list[Finding]] = {}
    for finding in found:
        tensors = dict.fromkeys((finding.tensor, *(compared.tensor for compared in finding.gradients)))
        for tensor in tensors:
            if tensor is not None:
                by.setdefault(tensor, []).append(finding)
    return by


def _word(number: float | None) -> float | NotFinite | None:
    return None if number is None else finite_or_word(number)
