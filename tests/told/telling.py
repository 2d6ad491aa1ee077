"""Everything a reader is told of a recording, as lines of text that a person can compare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.contract.trace import Trace
from engine.explain.errors.explain_error import explain
from engine.gradients.table import GradientRow, gradient_rows
from engine.referee.finding import Finding
from engine.referee.findings import findings
from engine.report import readable
from engine.text.language import translator
from graphviz_tools.payload import encode
from graphviz_tools.picture import dot_text, show
from graphviz_tools.render.layout import LaysOut

ROOT = Path(__file__).resolve().parents[2]
LESSONS = [
    "c1_product",
    "c2_square",
    "c3_error",
    "c4_vector_jacobian",
    "c5_detach",
    "d2_half_frozen",
    "d3_no_grad",
    "d4_zeros",
    "d5_data",
    "d5_detach",
    "d6_numpy_error",
    "d7_item_error",
    "d8_reshape",
    "e1_leaf",
    "e2_accumulate",
    "e3_retain_grad",
    "e4_cut",
    "f01_saved_overwritten",
    "f03_second_backward",
    "f08_never_reached",
    "f14_masked_root",
    "f16_numpy",
    "b2_one_of_two",
]
_ = translator("en")
_LONG = re.compile(r"-?(?:\d+\.\d{3,}|\d{2,}\.\d{2,}|\d\.\d+(?=e))(?:e[-+]?\d+)?")


def told(trace: Trace, layout: LaysOut) -> str:
    """One JSON value a line, each with what it is of in front."""
    return "".join(f"{line}\n" for line in _lines(trace, layout))


def judged(trace: Trace) -> str:
    """What is told of a program that is wrong, without its steps."""
    return "".join(f"{line}\n" for line in _judged(trace))


def _judged(trace: Trace) -> Iterator[str]:
    for finding in findings(trace):
        yield _line("finding", {**_plain(finding), "explanation": finding.explanation.text(_)})
    explanation = explain(trace)
    if explanation is not None:
        yield _line("error", explanation.text(_))
    for row in gradient_rows(trace):
        fields = _plain(row)
        del fields["gradient"], fields["true"], fields["findings"]  # told above and in the report
        yield _line("gradient", fields)
    yield from (_line("report", line) for line in readable(trace).splitlines()[1:])  # the first has the seconds


def _lines(trace: Trace, layout: LaysOut) -> Iterator[str]:
    yield from _judged(trace)
    yield from (_line("dot", line) for line in dot_text(trace, _=_).splitlines())
    payload: dict[str, Any] = json.loads(encode(show(trace, view="combined", _=_, language="en", layout=layout)))
    for name, part in payload.items():
        if name in ("svg", "strings", "run_key", "source", "stdout", "version"):
            continue
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else [("", part)]
        for key, item in items:
            yield _line(f"{name} {key}".strip(), item)


def _line(what: str, thing: object) -> str:
    return f"{what}: {_LONG.sub(_rounded, json.dumps(thing, ensure_ascii=False))}"


def _rounded(number: re.Match[str]) -> str:
    """Processors differ in the last bits of a sum or an exponential: of long numbers only two digits are compared."""
    return f"{float(number[0]):.2g}"


def _plain(thing: Finding | GradientRow) -> dict[str, Any]:
    return msgspec.to_builtins(thing, str_keys=True, enc_hook=str)
