"""When a meeting ends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given

from infoint.model import Meeting, MeetingFormat
from infoint.testing.strategies import meetings

CHICAGO = ZoneInfo("America/Chicago")


def test_end_counts_elapsed_time_in_the_zone_of_the_start() -> None:
    """A talk over a clock change would end an hour early or late."""
    spring = Meeting(start=datetime(2027, 3, 14, 1, 45, tzinfo=CHICAGO), format=MeetingFormat.PHONE)
    assert spring.end.isoformat() == "2027-03-14T03:15:00-05:00"
    autumn = Meeting(
        start=datetime(2026, 11, 1, 1, 45, tzinfo=CHICAGO), duration=timedelta(minutes=60), format=MeetingFormat.PHONE
    )
    assert autumn.end.isoformat() == "2026-11-01T01:45:00-06:00"
    assert autumn.end.tzinfo is CHICAGO


@given(meetings())
def test_end_is_start_and_duration(meeting: Meeting) -> None:
    """A meeting would be longer or shorter than agreed."""
    assert meeting.end.astimezone(UTC) - meeting.start.astimezone(UTC) == meeting.duration
    assert meeting.end.tzinfo == meeting.start.tzinfo
