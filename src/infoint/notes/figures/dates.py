"""Days and months on a picture. Pictures are headed in English, so these are too; documents have them in the explorer's language."""

from datetime import date
from functools import cache

from infoint.notes.documents.phrases import Phrases
from infoint.notes.wordings import shipped_wordings


@cache
def _english() -> Phrases:
    return Phrases(shipped_wordings("en"), "figures")


def day(on: date) -> str:
    """As in: Tue 1 Dec 2026."""
    return _english().day(on)


def short_month(on: date) -> str:
    """As in: Dec."""
    return _english().wordings.say(f"time.month.short.{on.month}")
