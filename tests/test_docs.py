"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from engine.contract import trace

ROOT = Path(__file__).resolve().parents[1]
WORD_SETS = ("Ending", "Cause", "Phase", "Cut", "RunKind", "Writer", "NoTrueGradient", "NoNumericGradient", "NotFinite")
Tables = dict[str, dict[str, str]]  # type name -> field name -> default


def documented(text: str) -> Tables:
    """Every ``### Type`` of the document with the rows of its table."""
    tables: Tables = {}
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        body = re.split(r"^## ", section, flags=re.MULTILINE)[0]
        rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \| .+ \|$", body, flags=re.MULTILINE)
        assert len(rows) == len(dict(rows)), f"a field of {section.split()[0]} is there twice"
        tables[section.split()[0]] = dict(rows)
    return tables


def defined() -> Tables:
    """Every record type of engine/contract/trace.py with its fields."""
    types = [t for t in vars(trace).values() if isinstance(t, type) and issubclass(t, trace.Record)]
    return {
        t.__name__: {field.name: default(field) for field in msgspec.structs.fields(t)}
        for t in types
        if t is not trace.Record
    }


def default(field: Any) -> str:
    if field.required:
        return "required"
    if isinstance(field.default, trace.Limits):
        return "all defaults"
    return f"`{msgspec.json.encode(field.default).decode()}`"


def page() -> str:
    return (ROOT / "docs" / "trace-format.md").read_text(encoding="utf-8")


def test_the_trace_format_page_has_exactly_the_types_fields_and_defaults_of_the_code() -> None:
    assert documented(page()) == defined()


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("| `wall_s`", "| wall_s"),
        ("| `wall_s`", "| `wall_seconds`"),
        ("| `0.0` |", "| `1.0` |"),
        ("### Leaf", "## Leaf"),
    ],
)
def test_a_page_that_differs_from_the_code_is_noticed(change: str, by: str) -> None:
    assert change in page()
    assert documented(page().replace(change, by)) != defined()


@pytest.mark.parametrize("name", WORD_SETS)
def test_the_trace_format_page_lists_every_word_of_a_word_set(name: str) -> None:
    (words,) = re.findall(rf"^\| {name} \| (.+) \|$", page(), flags=re.MULTILINE)
    assert re.findall(r"`([^`]+)`", words) == list(get_args(getattr(trace, name)))


def test_the_kinds_of_steps_are_the_ones_on_the_page() -> None:
    sections = re.split(r"^### ", page(), flags=re.MULTILINE)[1:]
    tags = {text.split()[0]: re.findall(r'Its `"type"` is `"(\w+)"`', text) for text in sections}
    for step in get_args(trace.Step):
        assert tags[step.__name__] == [step.__struct_config__.tag]


def test_the_examples_of_the_trace_format_page_are_values() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", page(), flags=re.DOTALL)
    first, second = (msgspec.json.decode(line, type=trace.Value) for line in block.splitlines())
    assert first.items == (1.0, "inf")
    assert second.items == (trace.Complex(1.0, 2.0),)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_named_in_a_document_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([\w-]+)", (ROOT / document).read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named
    assert named <= targets


@pytest.mark.parametrize(
    "document",
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))],
)
def test_files_that_a_document_links_to_exist(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
