"""The words that the browser's part of the page has on its buttons and axes."""

from __future__ import annotations

from engine.language import N_, Translate

WORDS = {
    "loss": N_("Loss"),
    "loss_line": N_("loss, line {line}"),
    "fit": N_("Data and current fit"),
    "norms": N_("Gradient norms by leaf"),
    "values": N_("Parameter values"),
    "data": N_("data"),
    "step": N_("step"),
    "epoch": N_("epoch"),
    "per": N_("Horizontal axis"),
    "per_step": N_("per step"),
    "per_epoch": N_("per epoch"),
    "epoch_steps": N_("steps per epoch"),
    "no_epochs": N_("How many steps an epoch has cannot be read from {names}. Write it beside “per epoch”."),
    "scale": N_("Vertical axis"),
    "log": N_("log"),
    "linear": N_("linear"),
    "smooth": N_("Smoothing"),
    "smooth_none": N_("not smoothed"),
    "smooth_over": N_("over about {n} steps"),
    "below_zero": N_("Losses of zero and below have no place on a log axis: choose the linear one."),
    "thinned": N_("Of a long curve the lowest and highest point of every piece are drawn (min/max thinning)."),
    "csv": N_("Losses as CSV"),
    "picture": N_("Save the picture as {format}"),
    "whole": N_("Show the whole curve"),
    "run": N_("Run"),
    "state": N_("State"),
    "progress": N_("Step"),
    "of": N_("{step} of {total}"),
    "final": N_("Parameters"),
    "rate": N_("Learning rate"),
    "pause": N_("Pause"),
    "resume": N_("Resume"),
    "stop": N_("Stop"),
    "stopping": N_("stopping"),
    "remove": N_("Remove"),
    "record": N_("Record this step"),
    "recording": N_("The next step is being recorded …"),
    "recording_paused": N_("The next step is recorded once the run goes on."),
    "open": N_("Open step {step}"),
    "open_before": N_("Open step {step}, the one before"),
    "again": N_("Runs again from the start to record step {step} …"),
    "not_recorded": N_("That step was not recorded."),
    "slower": N_("Learning rate ÷ {n}"),
    "faster": N_("Learning rate × {n}"),
    "rate_mark": N_("learning rate {value}"),
    "output": N_("Output"),
    "output_lines": N_("lines: {n}"),
    "output_cut": N_("lines: {n}; the last ones are shown"),
    "nothing": N_("Choose a program above and press Start. Its curves appear here while it trains."),
    "waits": N_("No numbers yet"),
    "no_points": N_("Nothing to draw here"),
    "lost": N_("The connection to the server is lost. The page goes on by itself when it is back."),
    "ended": N_("This session has ended on the server. Load the page anew."),
    "refused": N_("That could not be done now: the run has just ended, or does not take commands."),
    "broken": N_("broken on purpose"),
}


def browser_words(_: Translate) -> dict[str, str]:
    """All of them in one language."""
    return {name: _(text) for name, text in WORDS.items()}
