"""What the clinic says: of a prediction beside what happened, why it happened, how the cured program went."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.contract.trace import Trace
from engine.explain.errors.explain_error import explain
from engine.program.lesson import Lesson
from engine.referee.finding import Finding
from engine.referee.outcome import Outcome
from engine.text.language import N_, Translate
from graphviz_tools.value_table import short_text
from pages.ui.frame.markdown import code

PREDICTIONS: dict[Outcome, str] = {
    "raised": N_("An error is raised"),
    "right": N_("It runs, and every gradient is right"),
    "wrong": N_("It runs, and a gradient is wrong or missing"),
}
MOST_LEAVES = 4  # whose gradients are told


def verdict(
    predicted: Outcome | None, happened: Outcome | None, trace: Trace, found: Sequence[Finding], _: Translate
) -> None:
    """Whether the prediction came true."""
    told = what_happened(happened, trace, found, _)
    if happened is None or predicted is None:
        st.info(told, icon=":material/info:")
    elif predicted == happened:
        st.success(_("**As you predicted.**") + " " + told, icon=":material/check_circle:")
    else:
        said = _("You predicted: “{prediction}”.").format(prediction=_(PREDICTIONS[predicted]))
        st.error(" ".join((_("**Not as predicted.**"), told, f"*{said}*")), icon=":material/cancel:")


def what_happened(happened: Outcome | None, trace: Trace, found: Sequence[Finding], _: Translate) -> str:
    """The run in one sentence, Markdown."""
    match happened:
        case "raised":
            return _raised(trace, _)
        case "right" if found:
            return _("It ran, and every gradient is right. But something else is not.")
        case "right":
            return _("It ran, and every gradient is right.")
        case "wrong":
            return _("It ran without an error, and a gradient is wrong or missing.")
        case None:
            return _("The run was ended before it could show anything.")


def why(lesson: Lesson, trace: Trace, found: Sequence[Finding], _: Translate) -> None:
    """The reason in the lesson's own words, where the player does not tell it: it says beside the code what it found,
    with lines, cure, computed and true gradients, and explains an error at its step."""
    if not found and explain(trace) is None:
        st.markdown(" ".join(_(paragraph) for paragraph in lesson.text[1:3]))


def cured(happened: Outcome | None, trace: Trace, found: Sequence[Finding], _: Translate) -> None:
    """How the cured program went, and the gradients it gives."""
    told = what_happened(happened, trace, found, _)
    grads = [(leaf.name, leaf.grad) for leaf in trace.leaves if leaf.grad is not None][:MOST_LEAVES]
    told += " " + " · ".join(code(f"{name}.grad = {short_text(grad, _)}") for name, grad in grads)
    if happened == "right" and not found:
        st.success(_("**Cured.**") + " " + told, icon=":material/check_circle:")
    else:
        st.warning(told, icon=":material/warning:")


def _raised(trace: Trace, _: Translate) -> str:
    failure = trace.failure
    if failure is None:
        caught = trace.raised[0]
        return _("{type} was raised on line {line}, and the program caught it.").format(
            type=code(caught.type), line=caught.line
        )
    values = {"type": code(failure.type), "line": failure.line}
    if failure.node is not None:
        return _("{type} was raised by line {line}, at the node {node}.").format(
            **values, node=code(trace.nodes[failure.node].name)
        )
    return _("{type} was raised by line {line}.").format(**values)
