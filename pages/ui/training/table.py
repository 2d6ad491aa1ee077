"""The losses of a desk's runs as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from engine.gradients.as_csv import text_cell
from engine.text.language import Language, translator
from pages.ui.training.curve import Curve
from pages.ui.training.desk import TrainingDesk
from pages.ui.training.store import CurveName, Store


def losses_csv(desk: TrainingDesk, language: Language) -> str:
    """A line for each point that is kept: number and name of the run, device, line of the backward, step, loss.

    Of losses that are no finite number there is the first one.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["run", "name", "device", "line", "step", "loss"])
    _ = translator(language)
    for run in desk.runs:
        name = text_cell(run.candidate.label(_))
        with run.store.reading() as store:
            device = text_cell(store.device)
            rows = [(run.number, name, device, text_cell(of), step, loss) for of, step, loss in _points(store)]
        writer.writerows(rows)
    return text.getvalue()


def _points(store: Store) -> Iterator[tuple[str, int, str]]:
    """(line, step, loss) of every point, line by line, in the order of the steps."""
    at = store.not_finite
    for of in dict.fromkeys((*store.loss_lines, *((at.of,) if at is not None else ()))):
        curve = store.curves.get(CurveName("loss", of), Curve())
        points = [(of, x, repr(y)) for x, y in zip(curve.xs, curve.ys)]
        yield from sorted([*points, (of, at.step, at.value)] if at is not None and at.of == of else points)
