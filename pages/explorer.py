"""The Explorer: a lesson or a program of one's own, run once, stepped through."""

from functools import partial

from pages.ui import bar, intro, player_component, running, state
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
payload = player_component.payload_of(session, state.place())
bar.show(_, bar.lesson_picker, partial(bar.view_switch, drawn=player_component.drawn_view(payload)))
intro.show(state.lesson(), _)
player_component.show(session, payload)
running.watch(session)
state.keep_link()
