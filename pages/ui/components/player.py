"""The player on the page: a Streamlit component whose data is the picture, whose events are Run and Stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from engine.text.language import Language, translator
from graphviz_tools.compare.comparison import Comparison
from graphviz_tools.payload import Own, Payload
from pages.ui.components.assets import PLAYER
from pages.ui.components.picture import at_step, envelope, picture
from pages.ui.desk import lessons, state
from pages.ui.desk.address import Address, View
from pages.ui.desk.desk import ProgramDesk
from pages.ui.frame import bar
from pages.ui.frame.mounts import mounted

KEY = "player"

_mount = mounted("player", "components/player_mount.js", "components/player_mount.css")


def show(desk: ProgramDesk, payload: Payload | None) -> None:
    """The player with the desk's result; what is pressed in it comes back to the desk."""
    mount(
        payload,
        is_running=desk.is_running,
        run=desk.run_id,
        arrival=state.arrivals(),
        on_run=_on_run,
        on_stop=_on_stop,
        on_desk=_on_desk,
    )


def drawn_view(payload: Payload | None) -> View | None:
    """The view of the picture where it is not the chosen one."""
    return "backward" if payload is not None and payload.without_calls else None


def mount(
    payload: Payload | Comparison | None,
    *,
    is_running: bool,
    arrival: int = 0,
    key: str = KEY,
    module: str = "player.js",
    styles: Sequence[str] = ("player.css",),
    run: str = "",
    on_run: Callable[[], None] = lambda: None,
    on_stop: Callable[[], None] = lambda: None,
    on_desk: Callable[[], None] = lambda: None,
) -> None:
    """A player, or another ``module`` of its folder, with any payload; None: the picture it has, while programs run."""
    data = envelope(
        payload, is_running=is_running, folder=PLAYER.folder, arrival=arrival, module=module, styles=styles, run=run
    )
    _mount(key=key, data=data, on_run_change=on_run, on_stop_change=on_stop, on_desk_change=on_desk)


def payload_of(desk: ProgramDesk, place: Address) -> Payload | None:
    """What the player is given; None: it keeps the picture it has, while a program runs."""
    result = desk.result
    if desk.is_running and not result.is_blank:
        return None
    run, language = bar.chosen_run(result), place.language or "en"
    payload = picture(result, place.view, run, language, place.tensor, state.visitor())
    step = place.step
    if step is None and place.run:
        step = next((each.step for each in payload.runs if each.run == place.run), None)
    return msgspec.structs.replace(at_step(payload, step), own=_own(language))


def _own(language: Language) -> Own:
    lesson, told = state.lesson(), state.title(translator(language))
    filename, restored = state.desk().program.filename, state.restored(lesson.slug)
    return Own(lesson.slug, lesson.source, told, filename, restored, is_lesson=lesson is not lessons.OWN)


def _on_run() -> None:
    asked, here = state.told(KEY, "run"), state.place().lesson
    if asked and asked.get("lesson", here) == here:  # not what was sent for a program that has been left
        state.run(asked["source"], asked.get("step"))


def _on_desk() -> None:
    """The picture of another run, another program."""
    match state.told(KEY, "desk"):
        case {"run": int(run)}:
            state.choose(run=run, step=None)
        case {"lesson": str(slug)}:
            state.restore(slug)
        case _:
            pass  # left before it was told


def _on_stop() -> None:
    state.desk().stop()
