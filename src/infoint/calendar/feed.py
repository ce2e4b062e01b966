"""A calendar behind a URL, without I/O: what to answer to a request (RFC 9110). Who may ask is `feed_tokens`', what speaks with a
server is `feed_servers`', and what makes the bytes the caller's.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from attrs import field, frozen

from infoint.calendar.contract import CalendarHead
from infoint.calendar.options import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.errors import InvalidValue
from infoint.model import fields

_ENTITY_TAG: Final = r'"[\x21\x23-\x7e\x80-\xff]*"'
"""RFC 9110 §8.8.3. It may hold commas, so a list of them cannot simply be split."""
_STRONG: Final = re.compile(_ENTITY_TAG)
_LISTED: Final = re.compile(rf"[ \t,]*(?:W/)?({_ENTITY_TAG})[ \t]*(?:,|\Z)")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_FILENAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""No quotes, no spaces, no line ends: it stands in a header."""
_METHODS: Final = ("GET", "HEAD")


# ── what a feed tells ────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class FeedOptions(CalendarOptions):
    """As CalendarOptions, but by default a feed tells the least that is of use: when time is taken. Whoever has its address can read
    it, and so can every service it was ever given to. Names, follow-ups and alarms are there for the asking:
    `FeedOptions(content=ContentLevel.FIRST_NAME, follow_ups=FollowUpsAs.EVENT)`.
    """

    follow_ups: FollowUpsAs = field(default=FollowUpsAs.NONE, validator=fields.a(FollowUpsAs))
    """Without names they would say "To do" and no more."""
    content: ContentLevel = field(default=ContentLevel.BUSY, validator=fields.a(ContentLevel))
    alarms: bool = field(default=False, validator=fields.truth())
    """They would ring for everybody who looks at the calendar."""


_NAMES: Final = {ContentLevel.BUSY: "Busy", ContentLevel.FIRST_NAME: "Talks"}


def feed_head(content: ContentLevel) -> CalendarHead:
    """What a feed is called that is given no head: its name tells no more than its entries, and "Informational interviews" would
    tell whoever sees when somebody is busy what with.
    """
    return CalendarHead(name=_NAMES[content]) if content in _NAMES else CalendarHead()


# ── what is answered ─────────────────────────────────────────────────────────────────────────────
def _copied(headers: Mapping[str, str]) -> Mapping[str, str]:
    return dict(headers)


@frozen
class FeedResponse:
    """What goes back to the client, whatever the server is made of."""

    status: int
    headers: Mapping[str, str] = field(converter=_copied)
    body: bytes = field(repr=False)
    """Empty for HEAD and 304."""


def _strong_tag(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not _STRONG.fullmatch(value):
        problem = 'needs a strong entity tag, as "abc" with its quotes (RFC 9110 §8.8.3); `etag_of` makes one'
        raise InvalidValue(type(instance).__name__, attribute.name, problem, value=value)


def _matching(pattern: re.Pattern[str], problem: str) -> Callable[[object, Any, Any], None]:
    def check(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise InvalidValue(type(instance).__name__, attribute.name, problem, value=value)

    return check


@frozen
class FeedBody:
    """What was made, and what it is known by: of a state that may be newer than the one a feed was asked for at first."""

    content: bytes = field(validator=fields.a(bytes), repr=False)
    etag: str = field(validator=_strong_tag)
    last_modified: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True)
    )


@frozen(kw_only=True)
class Feed:
    """A calendar as a resource: known by its etag before any of it is made. `ws.feed()` gives one; an app without our storage makes it
    of its own counter: `Feed(etag=etag_of(row.version), body=lambda: to_ics(build_entries(campaign())))`.

    Raises InvalidValue for an etag that is not strong, and for what no header can hold.
    """

    etag: str = field(validator=_strong_tag)
    """Strong: equal only where every byte is. With its quotes; `etag_of` makes one."""
    body: Callable[[], bytes | FeedBody] = field(repr=False)
    """Called only where the client needs it. A FeedBody where what is made may be newer than `etag`, because somebody may save in
    between; else its bytes.
    """
    last_modified: datetime | None = field(
        default=None, converter=fields.as_zoned_or_none, validator=fields.zoned(optional=True)
    )
    """For clients that know dates only; by the second. None: they are given the calendar each time."""
    media_type: str = field(default="text/calendar", validator=_matching(_MEDIA_TYPE, 'needs a media type, as "text/calendar"'))
    filename: str = field(default="calendar.ics", validator=_matching(_FILENAME, 'needs a plain file name, as "calendar.ics"'))
    """What a browser saves it as. It tells nothing, as the address should not either."""

    def respond(self, *, method: str = "GET", if_none_match: str = "", if_modified_since: str = "") -> FeedResponse:
        """200, 304 where the client has it already, or 405. The headers' values as they came; "" = not sent.

        Where If-None-Match is sent, If-Modified-Since does not count (RFC 9110 §13.1.3). Only a 200 to GET makes the calendar; what
        that raises comes through.
        """
        if method not in _METHODS:
            return plain_response(405, "Only GET and HEAD are possible here.", Allow=", ".join(_METHODS))
        if self._is_known(if_none_match, if_modified_since):
            return FeedResponse(304, {"ETag": self.etag, **_CACHING}, b"")
        if method == "HEAD":
            # No Content-Length: it would have to be that of the calendar (RFC 9110 §8.6), which is not made here.
            return FeedResponse(200, self._headers(self.etag, self.last_modified), b"")
        made = self.body()
        if isinstance(made, bytes):
            made = FeedBody(made, self.etag, self.last_modified)
        if not isinstance(made, FeedBody):
            raise InvalidValue("Feed", "body", f"needs to give bytes or a FeedBody, gave {type(made).__name__}")
        headers = self._headers(made.etag, made.last_modified) | {"Content-Length": str(len(made.content))}
        return FeedResponse(200, headers, made.content)

    def _is_known(self, if_none_match: str, if_modified_since: str) -> bool:
        if if_none_match:
            return _holds_tag(if_none_match, self.etag)
        if self.last_modified is None:
            return False
        known = _http_date(if_modified_since)
        return known is not None and self.last_modified.astimezone(UTC).replace(microsecond=0) <= known

    def _headers(self, etag: str, last_modified: datetime | None) -> dict[str, str]:
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        headers = {"Content-Type": self.media_type + charset, "ETag": etag, **_CACHING}
        if last_modified is not None:
            from email.utils import format_datetime  # loads sockets, and most who import calendars serve none

            headers["Last-Modified"] = format_datetime(last_modified.astimezone(UTC), usegmt=True)
        headers["Content-Disposition"] = f'attachment; filename="{self.filename}"'
        headers["X-Content-Type-Options"] = "nosniff"
        return headers


_CACHING: Final = {"Cache-Control": "private, no-cache"}
"""No proxy keeps it; and without `no-cache` a client may reckon for itself how long what has not changed for months will stay so
(RFC 9111 §4.2.2). Asking costs a 304.
"""


def plain_response(status: int, text: str, **headers: str) -> FeedResponse:
    """A sentence in place of a calendar."""
    body = f"{text}\n".encode()
    told = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Cache-Control": "no-store"}
    return FeedResponse(status, told | {"X-Content-Type-Options": "nosniff"} | headers, body)


def _holds_tag(header: str, etag: str) -> bool:
    """Whether If-None-Match names it, by weak comparison (RFC 9110 §13.1.2). What is no list of entity tags names nothing."""
    if header.strip(" \t") == "*":
        return True
    place, held = 0, False
    while listed := _LISTED.match(header, place):
        held |= listed[1] == etag
        place = listed.end()
    return held and not header[place:].strip(" \t,")


def _http_date(text: str) -> datetime | None:
    """None for what is no date: such a header does not count (RFC 9110 §13.1.3)."""
    from email.utils import parsedate_to_datetime

    try:
        told = parsedate_to_datetime(text)
        # The form of asctime has no zone, and means GMT as the others do (§5.6.7).
        return (told.replace(tzinfo=UTC) if told.tzinfo is None else told).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# ── for whoever serves one ───────────────────────────────────────────────────────────────────────
def etag_of(*parts: str | int | bytes) -> str:
    """A strong entity tag of all that the bytes depend on, or of the bytes themselves. It tells nothing of them."""
    digest = sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode(errors="surrogatepass")
        digest.update(f"{type(part).__name__} {len(data)} ".encode() + data)
    return f'"{digest.hexdigest()}"'


def webcal_link(url: str) -> str:
    """The address with which calendar programs offer to subscribe, of a feed's https or http address. Raises InvalidValue."""
    scheme, separator, rest = url.partition("://")
    if scheme.lower() not in {"https", "http"} or not separator or not rest or not rest.isprintable() or " " in rest:
        raise InvalidValue("webcal_link", "url", "needs an address that begins with https:// or http://", value=url)
    return f"webcal://{rest}"
