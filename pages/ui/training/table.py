"""The losses of a desk's runs as CSV."""

from __future__ import annotations

import csv
import io

from engine.language import Language, translator
from pages.ui.training.desk import TrainingDesk


def losses_csv(desk: TrainingDesk, language: Language) -> str:
    """A line for each point that is kept: number and name of the run, device, line of the backward, step, loss."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["run", "name", "device", "line", "step", "loss"])
    _ = translator(language)
    for run in desk.runs:
        label = run.candidate.label(_)
        name = f"'{label}" if label[:1] in "=+-@" else label  # no formula for a spreadsheet
        with run.store.reading() as store:
            for curve_name, curve in store.curves.items():
                if curve_name.chart == "loss":
                    rows = zip(curve.xs, curve.ys)
                    writer.writerows([run.number, name, store.device, curve_name.of, x, repr(y)] for x, y in rows)
    return text.getvalue()
