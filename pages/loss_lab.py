"""Loss laboratory: losses and their gradients as curves, and points to move about on them."""

import streamlit as st

from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, styles
from pages.ui.loss_lab import page

state.desk()
_ = words(state.place().language)
lab = page.lab()

styles.add("loss_lab/page.css")
bar.show(_)
with st.container(key="loss-page"):
    page.show(lab, _)
running.watch(lab.desk)
page.keep_link(lab)
