"""The Explorer: a lesson or a program of one's own, run once, stepped through."""

from functools import partial

from pages.ui.components import player, printed
from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, intro

desk = state.desk()
_ = words(state.place().language)

desk.settle(running.patience_s(desk))
payload = player.payload_of(desk, state.place())
bar.show(_, partial(bar.view_switch, drawn=player.drawn_view(payload)))
with bar.row():
    bar.lesson_picker(_)
    intro.show(state.lesson(), _)
player.show(desk, payload)
running.watch(desk, lambda: printed.show(desk))
state.keep_link()
