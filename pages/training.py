"""Training: real programs while they train, their losses, gradients and fits moving."""

import streamlit as st

from pages.ui import bar, look, state
from pages.ui.training import page
from pages.ui.words import words

session = state.session()
_ = words(state.place().language)
desk = page.desk()

page.go_to_the_player()
look.add("training/page.css")
bar.show(_)
with st.container(key="training-page"):
    page.controls(desk, _)
    page.charts(desk)
state.keep_link(train=page.link_words())
