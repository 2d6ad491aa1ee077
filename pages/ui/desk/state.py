"""What a visitor's session remembers between reruns: the desk and the place. The only user of session_state."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import streamlit as st

from engine.program.lesson import Lesson
from engine.program.lesson import lessons as all_lessons
from engine.running.turns import Asker
from engine.text.language import Language, Translate, from_locale
from graphviz_tools.story.runs import first_step
from pages.ui.desk import address, connection, lessons, navigation, services
from pages.ui.desk.address import Address
from pages.ui.desk.desk import NamedDesks, ProgramDesk
from pages.ui.desk.leaving import Leaves, Returns
from pages.ui.desk.results import Result
from pages.ui.server.visitor import COOKIE, visitor_of

T = TypeVar("T")
_making = threading.RLock()  # two scripts of one session may ask for the same thing at once


def desk() -> ProgramDesk:
    """The visitor's desk, made at the first call with the link's lesson on it."""
    with _making:
        is_new = "desk" not in st.session_state
        the_desk = kept("desk", _new_desk)
        if is_new:
            st.session_state.update(changed={}, restored={}, arrivals=0, moment=None, unknown="", place=Address())
            _arrive(address.read(st.query_params), address.NAMES)
            return the_desk
    if _own_parameters() != st.session_state.linked:  # back, forward, or a link to another page
        _arrive(address.read(st.query_params), navigation.parameters_of(navigation.here()))
    return the_desk


def visitor() -> str:
    """The browser's name, the same in all its tabs; a client without our cookie is a visitor of its own."""
    cookie = str(st.context.cookies.get(COOKIE, ""))
    return kept("visitor", lambda: visitor_of({COOKIE: cookie}) or uuid.uuid4().hex)


def asker() -> Asker:
    """Who asks for the runs of a new desk."""
    return Asker(visitor(), uuid.uuid4().hex, str(st.context.ip_address or ""))


def named_desks() -> NamedDesks:
    """Further desks, for a page that shows several programs."""
    return NamedDesks(services.runner(), services.known_traces(), services.limits(), asker())


def place() -> Address:
    """Where the visitor is; its lesson is a slug, its language never None."""
    return st.session_state.place


def lesson() -> Lesson:
    return lessons.find(place().lesson)


def browser_language() -> Language:
    return from_locale(st.context.locale)


def choose(**changes: Any) -> None:
    """Go to another view, run or language; the program stays, and with it the browser's step."""
    st.session_state.place = replace(place(), **changes)


def unknown_lesson() -> str:
    """The lesson that the visitor's link names, if there is none of that name; else ""."""
    return st.session_state.unknown


def arrivals() -> int:
    """How often an address was opened here, by a link or by going back: the player then goes where that says."""
    return st.session_state.arrivals


def choose_lesson(slug: str) -> None:
    """Go to a lesson, with the visitor's own changes to its program if there were any."""
    _go(lesson=slug, run=0, step=None, tensor=None)
    st.session_state.unknown = ""
    _put_lesson()


def run(source: str, step: int | None = None) -> None:
    """Run what the visitor typed, to be shown at ``step``. Not seeded: as plain ``python`` would."""
    program = lessons.typed(lesson(), source)
    st.session_state.changed[place().lesson] = program
    _go(run=0, step=step, tensor=None)
    desk().run(program, like=lessons.program_of(lesson()))


def title(_: Translate) -> str:
    """What the program on the desk is called."""
    own, program = lesson(), desk().program
    if not is_changed():
        return _(own.title)
    told = lessons.title_of(program.source) if own is lessons.OWN else ""
    return told or (_(own.title) if own is lessons.OWN else _("My version of {lesson}").format(lesson=_(own.title)))


def is_changed() -> bool:
    """Whether the program on the desk is not the lesson's own."""
    return desk().program != lessons.program_of(lesson())


def open_result(result: Result, run: int) -> None:
    """Put a program that ran elsewhere on the desk, at one of its backward runs; a lesson's text is that lesson."""
    program = result.outline.program
    own = next((each for each in all_lessons() if each.source == program.source), lesson())
    if program != lessons.program_of(own):
        st.session_state.changed[own.slug] = program
    step = first_step(result.trace, run)
    _go(lesson=own.slug, run=run, step=step, tensor=None)
    st.session_state.moment = {"run": str(run + 1), "step": str(step)}
    desk().put(result)


def arrive_at(page: Path) -> None:
    """Leave for another page at this place. Does not return: the script runs again there."""
    wanted = navigation.shown(link(), next(each for each in navigation.PAGES if each.file == page.name))
    moment: dict[str, str] = st.session_state.moment or {}
    st.session_state.moment = None
    st.session_state.linked = st.session_state.written = wanted
    st.switch_page(page, query_params={**wanted, **moment})


def restore(slug: str) -> None:
    """Go to a lesson with its own program on the desk; the browser keeps what was typed."""
    st.session_state.changed.pop(slug, None)
    st.session_state.restored[slug] = restored(slug) + 1
    choose_lesson(slug)


def restored(slug: str) -> int:
    """How often the lesson's own program was put back in this session."""
    return st.session_state.restored.get(slug, 0)


def link() -> dict[str, str]:
    """The parameters of a link to this place, without the step, which belongs to the browser."""
    here = replace(place(), lesson=lessons.link_name(lesson()), step=None)
    return address.parameters(here, browser_language())


def keep_link(**own: str) -> None:
    """Make the address bar a link to this place, where a choice made it another one: what was opened stays as it was
    written. ``own``: parameters of the page itself, "" for none."""
    wanted = navigation.shown(link(), navigation.here())
    more = {name: value for name, value in own.items() if value}
    if wanted != st.session_state.written or {name: st.query_params.get(name, "") for name in own} != own:
        st.query_params.from_dict({**wanted, **more, **_moment()})
        st.session_state.linked = st.session_state.written = wanted
    st.session_state.moment = None


def kept(name: str, make: Callable[[], T]) -> T:
    """Something that a page keeps for the session, made at the first call, told when its visitor leaves or returns."""
    with _making:
        if name not in st.session_state:
            st.session_state[name] = make()
        thing: T = st.session_state[name]
    known: object = thing
    if isinstance(known, Leaves):
        services.leaving().keep(connection.session_id(), known)
    if isinstance(known, Returns):
        known.come_back()
    return thing


def _new_desk() -> ProgramDesk:
    return ProgramDesk(services.runner(), services.known_traces(), services.limits(), asker())


def told(key: str, what: str) -> Any:
    """What a component told last under this name; None too where it was left before that arrived."""
    return getattr(st.session_state.get(key), what, None)


def widget(
    name: str, value: Any, on_choice: Callable[[Any], None], label: Literal["collapsed", "visible"] = "collapsed"
) -> dict[str, Any]:
    """Arguments that tie a widget to the place: shown as ``value``, a choice is told to ``on_choice``."""
    st.session_state[name] = value

    def changed() -> None:
        chosen = st.session_state.get(name)
        if chosen is not None:  # a second click on the chosen segment un-chooses it, and a page may be left: stay
            on_choice(chosen)

    return {"key": name, "on_change": changed, "label_visibility": label}


def _go(**changes: Any) -> None:
    """To another program or another run of it: where the browser was in the one before says nothing now."""
    choose(**changes)
    st.session_state.moment = {}


def _put_lesson() -> None:
    own = lessons.program_of(lesson())
    desk().show(st.session_state.changed.get(place().lesson) or own, like=own)


def _arrive(asked: Address, names: Sequence[str]) -> None:
    """Open an address. A program that is on the desk already is not run again."""
    before, found = place().lesson, lessons.known(asked.lesson or lessons.OPENING)
    there = replace(asked, lesson=lessons.find(asked.lesson).slug, language=asked.language or browser_language())
    st.session_state.place = replace(address.moved(place(), there, names), tensor=None)
    st.session_state.unknown = asked.lesson if found is None and "lesson" in names else ""
    st.session_state.linked = _own_parameters()
    st.session_state.written = navigation.shown(link(), navigation.here())
    st.session_state.arrivals += 1
    if place().lesson != before:
        _put_lesson()


def _own_parameters() -> dict[str, str]:
    """The parameters that say where the visitor is; a page may have others of its own beside them."""
    return navigation.shown(st.query_params, navigation.here())


def _moment() -> dict[str, str]:
    """The run and the step for the address: where the browser is, if it has not been sent elsewhere since."""
    if not navigation.here().is_stepped:
        return {}
    told = st.session_state.moment
    return {name: st.query_params[name] for name in address.MOMENT if name in st.query_params} if told is None else told
