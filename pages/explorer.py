"""The Explorer: a lesson or a program of one's own, run once, stepped through."""

from functools import partial

from pages.ui.components import player, printed
from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, intro

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
payload = player.payload_of(session, state.place())
bar.show(_, partial(bar.view_switch, drawn=player.drawn_view(payload)))
with bar.row():
    bar.lesson_picker(_)
    intro.show(state.lesson(), _)
player.show(session, payload)
running.watch(session, lambda: printed.show(session))
state.keep_link()
