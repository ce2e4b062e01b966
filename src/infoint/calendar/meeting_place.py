"""Where a meeting is, in the words of a calendar entry. What else an entry says is said elsewhere."""

from typing import Final

from attrs import evolve

from infoint.calendar.conference import Conference, ConferenceFeature
from infoint.calendar.contract import CalendarEntry
from infoint.model.meeting import Meeting, MeetingFormat

_FEATURES: Final = {
    MeetingFormat.VIDEO: (ConferenceFeature.AUDIO, ConferenceFeature.VIDEO),
    MeetingFormat.PHONE: (ConferenceFeature.AUDIO,),
}


def placed(entry: CalendarEntry, meeting: Meeting) -> CalendarEntry:
    """The entry with the meeting's address, link or number."""
    link = meeting.place if _is_link(meeting.place) else ""
    return evolve(
        entry,
        location=meeting.place,  # a link too: many programs show no CONFERENCE
        url=link,
        conferences=(Conference(link, _FEATURES[meeting.format]),) if link and meeting.format in _FEATURES else (),
    )


def _is_link(place: str) -> bool:
    return (
        place.lower().startswith(("https://", "http://"))
        and place.isprintable()
        and " " not in place
        and not place.endswith("//")
    )
