"""Every text a person reads is marked, and stands complete in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from engine.program.lesson import lessons, messages
from engine.text.language import CATALOGUES, LANGUAGES, N_, from_locale, translator

ROOT = Path(__file__).parent.parent
CONFIGURATION = CATALOGUES / "babel.cfg"
MARKS = {"_": None, "N_": None}
SOURCES = [
    path
    for folder in ("engine", "graphviz_tools", "pages")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "lessons" not in path.parts
] + [ROOT / "streamlit_app.py"]


@cache
def marked() -> frozenset[str]:
    """Message ids of the code and the lessons, as ``make messages`` finds them."""
    with CONFIGURATION.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, MARKS)
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
def catalogue() -> Catalog:
    with (CATALOGUES / "zh.po").open("rb") as file:
        return read_po(file, locale="zh")


# --- what is wrong with a catalogue ---------------------------------------------------------------


def faults(ids: frozenset[str], texts: Catalog) -> list[str]:
    """Everything that would let a reader meet English, a gap or a crash."""
    translated = {str(message.id): message for message in texts if message.id}
    found = [f"missing: {text}" for text in sorted(ids - translated.keys())]
    found += [f"unused: {text}" for text in sorted(translated.keys() - ids)]
    found += [f"left over: {text}" for text in texts.obsolete]
    for text, message in translated.items():
        found += [f"{fault}: {text}" for fault in _faults_of(message)]
    return found


def _faults_of(message: Message) -> Iterator[str]:
    source, text = str(message.id), str(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not text.strip():
        yield "empty"
    elif placeholders(source) != placeholders(text):
        yield f"other placeholders ({text})"
    elif code(source) != code(text):
        yield f"other code ({text})"
    elif source.endswith(".") and not source.endswith("...") and text[-1] not in "。）.":
        yield f"a sentence without its end ({text})"


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def code(text: str) -> set[str]:
    """What stands between backticks: names and expressions, the same in every language."""
    return set(re.findall(r"`([^`]*)`", text))


def test_the_chinese_catalogue_is_complete_and_fits():
    assert faults(marked(), catalogue()) == []


def test_a_good_number_of_texts_is_marked():
    assert len(marked()) > 700


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({}, "missing: line {line}"),
        ({"line {line}": "第 {line} 行", "old": "旧"}, "unused: old"),
        ({"line {line}": ""}, "empty: line {line}"),
        ({"line {line}": "第 {zeile} 行"}, "other placeholders (第 {zeile} 行): line {line}"),
        ({"line {line}": "第 行"}, "other placeholders (第 行): line {line}"),
        ({"line {line}": "第 {line} 行 `x`"}, "other code (第 {line} 行 `x`): line {line}"),
    ],
)
def test_each_fault_of_a_catalogue_is_noticed(texts, fault):
    wrong = Catalog(locale="zh")
    for source, text in texts.items():
        wrong.add(source, text)
    assert faults(frozenset({"line {line}"}), wrong) == [fault]


def test_a_fuzzy_text_and_a_left_over_one_are_noticed():
    wrong = Catalog(locale="zh")
    wrong.add("x", "y", flags={"fuzzy"})
    wrong.obsolete["z"] = Message("z", "z")
    assert faults(frozenset({"x"}), wrong) == ["left over: z", "fuzzy: x"]


# --- how texts are marked -------------------------------------------------------------------------


def wrongly_marked(source: str) -> list[str]:
    """Calls that Babel cannot extract: f-strings, sums, formatted texts in ``_``; all but literals in ``N_``."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and _mark(node.func) and not _can_be_extracted(node)
    ]


def _mark(function: ast.expr) -> str | None:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
    return name if name in MARKS else None


def _can_be_extracted(call: ast.Call) -> bool:
    if len(call.args) != 1 or call.keywords:
        return False
    (text,) = call.args
    if isinstance(text, ast.Constant):
        return isinstance(text.value, str) and bool(text.value)
    # A text declared elsewhere with N_ and kept in a table, an attribute, a variable:
    return _mark(call.func) == "_" and isinstance(text, (ast.Name, ast.Attribute, ast.Subscript))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_are_marked_as_literals(path):
    assert wrongly_marked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["_(f'line {x}')", "_('a' + b)", "_('{x}'.format(x=1))", "N_(text)", "_('')", "_(1)", "_('a', 'b')", "s._(f'{x}')"],
)
def test_a_text_that_cannot_be_extracted_is_noticed(source):
    assert len(wrongly_marked(source)) == 1


@pytest.mark.parametrize("source", ["_('a')", "N_('a')", "_(rule.word)", "_(NAMES[kind])", "stage._('a' 'b')"])
def test_literals_and_texts_from_tables_pass(source):
    assert wrongly_marked(source) == []


# --- the translator -------------------------------------------------------------------------------


def test_english_is_the_message_itself_and_an_unknown_message_stays_english():
    assert translator("en")("multiply") == "multiply"
    assert translator("zh")("multiply") == "乘法"
    assert translator("zh")("never marked") == "never marked"
    assert translator("zh")("") == ""


def test_every_text_of_the_lessons_is_in_every_language():
    for language in LANGUAGES:
        _ = translator(language)
        for lesson in lessons():
            assert all(_(message) for message in messages(lesson))
            assert language == "en" or _(lesson.title) != lesson.title


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", "zh"), ("zh_TW", "zh"), ("ZH", "zh"), ("en-GB", "en"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_the_language_follows_the_browser(locale, language):
    assert from_locale(locale) == language


def test_marking_changes_nothing():
    assert N_("a {b}") == "a {b}"
