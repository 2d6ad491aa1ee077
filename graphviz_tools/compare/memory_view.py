"""Memory at each moment, ready to be drawn: storages as boxes, tensors as tags, what was saved beside what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contract.trace import Number, Trace
from engine.text.language import Translate
from engine.text.numbers import full_text, number_text
from engine.variants.memory import Box, Memory, SavedTag, Tag, places
from graphviz_tools.compare.comparison import ShownBox, ShownSaved, ShownTag, Tone
from graphviz_tools.graph.labels import call_text, tensor_text
from graphviz_tools.payload import Cell
from graphviz_tools.value_table import short_text

MOST_BOXES = 4  # more cannot be read beside each other
MOST_TAGS = 6

Frame = tuple[ShownBox, ...]


@dataclass(frozen=True)
class Frames:
    """One frame for each memory; ``n_hidden`` storages are never shown."""

    frames: tuple[Frame, ...]
    n_hidden: int


def frames(trace: Trace, seen: Sequence[Memory], _: Translate) -> Frames:
    """The storages with a story, at every moment."""
    telling = _telling(seen)
    kept = set(telling[:MOST_BOXES])
    view = _View(trace, _)
    found: list[Frame] = []
    before: dict[int, Box] = {}
    for memory in seen:
        boxes = [box for box in memory.boxes if box.storage in kept]
        found.append(tuple(view.box(box, before.get(box.storage)) for box in boxes))
        before = {box.storage: box for box in boxes}
    return Frames(tuple(found), len(telling) - len(kept))


def _telling(seen: Sequence[Memory]) -> list[int]:
    """Storages that share, keep or change something, those with something saved first; if there are none, all."""
    last = {box.storage: box for memory in seen for box in memory.boxes}
    written = {box.storage for memory in seen for box in memory.boxes if box.is_written}
    names = _renamed(seen)
    told = [s for s, box in last.items() if box.saved or len(box.tags) > 1 or s in written or s in names]
    return sorted(told or last, key=lambda storage: (not last[storage].saved, storage not in written, storage))


def _renamed(seen: Sequence[Memory]) -> set[int]:
    """Storages of tensors that took over the name of an earlier one, when that one is saved."""
    boxes = seen[-1].boxes if seen else ()
    old = {tag.renamed_by for box in boxes if box.saved for tag in box.tags if tag.renamed_by is not None}
    return {box.storage for box in boxes for tag in box.tags if tag.tensor in old}


@dataclass(frozen=True)
class _View:
    trace: Trace
    _: Translate

    def box(self, box: Box, before: Box | None) -> ShownBox:
        old = before.cells if before is not None else box.cells
        n_bytes = self.trace.storages[box.storage].size_bytes
        title = self._("storage, {n} bytes").format(n=n_bytes)
        tags = [self.tag(tag, before) for tag in box.tags[:MOST_TAGS]]
        changed = tuple(i for i, (cell, was) in enumerate(zip(box.cells, old)) if cell != was and was is not None)
        return ShownBox(
            title=title,
            columns=box.n_columns,
            cells=cells(box.cells),
            changed=changed if box.is_written else (),
            text="" if box.cells else short_text(box.value, self._),
            written=box.is_written,
            tags=(*tags, *(self.padlock(saved) for saved in box.saved)),
            saved=tuple(self.saved(saved, box) for saved in box.saved),
        )

    def tag(self, tag: Tag, before: Box | None) -> ShownTag:
        _ = self._
        if tag.tensor is None:
            return ShownTag("array", _("NumPy array"), version=_("no version counter"))
        record = self.trace.tensors[tag.tensor]
        text = tensor_text(self.trace, tag.tensor, _)
        made = self.trace.calls[record.call] if record.call is not None else None
        note = call_text(self.trace, made, _) if made is not None and (record.cut or record.base is not None) else ""
        if tag.renamed_by is not None:
            note = _("until line {line}").format(line=self.trace.tensors[tag.renamed_by].line or "?")
        was = next((t.version for t in before.tags if t.tensor == tag.tensor), None) if before is not None else None
        version = _("version {n}").format(n=tag.version)
        if tag.has_moved and was is not None and was != tag.version:
            version = _("version {was} → {n}").format(was=was, n=tag.version)
        return ShownTag(
            "tensor", text, note if note != text else "", version, tag.has_moved, tag.renamed_by is not None
        )

    def padlock(self, saved: SavedTag) -> ShownTag:
        return ShownTag(
            kind="saved",
            text=self.trace.nodes[saved.node].name,
            version=self._("noted version {n}").format(n=saved.version),
            old=saved.state == "freed",
            tone=_tone(saved),
        )

    def saved(self, saved: SavedTag, box: Box) -> ShownSaved:
        then = saved.value.items if saved.value is not None and saved.value.is_whole else ()
        now = _present(self.trace, saved, box) if then else ()
        return ShownSaved(
            title=_title(self.trace, saved, self._),
            then=cells(then),
            now=cells(now),
            differs=tuple(i for i, (a, b) in enumerate(zip(then, now)) if a != b),
            then_label=self._("when saved"),
            now_label=self._("there now"),
            tone=_tone(saved),
            sentence=_sentence(saved, self._),
        )


def cells(numbers: Sequence[Number | None]) -> tuple[Cell, ...]:
    """Numbers as the player draws them; one that is not known is a dot."""
    return tuple(Cell("·", "gap") if number is None else _cell(number) for number in numbers)


def _cell(number: Number) -> Cell:
    text, full = number_text(number), full_text(number)
    kind = {"nan": "nan", "inf": "inf", "-inf": "inf"}.get(number, "") if isinstance(number, str) else ""
    if not isinstance(number, (bool, str)) and number == 0:
        kind = "zero"
    return Cell(text, kind, 0.0, "" if full in (text, f"{text}.0") else full)  # type: ignore[arg-type]


def _present(trace: Trace, saved: SavedTag, box: Box) -> tuple[Number | None, ...]:
    """What the saved tensor's elements are now, in its own order; () when they are not followed."""
    if saved.tensor is None or not box.cells:
        return ()
    return tuple(box.cells[i] for i in places(trace.tensors[saved.tensor]) if 0 <= i < len(box.cells))


def _title(trace: Trace, saved: SavedTag, _: Translate) -> str:
    node = trace.nodes[saved.node].name
    if saved.tensor is None:
        return _("{node} saved a tensor").format(node=node)
    return _("{node} saved `{name}`").format(node=node, name=tensor_text(trace, saved.tensor, _))


def _tone(saved: SavedTag) -> Tone:
    if saved.is_same is None:
        return "open"
    if saved.now != saved.version:
        return "seen"
    if not saved.is_same:
        return "unseen"
    return "gone" if saved.state == "freed" else "same"


def _sentence(saved: SavedTag, _: Translate) -> str:
    tone = _tone(saved)
    if tone == "seen":
        if saved.state == "failed":
            text = _("Version {now}, noted {version}: PyTorch refuses.")
        else:
            text = _("Version {now}, noted {version}: PyTorch will refuse.")
        return text.format(now=saved.now, version=saved.version)
    if tone == "unseen":
        if saved.state in ("running", "freed"):
            return _("Backward used these other numbers, and PyTorch could not see it.")
        return _("Other bytes, still version {version}: PyTorch cannot see it.").format(version=saved.version)
    if tone == "open":
        return _("Whether the bytes are as they were is not known.")
    if saved.state == "running":
        return _("Backward takes it out: the bytes are as they were saved.")
    if saved.state == "freed":
        return _("Used as it was saved, then given back.")
    return _("The bytes are as they were saved.")
