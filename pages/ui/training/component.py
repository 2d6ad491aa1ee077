"""The charts on the page: a Streamlit component that reads the desk's updates by itself."""

from __future__ import annotations

from collections.abc import Callable

from engine.text.language import Language, translator
from pages.ui.frame.mounts import mounted
from pages.ui.server.assets import served
from pages.ui.training import routes
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.words import browser_words

KEY = "training-charts"

# Plotly puts the styles of its own layers into the document
_mount = mounted("training", "training/mount.js", isolate_styles=False)


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
        "folder": routes.MODULES.folder,
        "plotly": served(routes.plotly_path()),
    }
    _mount(key=KEY, data=data, on_attach_change=on_attach, on_open_change=on_open)
