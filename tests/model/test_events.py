"""Events: a closed vocabulary, and room for what only a newer infoint knows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infoint.errors import InvalidValue
from infoint.model import HistoryEntry, Interview, InterviewStatus, derive_id, events

AT = datetime(2026, 12, 1, tzinfo=UTC)


def test_the_vocabulary() -> None:
    """A stored history would no longer be understood: names and where they lead are part of the file format (practice §6)."""
    assert {name: kind.leads_to.value if name != "correct" else None for name, kind in events.EVENTS.items()} == {
        "request": "requested",
        "accept": "accepted",
        "decline": "declined",
        "give_up": "no-response",
        "schedule": "scheduled",
        "reschedule": "scheduled",
        "confirm": "confirmed",
        "cancel": "cancelled",
        "no_show": "no-show",
        "hold": "held",
        "debrief": "debriefed",
        "close": "closed",
        "drop": "cancelled",
        "correct": None,
    }
    assert [*InterviewStatus] == [
        "identified", "requested", "accepted", "scheduled", "confirmed", "held", "debriefed", "closed", "declined",
        "no-response", "cancelled", "no-show",
    ]  # fmt: skip


@pytest.mark.parametrize("event", ["hold", events.Held, None, AT, {"event": "hold"}])
def test_history_takes_events_only(event: Any) -> None:
    """A class or a name in place of an event would break every reading of the history."""
    with pytest.raises(InvalidValue, match=r"HistoryEntry\.event: needs an event, got"):
        HistoryEntry(AT, event)


def test_unknown_events_are_kept_as_they_came() -> None:
    """A newer infoint's event would be changed by an older one that only passed it on."""
    event = events.UnknownEvent("médi tate\n", {"event": "médi tate\n", "minutes": 5})
    assert event.name == "médi tate\n"
    assert event.data == {"event": "médi tate\n", "minutes": 5}
    assert events.UnknownEvent("meditate", {"minutes": 5}).data == {"minutes": 5}
    with pytest.raises(InvalidValue, match=r"UnknownEvent\.data: has another name under"):
        events.UnknownEvent("meditate", {"event": "sleep"})
    with pytest.raises(InvalidValue, match=r"UnknownEvent\.name: is known here"):
        events.UnknownEvent("hold", {})  # it would come back from storage as another thing


def test_an_unknown_event_leaves_the_talk_readable() -> None:
    """One new event would hide a whole talk from an older infoint."""
    entries = (
        HistoryEntry(AT, events.Requested()),
        HistoryEntry(AT + timedelta(1), events.UnknownEvent("meditate", {"minutes": 5})),
        HistoryEntry(AT + timedelta(2), events.UnknownEvent("sleep", {})),
    )
    talk = Interview(contact_ids=(derive_id(1),), history=entries)
    assert talk.status is InterviewStatus.REQUESTED
    assert talk.unknown_event == "meditate"
    assert Interview(contact_ids=(derive_id(1),), history=entries[:1]).unknown_event == ""


def test_told_at() -> None:
    """Stamps would come from the happening, and stand still on late entries."""
    assert HistoryEntry(AT, events.Held()).told_at == AT
    assert HistoryEntry(AT, events.Held(), AT + timedelta(1)).told_at == AT + timedelta(1)
