"""What a tensor is called: its variable, its path in a module, or the name it was found under at the end."""

from __future__ import annotations

from engine.trace import Trace


def name_of(trace: Trace, tensor: int | None) -> str | None:
    """The tensor's name; None when the program never gave it one."""
    if tensor is None:
        return None
    return trace.tensors[tensor].name or next((leaf.name for leaf in trace.leaves if leaf.tensor == tensor), None)
