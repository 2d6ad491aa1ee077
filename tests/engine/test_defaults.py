"""What a field means that an old file does not have: its default, written down in ``defaults.txt``.

A default that changes changes what old traces say. A new field adds a line: ``python -m tests.engine.test_defaults``.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.contract import events, live, trace, values

WRITTEN = Path(__file__).with_name("defaults.txt")


def defaults() -> list[str]:
    """``Type.field = default`` of every record, in the order of the names."""
    lines: set[str] = set()
    for module in (trace, events, live, values):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, msgspec.Struct):
                lines |= {
                    f"{thing.__name__}.{field.name} = {_default(field)!r}"
                    for field in msgspec.structs.fields(thing)
                    if not field.required
                }
    return sorted(lines)


def _default(field: msgspec.structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def test_defaults_are_those_that_old_files_rely_on() -> None:
    assert defaults() == WRITTEN.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    WRITTEN.write_text("".join(f"{line}\n" for line in defaults()), encoding="utf-8")
