"""The translator for a place's language."""

from engine.text.language import Language, Translate, translator


def words(language: Language | None) -> Translate:
    """``_`` for a page; English when no language was chosen."""
    return translator(language or "en")
