"""Training: real programs while they train, their losses, gradients and fits moving."""

import streamlit as st

from pages.ui.desk import state
from pages.ui.desk.words import words
from pages.ui.frame import bar, styles
from pages.ui.training import page

state.desk()
_ = words(state.place().language)
desk = page.desk()

page.go_to_the_player()
styles.add("training/page.css")
bar.show(_)
with st.container(key="training-page"):
    page.controls(desk, _)
    page.charts(desk)
state.keep_link(train=page.link_words())
