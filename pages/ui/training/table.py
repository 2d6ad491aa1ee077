"""The losses of a desk's runs as CSV."""

from __future__ import annotations

import csv
import io

from engine.gradient_csv import text_cell
from engine.language import Language, translator
from pages.ui.training.desk import TrainingDesk


def losses_csv(desk: TrainingDesk, language: Language) -> str:
    """A line for each point that is kept: number and name of the run, device, line of the backward, step, loss."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["run", "name", "device", "line", "step", "loss"])
    _ = translator(language)
    for run in desk.runs:
        name = text_cell(run.candidate.label(_))
        with run.store.reading() as store:
            for curve_name, curve in store.curves.items():
                if curve_name.chart == "loss":
                    rows = zip(curve.xs, curve.ys)
                    line, device = text_cell(curve_name.of), text_cell(store.device)
                    writer.writerows([run.number, name, device, line, x, repr(y)] for x, y in rows)
    return text.getvalue()
