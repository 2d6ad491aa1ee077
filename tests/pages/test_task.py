"""One run, driven by its own thread."""

from engine.events import Finished, Started
from engine.trace import Environment, Limits, Program
from pages.ui.task import RunTask
from tests.pages.runners import HandRunner


def test_waiting_for_a_run_that_goes_on_ends_after_the_time_given():
    task = RunTask(HandRunner(), Program(source="x"), Limits(), "s")

    assert not task.wait(0.01)
    assert not task.has_ended


def test_a_stop_that_came_before_the_runner_knew_the_run_is_repeated():
    class SlowToKnow:
        """Forgets every cancel that comes before its first event, as a runner that has not begun does."""

        is_ready = True
        is_cancelled = False

        def submit(self, program, limits, run_id, session=""):
            while not task_made:
                pass
            self.is_cancelled = False
            yield Started(Environment(python="3", torch="2"))
            yield Finished(ending="cancelled" if self.is_cancelled else "timeout")

        def cancel(self, run_id):
            self.is_cancelled = True

    task_made = []
    task = RunTask(SlowToKnow(), Program(source="while True: pass"), Limits(), "s")
    task.stop()
    task_made.append(True)

    assert task.wait(10)
    assert task.trace().ending == "cancelled"


def test_a_runner_that_breaks_ends_the_run_as_vanished(monkeypatch):
    class Broken(HandRunner):
        def submit(self, program, limits, run_id, session=""):
            raise OSError("no more processes")
            yield

    monkeypatch.setattr("threading.excepthook", lambda args: None)
    task = RunTask(Broken(), Program(source="x"), Limits(), "s")

    assert task.wait(10)
    assert task.trace().ending == "vanished"
