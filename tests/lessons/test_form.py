"""Lessons are read without being run, and each has what a page shows."""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.contract.trace import Limits, Program
from engine.program.lesson import FOLDER, LessonError, lesson, lessons, limits_for, messages, read
from tests.lessons.running import ran, recorded_result

SLUGS = [one.slug for one in lessons()]
SHORT = [one.slug for one in lessons() if not one.is_training]  # trainings: see test_equals_plain_python.py
ROOT = Path(__file__).parents[2]
RAISING = {"a3-detach", "a4-detach", "a5-detach", "a6-detach", "b3-detach"}  # the first update finds no gradient
TRAININGS = ["A1", "A2", "A3", "A4", "A5", "A6", "B3", "B4", "B5", "E6"]


def test_the_lessons_are_there_in_teaching_order():
    ids = list(dict.fromkeys(one.id for one in lessons() if one.id[0] in "ABCDE"))
    counts = {"A": 6, "B": 5, "C": 6, "D": 8, "E": 6}
    assert ids == [f"{part}{n}" for part, count in counts.items() for n in range(1, count + 1)]


def test_slugs_are_unique_and_find_their_lesson():
    assert len(set(SLUGS)) == len(SLUGS) == len(list(FOLDER.rglob("*.py")))
    assert lesson("d5-data").variant == ".data"
    assert lesson("nothing") is None


def test_programs_of_one_lesson_share_the_title_and_have_different_variants():
    for one in lessons():
        same = [other for other in lessons() if other.id == one.id]
        assert {other.title for other in same} == {one.title}
        assert len({other.variant for other in same}) == len(same)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_has_a_title_text_a_question_and_a_program_that_is_the_end_of_its_file(slug):
    one = lesson(slug)
    assert one.title and one.text and one.question.endswith("?")
    assert one.source.startswith("import ")
    assert one.path.read_text(encoding="utf-8").splitlines()[one.first_line - 1].startswith("import ")
    assert one.path.read_text(encoding="utf-8").endswith(one.source)
    assert all("\n" not in message for message in messages(one))
    assert len(one.title) + len(one.text[0]) < 130, "title and first paragraph stand in one line above the player"


@pytest.mark.parametrize("slug", SHORT)
def test_recording_changes_neither_what_a_lesson_prints_nor_how_it_ends(slug):
    plainly, recorded = ran(slug), recorded_result(slug)
    assert (recorded.stdout, recorded.error) == (plainly.stdout, plainly.error)


@pytest.mark.slow
def test_every_short_lesson_runs_alone_with_python():
    """All in one process after another, since importing torch is what takes long."""
    code = """
import contextlib, io, json, pathlib, runpy, sys
endings = {}
for path in map(pathlib.Path, sys.argv[1:]):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(str(path), run_name="__main__")
        endings[path.stem] = "ok"
    except Exception as error:
        endings[path.stem] = type(error).__name__
print(json.dumps(endings))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *(str(lesson(slug).path) for slug in SHORT)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT.anchor,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    endings = json.loads(done.stdout)
    raising = {
        stem for stem, ending in endings.items() if ending != "ok" and not stem.startswith("f")
    }  # see test_part_f
    assert raising == {
        "c3_error",
        "d5_detach",
        "d5_no_grad",
        "d6_numpy_error",
        "d7_item_error",
        "d8_view_error",
        "e1_integers",
    }
    assert {endings[stem] for stem in raising} == {"RuntimeError"}


def test_the_trainings_are_marked():
    assert list(dict.fromkeys(one.id for one in lessons() if one.is_training)) == TRAININGS
    for one in lessons():
        assert one.is_training == (one.id in TRAININGS)


def test_what_breaks_a_training_is_a_training_of_the_same_lesson_with_a_mistake_of_a_few_lines():
    for one in (one for one in lessons() if one.breaks):
        assert len(set(one.breaks)) == len(one.breaks)
        for broken in map(lesson, one.breaks):
            assert broken is not None, f"{one.slug} names a program that is no lesson: {one.breaks}"
            assert (broken.id, broken.is_training, broken.breaks) == (one.id, True, ())
            assert broken.series == one.series
            changes = [
                line
                for line in difflib.ndiff(one.source.splitlines(), broken.source.splitlines())
                if line.startswith(("- ", "+ "))
            ]
            assert 1 <= len(changes) <= 6, broken.slug


def test_every_training_is_right_or_breaks_one_and_every_kind_of_mistake_is_there():
    trainings = [one for one in lessons() if one.is_training]
    named = {slug for one in trainings for slug in one.breaks}
    right = [one for one in trainings if one.slug not in named]
    assert {one.id for one in right if one.breaks} == set(TRAININGS)
    for one in trainings:
        if one.breaks and one.id not in ("A1", "A2"):  # these have no graph
            kinds = {slug.split("-", 1)[1] for slug in one.breaks}
            assert {"no-zero-grad", "lr-100", "detach", "data"} <= kinds


@pytest.mark.xdist_group("trainings")
@pytest.mark.slow
def test_of_the_trainings_those_raise_whose_update_finds_no_gradient():
    assert {one.slug for one in lessons() if one.is_training and ran(one.slug).error} == RAISING


@pytest.mark.xdist_group("trainings")
@pytest.mark.parametrize("slug", [one.slug for one in lessons() if one.series])
def test_series_are_three_names_of_the_program_with_as_many_elements_each(slug):
    one = lesson(slug)
    assert len(one.series) == 3
    if ran(slug).error is None:
        x, y, y_pred = (ran(slug).namespace[name] for name in one.series)
        assert torch.as_tensor(x).numel() == torch.as_tensor(y).numel() == torch.as_tensor(y_pred).numel() > 1


def test_listing_the_lessons_imports_neither_torch_nor_babel():
    code = "import sys, engine.program.lesson as l; l.lessons(); print(sorted({'torch', 'babel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = 1\n", "a lesson is a docstring and a program"),
        ('"""Title\n\nLesson: C1\n"""\n', "a lesson is a docstring and a program"),
        ('"""Title\n\nSome text.\n"""\nx = 1\n', "needs a line like 'Lesson: D5.2'"),
        ('"""Title\n\nLesson: five\n"""\nx = 1\n', "needs a line like 'Lesson: D5.2'"),
    ],
)
def test_a_file_that_does_not_follow_the_form_is_named_with_its_fault(tmp_path, text, fault):
    path = tmp_path / "z9_odd.py"
    path.write_text(text)
    with pytest.raises(LessonError, match=fault) as caught:
        read(path)
    assert "z9_odd.py" in str(caught.value)


def test_the_settings_of_a_training_are_read(tmp_path):
    path = tmp_path / "z2_odd.py"
    path.write_text(
        '"""Title\n\nText.\n\nLesson: Z2\nTraining: yes\nSeries: x, y, y_pred\nBreak: z2-a,\nz2-b\n"""\nx = 1\n'
    )
    one = read(path)
    assert (one.is_training, one.series, one.breaks) == (True, ("x", "y", "y_pred"), ("z2-a", "z2-b"))
    assert (lesson("c1-product").is_training, lesson("c1-product").series, lesson("c1-product").breaks) == (
        False,
        (),
        (),
    )


def test_settings_may_wrap_and_a_comment_before_the_code_belongs_to_the_program(tmp_path):
    path = tmp_path / "z1_odd.py"
    path.write_text('"""Title\n\nOne\ntwo.\n\nQuestion: Is it\nwrapped?\nLesson: Z1.2\n"""\n\n# first\nx = 1\n')
    one = read(path)
    assert (one.text, one.question, one.order) == (("One two.",), "Is it wrapped?", ("Z", 1, 2))
    assert (one.source, one.first_line) == ("# first\nx = 1\n", 11)


def test_a_lesson_may_say_how_many_backward_runs_are_recorded(tmp_path):
    path = tmp_path / "z3_odd.py"
    path.write_text('"""Title\n\nText.\n\nLesson: Z3\nRuns: 12\n"""\nx = 1\n')
    assert (read(path).n_runs, lesson("c1-product").n_runs) == (12, 0)
    path.write_text('"""Title\n\nText.\n\nLesson: Z3\nRuns: many\n"""\nx = 1\n')
    with pytest.raises(LessonError, match="'Runs' is a number"):
        read(path)


def test_its_program_is_recorded_so_also_when_it_was_changed():
    one = lesson("c6-residuals")
    for program in (Program(one.source), Program("x = 1", filename=one.path.name)):
        assert limits_for(program, Limits(time_s=5.0)) == Limits(time_s=5.0, full_runs=8)
    assert limits_for(Program("x = 1"), Limits()) == Limits()
    assert limits_for(Program(one.source), Limits(full_runs=20)).full_runs == 20
