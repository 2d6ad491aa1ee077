"""What can be asked of the drawing process: each request says what comes back and makes it from recordings.

``make`` is the library itself, in whatever process it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Protocol, TypeVar, Union

from engine.contract.trace import Trace
from engine.contract.values import Record
from engine.gradients.table import GradientRow, gradient_rows
from engine.program.template import Variant, fill
from engine.referee.finding import Finding
from engine.referee.findings import findings
from engine.text.language import Language, translator
from graphviz_tools.compare.comparison import Comparison
from graphviz_tools.compare.graph_pair import GraphPair, graph_pair
from graphviz_tools.compare.variants import Ran, compare
from graphviz_tools.payload import Payload
from graphviz_tools.payload_of import Picture
from graphviz_tools.picture import View, flow_picture, show
from graphviz_tools.render.layout import LaysOut
from graphviz_tools.render.theme import ThemeName

Answer = TypeVar("Answer", covariant=True)


class Asked(Protocol[Answer]):
    """A request that gives an ``Answer``. ``answer`` is that type, for the decoder."""

    answer: ClassVar[type[Any]]

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> Answer: ...


class PayloadOf(Record, frozen=True, tag="payload"):
    """:func:`graphviz_tools.picture.show` of one recording."""

    view: View
    run: int | None
    language: Language
    tensor: int | None = None
    editable: bool = True

    answer: ClassVar[type] = Payload

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> Payload:
        return show(
            traces[0],
            view=self.view,
            _=translator(self.language),
            language=self.language,
            editable=self.editable,
            run=self.run,
            tensor=self.tensor,
            layout=layout,
        )


class FlowOf(Record, frozen=True, tag="flow"):
    """:func:`graphviz_tools.picture.flow_picture` of one recording."""

    run: int
    language: Language
    theme: ThemeName

    answer: ClassVar[type] = Picture

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> Picture:
        return flow_picture(traces[0], self.run, _=translator(self.language), theme=self.theme, layout=layout)


class ComparisonOf(Record, frozen=True, tag="comparison"):
    """:func:`graphviz_tools.compare.variants.compare` of one recording for each variant; ``blank``: not run yet."""

    template: str
    variants: tuple[tuple[Variant, bool], ...]
    language: Language

    answer: ClassVar[type] = Comparison

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> Comparison:
        ran = [
            Ran(variant, fill(self.template, variant.text), trace, blank)
            for (variant, blank), trace in zip(self.variants, traces, strict=True)
        ]
        return compare(self.template, ran, _=translator(self.language), language=self.language, layout=layout)


class PairOf(Record, frozen=True, tag="pair"):
    """:func:`graphviz_tools.compare.graph_pair.graph_pair` of two recordings."""

    language: Language

    answer: ClassVar[type] = GraphPair

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> GraphPair:
        return graph_pair(traces[0], traces[1], layout, translator(self.language))


class FindingsOf(Record, frozen=True, tag="findings"):
    """:func:`engine.referee.findings.findings` of one recording."""

    answer: ClassVar[type] = tuple[Finding, ...]

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> tuple[Finding, ...]:
        return findings(traces[0])


class GradientsOf(Record, frozen=True, tag="gradients"):
    """:func:`engine.gradients.table.gradient_rows` of one recording."""

    answer: ClassVar[type] = tuple[GradientRow, ...]

    def make(self, traces: Sequence[Trace], layout: LaysOut) -> tuple[GradientRow, ...]:
        return gradient_rows(traces[0])


Request = Union[PayloadOf, FlowOf, ComparisonOf, PairOf, FindingsOf, GradientsOf]


class Envelope(Record, frozen=True):
    """A request and the keys of the recordings it is about."""

    keys: tuple[str, ...]
    request: Request


Sign = Literal[b"+", b"-", b"T", b"L"]
DONE: Sign = b"+"  # the answer
REFUSED: Sign = b"-"  # why there is none
TRACE: Sign = b"T"  # the process asks for the recording of a key
LAYOUT: Sign = b"L"  # the process asks for the layout of a DOT text
