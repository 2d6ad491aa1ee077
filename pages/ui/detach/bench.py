"""The bench of the detach page: a program with a marked line, its variants, and a desk for each that was run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

import msgspec

from engine.program.template import Variant
from engine.running.turns import Place
from engine.text.language import Language, translator
from engine.variants import example
from engine.variants.sheet import Sheet
from graphviz_tools.compare.comparison import Comparison
from graphviz_tools.compare.variants import Ran, compare
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import ComparisonOf
from pages.ui.components.picture import unrecorded
from pages.ui.desk.desk import NamedDesks, ProgramDesk
from pages.ui.desk.drawing import drawn, why_not_drawn
from pages.ui.desk.results import Result


def chosen(slugs: Iterable[str]) -> tuple[str, ...]:
    """Known variants among ``slugs``, in the order of the example, not more than fit; the first two for none."""
    asked = set(slugs)
    known = [variant.slug for variant in example.VARIANTS if variant.slug in asked]
    return tuple(known[: example.MOST]) or example.FIRST


class Bench:
    """One visitor's bench. Every variant has a desk of its own; those not chosen keep their last result."""

    def __init__(self, desks: NamedDesks) -> None:
        self.sheet = Sheet()
        self._chosen: tuple[str, ...] = ()
        self._desks = desks

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Those side by side."""
        return tuple(variant for variant in self.sheet.variants if variant.slug in self._chosen)

    @property
    def is_running(self) -> bool:
        return any(self._desk(variant).is_running for variant in self.variants)

    @property
    def is_starting(self) -> bool:
        return any(self._desk(variant).is_starting for variant in self.variants)

    @property
    def place(self) -> Place | None:
        """Where the run waits that begins last; None when none does."""
        return max((place for v in self.variants if (place := self._desk(v).place) is not None), default=None)

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than the example."""
        return self.sheet != Sheet()

    def choose(self, slugs: Iterable[str]) -> None:
        """Put these variants side by side; what has not run yet with these texts, runs."""
        with self._desks.lock:
            self._chosen = chosen(slugs)
            for variant in self.variants:
                self._desk(variant).have(self.sheet.program(variant))

    def run(self, template: str, texts: Mapping[str, str]) -> None:
        """Take over what was written and run every variant that is shown."""
        with self._desks.lock:
            self.sheet = self.sheet.written(template, texts)
            for variant in self.variants:
                self._desk(variant).run(self.sheet.program(variant))

    def restore(self) -> None:
        """Put the example back."""
        self.sheet = Sheet()
        self.choose(self._chosen)

    def stop(self) -> None:
        for variant in self.variants:
            self._desk(variant).stop()

    def leave(self) -> None:
        """The visitor has left."""
        self._desks.leave()

    def come_back(self) -> None:
        """The visitor is there again."""
        self._desks.come_back(variant.slug for variant in self.variants)

    def settle(self, timeout_s: float) -> bool:
        """Take over the results of runs that end within ``timeout_s``; whether none is under way."""
        deadline = time.monotonic() + timeout_s
        ended = [self._desk(v).settle(max(0.0, deadline - time.monotonic())) for v in self.variants]
        return all(ended)

    def results(self) -> tuple[Result, ...]:
        return tuple(self._desk(variant).result for variant in self.variants)

    def comparison(self, language: Language) -> Comparison:
        """What ran, side by side."""
        sheet, variants, results = self.sheet, self.variants, self.results()
        asked = tuple((variant, result.is_blank) for variant, result in zip(variants, results, strict=True))
        try:
            return drawn(ComparisonOf(sheet.template, asked, language), results, self._desks.visitor)
        except DrawingError as error:
            return _plain(sheet, variants, results, language, why_not_drawn(error, translator(language)))

    def _desk(self, variant: Variant) -> ProgramDesk:
        return self._desks[variant.slug]


def _plain(
    sheet: Sheet, variants: tuple[Variant, ...], results: tuple[Result, ...], language: Language, why: str
) -> Comparison:
    """The programs alone, without anything of their recordings, and why."""
    ran = [Ran(v, sheet.filled(v), unrecorded(r), is_blank=True) for v, r in zip(variants, results)]
    compared = compare(sheet.template, ran, _=translator(language), language=language)
    return msgspec.structs.replace(compared, notices=(why,))
