"""Gradients: every gradient of the run on the visitor's desk, in a table and in pictures."""

import streamlit as st

from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, intro, styles
from pages.ui.gradients import page

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
styles.add("gradients/page.css")
bar.show(_, bar.lesson_picker)
intro.show(state.lesson(), _)
with st.container(key="gradient-page"):
    page.show(session.result, state.place().language or "en")
running.watch(session)
state.keep_link()
