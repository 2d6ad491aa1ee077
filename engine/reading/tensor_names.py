"""What a tensor is called: its variable, its path in a module, or the name it was found under at the end."""

from __future__ import annotations

from engine.contract.trace import Saved, Trace
from engine.reading.naming import own_name


def name_of(trace: Trace, tensor: int | None) -> str | None:
    """The tensor's name; None when the program never gave it one."""
    if tensor is None:
        return None
    return own_name(trace, tensor) or next((leaf.name for leaf in trace.leaves if leaf.tensor == tensor), None)


def name_of_saved(trace: Trace, saved: Saved) -> str | None:
    """The name of what a node saved; of a nameless view (``w.t()``, ``h[0]``) that of the tensor it looks at."""
    own = name_of(trace, saved.tensor)
    if own is not None or saved.storage is None:
        return own
    sharing = [i for i, record in enumerate(trace.tensors) if record.storage == saved.storage and record.cut is None]
    return next((name for i in sharing if (name := name_of(trace, i)) is not None), None)
