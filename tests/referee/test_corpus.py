"""Every program of the golden corpus gets exactly the findings its last lines expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from engine.explain.errors.explanation import Explanation
from engine.referee.finding import Finding, Kind
from engine.running import Runner
from tests.referee.corpus import PENDING, RIGHT, WRONG, Expected, compare, expectations, judge, trace_of

NOT_ALL = pytest.mark.xfail(reason="its rule is not written yet", strict=False)
PROGRAMS = [pytest.param(p, id=p.stem, marks=[NOT_ALL] if p.stem in PENDING else []) for p in (*WRONG, *RIGHT)]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as one:
        yield one


@pytest.mark.parametrize("path", PROGRAMS)
def test_the_findings_are_those_expected(runner: Runner, path: Path) -> None:
    trace = trace_of(runner, path)
    verdict = judge(path, trace)
    assert (verdict.missing, verdict.unexpected) == ((), ())
    assert trace.ending in (("ok", "error") if path in WRONG else ("ok",))
    assert [omission for omission in trace.omissions if omission.what == "fault"] == []


def test_the_corpus_has_programs_of_every_kind() -> None:
    expected = [one for path in WRONG for one in expectations(path.read_text(encoding="utf-8"))]
    kinds = Counter(kind for one in expected for kind in one.kinds)
    assert kinds["silent-wrong-gradient"] >= 12
    assert all(kinds[kind] >= 3 for kind in get_args(Kind)), kinds
    assert len(WRONG) >= 65 and len(RIGHT) >= 65


def test_wrong_programs_expect_something_and_right_ones_nothing() -> None:
    assert [path.stem for path in WRONG if not expectations(path.read_text(encoding="utf-8"))] == []
    assert [path.stem for path in RIGHT if expectations(path.read_text(encoding="utf-8"))] == []


def test_expected_lines_are_lines_of_the_program() -> None:
    for path in WRONG:
        lines = path.read_text(encoding="utf-8").splitlines()
        for one in expectations("\n".join(lines)):
            assert all(lines[line - 1].strip() and not lines[line - 1].startswith("#") for line in one.lines), path.stem


def test_pending_names_are_programs() -> None:
    assert {path.stem for path in (*WRONG, *RIGHT)} >= PENDING


def test_an_expectation_is_read_with_its_alternatives() -> None:
    (one,) = expectations("x = 1\n\n# expect: no-grad-fn line=5|7 tensor=a|b\n")
    assert one == Expected(frozenset({"no-grad-fn"}), frozenset({5, 7}), frozenset({"a", "b"}))


@pytest.mark.parametrize(
    "line", ["# expect: no-grad-fn", "# expect: no-such-kind line=3", "# expected: no-grad-fn line=3"]
)
def test_an_expectation_that_cannot_be_read_is_an_error(line: str) -> None:
    with pytest.raises(ValueError):
        expectations(line)


def finding(kind: Kind, line: int, name: str | None = None) -> Finding:
    return Finding(kind=kind, line=line, name=name, explanation=Explanation("", ""))


def test_what_is_not_found_is_missing_and_what_is_not_expected_is_unexpected() -> None:
    expected = expectations("# expect: leaf-inplace line=3 tensor=w\n# expect: graph-retained line=9")
    verdict = compare("one", expected, [finding("leaf-inplace", 3, "w"), finding("leaf-inplace", 4, "w")])
    assert verdict.missing == expected[1:]
    assert verdict.unexpected == ("leaf-inplace line=4 tensor=w",)
    assert not verdict.is_perfect


def test_another_tensor_is_another_finding() -> None:
    verdict = compare("one", expectations("# expect: leaf-inplace line=3 tensor=w"), [finding("leaf-inplace", 3, "b")])
    assert len(verdict.missing) == 1 and verdict.unexpected == ("leaf-inplace line=3 tensor=b",)


def test_the_same_finding_met_twice_counts_once() -> None:
    expected = expectations("# expect: silent-wrong-gradient line=3")
    found = [finding("silent-wrong-gradient", 3, "w"), finding("silent-wrong-gradient", 3, "b")]
    assert compare("one", expected, found).is_perfect
