"""What is drawn, before anything is laid out: vertices, arrows and clusters as frozen values.

Ids are made from ids of the trace, so the same program gives the same picture: ``v-n3`` is node 3,
``v-t0`` tensor 0 (a leaf, a root), ``v-t0-u2`` its third place of use, ``v-s3-0`` what node 3 saved first,
``v-g7`` a group whose first node is 7, ``v-c4`` call 4, ``v-x2`` the cut that made tensor 2;
``a-3-1`` is ``next_functions[1]`` of node 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphviz_tools.payload import Kind

ArrowKind = Literal["gradient", "saved", "call", "same", "cut"]
FlowState = Literal["value", "zero", "none", "nan", "pending", "unknown"]

BADGE = "·"  # the last line of a vertex, which the player fills: "grad [4, 5]"


@dataclass(frozen=True)
class Vertex:
    """One thing in the picture. ``nodes`` are the autograd nodes whose state it shows."""

    id: str
    kind: Kind
    lines: tuple[str, ...]
    title: str
    has_badge: bool = False
    nodes: tuple[int, ...] = ()
    tensor: int | None = None
    call: int | None = None
    saved: tuple[int, ...] = ()  # of a saved vertex: positions in the node's ``saved``
    same_as: tuple[str, ...] = ()
    is_double: bool = False  # a ring around it: a run started here
    is_dashed: bool = False

    @property
    def label(self) -> tuple[str, ...]:
        """The lines as drawn, with room for the badge."""
        return (*self.lines, BADGE) if self.has_badge else self.lines


@dataclass(frozen=True)
class Flow:
    """The gradient that went along an arrow. pending: its node has not run; weight: 0..1, how thick to draw."""

    state: FlowState
    text: str
    weight: float = 0.0


@dataclass(frozen=True)
class Arrow:
    """``edges`` are the (node, position in next_functions) whose gradient travels along it."""

    id: str
    source: str
    target: str
    kind: ArrowKind = "gradient"
    edges: tuple[tuple[int, int], ...] = ()
    root: int | None = None  # the tensor a run starts from, when the arrow leaves a root
    note: str = ""  # a fixed label: the line of a cut
    flow: Flow | None = None  # drawn as its thickness and label, in a picture that does not move


@dataclass(frozen=True)
class Cluster:
    """A frame around vertices: a module scope, or a call with its nodes."""

    id: str
    label: str
    vertices: tuple[str, ...] = ()
    clusters: tuple[Cluster, ...] = ()


@dataclass(frozen=True)
class Diagram:
    vertices: tuple[Vertex, ...]
    arrows: tuple[Arrow, ...]
    clusters: tuple[Cluster, ...] = ()
    notices: tuple[str, ...] = ()  # what was collapsed or left out, in the reader's language
    grows_up: bool = False  # the combined view: data flows upwards, so that the root is still on top
    has_arrow_labels: bool = False  # room for the gradient's text is kept on arrows
    run: int | None = None  # of this run alone; None: of the whole program
    without_calls: bool = False  # asked for with calls, too large for that
    is_plain: bool = False  # drawn with straight lines and little care for crossings: it is dense
