"""Gradients: every gradient of the run on the visitor's desk, in a table and in pictures."""

import streamlit as st

from pages.ui import bar, gradient_page, intro, look, running, state
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)

session.settle(running.patience_s(session))
look.add("gradients.css")
bar.show(_, bar.lesson_picker)
intro.show(state.lesson(), _)
with st.container(key="gradient-page"):
    gradient_page.show(session.result, state.place().language or "en")
running.watch(session)
state.keep_link()
