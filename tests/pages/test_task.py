"""One run, driven by its own thread."""

from engine.contract.events import Finished
from engine.contract.trace import Limits, Program
from engine.running.turns import NOBODY
from pages.ui.desk.task import Task
from tests.pages.runners import HandRunner


def test_waiting_for_a_run_that_goes_on_ends_after_the_time_given():
    task = Task(HandRunner(), Program(source="x"), Limits(), NOBODY).start()

    assert not task.wait(0.01)
    assert not task.has_ended


def test_a_stop_is_never_too_early():
    runner = HandRunner()
    task = Task(runner, Program(source="while True: pass"), Limits(), NOBODY).start()
    task.stop()

    assert runner.cancelled == [runner.submitted[0][0]]
    assert task.wait(10)
    assert task.trace().ending == "cancelled"


def test_a_runner_that_breaks_ends_the_run_as_vanished(monkeypatch):
    class Broken(HandRunner):
        def _told(self, events):
            raise OSError("no more processes")
            yield

    monkeypatch.setattr("threading.excepthook", lambda args: None)
    told = []
    task = Task(Broken(), Program(source="x"), Limits(), NOBODY).start(told.append)

    assert task.wait(10)
    assert task.trace().ending == "vanished"
    assert told == [Finished(ending="vanished")], "who listens is told, too"
