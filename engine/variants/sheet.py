"""A sheet: the common program and the text of every variant, as a learner has written them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.contract.trace import Program
from engine.program.template import Filled, Variant, fill, with_room
from engine.variants import example


@dataclass(frozen=True)
class Sheet:
    """What the learner has written."""

    template: str = example.TEMPLATE
    variants: tuple[Variant, ...] = example.VARIANTS

    def filled(self, variant: Variant) -> Filled:
        """The program of one variant."""
        return fill(self.template, variant.text)

    def program(self, variant: Variant) -> Program:
        """The same, as it is run."""
        return Program(source=self.filled(variant).source)

    def written(self, template: str, texts: Mapping[str, str]) -> Sheet:
        """The sheet with other texts; the template gets room enough that all variants number their lines alike."""
        variants = tuple(replace(v, text=texts.get(v.slug, v.text).rstrip()) for v in self.variants)
        n_lines = max(len(variant.text.split("\n")) for variant in variants)
        return Sheet(with_room(template, n_lines), variants)


def example_programs() -> frozenset[Program]:
    """The programs of the sheet that the page has when it is opened."""
    sheet = Sheet()
    return frozenset(sheet.program(variant) for variant in sheet.variants)
