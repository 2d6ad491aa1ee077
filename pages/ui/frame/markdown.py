"""A program's texts on their way into Markdown: they are shown as they are and never become markup.

Streamlit makes more of a text than CommonMark does: coloured text, formulas, emoji, icons, arrows, links of bare
addresses. Some of it looks at the text after its backslashes are gone. Only a code span is left alone by all of them.
"""

from __future__ import annotations

import re

from engine.explain.errors.explanation import Explanation
from engine.text.language import Translate
from engine.text.quoting import visible

SPAN = re.compile(r"`([^`\n]+)`")  # as prose() of the player's dom.js
SIGN = re.compile(r"([\\*_\[\]<>$&~|`]|:(?=\w))")
FIRST = re.compile(r"^(\s*\d*)([-#+=.)])")  # of a line: a heading, a list, a rule
ODD = re.compile(r"[<>~@]|--|//|www\.|:\S+:", re.IGNORECASE)  # what is made into a link, a sign or a picture


def code(text: str) -> str:
    """A code span that shows ``text`` as it is, line breaks and other control characters as signs; "" for nothing.

    >>> code("a"), code("a`b"), code("`")
    ('`a`', '``a`b``', '`` ` ``')
    """
    shown = visible(text).replace(":material/", ":\u2060material/")  # Streamlit rewrites it even in code
    if not shown:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    is_stripped = shown.strip(" ") != "" and shown[0] + shown[-1] == "  "  # Markdown would take a blank off each end
    room = " " if is_stripped or "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{room}{shown}{room}{fence}"


def prose(text: str) -> str:
    """Words with `code` between backticks, as the player shows them: everything else in them is literal.

    >>> prose("`w` is *not* [here](https://a.example)")
    '`w` is \\\\*not\\\\* `[here](https://a.example)`'
    """
    parts = SPAN.split(text)
    return "".join(code(part) if i % 2 else _literal(part) for i, part in enumerate(parts))


def explained(explanation: Explanation, _: Translate) -> tuple[str, str]:
    """(meaning, cure) of an explanation, in the reader's language."""
    meaning, cure = explanation.text(_)
    return prose(meaning), prose(cure)


def _literal(text: str) -> str:
    words = re.split(r"\s+", text)
    return FIRST.sub(r"\1\\\2", " ".join(map(_word, words)))


def _word(word: str) -> str:
    return code(word) if ODD.search(word) else SIGN.sub(r"\\\1", visible(word))
