"""Hostile names, code, output and errors stay text: in every payload, picture, export and report."""

from __future__ import annotations

from html.parser import HTMLParser

import msgspec
import pytest

from engine.contract.assemble import assemble
from engine.contract.events import Chunk, Finished, Printed
from engine.contract.trace import (
    AccumulatedStep,
    CalledStep,
    CallRecord,
    Edge,
    Failure,
    Leaf,
    Limits,
    NodeRanStep,
    NodeRecord,
    Program,
    Root,
    RunEndedStep,
    RunRecord,
    RunStartedStep,
    TensorRecord,
    TensorState,
    Trace,
    Value,
)
from engine.report import readable, report
from engine.text.language import translator
from graphviz_tools.picture import show
from tests.hostile import TEXTS

ONE = Value((1,), "float32", (1.0,), ((0,),))


def hostile(text: str) -> Trace:
    """A whole run in which every string that a program chooses is ``text``."""
    state = TensorState(0, 0, requires_grad=True, value=ONE)
    chunk = Chunk(
        tensors=(
            TensorRecord((1,), text, text, name=text, kind=text, layout=text),
            TensorRecord((1,), "float32", "cpu"),
        ),
        nodes=(
            NodeRecord("AccumulateGrad", variable=0),
            NodeRecord(
                text,
                0,
                (Edge(0),),
                attributes=((text, text),),
                call=0,
                line=1,
                scope=(text,),
                frame=text,
                is_custom=True,
            ),
        ),
        calls=(
            CallRecord(
                text,
                text,
                1,
                outputs=(TensorState(1, 0, node=1, value=ONE),),
                nodes=(1,),
                seen=(state,),
                scope=(text,),
                frame=text,
                result=text,
            ),
        ),
        runs=(RunRecord("backward", 1, roots=(Root(1, 1, value=ONE),), nodes=(1, 0)),),
        steps=(
            CalledStep(0),
            RunStartedStep(0),
            NodeRanStep(0, 1, (ONE,), (ONE,)),
            NodeRanStep(0, 0, (ONE,)),
            AccumulatedStep(0, 0, None, ONE, 0),
            RunEndedStep(0, completed=False, error=text),
        ),
    )
    failure = Failure(text, text, 1, "backward", node=1, call=text, traceback=text)
    finished = Finished("error", failure, (Leaf(text, 0, (1,), text, grad=ONE),), 1)
    program = Program(f"x = 1  # {text}\n", filename=text)
    return assemble(program, Limits(), [chunk, Printed("stdout", text), Printed("stderr", text), finished])


class Tags(HTMLParser):
    """The elements and attributes of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("view", ["backward", "combined"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_has_the_elements_of_a_picture_only(text: str, view: str, language: str) -> None:
    payload = show(hostile(text), view=view, _=translator(language), language=language, editable=True)  # type: ignore[arg-type]
    assert payload.svg is not None
    tags = Tags(payload.svg)
    assert tags.names <= {
        "svg",
        "g",
        "title",
        "polygon",
        "path",
        "ellipse",
        "text",
        "polyline",
        "a",
        "defs",
        "clippath",
        "rect",
        "tspan",
        "style",
    }
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert not tags.attributes & {"href", "xlink:href", "src", "srcdoc", "action", "formaction"}
    msgspec.json.decode(msgspec.json.encode(payload))


@pytest.mark.parametrize("text", TEXTS)
def test_the_report_is_text_and_carries_it_whole(text: str) -> None:
    data = report(hostile(text), text)
    assert data["error"]["message"] == text and data["leaves"][0]["name"] == text
    assert readable(hostile(text))
