"""The app's server with one page: the panels that only ever show our own programs (hostile_panels.py)."""

from pathlib import Path

import streamlit as st

from pages.ui.app import life

app = st.App(
    Path(__file__).with_name("hostile_panels.py"),
    lifespan=life.lifespan,
    routes=life.routes(),
    middleware=life.middleware(),
)
