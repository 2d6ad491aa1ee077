"""What every session runs first: page configuration, look, the visitor's desk, the page (see navigation.py)."""

from pathlib import Path

import streamlit as st

from pages.ui.desk import navigation, state
from pages.ui.desk.words import words
from pages.ui.frame import watch
from pages.ui.frame.styles import page_style

ICON = Path(__file__).parent / "icon.svg"

st.set_page_config(page_title="Backstep", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
st.html(page_style())
state.session()
watch.show(state.place().language or "en")
navigation.run(words(state.place().language))
