"""Calendars on a server: which there are, what they take, and reading, writing and deleting their resources by ETag (RFC 4791)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from xml.sax.saxutils import escape, quoteattr

from attrs import field, frozen
from caldav.lib.error import DAVError
from caldav.response import CalendarQueryResult, PropfindResult

from infoint.calendar import resource_name
from infoint.errors import InvalidValue, NotFound, SeveralMatch
from infoint_caldav.errors import NotACalendar, PushFailed, Redirected, ServerFailing
from infoint_caldav.server import Answer, CalendarServer, strong

_DAV: Final = "{DAV:}"
_CALDAV: Final = "{urn:ietf:params:xml:ns:caldav}"
_SPACES: Final = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_ETAGS_AT_ONCE: Final = 200
_TEXTS_AT_ONCE: Final = 50
"""Resources in one answer: it has to come within one timeout."""


def _ask_for(*properties: str) -> bytes:
    wanted = "".join(f"<{name}/>" for name in properties)
    return f"<d:propfind {_SPACES}><d:prop>{wanted}</d:prop></d:propfind>".encode()


_ABOUT: Final = _ask_for("d:resourcetype", "d:displayname", "c:supported-calendar-component-set")
_WHO: Final = _ask_for("d:current-user-principal", "c:calendar-home-set")


@frozen
class Resource:
    """What stands at one address."""

    etag: str
    body: bytes = field(default=b"", repr=False)


@frozen
class RemoteCalendar:
    """A calendar collection on a server."""

    server: CalendarServer
    url: str
    """Ends in a stroke."""
    name: str
    components: tuple[str, ...]
    """What it takes, as "VEVENT"; empty where it does not say, and then it has to take all (RFC 4791 §5.2.3)."""

    def takes(self, component: str) -> bool:
        """Whether entries of this kind may be put here."""
        return not self.components or component in self.components

    def href(self, name: str) -> str:
        """The path of a resource."""
        return urlsplit(self.url).path + name

    def etags(self, hrefs: Collection[str]) -> dict[str, str]:
        """ETags by href, of those that are there: some requests for hundreds."""
        return {href: found.etag for href, found in self._multiget(hrefs, ("d:getetag",), _ETAGS_AT_ONCE)}

    def read(self, hrefs: Collection[str]) -> dict[str, Resource]:
        """With what stands in them."""
        return dict(self._multiget(hrefs, ("d:getetag", "c:calendar-data"), _TEXTS_AT_ONCE))

    def _multiget(self, hrefs: Collection[str], properties: Sequence[str], at_once: int) -> Iterator[tuple[str, Resource]]:
        wanted = "".join(f"<{name}/>" for name in properties)
        for some in _in_batches(sorted(hrefs), at_once):
            by_name = {_last(href): href for href in some}
            places = "".join(f"<d:href>{escape(href)}</d:href>" for href in some)
            body = f"<c:calendar-multiget {_SPACES}><d:prop>{wanted}</d:prop>{places}</c:calendar-multiget>"
            answer = self.server.request("REPORT", self.url, body.encode(), {"Depth": "1"})
            for one in _reported(answer):
                etag = strong(one.etag)
                # By their last part: servers write the rest in more than one way.
                if one.status < HTTPStatus.BAD_REQUEST and etag and _last(one.href) in by_name:
                    yield by_name[_last(one.href)], Resource(etag, (one.calendar_data or "").encode())

    def put(self, href: str, body: bytes, *, instead_of: str) -> Answer:
        """Write a resource in place of the one with this ETag, or, where that is "", of none."""
        condition = {"If-Match": instead_of} if instead_of else {"If-None-Match": "*"}
        kind = {"Content-Type": "text/calendar; charset=utf-8"}
        return self.server.request("PUT", urljoin(self.url, href), body, condition | kind)

    def delete(self, href: str, *, etag: str) -> Answer:
        """Delete the resource with this ETag."""
        return self.server.request("DELETE", urljoin(self.url, href), headers={"If-Match": etag})


def _in_batches(hrefs: Iterable[str], size: int) -> Iterator[list[str]]:
    some: list[str] = []
    for href in hrefs:
        some.append(href)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _last(href: str) -> str:
    return unquote(href).rstrip("/").rpartition("/")[2]


def _reported(answer: Answer) -> list[CalendarQueryResult]:
    if answer.status != HTTPStatus.MULTI_STATUS or answer.response is None:
        raise PushFailed("the server does not say what stands in the calendar", status=answer.status)
    try:
        return answer.response.parse_calendar_query()
    except (DAVError, ValueError, TypeError, AttributeError) as error:
        raise ServerFailing("the answer cannot be read as CalDAV", status=answer.status) from error


def _found(answer: Answer) -> list[PropfindResult]:
    if answer.status != HTTPStatus.MULTI_STATUS or answer.response is None:
        return []
    try:
        return answer.response.parse_propfind()
    except (DAVError, ValueError, TypeError, AttributeError) as error:
        raise ServerFailing("the answer cannot be read as CalDAV", status=answer.status) from error


# ── which there are ──────────────────────────────────────────────────────────────────────────────
def open_calendar(server: CalendarServer, url: str) -> RemoteCalendar:
    """The calendar at an address, absolute or on the server. Raises NotACalendar and what requests raise."""
    full = urljoin(server.url, url)
    if not server.may_ask(full):
        raise InvalidValue("open_calendar", "url", "needs an address on the server that is connected to", value=url)
    full, answer = server.propfind(full if full.endswith("/") else full + "/", _ABOUT)
    for one in _found(answer):
        calendar = _calendar(server, full, one)
        if calendar:
            return calendar
    raise NotACalendar("there is no calendar at this address", status=answer.status)


def _calendar(server: CalendarServer, url: str, found: PropfindResult) -> RemoteCalendar | None:
    if f"{_CALDAV}calendar" not in (found.properties.get(f"{_DAV}resourcetype") or ()):
        return None
    taken = found.properties.get(f"{_CALDAV}supported-calendar-component-set") or ()
    name = found.properties.get(f"{_DAV}displayname") or ""
    return RemoteCalendar(server, url if url.endswith("/") else url + "/", str(name), tuple(map(str, taken)))


def find_calendars(server: CalendarServer) -> tuple[RemoteCalendar, ...]:
    """The user's own, in order of their addresses. Raises NotACalendar where the server knows nothing of calendars."""
    home = _home(server)
    full, answer = server.propfind(home, _ABOUT, depth=1)
    if answer.status != HTTPStatus.MULTI_STATUS:
        raise NotACalendar("the server shows no list of calendars", status=answer.status)
    every = (_calendar(server, _full(server, full, one.href), one) for one in _found(answer))
    return tuple(sorted((calendar for calendar in every if calendar), key=lambda calendar: calendar.url))


def _home(server: CalendarServer) -> str:
    """Where the user's calendars are: asked of the address given, then of the one that every site has (RFC 6764 §5)."""
    status = 0
    for start in (server.url, urljoin(server.url, "/.well-known/caldav")):
        url, status = start, 0
        for _ in range(2):  # the address, and the user it names
            url, answer = server.propfind(url, _WHO)
            status = answer.status
            told = [one.properties for one in _found(answer)]
            homes = [one[f"{_CALDAV}calendar-home-set"] for one in told if one.get(f"{_CALDAV}calendar-home-set")]
            if homes:
                return _full(server, url, homes[0] if isinstance(homes[0], str) else homes[0][0])
            principals = [str(one[f"{_DAV}current-user-principal"]) for one in told if one.get(f"{_DAV}current-user-principal")]
            if not principals:
                break
            url = _full(server, url, principals[0])
    raise NotACalendar("the server names no calendars of this user", status=status)


def _full(server: CalendarServer, base: str, href: str) -> str:
    full = urljoin(base, href)
    if not server.may_ask(full):
        raise Redirected(full)
    return full


def calendar_named(
    server: CalendarServer, name: str, *, create: bool = False, components: Collection[str] = ("VEVENT", "VTODO")
) -> RemoteCalendar:
    """The user's calendar of this name. With `create`, one is made where there is none, taking `components`.

    Raises NotFound, SeveralMatch, InvalidValue for a name that no server can keep, and PushFailed where it cannot be made.
    """
    if not name.strip() or not name.isprintable():
        raise InvalidValue("calendar_named", "name", "needs a name of one line", value=name)
    own = [calendar for calendar in find_calendars(server) if calendar.name == name]
    if len(own) > 1:
        raise SeveralMatch("calendar", ("name",))
    if own:
        return own[0]
    if not create:
        raise NotFound("calendar", name, remedy="with create=True it is made")
    return _made(server, name, components)


def _made(server: CalendarServer, name: str, components: Collection[str]) -> RemoteCalendar:
    url = urljoin(_home(server).rstrip("/") + "/", resource_name(name).removesuffix(".ics") + "/")
    kinds = "".join(f"<c:comp name={quoteattr(component)}/>" for component in components)
    body = (
        f"<c:mkcalendar {_SPACES}><d:set><d:prop><d:displayname>{escape(name)}</d:displayname>"
        f"<c:supported-calendar-component-set>{kinds}</c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"
    )
    answer = server.request("MKCALENDAR", url, body.encode(), {"Content-Type": "application/xml; charset=utf-8"})
    if answer.status not in {HTTPStatus.CREATED, HTTPStatus.OK, HTTPStatus.MULTI_STATUS}:
        # After a dropped answer the second try meets what the first has made.
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED or "resource-must-be-null" in answer.conditions:
            return open_calendar(server, url)
        raise PushFailed("the server does not make this calendar: make it in its own pages", status=answer.status)
    return open_calendar(server, url)
