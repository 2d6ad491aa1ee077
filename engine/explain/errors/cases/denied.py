"""What a confined program may not do: what was tried, and what works instead."""

from __future__ import annotations

from engine.contract.trace import Failure
from engine.explain.errors.explanation import Explanation, said
from engine.sandbox import guard
from engine.text.language import N_

READING = "Reading "

WORDS: tuple[tuple[str, str, str], ...] = (  # how the message begins, what it means, what to do
    (
        guard.NETWORK,
        N_("Programs have no network here."),
        N_("Make the data in the program: `torch.randn`, `torch.arange`, `torch.linspace`, or a list of numbers."),
    ),
    (
        guard.FILES,
        N_("Programs cannot write files here, not even temporary ones."),
        N_("Keep it in memory: `torch.save` and `torch.load` take an `io.BytesIO()`."),
    ),
    (
        READING,
        N_("Programs can read only the files of Python and its packages here."),
        N_("Put the data into the program's text."),
    ),
    (
        guard.PROGRAMS,
        N_("Programs cannot start other programs here."),
        N_("Take that part out; torch, NumPy and plain Python are all here."),
    ),
    (
        guard.PROCESSES,
        N_("Programs cannot start processes here."),
        N_("Do the work in the program itself; a DataLoader needs `num_workers=0`."),
    ),
    (
        guard.THREADS,
        N_("Programs cannot start threads here."),
        N_("Call the function directly instead of giving it to a thread."),
    ),
    (
        guard.SIGNALS,
        N_("Programs cannot send signals to other processes here."),
        N_("Take that part out; torch, NumPy and plain Python are all here."),
    ),
)


def explain(failure: Failure | None) -> Explanation:
    """The explanation of the ending "denied"."""
    if failure is not None and failure.cause == "not_run":
        return said(
            N_("This server runs the lessons' own programs only."),
            N_("Put the lesson's program back, or run your own program with Backstep on your own computer."),
        )
    message = failure.message if failure is not None else ""
    for beginning, meaning, cure in WORDS:
        if message.startswith(beginning):
            return said(meaning, cure)
    return said(
        N_(
            "The program tried something that is not allowed here, such as using the network, starting "
            "processes or writing files."
        ),
        N_("Take that part out; torch, NumPy and plain Python are all here."),
    )
