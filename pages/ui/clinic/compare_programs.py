"""What a cure changed: the two programs line by line, the two graphs beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.program.diff import DiffLine, Piece, program_diff
from engine.text.language import Language, Translate
from graphviz_tools.compare.graph_pair import SIGNS, Difference, GraphPair, Sign
from graphviz_tools.drawing.processes import DrawingError
from graphviz_tools.drawing.requests import PairOf
from pages.ui.components import graph_pair
from pages.ui.desk import state
from pages.ui.desk.drawing import drawn, why_not_drawn
from pages.ui.desk.results import Result

LINE_SIGNS = {"same": "", "removed": "−", "added": "+"}
MOST = 14  # differences told one by one


def show(before: Result, after: Result, language: Language, _: Translate) -> None:
    """Programs and all differences in words on the left, graphs on the right; below each other on a phone."""
    try:
        pair = drawn(PairOf(language), [before, after], state.visitor())
    except DrawingError as error:
        st.info(why_not_drawn(error, _))
        return
    programs, graphs = st.columns([2, 3], gap="medium")
    with programs:
        st.subheader(_("The programs"), anchor=False)
        st.html(program_html(program_diff(before.outline.program.source, after.outline.program.source), _))
        st.html(differences_html(pair, _))
    with graphs:
        st.subheader(_("The graphs"), anchor=False)
        graph_pair.show(pair, _)


def program_html(lines: Sequence[DiffLine], _: Translate) -> str:
    """A table of the lines: two line numbers, a sign, the text with its changed words marked."""
    caption = _("Lines with − are only in the first program, lines with + only in the cured one")
    rows = "".join(_row(line, _) for line in lines)
    return f'<table class="program-diff"><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>'


def differences_html(pair: GraphPair, _: Translate) -> str:
    """The differences of the graphs as a list; that there is none is said, too."""
    items = "".join(_item(one.sign, one.text) for one in _shortened(pair.differences, _))
    title = _("The graphs have the same nodes and edges.") if pair.has_same_shape else _("The graphs differ:")
    return f'<div class="graph-differences"><p>{escape(title)}</p><ul>{items}</ul></div>'


def _shortened(differences: Sequence[Difference], _: Translate) -> list[Difference]:
    if len(differences) <= MOST:
        return list(differences)
    more = _("… and {n} more").format(n=len(differences) - MOST)
    return [*differences[:MOST], Difference("changed", more)]


def _item(sign: Sign, text: str) -> str:
    return f'<li class="{sign}"><b aria-hidden="true">{SIGNS[sign]}</b> <span>{escape(text)}</span></li>'


def _row(line: DiffLine, _: Translate) -> str:
    words = {"same": "", "removed": _("removed"), "added": _("added")}
    numbers = "".join(f"<td>{'' if number is None else number}</td>" for number in (line.before, line.after))
    sign = f'<td aria-label="{escape(words[line.kind])}">{LINE_SIGNS[line.kind]}</td>'
    tag = {"removed": "del", "added": "ins"}.get(line.kind, "")
    text = "".join(_piece(piece, tag) for piece in line.pieces)
    return f'<tr class="{line.kind}">{numbers}{sign}<td><code>{text}</code></td></tr>'


def _piece(piece: Piece, tag: str) -> str:
    return f"<{tag}>{escape(piece.text)}</{tag}>" if piece.is_marked and tag else escape(piece.text)
