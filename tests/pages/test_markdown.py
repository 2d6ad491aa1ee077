"""A program's texts in Markdown: code spans, and literal words around them."""

from __future__ import annotations

import pytest

from engine.explain.errors.explanation import said
from engine.text.language import translator
from engine.text.quoting import visible
from pages.ui.frame.markdown import ODD, code, explained, prose
from tests.hostile import TEXTS


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_span_is_as_long_as_its_text_and_nothing_in_it_ends_it(text: str) -> None:
    span = code(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    inside = span[len(fence) : -len(fence)]
    assert span.endswith(fence) and fence not in [*inside.replace(" ", "\0").split("\0")]
    assert inside.strip().replace("\u2060", "") == visible(text).strip() and "\n" not in span


@pytest.mark.parametrize("text", TEXTS)
def test_of_a_text_among_words_nothing_is_left_that_markdown_reads(text: str) -> None:
    words = prose(f"before {text} after")
    outside = "".join(part for i, part in enumerate(words.split("`")) if i % 2 == 0)
    assert not ODD.search(outside.replace("\\", ""))
    bare = outside.replace("\\\\", "").replace("\\", "\0")
    assert not [c for i, c in enumerate(bare) if c in "*_[]<>$&|~" and bare[i - 1 : i] != "\0"], words
    assert "\n" not in words


@pytest.mark.parametrize("text", TEXTS)
def test_a_name_in_an_explanation_is_one_piece_of_code(text: str) -> None:
    told, cure = explained(
        said("`{name}` was changed on line {line}.", "Use {name}.", name=text, line=3), translator("en")
    )
    assert told == f"{code(visible(text.replace('`', 'ˋ')))} was changed on line 3."
    assert cure.startswith("Use ")


@pytest.mark.parametrize("text", ["# head", "- item", "+ item", "1. item", "2) item", "=== rule", "--- rule"])
def test_words_at_the_start_of_a_line_begin_no_block(text: str) -> None:
    assert prose(text)[:1] in "\\`" or prose(text)[1] == "\\"
