"""What every session runs first: page configuration, look, navigation. One page so far: the Explorer."""

from pathlib import Path

import streamlit as st

from pages.ui.look import page_style

PAGES = Path(__file__).resolve().parents[1]
ICON = PAGES / "ui" / "icon.svg"

st.set_page_config(page_title="Backstep", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
st.html(page_style())
st.navigation([st.Page(PAGES / "explorer.py", title="Explorer", default=True)], position="hidden").run()
