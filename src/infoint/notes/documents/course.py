"""How a talk came about, or why it did not: what the dossier and the debrief record tell of its history. What was said in it is not
here.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from infoint.model.events import Cancelled, Declined, Dropped, GaveUp, NoShow, Requested
from infoint.model.interview import Interview
from infoint.notes.phrases import Phrases


def course_of(talk: Interview, words: Phrases, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """As in: ("They said no", "Mon 5 Oct 2026: no time this year"), in the order it was told; days in the zone."""
    for entry in talk.story.told:
        event = entry.event
        if key := _turn(event):
            day = words.day(entry.at.astimezone(zone).date())
            reason = event.reason if isinstance(event, Declined | Cancelled | Dropped) else ""
            yield words.circumstance(key), words.because(day, reason) if reason else day


def _turn(event: object) -> str:
    match event:
        case Requested():
            return "asked"
        case Cancelled() | NoShow():
            return f"{event.name.replace('_', '-')}.{event.by}"
        case Declined() | GaveUp() | Dropped():
            return event.name.replace("_", "-")
        case _:
            return ""
