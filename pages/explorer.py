"""The Explorer: a lesson or a program of one's own, run once, stepped through."""

from pages.ui import bar, intro, player_component, printed, running, state
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
bar.show(_, bar.view_switch)
with bar.row():
    bar.lesson_picker(_)
    intro.show(state.lesson(), _)
    bar.run_picker(_)
player_component.show(session, state.place())
running.watch(session, lambda: printed.show(session))
state.keep_link()
