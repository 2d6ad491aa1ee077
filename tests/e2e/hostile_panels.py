"""The script of hostile_app.py: each panel of the clinic and of the loss laboratory is given tests/hostile.py's texts."""

from __future__ import annotations

from functools import cache

import msgspec
import streamlit as st

from engine.explain.errors import explain
from engine.language import translator
from engine.referee.findings import findings
from engine.running import run
from engine.trace import Failure, Leaf, Program, Value
from pages.ui import clinic_changes, clinic_words, loss_page, services
from pages.ui.lessons import find
from pages.ui.loss_desk import Desk, Kept
from pages.ui.loss_desk import Result as Measurement
from pages.ui.loss_programs import Values
from pages.ui.markdown import prose
from pages.ui.session import Result
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
    clinic_words.why(find("c1"), after.trace, (finding,), _)
for text in TEXTS:
    trace = msgspec.structs.replace(before.trace, failure=failing(text), leaves=(Leaf(text, 0, (1,), text, grad=ONE),))
    clinic_words.verdict("raised", "raised", trace, (), _)
    clinic_words.cured("raised", trace, (), _)
    st.caption(prose(text))
everything = msgspec.structs.replace(before.trace, failure=failing("; ".join(TEXTS)))
loss_page._failed(Desk(services.runner(), Kept()), Measurement(Values(), {}, everything), _)
clinic_changes.show(before, after, "en", _)
