"""Writes down anew what readers are told: ``python -m tests.told``. Read the difference before it is committed."""

from __future__ import annotations

from tests.told.programs import JUDGED, all_judged, lesson_file, recorded_lesson, runner, shared_layout
from tests.told.telling import LESSONS, told

if __name__ == "__main__":
    with runner() as one, shared_layout() as layout:
        for name in LESSONS:
            lesson_file(name).write_text(told(recorded_lesson(one, name), layout), encoding="utf-8")
        JUDGED.write_text(all_judged(one), encoding="utf-8")
