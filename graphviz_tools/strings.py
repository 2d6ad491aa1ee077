"""Every word the player itself shows, by the keys its JavaScript asks for."""

from __future__ import annotations

from engine.language import N_, Translate

STRINGS: dict[str, str] = {
    "first": N_("First step (Home)"),
    "back": N_("Step back (←)"),
    "next": N_("Step forward (→)"),
    "last": N_("Last step (End)"),
    "play": N_("Play (space)"),
    "pause": N_("Pause (space)"),
    "speed": N_("Speed"),
    "run": N_("Run"),
    "stop": N_("Stop"),
    "zoom_in": N_("Zoom in (+)"),
    "zoom_out": N_("Zoom out (−)"),
    "fit": N_("Whole picture (0)"),
    "search": N_("Search (/)"),
    "hits": N_("{n} of {total}"),
    "to_forward": N_("to forward"),
    "to_backward": N_("to backward"),
    "to_failure": N_("to the error"),
    "start": N_("start"),
    "forward": N_("forward"),
    "backward": N_("backward"),
    "end": N_("end"),
    "code": N_("Program code"),
    "line": N_("line {line}"),
    "output": N_("Output"),
    "picture": N_("Picture"),
    "width_of_code": N_("Width of the code; a double click resets it"),
    "width_of_step": N_("Width of the explanation; a double click resets it"),
    "computed": N_("computed"),
    "right": N_("right"),
    "vertex": N_("Node or tensor"),
    "line_head": N_("Line"),
    "state": N_("State"),
    "gradient": N_("Gradient"),
    "timeline": N_("Steps"),
    "legend": N_("What the signs mean"),
    "running": N_("The program is running …"),
    "stale": N_("The code has changed since this run."),
    "run_again": N_("Run again"),
    "undo_edit": N_("Undo the change"),
    "at_once": N_("tell findings at once"),
    "at_once_why": N_("Otherwise each is told when its step is reached, so that you can predict first."),
    "leave_editor": N_("Esc, then Tab, leaves the editor"),
    "find_find": N_("Find"),
    "find_replace": N_("Replace"),
    "find_next": N_("next"),
    "find_previous": N_("previous"),
    "find_all": N_("all"),
    "find_match_case": N_("match case"),
    "find_regexp": N_("regular expression"),
    "find_by_word": N_("whole words"),
    "find_replace_all": N_("replace all"),
    "find_close": N_("close"),
}


def player_strings(_: Translate) -> dict[str, str]:
    """The strings in the reader's language."""
    return {key: _(text) for key, text in STRINGS.items()}
