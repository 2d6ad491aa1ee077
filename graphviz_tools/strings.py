"""Every word the player itself shows, by the keys its JavaScript asks for. ``{...}`` is filled in by the player."""

from __future__ import annotations

from engine.language import N_, Translate

STRINGS: dict[str, str] = {
    "code": N_("Code"),
    "output": N_("Output"),
    "timeline": N_("Timeline"),
    "legend": N_("Legend"),
    "line": N_("line {line}"),
    "start": N_("start"),
    "forward": N_("forward"),
    "backward": N_("backward"),
    "end": N_("end"),
    "first": N_("First step (Home)"),
    "back": N_("Step back (←)"),
    "next": N_("Next step (→)"),
    "last": N_("Last step (End)"),
    "play": N_("Play (space)"),
    "pause": N_("Pause (space)"),
    "speed": N_("Speed"),
    "to_forward": N_("Forward"),
    "to_backward": N_("Backward"),
    "to_failure": N_("Failure"),
    "zoom_in": N_("Zoom in (+)"),
    "zoom_out": N_("Zoom out (-)"),
    "fit": N_("Fit the picture (0)"),
    "search": N_("Search a tensor or an operation (/)"),
    "hits": N_("{n} of {total}"),
    "run": N_("Run"),
    "stop": N_("Stop"),
    "running": N_("Running…"),
    "stale": N_("The code has changed since this run."),
    "run_again": N_("Run again"),
    "undo_edit": N_("Back to the code that ran"),
}


def player_strings(_: Translate) -> dict[str, str]:
    """All of them, translated."""
    return {key: _(text) for key, text in STRINGS.items()}
