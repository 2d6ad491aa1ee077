"""A run in words and numbers for its row of the table, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.contract.live import Scalar
from engine.contract.trace import Ending
from engine.explain.errors.cases import turns
from engine.explain.errors.explain_error import explain
from engine.text.language import N_, Language, Translate, translator
from engine.text.numbers import number_text
from pages.ui.training.run import LiveRun
from pages.ui.training.store import Store, element_name

MOST_VALUES = 8  # parameters whose value stands in the table
TAIL_CHARS = 4_000  # of the output in one update
ENDINGS: dict[Ending, str] = {
    "ok": N_("finished"),
    "exit": N_("finished"),
    "error": N_("stopped with an error"),
    "recursion": N_("stopped with an error"),
    "syntax": N_("could not be read"),
    "denied": N_("was not allowed"),
    "memory": N_("ran out of memory"),
    "timeout": N_("reached the time limit"),
    "toobig": N_("is too large"),
    "output": N_("printed too much"),
    "crash": N_("crashed"),
    "vanished": N_("its process is gone"),
    "cancelled": N_("stopped"),
    "sandbox": N_("did not run"),
}
PHASES = {"waiting": N_("waits for its turn"), "running": N_("running"), "paused": N_("paused")}
REFUSED = {
    ("record_next", "budget"): N_("No further step can be recorded in this run: its recording is full."),
    ("record_next", "no_backward"): N_("No backward runs here, so there is no step to record."),
    ("learning_rate", "no_optimizer"): N_(
        "Nothing in this program is a torch optimizer, so its learning rate cannot be changed from outside."
    ),
}
BAD_ENDINGS = (
    "error",
    "recursion",
    "syntax",
    "denied",
    "memory",
    "timeout",
    "toobig",
    "output",
    "crash",
    "vanished",
    "sandbox",
)


def summary(run: LiveRun, language: Language) -> dict[str, Any]:
    """Everything of a run but its curves and its output, ready for the browser."""
    _ = translator(language)
    store = run.store
    return {
        "id": run.id,
        "number": run.number,
        "name": run.candidate.label(_),
        "broken": run.candidate.is_broken,
        "example": run.is_example,
        "phase": store.phase,
        "state": state_text(store, _),
        "bad": store.ending in BAD_ENDINGS,
        "step": store.last_step,
        "total": run.length.total,
        "share": share(run),
        "loss": number_text(store.last_loss) if store.last_loss is not None else "",
        "speed": _speed(store, _),
        "left": _left(run, _),
        "device": store.device,
        "values": values(store),
        "rates": ", ".join(dict.fromkeys(number_text(rate) for rate in learning_rates(store))),
        "marks": [[mark.step, number_text(mark.value)] for mark in store.marks],
        "recorded": [[each.step, each.run] for each in store.recorded],
        "not_finite": [store.not_finite.step, number_text(store.not_finite.value)] if store.not_finite else None,
        "record": [each + 1 for each in run.record],
        "notes": list(notes(run, _)),
    }


def state_text(store: Store, _: Translate) -> str:
    """What it does now, or how it ended."""
    if store.phase == "ended":
        ending = store.ending or "vanished"
        return _(ENDINGS[ending])
    return _(PHASES[store.phase])


def share(run: LiveRun) -> float | None:
    """How much of the run is done, 0 to 1; None when its length is not known."""
    if run.store.phase == "ended" and run.store.ending in ("ok", "exit"):
        return 1.0
    return min(run.store.last_step / run.length.total, 1.0) if run.length.total else None


def learning_rates(store: Store) -> Iterator[Scalar]:
    """The learning rate of every parameter group, as it is now."""
    for number, optimizer in sorted(store.optimizers.items()):
        for group, rate in enumerate(optimizer.learning_rates):
            yield store.rates.get((number, group), rate)


def values(store: Store) -> str:
    """The elements of the smallest leaves: ``a = 0.01, w[0] = 2``."""
    told: list[str] = []
    for number, elements in store.elements.items():
        if len(told) + len(elements) <= MOST_VALUES:
            leaf = store.leaves[number]
            told += [f"{element_name(leaf, i)} = {number_text(value)}" for i, value in enumerate(elements)]
    return ", ".join(told)


def notes(run: LiveRun, _: Translate) -> Iterator[dict[str, Any]]:
    """What a reader should know: how it ended, what is odd about its losses, what was refused."""
    store = run.store
    if run.is_example:
        text = _("An example: this lesson was trained once for all visitors. Press Start to train it yourself.")
        yield {"kind": "note", "text": text}
    if store.not_finite is not None:
        yield _not_finite(run, _)
    if store.failure is not None and store.ending == "cancelled" and (explanation := turns.explain(store.failure)):
        yield {"kind": "note", "text": " → ".join(explanation.text(_))}
    if store.failure is not None and store.ending in BAD_ENDINGS:
        yield {"kind": "bad", "text": _failure(store, _)}
        explanation = explain(run.trace())
        if explanation is not None:
            yield {"kind": "note", "text": " → ".join(explanation.text(_))}
    if store.phase == "ended" and not store.n_ticks and store.ending in ("ok", "exit"):
        yield {"kind": "note", "text": _no_backward(store, _)}
    if len(store.loss_lines) > 1:
        text = _("It has several losses: backward runs on lines {lines}. Each has a curve of its own.")
        yield {"kind": "note", "text": text.format(lines=", ".join(store.loss_lines))}
    if store.n_not_scalar:
        text = _("The root of {n} backward runs is not one number, so there is no loss to draw for them.")
        yield {"kind": "note", "text": text.format(n=f"{store.n_not_scalar:,}")}
    if store.refused is not None:
        text = _(REFUSED[store.refused.command, store.refused.why])
        yield {"kind": "note", "text": text, "refused": store.refused.command}
    if run.record:
        text = _("This run records steps {steps} in full.")
        yield {"kind": "note", "text": text.format(steps=", ".join(str(each + 1) for each in run.record))}
    if store.is_short_of_curves:
        yield {"kind": "note", "text": _("It has more leaves than curves fit: the first ones are drawn.")}


def _not_finite(run: LiveRun, _: Translate) -> dict[str, Any]:
    at = run.store.not_finite
    assert at is not None
    text = _("The loss is {value} from step {step} on.").format(value=number_text(at.value), step=at.step)
    return {"kind": "bad", "text": text, "before": at.step}


def _failure(store: Store, _: Translate) -> str:
    failure = store.failure
    assert failure is not None
    where = _("line {line}").format(line=failure.line) + ": " if failure.line else ""
    name = "" if failure.type in ("Stopped", "NotRun") else f"{failure.type}: "
    return f"{where}{name}{failure.message}"[:500]


def _no_backward(store: Store, _: Translate) -> str:
    if store.loss_curve() is not None:
        return _(
            "No backward ran: this program computes its gradients by hand. The curve is its variable `loss`, read now "
            "and then."
        )
    return _(
        "No backward ran, so there is no loss to draw. Call `backward()` on the loss, or keep it in a variable `loss` "
        "beside the number `step`."
    )


def _speed(store: Store, _: Translate) -> str:
    """Steps per second and the time of one."""
    per_s = store.rate.per_s
    if per_s is None:
        return ""
    each = f"{1000 / per_s:.3g} ms" if per_s >= 1 else f"{1 / per_s:.3g} s"
    return _("{n} steps/s · {time} each").format(n=f"{per_s:,.0f}" if per_s >= 10 else f"{per_s:.2g}", time=each)


def _left(run: LiveRun, _: Translate) -> str:
    store = run.store
    if store.phase == "ended":
        return f"{store.wall_s:.3g} s" if store.wall_s else ""
    if run.length.total is None:
        return _("length unknown")
    per_s = store.rate.per_s
    if not per_s:
        return ""
    return _("{time} left").format(time=duration(max(run.length.total - store.last_step, 0) / per_s))


def duration(seconds: float) -> str:
    """``8 s``, ``2:05``, ``1:00:00``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
