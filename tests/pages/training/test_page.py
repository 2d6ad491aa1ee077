"""The Training page's controls without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.contract.events import Chunk
from engine.contract.live import SetPace
from engine.contract.trace import Program, Trace
from engine.text.language import N_
from graphviz_tools.picture import shared_layout
from pages.ui.desk import services
from pages.ui.desk.lessons import find, lesson_programs, program_of
from pages.ui.desk.results import KnownTraces, Result
from pages.ui.training import candidates, shared
from pages.ui.training.candidates import Candidate, broken_of, on_the_desk, trainings
from pages.ui.training.desk import TrainingDesk, TrainingDesks
from pages.ui.training.devices import Device, Devices
from tests.graphviz_tools.traces import c1
from tests.pages.training.hand import STARTED, LiveHand, eventually, tick

SCRIPT = """
import runpy
from pages.ui.desk import state
state.desk()
runpy.run_path("pages/training.py")
"""
RIGHT = Candidate("a3", Program(source="a3.backward()"), "C1", "A3", series=("x", "y", "p"), breaks=("a3-broken",))
OTHER = Candidate("b3", Program(source="b3.backward()"), "C2", "B3")
BROKEN = Candidate("a3-broken", Program(source="broken.backward()"), "C1", "A3", "no zero_grad", is_broken=True)


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveHand]:
    """A runner that the test drives; two lessons train, one of them can be broken."""
    hand, known = LiveHand(), KnownTraces(lesson_programs())
    known.offer(Result("c1", Trace(program_of(find("c1")), "ok")))
    everyone = TrainingDesks(lambda _session: True)
    monkeypatch.setattr(services, "runner", lambda: hand)
    monkeypatch.setattr(shared, "trainer", lambda: hand)
    monkeypatch.setattr(services, "known_traces", lambda: known)
    monkeypatch.setattr(shared, "desks", lambda: everyone)
    monkeypatch.setattr(shared, "example", lambda: None)
    monkeypatch.setattr(shared, "devices", lambda: Devices(hand, lambda: False))
    monkeypatch.setattr(candidates, "trainings", lambda: {"a3": RIGHT, "b3": OTHER})
    monkeypatch.setattr(
        candidates, "broken_of", lambda chosen: {"a3-broken": BROKEN} if any(one.breaks for one in chosen) else {}
    )
    monkeypatch.setattr(st, "page_link", lambda *_arguments, **_options: None)  # it needs st.navigation
    yield hand
    everyone.close()
    shared_layout().close()


def opened(**parameters: str) -> AppTest:
    test = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in parameters.items():
        test.query_params[name] = text
    return checked(test.run())


def checked(test: AppTest) -> AppTest:
    assert [error.value for error in test.exception] == []
    return test


def start(test: AppTest) -> AppTest:
    return checked(test.button(key="training-start").click().run())


def sources(runner: LiveHand, n: int) -> list[str]:
    eventually(lambda: len(runner.submitted) == n)
    return sorted(program.source for _id, program in runner.submitted)


def data(test: AppTest) -> dict[str, Any]:
    """What the charts are given."""
    return component(test, "desk")


def component(test: AppTest, has: str) -> dict[str, Any]:
    """The data of the page's component that has this among them."""
    known = [msgspec.json.decode(one.proto.json) for one in test.get("bidi_component")]
    (found,) = [each for each in known if has in each]
    return found


def test_start_starts_what_is_chosen_and_a_second_press_nothing_more(runner):
    test = start(opened())
    assert len(test.toast) == 0
    start(test)
    assert [toast.value for toast in test.toast] == ["These programs are running already."]
    assert sources(runner, 1) == ["a3.backward()"]
    assert runner.limits[0].live.series[:3] == ("x", "y", "p")


def test_several_programs_start_together(runner):
    test = opened()
    checked(test.multiselect(key="training-programs").set_value(["a3", "b3"]).run())
    start(test)
    assert sources(runner, 2) == ["a3.backward()", "b3.backward()"]


def test_the_broken_program_runs_beside_the_right_one(runner):
    test = opened()
    checked(test.button_group(key="training-broken").set_value(["a3-broken"]).run())
    start(test)
    assert sources(runner, 2) == ["a3.backward()", "broken.backward()"]
    checked(test.multiselect(key="training-programs").set_value(["b3"]).run())
    assert [group.key for group in test.button_group if group.key == "training-broken"] == []


def test_what_is_broken_is_drawn_against_the_right_program_even_where_only_its_sibling_was_chosen(runner, monkeypatch):
    sibling = Candidate("a3-sibling", Program(source="sibling.backward()"), "C1", "A3")
    monkeypatch.setattr(candidates, "trainings", lambda: {"a3-sibling": sibling, "a3": RIGHT, "b3": OTHER})
    monkeypatch.setattr(candidates, "broken_of", lambda _chosen: {"a3-broken": BROKEN})
    start(opened(train="a3-sibling,a3-broken"))
    assert sources(runner, 3) == ["a3.backward()", "broken.backward()", "sibling.backward()"]


def test_every_program_of_a_lesson_offers_what_breaks_the_lesson():
    every = trainings()
    kinds = ["a6-no-zero-grad", "a6-lr-100", "a6-detach", "a6-data"]
    assert list(broken_of([every["a6-sgd"]])) == list(broken_of([every["a6-rmsprop"]])) == kinds
    assert list(broken_of([candidates.own("loss.backward()")])) == []


def test_programs_beyond_the_most_that_train_at_once_are_named(runner):
    test = opened(train="own")
    for n in range(8):
        checked(test.text_area(key="training-own").set_value(f"backward({n})").run())
        start(test)
    assert len(test.toast) == 0
    checked(test.text_area(key="training-own").set_value("one_more").run())
    start(test)
    told = "At most 8 programs train at once. Not started: A program of my own."
    assert [toast.value for toast in test.toast] == [told]
    assert len(test.session_state["training"].runs) == 8


def test_a_program_of_ones_own(runner):
    test = opened()
    checked(test.multiselect(key="training-programs").set_value(["own"]).run())
    assert "loss.backward()" in test.text_area(key="training-own").value
    checked(test.text_area(key="training-own").set_value("mine.backward()").run())
    start(test)
    assert sources(runner, 1) == ["mine.backward()"]


def test_the_program_on_the_explorers_desk(runner):
    test = opened()
    checked(test.multiselect(key="training-programs").set_value(["desk"]).run())
    start(test)
    assert sources(runner, 1) == [program_of(find("c1")).source]


def test_nothing_chosen_cannot_be_started(runner):
    test = opened()
    checked(test.multiselect(key="training-programs").set_value([]).run())
    assert test.button(key="training-start").disabled


def test_a_link_to_a_lesson_that_trains_chooses_it(runner, monkeypatch):
    monkeypatch.setattr(candidates, "trainings", lambda: {"a3": RIGHT, "c1-product": OTHER})
    assert opened(lesson="c1").multiselect(key="training-programs").value == ["c1-product"]


def test_a_link_chooses_programs_and_what_is_broken(runner):
    test = opened(train="b3,a3,a3-broken,nonsense")
    assert test.multiselect(key="training-programs").value == ["b3", "a3"]
    assert test.button_group(key="training-broken").value == ["a3-broken"]
    assert test.query_params["train"] == "b3,a3,a3-broken"
    assert opened(train="own").multiselect(key="training-programs").value == ["own"]


def test_the_charts_are_told_where_to_listen_in_their_language(runner):
    test = opened(lang="zh")
    sent = data(test)
    assert sent["words"]["pause"] == "暂停" and sent["language"] == "zh"
    assert sent["desk"] in sent["events"] and sent["desk"] in sent["act"] and sent["desk"] in sent["csv"]
    again = data(checked(test.run()))
    assert again == sent  # a page drawn again leaves the charts alone


def test_a_device_is_passed_to_the_program(runner, monkeypatch):
    class Two:
        def known(self) -> tuple[Device, ...]:
            return Device("cpu", "CPU"), Device("cuda:0", "NVIDIA X")

    monkeypatch.setattr(shared, "devices", Two)
    test = opened()
    assert test.selectbox(key="training-device").options == ["CPU", "cuda:0 · NVIDIA X"]
    start(test)
    checked(test.selectbox(key="training-device").set_value("cuda:0").run())
    start(test)
    eventually(lambda: len(runner.submitted) == 2)
    assert [program.device for _id, program in runner.submitted] == ["cpu", "cuda:0"]  # told, not left to the program


def test_with_a_cpu_alone_there_is_no_picker_but_a_word(runner):
    test = opened()
    assert [box.key for box in test.selectbox] == ["training-speed"]
    assert "Device: CPU" in [text.value for text in test.markdown]


def calling(call: str) -> AppTest:
    """The page after a call of one of its functions."""
    script = SCRIPT.replace("runpy.run_path", f"from pages.ui.training import page\n{call}\nrunpy.run_path")
    return checked(AppTest.from_string(script, default_timeout=30).run())


def test_a_page_loaded_anew_finds_its_runs_again_under_a_new_key(runner, monkeypatch):
    first = start(opened())
    (run,) = first.session_state["training"].runs
    key = data(first)["desk"]
    assert calling(f"page.attach({key!r})").session_state["training"].runs == ()  # its session is still there
    shared.desks()._kept[key].owner = "ended"
    monkeypatch.setattr(shared.desks(), "_is_connected", lambda session: session != "ended")
    again = calling(f"page.attach({key!r})")
    assert again.session_state["training"].runs == (run,)
    assert data(again)["desk"] != key


def test_a_recorded_step_is_put_on_the_explorers_desk_while_the_run_goes_on(runner):
    test = start(opened())
    (run,) = test.session_state["training"].runs
    steps = c1()
    rows = Chunk(nodes=steps.nodes, calls=steps.calls, tensors=steps.tensors, runs=steps.runs, steps=steps.steps)
    runner.push(run.id, STARTED, rows, tick(41, 0.1, line=1, run=0))
    eventually(lambda: run.store.recorded)
    script = f"st = __import__('streamlit'); desk = st.session_state.training; st.session_state.opened = [page.open_step({run.id!r}, n) for n in (41, 42)]"
    test = AppTest.from_string(
        SCRIPT.replace("runpy.run_path", f"from pages.ui.training import page\n{script}\nrunpy.run_path"),
        default_timeout=30,
    )
    test.session_state["training"] = TrainingDesk(runner)
    test.session_state["training"]._runs[run.id] = run
    checked(test.run())
    assert test.session_state["opened"] == [False, True]
    assert test.session_state["desk"].result.trace.program == RIGHT.program
    assert not run.has_ended


def test_devices_are_asked_for_once_and_in_the_background():
    hand = LiveHand()
    devices = Devices(hand, lambda: True)
    assert devices.known() == (Device("cpu", "CPU"),)
    devices.known()
    eventually(lambda: hand.submitted)
    (_run_id, program), *more = hand.submitted
    assert more == [] and program.device == "cuda"
    hand.end(program.source, '[["cuda:0", "NVIDIA X"]]\n')
    assert devices.wait(10)
    assert devices.known() == (Device("cpu", "CPU"), Device("cuda:0", "NVIDIA X"))


@pytest.mark.parametrize("output", ["", "Traceback ...", '{"a": 1}'])
def test_devices_that_cannot_be_asked_are_none(output):
    hand = LiveHand()
    devices = Devices(hand, lambda: True)
    devices.known()
    eventually(lambda: hand.submitted)
    hand.end(hand.submitted[0][1].source, output)
    assert devices.wait(10)
    assert devices.known() == (Device("cpu", "CPU"),)


def test_without_a_driver_no_process_is_started():
    hand = LiveHand()
    devices = Devices(hand, lambda: False)
    devices.known()
    assert devices.wait(10) and hand.submitted == []


def test_lessons_that_train_are_offered_and_their_broken_siblings_beside_them():
    right, broken, other = (find(slug) for slug in ("c1-product", "c2-square", "c4-vector-jacobian"))
    known = [marked(right, breaks=(broken.slug,)), marked(broken), other]
    offered = trainings(known)
    assert {slug: one.label(N_) for slug, one in offered.items()} == {"c1-product": f"C1 · {right.title}"}
    assert [(slug, one.is_broken) for slug, one in broken_of(offered.values(), known).items()] == [("c2-square", True)]


def marked(lesson: Any, breaks: tuple[str, ...] = ()) -> Any:
    """The lesson as one that trains."""

    class Training:
        is_training, series = True, ()

        def __getattr__(self, name: str) -> Any:
            return breaks if name == "breaks" else getattr(lesson, name)

    return Training()


def test_what_the_explorer_shows_is_called_by_its_lesson_or_by_its_place():
    assert on_the_desk(program_of(find("c1"))).lesson_id == "C1"
    assert on_the_desk(Program(source="mine()")).title == candidates.ON_THE_DESK


def test_the_page_opens_with_one_training_made_for_everybody(runner, monkeypatch):
    example = shared.Example(runner, RIGHT)
    monkeypatch.setattr(shared, "example", lambda: example)
    opened()
    runner.push(example.run().id, STARTED, tick(0, 0.1))
    runner.finish(example.run().id)
    assert example.run().wait(10)
    first, second = opened(), opened()
    for test in (first, second):
        assert [run.id for run in test.session_state.training.runs] == [example.run().id]
        assert [button for button in test.button if button.label == "Clear"] == []
    start(first)
    assert example.run() not in first.session_state.training.runs
    assert example.run() in second.session_state.training.runs
    assert opened(train="b3").session_state.training.runs == ()  # of another lesson nothing is shown as its own


def test_an_example_that_did_not_come_to_its_end_is_made_again_and_not_shown(runner):
    example = shared.Example(runner, RIGHT)
    first = example.run()
    runner.push(first.id, STARTED)
    runner.finish(first.id, "crash")
    assert first.wait(10)
    desk = TrainingDesk(runner)
    desk.show_example(first)
    assert desk.runs == ()
    assert example.run() is not first


def test_the_programs_are_slowed_while_they_train_and_from_their_start(runner):
    test = start(opened())
    (run,) = test.session_state.training.runs
    runner.push(run.id, STARTED)
    eventually(lambda: run.store.has_started)
    checked(test.selectbox(key="training-speed").set_value(10.0).run())
    assert runner.told == [SetPace(10.0)]
    checked(test.multiselect(key="training-programs").set_value(["b3"]).run())
    start(test)
    eventually(lambda: len(runner.limits) == 2)
    assert [limits.live.pace for limits in runner.limits] == [0.0, 10.0]


def test_a_program_of_ones_own_in_the_explorer_is_chosen(runner):
    test = opened()
    test.session_state.desk.put(Result("own", Trace(Program(source="mine.backward()"), "ok")))
    del test.session_state["training-chosen"]
    test.query_params.clear()
    start(checked(test.run()))
    assert sources(runner, 1) == ["mine.backward()"]


def test_writing_a_program_chooses_it_and_the_browser_is_asked_to_keep_it(runner):
    test = opened()
    kept = {"text": "from_before.backward()", "at": 1}
    test.session_state["remembered-code.training"] = {"kept": kept}
    assert component(test, "name") == {"name": "backstep.code.training", "text": None}
    checked(test.text_area(key="training-own").set_value("typed.backward()").run())
    start(test)
    assert sources(runner, 1) == ["typed.backward()"]
