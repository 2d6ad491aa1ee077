"""Where our packages lie and what they are called: nothing else depends on it, wherever they are installed."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = __name__.rpartition(".")[0]  # "engine", or what holds it and a dot before that
HOUSE = Path(__file__).resolve().parents[1]  # the folder of engine, graphviz_tools and pages
ROOT = HOUSE.parents[PACKAGE.count(".") - 1] if "." in PACKAGE else HOUSE  # what has to be on sys.path
RECORDER = os.path.join(os.path.dirname(__file__), "recording", "")  # as the recorder's own code objects name it
