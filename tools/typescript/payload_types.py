"""The types of what the player is given, for its JavaScript: ``python -m tools.typescript.payload_types`` writes them.

A field that is at its default is not sent (``omit_defaults``), so it may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from msgspec import inspect

from graphviz_tools import player
from graphviz_tools.compare.comparison import Comparison
from graphviz_tools.payload import Payload

TARGET = Path(player.__file__).with_name("payload.d.ts")
HEAD = "// What payload.py and compare/comparison.py describe. Written by `make payload`; do not edit.\n"
NAMES = {
    inspect.StrType: "string",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
}


def written() -> str:
    """The whole file, a type for each struct, those that others are made of first."""
    found: dict[str, inspect.StructType] = {}
    for root in inspect.multi_type_info([Payload, Comparison]):
        _collect(root, found)
    return "\n".join([HEAD, *map(_declared, found.values())])


def _collect(of: inspect.Type, found: dict[str, inspect.StructType]) -> None:
    for part in _parts(of):
        _collect(part, found)
    if isinstance(of, inspect.StructType):
        found.setdefault(of.cls.__name__, of)


def _parts(of: inspect.Type) -> Iterable[inspect.Type]:
    match of:
        case inspect.StructType(fields=fields):
            return [field.type for field in fields]
        case inspect.UnionType(types=types) | inspect.TupleType(item_types=types):
            return types
        case inspect.VarTupleType(item_type=item):
            return [item]
        case inspect.DictType(key_type=key, value_type=value):
            return [key, value]
        case _:
            return []


def _declared(struct: inspect.StructType) -> str:
    name, fields = struct.cls.__name__, [_field(field, struct.array_like) for field in struct.fields]
    if struct.array_like:
        return f"export type {name} = [{', '.join(fields)}];\n"
    tag = [f'{struct.tag_field}: "{struct.tag}"'] if struct.tag_field else []
    return "\n".join([f"export interface {name} {{", *(f"  {field};" for field in [*tag, *fields]), "}\n"])


def _field(field: inspect.Field, is_array: bool) -> str:
    """An array has all its places."""
    return f"{field.encode_name}{'' if field.required or is_array else '?'}: {_name(field.type)}"


def _name(of: inspect.Type) -> str:
    match of:
        case inspect.StructType(cls=cls):
            return cls.__name__
        case inspect.LiteralType(values=values):
            return " | ".join(map(json.dumps, values))
        case inspect.UnionType(types=types):
            return " | ".join(map(_name, types))
        case inspect.TupleType(item_types=types):
            return f"[{', '.join(map(_name, types))}]"
        case inspect.VarTupleType(item_type=item):
            return f"Array<{_name(item)}>"
        case inspect.DictType(key_type=key, value_type=value):
            return f"Record<{_name(key)}, {_name(value)}>"
        case _:
            return NAMES[type(of)]


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
