"""The charts on the page: a Streamlit component that reads the desk's updates by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.components.v2 import component

from engine.text.language import Language, translator
from pages.ui.components.player import served
from pages.ui.training import assets, routes
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.words import browser_words

HERE = Path(__file__).parent
KEY = "training-charts"

_mount = component(
    "backstep_training",
    js=(HERE / "mount.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # Plotly puts the styles of its own layers into the document
)


def show(desk: TrainingDesk, language: Language, on_attach: Callable[[], None], on_open: Callable[[], None]) -> None:
    """The desk's runs and their curves. ``on_attach``: the browser names the desk it had before it was loaded anew;
    ``on_open``: a recorded step is to be shown in the player.

    The data change with desk and language only: a page that is drawn again leaves the charts alone.
    """
    data = {
        "desk": desk.key,
        "language": language,
        "words": browser_words(translator(language)),
        "events": served(routes.EVENTS_PATH.format(key=desk.key)),
        "act": served(routes.ACT_PATH.format(key=desk.key)),
        "csv": served(routes.CSV_PATH.format(key=desk.key)),
        "folder": served(assets.folder()),
        "plotly": served(assets.plotly_path()),
    }
    _mount(key=KEY, data=data, on_attach_change=on_attach, on_open_change=on_open)
