"""Feeds over WSGI and ASGI: by the validator of the standard library, over a real socket, and by hand."""

import asyncio
import http.client
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from infoint.calendar import Feed
from infoint.calendar.feed_servers import asgi_app, wsgi_app
from infoint.errors import InvalidValue, NotFound

SECRET = "Sesame_-1"
BYTES = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PRIVATE = "Ana Ruiz wants to leave"
ASKED: list[str] = []


def find_feed(secret: str) -> Feed | None:
    ASKED.append(secret)
    if secret == "broken":
        raise ValueError(PRIVATE)
    if secret == "unset":
        raise NotFound("profile", "of this workspace")
    if secret == "torn":
        return Feed(etag='"t"', body=torn)
    return Feed(etag='"1"', body=lambda: BYTES) if secret == SECRET else None


def torn() -> bytes:
    raise ValueError(PRIVATE)


Answer = tuple[int, dict[str, str], bytes]


# ── three ways to ask ────────────────────────────────────────────────────────────────────────────
def by_wsgi(path: str, method: str = "GET", **headers: str) -> Answer:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": ""}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    told: list[Any] = []

    def start(status: str, answered: list[tuple[str, str]], _: object = None) -> Any:
        told.extend([status, answered])
        return lambda _: None

    body = validator(wsgi_app(find_feed))(environ, start)
    try:
        content = b"".join(body)
    finally:
        body.close()  # type: ignore[attr-defined]  # the validator's has it
    return int(told[0].split()[0]), dict(told[1]), content


def by_asgi(path: str, method: str = "GET", **headers: str) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": method,
        "path": path,
        "headers": [(name.replace("_", "-").lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    start, body = asked_of(scope, [])
    assert (start["type"], body["type"]) == ("http.response.start", "http.response.body")
    assert not body.get("more_body")
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    assert all(name == name.lower() for name in told), "ASGI wants names in small letters"
    return start["status"], {name.title(): value for name, value in told.items()}, body["body"]


def asked_of(scope: dict[str, Any], events: list[dict[str, Any]]) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(asgi_app(find_feed)(scope, receive, send))
    return sent


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test says what is wrong."""


@contextmanager
def served() -> Iterator[int]:
    """The port of a server on loopback."""
    with make_server("127.0.0.1", 0, wsgi_app(find_feed), handler_class=Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def by_socket(path: str, method: str = "GET", **headers: str) -> Answer:
    with served() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        content = response.read()
        connection.close()
    own = {name: value for name, value in response.getheaders() if name not in {"Date", "Server"}}
    return response.status, own, content


WAYS = [by_wsgi, by_asgi, by_socket]
every_way = pytest.mark.parametrize("ask", WAYS, ids=lambda way: way.__name__)


# ── what is answered ─────────────────────────────────────────────────────────────────────────────
@every_way
@pytest.mark.parametrize("path", [f"/{SECRET}.ics", f"/{SECRET}", f"/feeds/of/ana/{SECRET}.ics", f"/{SECRET}.json"])
def test_a_feed_is_served_wherever_it_is_mounted(ask: Any, path: str) -> None:
    """An app could not choose its addresses, or a client would be sent something else than the calendar."""
    status, headers, body = ask(path)
    assert (status, body) == (200, BYTES)
    lowered = {name.lower(): value for name, value in headers.items()}
    assert lowered["etag"] == '"1"'
    assert lowered["content-type"] == "text/calendar; charset=utf-8"
    assert lowered["content-length"] == str(len(BYTES))


@every_way
def test_what_is_known_is_not_sent_again(ask: Any) -> None:
    """Conditions would be lost between server and feed."""
    status, headers, body = ask(f"/{SECRET}.ics", if_none_match='W/"0", "1"')
    assert (status, body) == (304, b"")
    assert {name.lower() for name in headers} == {"etag", "cache-control"}, "a length of 0 would be that of the calendar"
    status, _, body = ask(f"/{SECRET}.ics", if_none_match='"2"')
    assert (status, body) == (200, BYTES)


@every_way
def test_head_has_no_body(ask: Any) -> None:
    """A body after HEAD would be read as the next answer; and a length of 0 would be wrong."""
    status, headers, body = ask(f"/{SECRET}.ics", "HEAD")
    assert (status, body) == (200, b"")
    lowered = {name.lower(): value for name, value in headers.items()}
    assert lowered["etag"] == '"1"'
    assert "content-length" not in lowered
    assert ask("/nobody.ics", "HEAD")[0::2] == (404, b"")


@every_way
def test_an_unknown_secret_is_as_good_as_no_page(ask: Any) -> None:
    """Somebody could find out which addresses there are."""
    answers = [ask(path) for path in ("/nobody.ics", "/", "/feeds/", f"/{SECRET}/", f"/{SECRET[:-1]}.ics", "/x.y.z", "/a%20b")]
    assert {status for status, _, _ in answers} == {404}
    assert all(answer == answers[0] for answer in answers)
    assert ask(f"/{SECRET}.ics", "POST") == ask("/nobody.ics", "POST"), "the refusal would tell a good secret from another"
    assert ask(f"/{SECRET}.ics", "POST")[0] == 405


@pytest.mark.parametrize("ask", [by_wsgi, by_asgi])
@pytest.mark.parametrize("path", ["", "/a b", "/é", "/\x00", "/" + "a" * 201, "/%2e", "/..", "/.ics", "/a;b", "/'--"])
def test_what_is_no_secret_is_not_looked_up(ask: Any, path: str) -> None:
    """Anything a stranger writes into an address would reach the app's database."""
    ASKED.clear()
    assert ask(path)[0] == 404
    assert ASKED == []


@every_way
@pytest.mark.parametrize("secret", ["broken", "torn", "unset"])
def test_errors_tell_the_client_nothing(ask: Any, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    """A stranger would read what a person wrote, or how the app is made; or nobody would hear of the error."""
    with caplog.at_level(logging.ERROR, "infoint.feeds"):
        status, headers, body = ask(f"/{secret}.ics")
    assert (status, body) == (500, b"This calendar cannot be shown now.\n")
    assert PRIVATE not in repr(headers)
    assert PRIVATE not in caplog.text
    assert ("no profile of this workspace" if secret == "unset" else "ValueError") in caplog.text
    assert secret == "torn" or "in find_feed" in caplog.text, "where it happened"


# ── servers' own affairs ─────────────────────────────────────────────────────────────────────────
def test_a_server_may_start_and_stop_it() -> None:
    """A server that asks would wait for ever, or refuse to start."""
    sent = asked_of({"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    assert [event["type"] for event in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_websockets_are_closed() -> None:
    """A stranger would hold a connection open, or see a traceback."""
    assert asked_of({"type": "websocket"}, []) == [{"type": "websocket.close"}]


def test_unknown_protocols_are_refused() -> None:
    """A server that speaks something newer would wait for an answer that never comes."""
    with pytest.raises(InvalidValue, match=r"asgi_app\.scope"):
        asked_of({"type": "quic"}, [])


def test_a_list_over_several_lines_is_one() -> None:
    """A client that sends two headers If-None-Match would be sent everything."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/{SECRET}",
        "headers": [(b"if-none-match", b'"0"'), (b"If-None-Match", b'"1"')],
    }
    assert asked_of(scope, [])[0]["status"] == 304
