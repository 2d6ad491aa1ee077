"""Every error learners meet is explained by what it means and what cures it, with the names and lines of the run."""

from __future__ import annotations

from string import Formatter

import pytest
from msgspec.structs import replace

from engine.contract.endings import CAUSES
from engine.contract.trace import Cause, Ending, Failure, Program, Trace
from engine.explain.errors.explain_error import CASES, explain
from engine.sandbox import guard
from engine.text.language import N_
from tests.engine.explain.failing import HEAD, PYTHON, TORCH
from tests.engine.recording.runs import trace_of


@pytest.mark.parametrize("name", TORCH)
def test_an_error_of_pytorch_is_explained(name):
    program, meaning, cure = TORCH[name]
    _check(trace_of(HEAD + program), meaning, cure)


@pytest.mark.parametrize("name", PYTHON)
def test_an_error_of_python_is_explained(name):
    program, meaning, cure = PYTHON[name]
    _check(_trace_of_any(program), meaning, cure)


def _check(trace: Trace, in_meaning: str, in_cure: str) -> None:
    assert trace.failure is not None
    explanation = explain(trace)
    assert explanation is not None
    meaning, cure = explanation.text(N_)
    assert in_meaning in meaning
    assert in_cure in cure
    assert "`?`" not in meaning and "line ?" not in meaning


def _trace_of_any(program: str) -> Trace:
    """A trace also for a program that cannot be compiled."""
    from engine.recording.program.failure import failure_of, status_of

    try:
        compile(program, "program.py", "exec")
    except SyntaxError as error:
        error.__traceback__ = None
        failure = failure_of(error, "program.py", None, None)
        return Trace(Program(program), status_of(error)[0], failure=failure)
    trace = trace_of(program)
    return replace(trace, ending="exit", exit_status=3) if trace.failure.type == "SystemExit" else trace


def test_backward_in_a_program_where_nothing_requires_grad_says_so():
    trace = trace_of("import torch\nloss = torch.ones(2).sum()\nloss.backward()")
    _check(trace, "from `loss`, but no tensor of this program requires grad", "requires_grad=True")


def test_a_tensor_without_a_name_is_called_by_what_made_it():
    trace = trace_of(HEAD + "loss = (w * 2).detach().sum()\nloss.backward()")
    _check(trace, "`detach()` on line 3 took `w * 2` out of it", "detach")


def test_a_program_that_ended_well_needs_no_explanation():
    assert explain(trace_of("x = 1")) is None


# --- wordings of other PyTorch versions -----------------------------------------------------------

OLDER = [
    (
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        "[torch.FloatTensor [3]], which is output 0 of SigmoidBackward0, is at version 2; expected version 1 instead.",
        "saved at version 1 and has version 2",
    ),
    (
        "Trying to backward through the graph a second time, but the saved intermediate results have already been "
        "freed. Specify retain_graph=True when calling backward the first time.",
        "has been used already",
    ),
    (
        "element 0 of variables does not require grad and does not have a grad_fn",
        "no tensor of this program requires grad",
    ),
    ("grad can be created only for scalar outputs", "single real number"),
    (
        "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this "
        "is the desired behavior.",
        "does not depend on one of the tensors",
    ),
    (
        "a leaf Variable that requires grad has been used in an in-place operation.",
        "A leaf that requires grad may not be changed",
    ),
    ("Can't call numpy() on Variable that requires grad. Use var.detach().numpy() instead.", "`x` leaves the graph"),
    ("Only Tensors of floating point dtype can require gradients", "only floating point"),
    ("expected scalar type Double but found Float", "dtype Double, the other Float"),
    (
        "Expected object of scalar type Float but got scalar type Double for argument #2 'mat2'",
        "dtype Float, the other Double",
    ),
    ("Boolean value of Tensor with more than one value is ambiguous", "one for every element"),
]


@pytest.mark.parametrize(("message", "words"), OLDER)
def test_older_wordings_are_understood_also_without_a_recording(message, words):
    trace = Trace(Program(""), "error", failure=Failure("RuntimeError", message, None, "backward"))
    meaning, cure = explain(trace).text(N_)
    assert words in meaning
    assert cure


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("timeout", "after 30 seconds and was stopped on line 4"),
        ("memory", "more memory"),
        ("denied", "not allowed"),
        ("toobig", "more than can be recorded"),
        ("output", "printed more"),
        ("crash", "Python itself crashed"),
        ("vanished", "disappeared"),
        ("cancelled", "stopped on request"),
        ("sandbox", "could not be set up"),
        ("exit", "exit status 5"),
        ("recursion", "calls itself"),
    ],
)
def test_every_other_ending_is_explained(ending: Ending, words):
    failure = Failure("Stopped", "", 4, "limit")
    meaning, _ = explain(Trace(Program(""), ending, failure=failure, exit_status=5)).text(N_)
    assert words in meaning
    assert explain(Trace(Program(""), ending)) is not None


@pytest.mark.parametrize(
    ("ending", "message", "words"),
    [
        ("toobig", "a program of 300000 characters", "larger than what is accepted"),
        ("denied", "this server runs the lessons' own programs only", "lessons' own programs only"),
        ("sandbox", "programs cannot be confined on this computer", "could not run the program safely"),
    ],
)
def test_a_program_that_was_not_run_at_all_is_told_so(ending: Ending, message, words):
    failure = Failure("NotRun", message, None, "limit", cause="not_run")
    meaning, cure = explain(Trace(Program(""), ending, failure=failure)).text(N_)
    assert words in meaning and cure


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("broken", "took apart the Python process"),
        ("forged", "wrote into the channel"),
        ("lost", "ended from outside"),
        ("unconfined", "could not be set up"),
    ],
)
def test_a_cause_is_explained_whatever_the_message_says(cause: Cause, words: str) -> None:
    failure = Failure("Stopped", "other words", 2, "limit", cause=cause)
    explanation = explain(Trace(Program(""), CAUSES[cause].ending, failure=failure))
    assert explanation is not None and words in explanation.text(N_)[0]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (guard.NETWORK, "no network"),
        (f"{guard.FILES} ('a.pt')", "cannot write files"),
        ("Reading '/etc/passwd' isn't allowed here", "can read only"),
        (guard.PROGRAMS, "start other programs"),
        (guard.PROCESSES, "start processes"),
        (guard.THREADS, "start threads"),
        (guard.SIGNALS, "signals to other processes"),
        ("", "not allowed here"),
    ],
)
def test_what_is_not_allowed_is_told_with_what_works_instead(message, words):
    meaning, cure = explain(Trace(Program(""), "denied", failure=Failure("NotAllowed", message, 2, "forward"))).text(N_)
    assert words in meaning and cure


def test_an_unknown_error_gets_an_honest_general_answer():
    failure = Failure("StrangeError", "{odd} message", 3, "backward", node=0)
    meaning, cure = explain(Trace(Program(""), "error", failure=failure)).text(N_)
    assert meaning == "StrangeError was raised while backward was running. The graph up to this point is shown."
    assert cure.startswith("Read the last line of the traceback")


@pytest.mark.parametrize("message", ["", "{", "`", "<script>", "x" * 10_000, "name '🙂' is not defined"])
@pytest.mark.parametrize("error", ["RuntimeError", "KeyError", "NameError", "", "ZeroDivisionError"])
def test_odd_messages_never_make_it_raise(error, message):
    explanation = explain(Trace(Program(""), "error", failure=Failure(error, message, 99, "forward")))
    assert all(explanation.text(N_))


def test_every_pattern_gives_the_placeholders_its_words_need():
    assert sum(bool(_words_of(case)) for case in CASES) > 70
    for case in CASES:
        text = _words_of(case)
        wanted = {field for _, field, _, _ in Formatter().parse(text) if field}
        assert wanted <= {*case.pattern.groupindex, "this", "other"}, case.pattern.pattern


def _words_of(case) -> str:
    """Meaning and cure of a plain case, read from its closure; nothing of a clever one."""
    cells = dict(zip(case.find.__code__.co_freevars, case.find.__closure__ or ()))
    return " ".join(cells[name].cell_contents for name in ("meaning", "cure") if name in cells)
