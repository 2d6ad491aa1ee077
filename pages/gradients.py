"""Gradients: every leaf's gradient of the run on the visitor's desk, in a table and in pictures."""

from pages.ui import bar, running, state
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
bar.show(_, bar.lesson_picker)
running.watch(session)
state.keep_link()
