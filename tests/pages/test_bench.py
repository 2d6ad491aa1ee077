"""The bench of the detach page: what is written on it, what runs, what is remembered."""

from __future__ import annotations

import pytest

from engine.variants.example import FIRST, MOST, TEMPLATE, VARIANTS
from engine.variants.sheet import Sheet, example_programs
from pages.ui.desk.desk import NamedDesks
from pages.ui.desk.results import KnownTraces
from pages.ui.detach.bench import Bench, chosen
from tests.pages.runners import HandRunner


@pytest.fixture
def runner() -> HandRunner:
    return HandRunner()


@pytest.fixture
def bench(runner: HandRunner) -> Bench:
    return Bench(NamedDesks(runner, KnownTraces(example_programs())))


def source(bench: Bench, slug: str) -> str:
    variant = next(variant for variant in bench.sheet.variants if variant.slug == slug)
    return bench.sheet.program(variant).source


def end(bench: Bench, runner: HandRunner) -> None:
    for variant in bench.variants:
        runner.end(bench.sheet.program(variant).source, variant.slug)
    assert bench.settle(timeout_s=10)


def submitted(runner: HandRunner) -> list[str]:
    return sorted(program.source for _, program in runner.submitted)


def test_it_opens_with_detach_beside_data_and_runs_both(bench, runner):
    bench.choose(())
    assert tuple(variant.slug for variant in bench.variants) == FIRST == ("detach", "data")
    assert bench.is_running
    end(bench, runner)
    assert [result.trace.stdout for result in bench.results()] == ["detach", "data"]
    assert submitted(runner) == sorted(source(bench, slug) for slug in FIRST)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (("data", "detach"), ("detach", "data")),
        (("numpy", "no such thing"), ("numpy",)),
        ((), FIRST),
        (("x",), FIRST),
        ([variant.slug for variant in VARIANTS], tuple(variant.slug for variant in VARIANTS[:MOST])),
    ],
)
def test_variants_stand_in_one_order_and_not_more_than_fit(asked, shown):
    assert chosen(asked) == shown


def test_a_variant_that_comes_back_is_not_run_again(bench, runner):
    bench.choose(("detach",))
    end(bench, runner)
    bench.choose(("data",))
    end(bench, runner)
    bench.choose(("detach", "data"))
    assert not bench.is_running
    assert len(runner.submitted) == 2


def test_the_next_visitor_gets_the_examples_results_at_once(bench, runner):
    known = KnownTraces(example_programs())
    for _ in range(2):
        visitor = Bench(NamedDesks(runner, known))
        visitor.choose(("clone",))
        if visitor.is_running:
            end(visitor, runner)
    assert len(runner.submitted) == 1


def test_running_takes_over_what_was_written_and_runs_all_that_is_shown(bench, runner):
    bench.choose(FIRST)
    end(bench, runner)
    bench.run("# the variant's lines\nend\n", {"detach": "one\ntwo\nthree\n", "data": "1"})
    assert bench.sheet.template == "# the variant's lines\n\n\nend\n"
    assert source(bench, "detach") == "one\ntwo\nthree\nend\n"
    assert source(bench, "data") == "1\n\n\nend\n"
    assert bench.is_changed
    end(bench, runner)
    assert [result.trace.program.source for result in bench.results()] == [source(bench, slug) for slug in FIRST]
    assert len(runner.submitted) == 4


def test_the_template_is_for_all_variants_also_for_those_shown_later(bench, runner):
    bench.choose(FIRST)
    bench.run("x = 1\n# the variant's lines\n\n", {})
    bench.choose(("clone",))
    runner.end(source(bench, "clone"), "new")
    assert bench.settle(timeout_s=10)
    assert bench.results()[0].trace.program.source.startswith("x = 1\nb_ = b.clone()")


def test_restoring_brings_the_example_and_its_results_back(bench, runner):
    bench.choose(FIRST)
    end(bench, runner)
    bench.run("# the variant's lines\n", {})
    bench.restore()
    assert bench.sheet == Sheet() and not bench.is_changed
    assert not bench.is_running
    assert [result.trace.stdout for result in bench.results()] == ["detach", "data"]


def test_stopping_stops_every_variant_shown(bench, runner):
    bench.choose(FIRST)
    for slug in FIRST:  # known to the runner by now
        runner.end(source(bench, slug), ending="cancelled")
    bench.stop()
    assert bench.settle(timeout_s=10)
    assert {result.trace.ending for result in bench.results()} == {"cancelled"}


def test_a_comparison_is_in_the_readers_language(bench, runner):
    bench.choose(("clone",))
    end(bench, runner)
    assert bench.comparison("en").source == TEMPLATE
    assert bench.comparison("zh").language == "zh"
