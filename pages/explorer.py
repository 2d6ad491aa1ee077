"""The Explorer: a lesson or a program of one's own, run once, stepped through."""

from functools import partial

from pages.ui import bar, intro, player_component, printed, running, state
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
payload = player_component.payload_of(session, state.place())
bar.show(_, partial(bar.view_switch, drawn=player_component.drawn_view(payload)))
with bar.row():
    bar.lesson_picker(_)
    intro.show(state.lesson(), _)
player_component.show(session, payload)
running.watch(session, lambda: printed.show(session))
state.keep_link()
