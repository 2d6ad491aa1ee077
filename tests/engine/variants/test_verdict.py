"""Error, silently wrong, or right; and why a write did no harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.contract.trace import Leaf, Program, Trace
from engine.explain.errors.explanation import said
from engine.program.template import fill
from engine.referee.finding import Compared, Finding
from engine.referee.findings import findings
from engine.running import Runner
from engine.running.runner import run
from engine.text.language import LANGUAGES, translator
from engine.variants.example import TEMPLATE, VARIANTS
from engine.variants.verdict import Verdict, verdict
from tests.graphviz_tools.traces import c1, mutated, trace, value

TEXTS = {variant.slug: variant.text for variant in VARIANTS}
TRUE = (6.0, pytest.approx(4 / 3), pytest.approx(4 / 3))
COMPARED = Compared("a", 0, value(0, 0, 0), value(6, 4 / 3, 4 / 3))


def finding(kind, *gradients: Compared) -> Finding:
    return Finding(
        kind, 5, said("{x} is wrong", "do this", x="b"), lines=(("saved", 3), ("changed", 5)), gradients=gradients
    )


# --- from findings made by hand -------------------------------------------------------------------


def test_a_silent_finding_makes_it_wrong():
    found = verdict(mutated("data"), [finding("silent-wrong-gradient", COMPARED)])
    assert (found.kind, found.lines, found.gradients) == ("wrong", (("saved", 3), ("changed", 5)), (COMPARED,))


def test_an_error_has_the_lines_of_its_finding():
    found = verdict(mutated("detach"), [finding("inplace-error", COMPARED)])
    assert (found.kind, found.lines) == ("error", (("saved", 3), ("changed", 5)))


def test_an_error_without_a_finding_is_explained_and_has_its_line():
    found = verdict(mutated("detach"), [])
    assert (found.kind, found.lines) == ("error", (("cause", 6),))
    assert found.why is not None


def test_another_finding_makes_it_doubtful():
    found = verdict(c1(), [finding("grad-accumulated")])
    assert (found.kind, found.why) == ("doubtful", finding("grad-accumulated").explanation)


def test_a_right_run_shows_its_gradients():
    whole = trace(
        "", runs=c1().runs, leaves=(Leaf("x", 0, (2,), "float32", value(4, 5)), Leaf("y", 1, (2,), "float32"))
    )
    assert verdict(whole, []).gradients == (Compared("x", 0, value(4, 5), value(4, 5)),)


def test_without_a_backward_there_is_nothing_to_judge():
    assert verdict(trace(""), []).kind == "none"


# --- from real runs -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as the_runner:
        yield the_runner


def judged(runner: Runner, text: str) -> tuple[Trace, Verdict]:
    filled = fill(TEMPLATE, text)
    recorded = run(runner, Program(filled.source))
    return recorded, verdict(recorded, findings(recorded), filled.own)


@pytest.mark.parametrize("slug", ["detach", "no-grad"])
def test_a_counted_write_is_an_error_with_three_lines_and_the_gradient_it_would_have_had(runner, slug):
    _, found = judged(runner, TEXTS[slug])
    assert (found.kind, found.lines) == ("error", (("saved", 5), ("changed", 8), ("used", 10)))
    assert [(one.name, one.computed, one.true and one.true.items) for one in found.gradients] == [("a", None, TRUE)]


@pytest.mark.parametrize(("slug", "changed"), [("data", 8), ("numpy", 7)])
def test_an_uncounted_write_is_silently_wrong(runner, slug, changed):
    _, found = judged(runner, TEXTS[slug])
    assert (found.kind, found.lines) == ("wrong", (("saved", 5), ("changed", changed), ("used", 10)))
    ((computed, true),) = [(one.computed, one.true) for one in found.gradients]
    assert computed is not None and true is not None
    assert (computed.items, true.items) == ((0.0, 0.0, 0.0), TRUE)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            TEXTS["clone"],
            "Line 8 changed `b_`, which is a copy with a storage of its own. `b` still is as it was saved.",
        ),
        (TEXTS["out-of-place"], "Nothing was written in place: each result went to a storage of its own"),
        (TEXTS["not-saved"], "Line 8 changed `b.data`, but nothing had saved those numbers"),
        (
            "old = b.data.clone()\nb.data.zero_()\nb.data.copy_(old)",
            "before backward ran the same bytes were there again",
        ),
        ("b.data.copy_(b.data)", "Line 7 wrote to `b.data`, which MulBackward0 had saved, but the bytes are the same"),
        ("b.data.zero_()\nloss = (b * b).sum()", "Line 7 changed `b.data` before MulBackward0 saved it on line 8"),
        ("loss.backward()\nb.data.zero_()\nloss = a.sum()", "Line 8 changed `b.data` after backward had used it"),
        ("loss = (b[:2] * b[:2]).sum()\nb.data[2:].zero_()", "Line 8 wrote to another part of the storage"),
    ],
)
def test_a_write_without_harm_has_its_reason(runner, text, reason):
    recorded, found = judged(runner, text)
    assert recorded.ending == "ok"
    assert found.why is not None
    assert (found.kind, reason in found.why.text(translator("en"))[0]) == ("right", True)
    for language in LANGUAGES:
        assert "{" not in found.why.text(translator(language))[0]
