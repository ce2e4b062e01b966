"""Requests to a CalDAV server, tried again where that can help, and each failure as one of our errors. What is asked for stands in
`calendars`.

Of the caldav package this uses the session with its logins (basic, digest, bearer) and the reading of answers. Not its objects:
they write an entry anew with icalendar, so that other bytes would be sent than ours, hide statuses, and know no If-None-Match.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from attrs import field, frozen
from caldav.davclient import DAVClient
from caldav.lib.error import AuthorizationError, DAVError, RateLimitError, parse_preconditions
from caldav.lib.http_sync import requests
from caldav.response import DAVResponse

from infoint.errors import InvalidValue
from infoint_caldav.errors import AuthenticationRefused, PushFailed, Redirected, ServerFailing, ServerUnreachable

_FAILING: Final = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
"""Worth another try; 501 and 507 would stay as they are."""
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
_MOST_HOPS: Final = 5

# Whichever HTTP library caldav found. Not SSLError: a certificate does not get better by waiting.
_gone: Final = requests.exceptions


def _few(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 20:
        raise InvalidValue("Retries", attribute.name, "needs a number from 0 to 20", value=value)


@frozen(kw_only=True)
class Retries:
    """How long to go on when a server does not answer, or fails. Waits double: with the default 1, 2 and 4 seconds."""

    times: int = field(default=3, validator=_few)
    """Tries after the first one, 20 at most."""
    first_wait: timedelta = field(default=timedelta(seconds=1))
    longest_wait: timedelta = field(default=timedelta(minutes=1))
    """Also where the server asks for more (Retry-After)."""

    def waits(self) -> Iterator[float]:
        """Seconds to wait before each further try."""
        longest = self.longest_wait.total_seconds()
        for number in range(self.times):
            yield min(self.first_wait.total_seconds() * 2**number, longest)


@frozen
class Answer:
    """What the server said to one request, whatever that was but 401, redirects and failures of its own."""

    status: int
    etag: str
    """"" where it gave none, or a weak one, that is no use for If-Match (RFC 9110 §13.1.1)."""
    conditions: frozenset[str]
    """Names of what stood against it (RFC 4918 §16), as "no-uid-conflict"."""
    response: DAVResponse | None = field(repr=False)


class CalendarServer:
    """A server and who we are there. Use it in a `with`: connections are closed at the end.

    Redirects are not followed, but by questions within the same site: an entry or a password would go where nobody said it should.
    """

    def __init__(self, client: DAVClient, *, retries: Retries, sleep: Callable[[float], object]) -> None:
        """`client`: for what `connect` does not offer, as client certificates. Its session is told not to follow redirects."""
        self._client, self._retries, self._sleep = client, retries, sleep
        client.session.max_redirects = 0
        self.url = str(client.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def request(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request, repeated as `Retries` says. It has to bear that: with If-Match or If-None-Match, writing does.

        Raises AuthenticationRefused, Redirected, ServerFailing and ServerUnreachable.
        """
        waits = self._retries.waits()
        while True:
            try:
                return self._once(method, url, body, headers or {})
            except _WorthAnotherTry as again:
                wait = next(waits, None)
                if wait is None:
                    raise again.error from again.__cause__
                self._sleep(min(max(wait, again.after), self._retries.longest_wait.total_seconds()))

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            # Bytes, and not the text that its types ask for, go over the wire as they are.
            response = self._client.request(url, method, body, headers)  # type: ignore[arg-type]
        except (DAVError, _gone.RequestException, NotImplementedError, OSError, SyntaxError, ValueError) as error:
            if isinstance(error, AuthorizationError) and error.status == HTTPStatus.FORBIDDEN:
                return Answer(error.status, "", _names(error.preconditions), None)
            raise _ours(error, url) from error
        if response.status in _FAILING:
            raise _WorthAnotherTry(ServerFailing("the server failed", status=response.status))
        # An XML or text body says what stood against it; both come whole, calendars are small.
        conditions = _names(parse_preconditions(response.raw)) if response.status >= HTTPStatus.BAD_REQUEST else frozenset()
        return Answer(response.status, strong(response.headers.get("ETag", "")), conditions, response)

    def propfind(self, url: str, body: bytes, depth: int = 0) -> tuple[str, Answer]:
        """What resources say of themselves, and the address that said it: a question may follow a redirect within the site."""
        for _ in range(_MOST_HOPS):
            try:
                return url, self.request("PROPFIND", url, body, {"Depth": str(depth)})
            except Redirected as error:
                if not self.may_ask(error.location):
                    raise
                url = error.location
        raise Redirected(url)

    def may_ask(self, url: str) -> bool:
        """Whether the password may go there: to where it was given for, or, encrypted, to another host of the same site."""
        ours, theirs = urlsplit(self.url), urlsplit(url)
        if (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc):
            return True
        return theirs.scheme == "https" and _site(theirs.hostname) == _site(ours.hostname) != ""

    def __repr__(self) -> str:
        return f"CalendarServer({self.url!r})"


class _WorthAnotherTry(Exception):
    def __init__(self, error: PushFailed, after: float = 0) -> None:
        self.error, self.after = error, after


def _ours(error: Exception, url: str) -> Exception:
    """What the libraries raise, in our words: theirs may quote what was sent."""
    status = getattr(error, "status", None) or 0
    for kinds, told in _TOLD:
        if isinstance(error, kinds):
            return told(error, url, status)
    return ServerFailing("the answer cannot be read as CalDAV", status=status)  # lxml raises a SyntaxError


def _redirected(url: str, error: Any) -> Redirected:
    response = getattr(error, "response", None)
    location = response.headers.get("Location", "") if response is not None else ""
    status = response.status_code if response is not None else 0
    try:
        return Redirected(urljoin(url, location), status=status)
    except ValueError:  # an address that is none
        return Redirected("", status=status)


# The first that fits: a SSLError is a ConnectionError too, and that a RequestException.
_TOLD: Final[tuple[tuple[Any, Callable[[Any, str, int], Exception]], ...]] = (
    (AuthorizationError, lambda _, __, status: AuthenticationRefused("the server refuses the login", status=status)),
    (
        NotImplementedError,
        lambda *_: AuthenticationRefused("the server wants another kind of login than basic, digest or bearer"),
    ),
    (
        RateLimitError,
        lambda error, _, status: _WorthAnotherTry(
            ServerFailing("the server asks to wait", status=status), error.retry_after_seconds or 0
        ),
    ),
    (_gone.TooManyRedirects, lambda error, url, _: _redirected(url, error)),
    (_gone.SSLError, lambda *_: ServerUnreachable("the server's certificate cannot be trusted")),
    (_gone.Timeout, lambda *_: _WorthAnotherTry(ServerUnreachable("the server did not answer in time"))),
    (
        (_gone.ConnectionError, _gone.ChunkedEncodingError, _gone.ContentDecodingError),
        lambda *_: _WorthAnotherTry(ServerUnreachable("the connection was refused or broke off")),
    ),
    ((_gone.RequestException, OSError), lambda *_: ServerUnreachable("the request could not be sent")),
)


def _site(host: str | None) -> str:
    """As "icloud.example" of "p42.icloud.example"; "" of numbers and of names without a dot."""
    labels = (host or "").rsplit(".", 2)[-2:]
    return ".".join(labels) if len(labels) == 2 and not labels[-1].isdigit() else ""


def _names(tags: list[str]) -> frozenset[str]:
    return frozenset(tag.rpartition("}")[2] for tag in tags)


def strong(etag: str | None) -> str:
    """`etag` as If-Match wants it; "" of a weak one, and of what no header can hold."""
    etag = (etag or "").strip()
    return "" if etag.startswith("W/") or not etag.isascii() or not etag.isprintable() else etag


def connect(
    url: str,
    username: str = "",
    password: str = "",
    *,
    timeout: timedelta = timedelta(seconds=30),
    retries: Retries = Retries(),
    sleep: Callable[[float], object] = time.sleep,
    ca_bundle: str = "",
) -> CalendarServer:
    """A server by its address. Nothing is asked yet.

    `timeout` is for each answer, not for a push. `ca_bundle` is the file of a certificate authority of one's own. Raises InvalidValue
    where a password would go unencrypted over a network; who wants that gives `CalendarServer` a `DAVClient` of their own.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise InvalidValue("connect", "url", "is no address", value=url) from error
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable():
        raise InvalidValue("connect", "url", "needs an address that begins with https://", value=url)
    if parts.username is not None:
        raise InvalidValue("connect", "url", "holds a user name: give it, and the password, apart", value=url)
    if parts.scheme == "http" and password and host not in _LOOPBACK:
        raise InvalidValue("connect", "url", "needs https://, or everybody on the way could read the password", value=url)
    client = DAVClient(
        url,
        username=username or None,
        password=password or None,
        timeout=max(1, round(timeout.total_seconds())),
        ssl_verify_cert=ca_bundle or True,
        enable_rfc6764=False,  # asks the DNS of whoever gave the network where to send the password
    )
    return CalendarServer(client, retries=retries, sleep=sleep)
