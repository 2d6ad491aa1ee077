"""The script of hostile_app.py: each panel of the clinic and of the loss laboratory is given tests/hostile.py's texts."""

from __future__ import annotations

from functools import cache

import msgspec
import streamlit as st

from engine.contract.trace import Failure, Leaf, Program, Value
from engine.explain.errors.explain_error import explain
from engine.referee.findings import findings
from engine.running import run
from engine.text.language import translator
from pages.ui.clinic import compare_programs, words
from pages.ui.desk import services
from pages.ui.desk.lessons import find
from pages.ui.desk.results import Result
from pages.ui.frame.markdown import prose
from pages.ui.loss_lab import page
from pages.ui.loss_lab.desk import LossDesk, Measurement, kept
from pages.ui.loss_lab.programs import Values
from tests.hostile import ERROR, PROGRAM, TEXTS

ONE = Value((1,), "float32", (1.0,), ((0,),))


@cache
def ran(source: str) -> Result:
    return Result(str(hash(source)), run(services.runner(), Program(source)))


def failing(text: str) -> Failure:
    return Failure(text, text, 1, "forward", call=text, traceback=text)


_ = translator("en")
before, after = ran(PROGRAM + ERROR), ran(PROGRAM)
assert findings(after.trace) and explain(before.trace) is not None
for finding in findings(after.trace):
    words.why(find("c1"), after.trace, (finding,), _)
for text in TEXTS:
    trace = msgspec.structs.replace(before.trace, failure=failing(text), leaves=(Leaf(text, 0, (1,), text, grad=ONE),))
    words.verdict("raised", "raised", trace, (), _)
    words.cured("raised", trace, (), _)
    st.caption(prose(text))
everything = msgspec.structs.replace(before.trace, failure=failing("; ".join(TEXTS)))
page._failed(LossDesk(services.runner(), kept()), Measurement(Values(), {}, everything), _)
compare_programs.show(before, after, "en", _)
