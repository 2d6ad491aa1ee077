"""Loss laboratory: losses and their gradients as curves, and points to move about on them."""

import streamlit as st

from pages.ui import bar, look, loss_page, running, state
from pages.ui.words import words

state.session()
_ = words(state.place().language)
lab = loss_page.lab()

look.add("loss_lab.css")
bar.show(_)
with st.container(key="loss-page"):
    loss_page.show(lab, _)
running.watch(lab.desk)
loss_page.keep_link(lab)
