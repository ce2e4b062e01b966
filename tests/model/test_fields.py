"""How texts, times and zones are put into their one form."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import given, strategies as st

from infoint import model
from infoint.errors import InvalidValue, NaiveTime
from infoint.testing.strategies import moments

MADRID = ZoneInfo("Europe/Madrid")
CHICAGO = ZoneInfo("America/Chicago")


def note(text: str) -> str:
    return model.Contact(name="Ana", notes=text).notes


def line(text: str) -> str:
    return model.Contact(name="Ana", title=text).title


def start(at: datetime) -> datetime:
    return model.Meeting(start=at, format=model.MeetingFormat.VIDEO).start


# ── texts ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one(end: str) -> None:
    """A text pasted from another system would run together, or break a calendar line."""
    assert note(f"a{end}{end}b") == "a\n\nb"
    assert line(f"a{end}{end}b") == "a b"


def test_exactly_these_characters_go() -> None:
    """A control character would get through, or a letter of some language be lost."""
    gone = {*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFFFE, 0xFFFF}
    ends = {0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029}
    for number in (*range(0x3000), *range(0xD700, 0xE100), *range(0xFE00, 0x10010), 0x1F600, 0x10FFFF):
        mark = chr(number)
        expected = "" if number in gone else "\n" if number in ends else "\ufffd" if 0xD800 <= number <= 0xDFFF else mark
        assert note(f"a{mark}b") == f"a{expected}b", hex(number)


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A value would change each time it is loaded, and look edited."""
    assert note(note(text)) == note(text)
    assert line(line(text)) == line(text)
    line(text).encode()
    assert line(text) == line(text).strip()


def test_white_space_of_a_line() -> None:
    """Two contacts would differ by a no-break space nobody sees."""
    assert line("\u00a0 a\t\u3000b \u2009") == "a b"
    assert note(" a\tb ") == " a\tb "


# ── times ────────────────────────────────────────────────────────────────────────────────────────
def test_named_zones_stay() -> None:
    """A talk agreed for 10:00 in Madrid would be shown as 09:00 UTC."""
    at = start(datetime(2026, 12, 1, 10, tzinfo=MADRID))
    assert (at.hour, at.tzinfo) == (10, MADRID)


class _NoOffset(tzinfo):
    def utcoffset(self, _: object) -> None:
        return None


class _Raises(tzinfo):
    def utcoffset(self, _: object) -> timedelta:
        raise RuntimeError("Canary")


class _Localized(tzinfo):
    """A zone in the manner of pytz: an object per offset, and a name in `zone`."""

    zone = "Europe/Madrid"

    def utcoffset(self, _: object) -> timedelta:
        return timedelta(hours=1)

    def tzname(self, _: object) -> str:
        return "CET"

    def dst(self, _: object) -> timedelta:
        return timedelta(0)


def _unnamed() -> ZoneInfo:
    with (files("tzdata.zoneinfo.Europe") / "Madrid").open("rb") as data:
        return ZoneInfo.from_file(data)


def _misnamed() -> ZoneInfo:
    with (files("tzdata.zoneinfo.Europe") / "Madrid").open("rb") as data:
        return ZoneInfo.from_file(data, key="Nowhere/Oak")


def _of_this_machine() -> ZoneInfo:
    with (files("tzdata.zoneinfo.Europe") / "Madrid").open("rb") as data:
        return ZoneInfo.from_file(data, key="localtime")


@pytest.mark.parametrize(
    "zone",
    [
        timezone(timedelta(hours=1)),
        timezone(timedelta(hours=1), "CET"),
        tz.gettz("Europe/Madrid"),
        tz.tzoffset("CET", 3600),
        _Localized(),
        _unnamed(),
        _misnamed(),
        _of_this_machine(),
    ],
    ids=["fixed", "named", "dateutil", "tzoffset", "pytz-like", "no key", "unknown key", "machine's key"],
)
def test_foreign_zones_become_utc(zone: tzinfo) -> None:
    """A zone that has no name everybody knows could not be stored; the moment would shift."""
    at = start(datetime(2026, 12, 1, 10, 30, tzinfo=zone))
    assert at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert at.tzinfo is UTC
    assert pickle.loads(pickle.dumps(at)) == at


def test_utc_has_one_form() -> None:
    """Equal times would differ, and be dumped in two ways."""
    times = [start(datetime(2026, 12, 1, 9, tzinfo=zone)) for zone in (UTC, ZoneInfo("UTC"), UTC, tz.UTC)]
    assert all(at.tzinfo is UTC for at in times)
    assert all(pickle.loads(pickle.dumps(at)).tzinfo is UTC and copy.deepcopy(at).tzinfo is UTC for at in times)


def test_uncached_and_file_zones_with_a_known_name_become_the_known_one() -> None:
    """The value could not be pickled (zones from files cannot), and two equal zones would not be one."""
    with (files("tzdata.zoneinfo.Europe") / "Madrid").open("rb") as data:
        from_file = ZoneInfo.from_file(data, key="Europe/Madrid")
    for zone in (ZoneInfo.no_cache("Europe/Madrid"), from_file):
        assert start(datetime(2026, 12, 1, 10, tzinfo=zone)).tzinfo is MADRID
        contact = model.Contact(name="Ana", zone=zone)
        assert contact.zone is MADRID
        assert pickle.loads(pickle.dumps(contact)) == contact
    for zone in (_unnamed(), _misnamed(), _of_this_machine()):
        with pytest.raises(InvalidValue, match=r"Contact\.zone: is no IANA time zone"):
            model.Contact(name="Ana", zone=zone)


@pytest.mark.parametrize("zone", [_NoOffset(), _Raises(), tzinfo()])
def test_zones_that_know_no_offset_are_none(zone: tzinfo) -> None:
    """Python takes such a time for the machine's own; or the zone's error would get out."""
    with pytest.raises(NaiveTime, match=r"Meeting\.start"):
        start(datetime(2026, 12, 1, 10, tzinfo=zone))


class _Moment(datetime):
    """As pendulum's and pandas's: a datetime that prints differently."""

    def isoformat(self, *_: Any, **__: Any) -> str:
        return "soon"


@pytest.mark.parametrize("zone", [UTC, MADRID])
def test_subclasses_of_datetime_become_plain(zone: tzinfo) -> None:
    """Another library's class would decide how times are dumped."""
    at = start(_Moment(2026, 12, 1, 10, tzinfo=zone))
    assert type(at) is datetime
    assert at == datetime(2026, 12, 1, 10, tzinfo=zone)


@pytest.mark.parametrize(
    ("zone", "skipped", "moved"),
    [
        (MADRID, datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 3, 30)),
        (CHICAGO, datetime(2027, 3, 14, 2, 0), datetime(2027, 3, 14, 3, 0)),
        (ZoneInfo("Australia/Lord_Howe"), datetime(2026, 10, 4, 2, 15), datetime(2026, 10, 4, 2, 45)),
        (ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10), datetime(2011, 12, 31, 10)),
    ],
)
def test_skipped_times_move_on(zone: ZoneInfo, skipped: datetime, moved: datetime) -> None:
    """An appointment would stand at a time no clock shows, and calendars would each place it elsewhere (RFC 5545 §3.3.5)."""
    at = start(skipped.replace(tzinfo=zone))
    assert at.replace(tzinfo=None) == moved
    assert at.tzinfo is zone


def test_repeated_times_are_two() -> None:
    """The first and the second 01:30 of an autumn night would be one to Python, and a move by an hour go unseen."""
    first = datetime(2026, 11, 1, 1, 30, tzinfo=CHICAGO)
    second = first.replace(fold=1)
    assert first == second  # what Python says
    pairs: list[tuple[object, object]] = [
        tuple(make(at) for at in (first, second))  # type: ignore[misc]  # two of two
        for make in (
            lambda at: model.Meeting(start=at, format=model.MeetingFormat.VIDEO),
            lambda at: model.HistoryEntry(at, model.events.Held()),
            lambda at: model.HistoryEntry(first, model.events.Held(), recorded_at=at),
            lambda at: model.Stance(at, 1),
            lambda at: model.Touch(contact_id=model.derive_id(1), at=at, kind=model.TouchKind.EMAIL),
            lambda at: model.Decision(outcome=model.Outcome.PURSUE, at=at, evidence=(model.derive_id(1),)),
            lambda at: model.FollowUp(kind=model.FollowUpKind.NUDGE, due=first.date(), due_at=at),
            lambda at: model.FollowUp(kind=model.FollowUpKind.NUDGE, due=first.date(), revised_at=at),
        )
    ]
    for one, other in pairs:
        assert one != other
        assert len({one, other}) == 2
    assert pairs[0][0] == model.Meeting(start=first, format=model.MeetingFormat.VIDEO)


def test_zone_belongs_to_a_time() -> None:
    """A talk moved from Madrid's ten to London's nine is the same moment, but another agreement."""
    madrid = datetime(2026, 12, 1, 10, tzinfo=MADRID)
    london = madrid.astimezone(ZoneInfo("Europe/London"))
    assert model.Stance(madrid, 1) != model.Stance(london, 1)


@given(moments())
def test_times_keep_their_moment(at: datetime) -> None:
    """A time would shift by being stored."""
    kept = start(at)
    assert kept.astimezone(UTC) == at.astimezone(UTC)
    assert start(kept) == kept
    assert start(kept).fold == kept.fold


def test_half_spring_is_kept_by_its_offset() -> None:
    """`fold=1` in a gap means the offset after the change (PEP 495): the moment must not change."""
    at = datetime(2027, 3, 28, 2, 30, fold=1, tzinfo=MADRID)
    assert start(at).astimezone(UTC) == datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
