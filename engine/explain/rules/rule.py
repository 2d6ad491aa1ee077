"""The types of the rule tables: what one kind of autograd node does with the gradient that arrives."""

from __future__ import annotations

from dataclasses import dataclass

from engine.explain.rules.expression import names_in, symbolic


@dataclass(frozen=True)
class Formula:
    """The gradient one ``next_functions`` edge receives, as an expression over the node's own names.

    ``expression`` is Python syntax over ``grad`` (what arrives), saved tensors (``self``, ``other``, ``result``),
    saved attributes (``exponent``, ``alpha``) and the functions of :mod:`engine.explain.rules.functions`; other
    function names are allowed for operations too large to calculate by hand (``conv_transpose``): such a formula is
    shown but never given numbers. Formulas are stated for real numbers; for complex ones PyTorch conjugates.
    """

    edge: int
    of: str  # the forward input's name, as PyTorch's derivatives.yaml has it
    expression: str
    given: tuple[str, str] | None = None  # holds only where this attribute has this text: ("reduction", "1")

    @property
    def text(self) -> str:
        """The formula as shown: ``grad · other``."""
        return symbolic(self.expression)

    @property
    def needs(self) -> tuple[str, ...]:
        """The saved tensors and attributes it uses, without ``grad`` and ``n``."""
        return tuple(name for name in names_in(self.expression) if name not in ("grad", "n"))


@dataclass(frozen=True)
class Rule:
    """What a kind of node does, in one or two words, in one sentence, and as formulas (possibly none).

    ``word`` and ``sentence`` are message ids for a translator; formulas are the same in every language.
    """

    word: str
    sentence: str
    formulas: tuple[Formula, ...] = ()


def rule(word: str, sentence: str, *formulas: str) -> Rule:
    """A rule whose formulas are written ``"self: grad * other"``, one per edge, in the order of ``next_functions``."""
    parts = [text.split(": ", 1) for text in formulas]
    return Rule(word, sentence, tuple(Formula(edge, of, expression) for edge, (of, expression) in enumerate(parts)))
