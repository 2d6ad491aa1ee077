"""The bounds of a recording."""

from __future__ import annotations

from engine.contract.values import Record


class LiveLimits(Record, frozen=True, omit_defaults=False):
    """What a run tells while it goes on (:mod:`engine.contract.live`)."""

    rate_hz: float = 10.0  # leaves and series are read at most so often
    series: tuple[str, ...] = ()  # module-level names of numbers and arrays
    points: int = 256  # of a series; longer ones are thinned evenly
    leaves: int = 64  # sampled
    values: int = 8  # first elements of a leaf
    record: tuple[int, ...] = ()  # backward runs recorded in full, beside the first ones
    pace: float = 0.0  # backward runs a second at most; 0: as many as there are


class Limits(Record, frozen=True, omit_defaults=False):
    """Bounds of a recording; all can be set by the caller."""

    time_s: float = 30.0
    full_runs: int = 3  # backward runs recorded in full
    calls: int = 20_000
    nodes: int = 50_000
    items: int = 64  # largest value kept whole, in elements
    edge: int = 3  # of a larger one: first and last entries kept of each of the last two dimensions
    stats_items: int = 4_000_000  # statistics only up to this many elements
    value_bytes: int = 16_000_000  # all previews together; beyond: statistics only
    output_chars: int = 200_000
    grad_items: int = 10_000  # of a leaf's final gradient, in full
    watch: bool = True  # compare saved tensors with what they were; False: no findings about their content
    numeric_items: int = 0  # leaves of up to so many elements are checked by central differences
    watch_bytes: int = 256_000_000  # copies of saved tensors; beyond: checksums only, no true gradients
    live: LiveLimits | None = None  # None: nothing is told between the recorded steps but losses
