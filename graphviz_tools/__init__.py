"""A trace to a picture: what is drawn, laid out by Graphviz, and told step by step.

What others may use is named here; the rest is private by its folder. Nothing is imported before it is asked for.

- ``show``: everything the player needs, of a trace; ``Payload`` is what that is
- ``dot_text``: the graph as DOT text with torchviz's colours
- ``flow_picture``: the graph of one backward run, each arrow as wide as the gradient that went along it
- ``shared_layout``: this process's Graphviz; close it at the end

>>> import engine, graphviz_tools
>>> graphviz_tools.dot_text(engine.Trace(engine.Program(""), "ok")).startswith("digraph backstep")
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphviz_tools.payload import Payload
    from graphviz_tools.picture import dot_text, flow_picture, shared_layout, show

__all__ = ["Payload", "dot_text", "flow_picture", "shared_layout", "show"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'payload' if name == 'Payload' else 'picture'}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
