"""Writes down anew what readers are told: ``python -m tests.told``. Read the difference before it is committed."""

from __future__ import annotations

from contextlib import closing

from engine.running import Runner
from graphviz_tools.render.layout import Layout
from tests.told.programs import JUDGED, all_judged, lesson_file, recorded_lesson
from tests.told.telling import LESSONS, told

if __name__ == "__main__":
    with Runner() as one, closing(Layout()) as layout:
        for name in LESSONS:
            lesson_file(name).write_text(told(recorded_lesson(one, name), layout), encoding="utf-8")
        JUDGED.write_text(all_judged(one), encoding="utf-8")
