"""Backstep: step through the backward pass of real PyTorch code.

``streamlit run streamlit_app.py`` and ``uvicorn streamlit_app:app`` both start it. This file only
joins the server (pages/ui/app/life.py) and the script that every visitor's session runs
(pages/ui/app/script.py). The pages are given to ``st.navigation`` by path, not found beside this file:
otherwise a link to a page breaks on a server that has not drawn one yet.
"""

from pathlib import Path

import streamlit as st

from pages.ui.app import life

app = st.App(
    Path(__file__).resolve().parent / "pages" / "ui" / "app" / "script.py",
    lifespan=life.lifespan,
    routes=life.routes(),
    middleware=life.middleware(),
)
