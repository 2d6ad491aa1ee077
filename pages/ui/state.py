"""What a visitor's session remembers between reruns: the desk and the place. The only user of session_state."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from engine.language import Language, from_locale
from engine.lesson import Lesson
from engine.lesson import lessons as all_lessons
from engine.running.turns import Asker
from engine.trace import Program
from pages.ui import address, lessons, services
from pages.ui.address import Address
from pages.ui.leaving import Leaves, Returns
from pages.ui.session import Result, Session
from pages.ui.training import alive
from pages.ui.visitor import COOKIE, visitor_of

T = TypeVar("T")
_making = threading.RLock()  # two scripts of one session may ask for the same thing at once


def session() -> Session:
    """The visitor's desk, made at the first call with the link's lesson on it."""
    with _making:
        is_new = "session" not in st.session_state
        desk = kept("session", _new_session)
        if is_new:
            st.session_state.changed = {}
            _arrive(address.read(st.query_params))
            return desk
    if _own_parameters() != st.session_state.linked:
        _arrive(address.read(st.query_params))  # back, forward, or a link typed into the same page
    return desk


def visitor() -> str:
    """The browser's name, the same in all its tabs; a client without our cookie is a visitor of its own."""
    cookie = str(st.context.cookies.get(COOKIE, ""))
    return kept("visitor", lambda: visitor_of({COOKIE: cookie}) or uuid.uuid4().hex)


def asker() -> Asker:
    """Who asks for the runs of a new desk."""
    return Asker(visitor(), uuid.uuid4().hex, str(st.context.ip_address or ""))


def place() -> Address:
    """Where the visitor is; its lesson is a slug, its language never None."""
    return st.session_state.place


def lesson() -> Lesson:
    return lessons.find(place().lesson)


def browser_language() -> Language:
    return from_locale(st.context.locale)


def choose(**changes: Any) -> None:
    """Go to another view, run or language; the program stays."""
    st.session_state.place = replace(place(), **changes)


def choose_lesson(slug: str) -> None:
    """Go to a lesson, with the visitor's own changes to its program if there were any."""
    choose(lesson=slug, run=0, step=None, tensor=None)
    session().show(st.session_state.changed.get(slug) or lessons.program_of(lesson()))


def run(source: str) -> None:
    """Run what the visitor typed. Not seeded: as plain ``python`` would."""
    own = lessons.program_of(lesson())
    program = Program(source=source, filename=own.filename)
    st.session_state.changed[place().lesson] = program
    choose(step=None, tensor=None)
    session().run(program)


def is_changed() -> bool:
    """Whether the program on the desk is not the lesson's own."""
    return session().program != lessons.program_of(lesson())


def open_result(result: Result, run: int) -> None:
    """Put a program that ran elsewhere on the desk, at one of its backward runs; a lesson's text is that lesson."""
    program = result.outline.program
    own = next((each for each in all_lessons() if each.source == program.source), lesson())
    if program != lessons.program_of(own):
        st.session_state.changed[own.slug] = program
    choose(lesson=own.slug, run=run, step=None)
    session().put(result)


def arrive_at(page: Path) -> None:
    """Leave for another page at this place. Does not return: the script runs again there."""
    st.session_state.linked = link()
    st.switch_page(page, query_params=link())


def restore() -> None:
    """Put the lesson's own program back."""
    st.session_state.changed.pop(place().lesson, None)
    choose_lesson(place().lesson)


def link() -> dict[str, str]:
    """The parameters of a link to this place, without the step, which belongs to the browser."""
    here = replace(place(), lesson=lessons.link_name(lesson()), step=None)
    return address.parameters(here, browser_language())


def keep_link(**own: str) -> None:
    """Make the address bar a link to this place. ``own``: parameters of the page itself, "" for none."""
    wanted = link()
    more = {name: value for name, value in own.items() if value}
    if _own_parameters() != wanted or {name: st.query_params.get(name, "") for name in own} != own:
        st.query_params.from_dict({**wanted, **more})
    st.session_state.linked = wanted


def kept(name: str, make: Callable[[], T]) -> T:
    """Something that a page keeps for the session, made at the first call, told when its visitor leaves or returns."""
    with _making:
        if name not in st.session_state:
            st.session_state[name] = make()
        thing: T = st.session_state[name]
    known: object = thing
    if isinstance(known, Leaves):
        services.leaving().keep(alive.session_id(), known)
    if isinstance(known, Returns):
        known.come_back()
    return thing


def _new_session() -> Session:
    return Session(services.runner(), services.known_traces(), services.limits(), asker())


def widget(name: str, value: Any, on_choice: Callable[[Any], None]) -> dict[str, Any]:
    """Arguments that tie a widget to the place: shown as ``value``, a choice is told to ``on_choice``."""
    st.session_state[name] = value

    def changed() -> None:
        chosen = st.session_state[name]
        if chosen is not None:  # a second click on the chosen segment un-chooses it: stay
            on_choice(chosen)

    return {"key": name, "on_change": changed, "label_visibility": "collapsed"}


def _arrive(link: Address) -> None:
    found = lessons.find(link.lesson)
    language = link.language or browser_language()
    st.session_state.place = replace(link, lesson=found.slug, language=language)
    st.session_state.linked = _own_parameters()
    st.session_state.session.show(lessons.program_of(found))


def _own_parameters() -> dict[str, str]:
    """The parameters that say where the visitor is; a page may have others of its own beside them."""
    return {name: value for name, value in st.query_params.items() if name in address.NAMES}
