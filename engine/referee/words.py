"""Short names of the kinds of finding, and of the parts that lines have in one."""

from __future__ import annotations

from collections.abc import Sequence

from engine.referee.finding import Kind, Role
from engine.text.language import N_, Translate

KINDS: dict[Kind, str] = {
    "silent-wrong-gradient": N_("silently wrong gradient"),
    "inplace-error": N_("saved tensor changed in place"),
    "second-backward": N_("second backward through a freed graph"),
    "no-grad-fn": N_("no graph to go back through"),
    "non-scalar-root": N_("backward from more than one number"),
    "leaf-inplace": N_("leaf changed in place"),
    "integer-requires-grad": N_("integers cannot require grad"),
    "grad-none-nonleaf": N_(".grad of a tensor that is no leaf"),
    "grad-none-unreached": N_("leaf never reached"),
    "grad-accumulated": N_("gradients added up unintentionally"),
    "nan-gradient": N_("gradient is not finite"),
    "graph-retained": N_("graph kept alive"),
    "rebound-leaf": N_("leaf replaced by a computed tensor"),
    "step-before-backward": N_("step before backward"),
}
ROLES: dict[Role, str] = {
    "saved": N_("saved here"),
    "changed": N_("changed here"),
    "used": N_("used here"),
    "cut": N_("cut here"),
    "cause": N_("caused here"),
    "backward": N_("backward here"),
    "read": N_("read here"),
}
PARTS: dict[Role, str] = {
    "saved": N_("saved on line {lines}"),
    "changed": N_("changed on line {lines}"),
    "used": N_("used on line {lines}"),
    "cut": N_("cut off on line {lines}"),
    "cause": N_("comes from line {lines}"),
    "backward": N_("backward on line {lines}"),
    "read": N_("read on line {lines}"),
}


def kind_text(kind: Kind, _: Translate) -> str:
    """The kind in words: "silently wrong gradient"."""
    return _(KINDS[kind])


def role_text(role: Role, _: Translate) -> str:
    """A line's part in a finding: "saved here"."""
    return _(ROLES[role])


def part_text(role: Role, lines: Sequence[int], _: Translate) -> str:
    """The part of some lines in a finding, by itself: "saved on line 3, 7"."""
    return _(PARTS[role]).format(lines=", ".join(map(str, lines)))
