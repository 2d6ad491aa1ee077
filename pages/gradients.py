"""Gradients: every gradient of the run on the visitor's desk, in a table and in pictures."""

import streamlit as st

from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, intro, styles
from pages.ui.gradients import page

desk = state.desk()
_ = words(state.place().language)

desk.settle(running.patience_s(desk))
styles.add("gradients/page.css")
bar.show(_, bar.lesson_picker)
intro.show(state.lesson(), _)
with st.container(key="gradient-page"):
    page.show(desk.result, state.place().language or "en")
running.watch(desk)
state.keep_link()
