"""How the page of gradients names things: tensors, states, the reason of a None."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.contract.trace import Trace, Value
from engine.gradients.table import GradientRow, State, Trend, Why
from engine.text.language import N_, Translate
from engine.text.numbers import nested_text, number_text
from graphviz_tools.graph.labels import tensor_text
from graphviz_tools.value_table import shape_text, short_text
from pages.ui.frame.markdown import code, explained

SIGNS: dict[State, str] = {  # what a gradient without a size looks like; a colour never says it alone
    "value": "",
    "zero": "0",
    "empty": "∅",
    "not_finite": "NaN",
    "none": "None",
    "pending": "·",
    "unknown": "?",
}
STATES: dict[State, str] = {
    "value": N_("computed"),
    "zero": N_("0 everywhere"),
    "empty": N_("no elements"),
    "not_finite": N_("NaN or ∞"),
    "none": N_("None"),
    "pending": N_("not computed"),
    "unknown": N_("not recorded"),
}
WHY: dict[Why, str] = {
    "no_backward": N_("No backward has run yet, so `.grad` is still None."),
    "backward_failed": N_("Backward stopped with an error before it came this far."),
    "grad_only": N_("Only `torch.autograd.grad` ran. It gives gradients back and writes none into `.grad`."),
    "not_an_input": N_("`backward(inputs=...)` asked for the gradients of other tensors only."),
    "cleared": N_("It had a gradient, and the program took it away: `zero_grad()` or `.grad = None`."),
    "not_reached": N_("What backward started from does not depend on it: no path of the graph leads here."),
    "not_recorded": N_("Only the first backward runs are recorded; later ones may have changed it."),
    "not_leaf": N_("It is no leaf: backward keeps gradients of leaves only, unless `retain_grad()` was called before."),
}
TRENDS = {
    "vanishing": N_(
        "**The gradients vanish** from {name} down: {n} of {total} leaves, all towards the input, have less than a "
        "thousandth of the norm of {beside} ({norm})."
    ),
    "exploding": N_(
        "**The gradients explode** from {name} down: {n} of {total} leaves, all towards the input, have more than a "
        "thousand times the norm of {beside} ({norm})."
    ),
}
NOT_FINAL = N_("As the last recorded backward left it; later runs were not recorded.")
N_FIRST = 3  # elements of a larger one
LONGEST = 34  # characters of a gradient in a cell
SUMMED_UP = N_("{n} gradients are added up in it.")


def labels(rows: Sequence[GradientRow], trace: Trace, _: Translate) -> tuple[str, ...]:
    """A name for each row, all different: the program's own, else the expression that made the tensor."""
    names = [_name(row, trace, _) for row in rows]
    total, seen = Counter(names), Counter[str]()
    result: list[str] = []
    for name in names:
        seen[name] += 1
        result.append(f"{name} #{seen[name]}" if total[name] > 1 else name)
    return tuple(result)


def gradient_text(row: GradientRow, _: Translate) -> str:
    """The gradient in a cell: its elements where they fit, else its norm, else what is wrong with it."""
    match row.state:
        case "value":
            return value_text(row.gradient, _)
        case "not_finite":
            return not_finite_text(row, _)
        case "zero" | "none":
            return _(STATES[row.state])
        case _:
            return f"{SIGNS[row.state]} {_(STATES[row.state])}"


def value_text(value: Value | None, _: Translate) -> str:
    """All elements where they fit into a cell, else the first ones: "[[0.5, 0.1, -2, …"."""
    text = nested_text(value, LONGEST) if value is not None else None
    if text is not None:
        return text
    if value is None or not value.items:
        return short_text(value, _)
    first = ", ".join(number_text(item, 3) for item in value.items[:N_FIRST])
    return "[" * min(len(value.shape), N_FIRST) + first + ", …"


def not_finite_text(row: GradientRow, _: Translate) -> str:
    """ "NaN: 2 of 4", "∞: 1 of 4", or both."""
    if row.size is None:
        return "NaN"
    counts = (("NaN", row.size.n_nan), ("∞", row.size.n_inf))
    told = [_("{what}: {n} of {total}").format(what=what, n=n, total=row.size.n) for what, n in counts if n]
    return ", ".join(told)


def norm_text(row: GradientRow) -> str:
    """The norm in four digits; the sign of its state where there is none."""
    if row.size is None or row.state != "value":
        return SIGNS[row.state]
    return number_text(row.size.norm) if row.size.norm is not None else "?"


def notes(row: GradientRow, _: Translate) -> tuple[str, ...]:
    """What has to be said about a row, Markdown: its findings, else why it is None, zero or not finite, and what
    else makes it other than it seems."""
    told = [explained(finding.explanation, _)[0] for finding in row.findings]
    if row.reason is not None and not told:
        told.extend(explained(row.reason.explanation, _))
    elif row.why_none is not None and not told:
        told.append(_(WHY[row.why_none]))
    if row.true is not None:
        true = code(value_text(row.true, _))
        told.append(_("The true gradient is {true}.").format(true=true))
    if not told and row.n_accumulations is not None and row.n_accumulations > 1:
        told.append(_(SUMMED_UP).format(n=row.n_accumulations))
    if not row.is_final:
        told.append(_(NOT_FINAL))
    return tuple(told)


def trend_text(found: Trend, rows: Sequence[tuple[str, GradientRow]], _: Translate) -> str:
    """The trend as a sentence: from which layer on, and against which."""
    (name, _row), (beside, other) = rows[found.first], rows[found.beside]
    n_leaves = sum(row.is_leaf for _label, row in rows)
    told = {"name": code(name), "beside": code(beside), "norm": norm_text(other), "n": found.n, "total": n_leaves}
    return _(TRENDS[found.kind]).format(**told)


def _name(row: GradientRow, trace: Trace, _: Translate) -> str:
    if row.name is not None:
        return row.name
    if row.tensor is not None:
        return tensor_text(trace, row.tensor, _)
    return _("unnamed {shape}").format(shape=shape_text(row.shape, _))
