"""What pages show of a recording: made once for its content, and a plain sentence where it cannot be made."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from engine.contract.packed import Packed
from engine.contract.trace import Trace
from engine.text.language import N_
from engine.variants.sheet import Sheet
from graphviz_tools.drawing.processes import DrawingError, Why
from graphviz_tools.drawing.requests import Asked
from pages.ui.components.picture import picture
from pages.ui.desk import drawing
from pages.ui.desk.desk import NamedDesks
from pages.ui.desk.results import KnownTraces, Result
from pages.ui.detach.bench import Bench
from tests.graphviz_tools.test_any_trace import LAYOUT
from tests.graphviz_tools.traces import mutated


class Counting:
    """Answers in this process, or never."""

    def __init__(self, why: Why | None = None) -> None:
        self.why: Why | None = why
        self.n = 0

    def ask_bytes(self, request: Asked[object], recorded: Sequence[Packed], visitor: str) -> bytes:
        self.n += 1
        if self.why is not None:
            raise DrawingError(self.why)
        return msgspec.msgpack.encode(request.make([one.trace() for one in recorded], LAYOUT))


def traced(name: str) -> Trace:
    """A recording that no other test has drawn."""
    return msgspec.structs.replace(mutated("data"), stdout=name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_results_of_one_content_are_drawn_once(monkeypatch: pytest.MonkeyPatch, language) -> None:
    counting = Counting()
    monkeypatch.setattr(drawing, "drawing", lambda: counting)
    first, second = (Result(key, traced(f"content {language}")) for key in "ab")
    pictures = [picture(result, "backward", 0, language) for result in (first, second, first)]
    assert counting.n == 1
    assert [one.run_key for one in pictures] == ["a", "b", "a"]
    picture(first, "combined", 0, language)
    assert counting.n == 2


@pytest.mark.parametrize("why", ["time", "memory", "size", "error"])
def test_a_recording_that_cannot_be_drawn_is_its_code_its_output_and_why(monkeypatch: pytest.MonkeyPatch, why) -> None:
    monkeypatch.setattr(drawing, "drawing", lambda: Counting(why))
    trace = traced(f"printed before {why}")
    payload = picture(Result("key", trace), "backward", 0, "en")
    assert (payload.source, payload.stdout, payload.run_key) == (trace.program.source, trace.stdout, "key")
    assert payload.svg is None
    assert payload.no_picture == drawing.why_not_drawn(DrawingError(why), N_)
    assert payload.editable


def test_variants_that_cannot_be_compared_are_their_programs_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "drawing", lambda: Counting("time"))
    sheet = Sheet()
    bench = Bench(NamedDesks(None, KnownTraces(frozenset())))  # type: ignore[arg-type]
    results = tuple(Result(v.slug, traced(f"variant {v.slug}")) for v in sheet.variants[:2])
    monkeypatch.setattr(Bench, "variants", sheet.variants[:2])
    monkeypatch.setattr(bench, "results", lambda: results)
    compared = bench.comparison("en")
    assert compared.source == sheet.template
    assert [column.slug for column in compared.columns] == [result.key for result in results]
    assert compared.notices == (drawing.why_not_drawn(DrawingError("time"), N_),)
