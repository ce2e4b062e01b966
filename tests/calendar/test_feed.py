"""A calendar behind a URL: conditions, methods and headers as RFC 9110 has them, and no calendar made in vain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import product

import pytest
from hypothesis import given, strategies as st

from infoint.calendar import (
    CalendarHead,
    ContentLevel,
    Feed,
    FeedBody,
    FeedOptions,
    FeedResponse,
    FollowUpsAs,
    etag_of,
    webcal_link,
)
from infoint.calendar.feed import feed_head
from infoint.errors import InvalidValue

AT = datetime(2026, 12, 1, 16, 0, 7, 999_999, tzinfo=UTC)
BYTES = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Maker:
    """A body that counts how often it is made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> bytes:
        self.made += 1
        return BYTES


def feed(body: Callable[[], bytes | FeedBody] = lambda: BYTES, *, last_modified: datetime | None = AT) -> Feed:
    return Feed(etag='"abc,1"', body=body, last_modified=last_modified)


# ── a plain answer ───────────────────────────────────────────────────────────────────────────────
def test_get_gives_the_calendar() -> None:
    """A client would not know what it was given, keep it in a shared cache, or not be able to ask whether it has changed."""
    response = feed().respond()
    assert (response.status, response.body) == (200, BYTES)
    assert response.headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "ETag": '"abc,1"',
        "Cache-Control": "private, no-cache",
        "Last-Modified": "Tue, 01 Dec 2026 16:00:07 GMT",
        "Content-Disposition": 'attachment; filename="calendar.ics"',
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(len(BYTES)),
    }


def test_head_is_get_without_the_calendar() -> None:
    """HEAD would make what it does not send, or tell other things than GET."""
    make = Maker()
    response = feed(make).respond(method="HEAD")
    assert (response.status, response.body, make.made) == (200, b"", 0)
    told = dict(feed().respond().headers)
    del told["Content-Length"]
    assert response.headers == told


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "get", "", "TRACE"])
def test_other_methods_are_refused(method: str) -> None:
    """Somebody would believe to have changed the calendar; or a condition would turn the refusal into a 304."""
    make = Maker()
    response = feed(make).respond(method=method, if_none_match="*")
    assert (response.status, response.headers["Allow"], make.made) == (405, "GET, HEAD", 0)


def test_what_has_no_date_tells_none() -> None:
    """A client would compare with a date that nobody vouches for."""
    assert "Last-Modified" not in feed(last_modified=None).respond().headers


def test_other_formats_are_named() -> None:
    """JSON would be called text with a character set it has not."""
    other = Feed(etag='"1"', body=bytes, media_type="application/calendar+json", filename="calendar.json").respond()
    assert other.headers["Content-Type"] == "application/calendar+json"
    assert other.headers["Content-Disposition"] == 'attachment; filename="calendar.json"'


# ── has it changed? ──────────────────────────────────────────────────────────────────────────────
KNOWN = [
    '"abc,1"',
    'W/"abc,1"',
    '"x", "abc,1"',
    '"abc,1","x"',
    ' \t"x" ,\t W/"abc,1" , ',
    ',,"abc,1"',
    "*",
    " * ",
    '"", "abc,1"',
]
UNKNOWN = [
    '"abc"',
    '"1"',
    "abc,1",
    '"ABC,1"',
    'w/"abc,1"',
    '"abc,1',
    'abc,1"',
    '"abc,1"x',
    '*, "abc,1"',
    '"abc,1", *',
    'W/ "abc,1"',
    '"x""abc,1"',
    '"abc,1"-gzip',
    ",",
]


@pytest.mark.parametrize("header", KNOWN)
def test_what_the_client_has_is_not_made(header: str) -> None:
    """Everybody would be sent everything each hour."""
    make = Maker()
    for method in ("GET", "HEAD"):
        response = feed(make).respond(method=method, if_none_match=header)
        assert response == FeedResponse(304, {"ETag": '"abc,1"', "Cache-Control": "private, no-cache"}, b"")
    assert make.made == 0


@pytest.mark.parametrize("header", UNKNOWN)
def test_what_the_client_has_not_is_sent(header: str) -> None:
    """A client with another state, or one that says something else, would be told that nothing has changed."""
    assert feed().respond(if_none_match=header).status == 200


@pytest.mark.parametrize(("tag", "date"), [*product([*KNOWN, *UNKNOWN], [AT, AT - timedelta(days=1)])])
def test_tags_win_over_dates(tag: str, date: datetime) -> None:
    """A change within one second would be hidden by its date."""
    both = feed().respond(if_none_match=tag, if_modified_since=format_datetime(date, usegmt=True))
    assert both.status == feed().respond(if_none_match=tag).status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Tue, 01 Dec 2026 16:00:07 GMT", 304),
        ("Tue, 01 Dec 2026 16:00:08 GMT", 304),
        ("Tue, 01 Dec 2026 16:00:06 GMT", 200),
        ("Tuesday, 01-Dec-26 16:00:07 GMT", 304),
        ("Tuesday, 01-Dec-26 16:00:06 GMT", 200),
        ("Tue Dec  1 16:00:07 2026", 304),
        ("Tue Dec  1 16:00:06 2026", 200),
        ("Tue, 01 Dec 2026", 200),
        ("yesterday", 200),
        ("", 200),
        ("Tue, 99 Dec 2026 16:00:07 GMT", 200),
        ("Tue, 01 Dec 9999999999 16:00:07 GMT", 200),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 200),
    ],
)
def test_dates_are_compared_by_the_second(header: str, status: int) -> None:
    """A client that knows dates only would be sent everything each time, or miss a change; or a header that is no date would count."""
    assert feed().respond(if_modified_since=header).status == status


def test_dates_of_what_has_none_do_not_count() -> None:
    """A client would be told that nothing has changed where nobody knows."""
    assert feed(last_modified=None).respond(if_modified_since="Fri, 31 Dec 2027 00:00:00 GMT").status == 200


@given(st.text(), st.text())
def test_any_header_is_answered(tag: str, date: str) -> None:
    """Somebody who writes nonsense into a header would get a traceback."""
    assert feed().respond(if_none_match=tag, if_modified_since=date).status in {200, 304}


@given(st.lists(st.text(st.characters(codec="latin-1", exclude_characters='"\x7f', min_codepoint=0x21), max_size=8)))
def test_a_list_names_what_is_in_it(texts: list[str]) -> None:
    """A tag beside others would be overlooked, or found where only a part of it stands."""
    header = ", ".join(f'"{text}"' for text in texts)
    held = feed().respond(if_none_match=header).status == 304
    assert held is ("abc,1" in texts)
    assert feed().respond(if_none_match=f'{header}, W/"abc,1"').status == 304


def test_a_long_header_takes_no_time() -> None:
    """One request could keep a server busy for minutes."""
    for header in ('"' * 100_000, '",' * 50_000, "W/" * 50_000, " ," * 50_000 + "x", '"a" ' * 30_000):
        assert feed().respond(if_none_match=header).status == 200


# ── what is made ─────────────────────────────────────────────────────────────────────────────────
def test_what_is_made_carries_its_own_tag() -> None:
    """Somebody saves between the question and the answer: new bytes would be kept under the old tag, and never be asked for again."""
    newer = FeedBody(b"new", '"abc,2"', AT + timedelta(minutes=1))
    response = feed(lambda: newer).respond(if_none_match='"abc,0"')
    assert (response.body, response.headers["ETag"]) == (b"new", '"abc,2"')
    assert response.headers["Last-Modified"] == "Tue, 01 Dec 2026 16:01:07 GMT"


def test_what_is_no_body_is_refused() -> None:
    """A server would fail somewhere inside with text in place of bytes."""
    with pytest.raises(InvalidValue, match=r"Feed\.body: needs to give bytes or a FeedBody, gave str"):
        feed(lambda: "text").respond()  # type: ignore[arg-type,return-value]  # what is refused


def test_what_making_raises_comes_through() -> None:
    """Half a calendar, or an empty one, would be sent as if it were whole."""

    def fail() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        feed(fail).respond()


@pytest.mark.parametrize("etag", ["abc", 'W/"abc"', '"a"b"', "", '"a\r\nSet-Cookie: x"', '"€"', '"a b"', None])
def test_only_strong_tags_are_taken(etag: str) -> None:
    """A header would be forged or not be understood; or a weak tag would pass for a strong one."""
    with pytest.raises(InvalidValue, match=r"Feed\.etag"):
        Feed(etag=etag, body=bytes)
    with pytest.raises(InvalidValue, match=r"FeedBody\.etag"):
        FeedBody(b"", etag)


@pytest.mark.parametrize("field", ["media_type", "filename"])
@pytest.mark.parametrize("value", ["a\r\nX: y", 'a"b', "", "a/b; c=d", "ä", "../x", "a b", None])
def test_what_no_header_can_hold_is_refused(field: str, value: str) -> None:
    """A header would be forged."""
    with pytest.raises(InvalidValue, match=rf"Feed\.{field}"):
        Feed(etag='""', body=bytes, **{field: value})


def test_a_date_needs_a_zone() -> None:
    """A date would be told in the machine's own zone."""
    with pytest.raises(InvalidValue, match=r"Feed\.last_modified"):
        feed(last_modified=datetime(2026, 12, 1))
    told = feed(last_modified=AT.astimezone(timezone(timedelta(hours=5)))).respond().headers["Last-Modified"]
    assert told == "Tue, 01 Dec 2026 16:00:07 GMT"


def test_nothing_private_is_shown() -> None:
    """A log line would hold the calendar."""
    assert "VCALENDAR" not in repr(feed().respond()) + repr(FeedBody(BYTES, '""')) + repr(feed())


# ── what it tells ────────────────────────────────────────────────────────────────────────────────
def test_a_feed_tells_little_unless_asked() -> None:
    """Whoever finds the address would read whom somebody meets."""
    assert FeedOptions().content is ContentLevel.BUSY
    assert FeedOptions().follow_ups is FollowUpsAs.NONE
    assert not FeedOptions().alarms
    assert FeedOptions(content=ContentLevel.FULL).content is ContentLevel.FULL
    with pytest.raises(InvalidValue, match=r"FeedOptions\.content"):
        FeedOptions(content="full")  # type: ignore[arg-type]  # what is refused


def test_its_name_tells_no_more_than_its_entries() -> None:
    """A calendar that says "busy" would say with what in its title."""
    assert [feed_head(level).name for level in ContentLevel] == ["Busy", "Talks", CalendarHead().name]


# ── tags and links ───────────────────────────────────────────────────────────────────────────────
@given(
    st.lists(st.text() | st.binary() | st.integers(), max_size=4), st.lists(st.text() | st.binary() | st.integers(), max_size=4)
)
def test_tags_are_equal_only_for_equal_parts(one: list[str | bytes | int], other: list[str | bytes | int]) -> None:
    """Two states would have one tag, as "a" + "bc" and "ab" + "c", and a change would be kept from the client."""
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    assert (etag_of(*one) == etag_of(*other)) is same
    Feed(etag=etag_of(*one), body=bytes)


def test_parts_are_not_run_together() -> None:
    """As above, for the cases that chance seldom finds."""
    assert len({etag_of("a", "bc"), etag_of("ab", "c"), etag_of("abc"), etag_of(b"abc"), etag_of("1"), etag_of(1)}) == 6


@pytest.mark.parametrize("scheme", ["https", "http", "HTTPS"])
def test_webcal_links(scheme: str) -> None:
    """A click would show the file in place of subscribing to it."""
    assert webcal_link(f"{scheme}://oak.example/feeds/x.ics") == "webcal://oak.example/feeds/x.ics"


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https:", "https://", "oak.example/x", "https://oak.example/\r\nx", "ftp://x"]
)
def test_what_is_no_address_has_no_link(url: str) -> None:
    """A page would hold a link that does something else."""
    with pytest.raises(InvalidValue, match=r"webcal_link\.url"):
        webcal_link(url)
