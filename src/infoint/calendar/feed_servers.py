"""Feeds for servers that speak WSGI (PEP 3333) or ASGI 3: small callables, to be mounted anywhere or run alone. What is answered is
decided in `feed`; which feed it is, and whether there is one, by the app.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from traceback import format_tb
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from infoint.calendar.feed import Feed, FeedResponse, plain_response
from infoint.errors import InfointError, InvalidValue

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

FindFeed: TypeAlias = Callable[[str], Feed | None]
"""The feed of a secret, None where there is none. Called for every request, by several threads at once where the server has them."""
AsgiMessage: TypeAlias = MutableMapping[str, Any]
"""What ASGI calls a scope or an event."""
AsgiApp: TypeAlias = Callable[
    [AsgiMessage, Callable[[], Awaitable[AsgiMessage]], Callable[[AsgiMessage], Awaitable[None]]], Awaitable[None]
]
"""What an ASGI server runs."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
"""Anything else is no secret of ours, and is not even looked up."""
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,10}\Z")
_log = logging.getLogger("infoint.feeds")


def wsgi_app(find_feed: FindFeed) -> "WSGIApplication":
    """Serves `…/SECRET.ics`, wherever it is mounted: only the last part of the path counts, and its ending does not.

    An unknown secret and a path that leads nowhere get the same 404. Where something raises, the client gets a 500 without a word
    about it; the log "infoint.feeds" names it.
    """

    def app(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        response = _answer(
            find_feed,
            environ.get("PATH_INFO", ""),
            method=environ["REQUEST_METHOD"],
            if_none_match=environ.get("HTTP_IF_NONE_MATCH", ""),
            if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE", ""),
        )
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", list(response.headers.items()))
        # An iterator, not a list: to a list of one the server would add its length, which is wrong for HEAD and 304.
        return iter((response.body,))

    return app


def asgi_app(find_feed: FindFeed) -> AsgiApp:
    """As `wsgi_app`, for servers that run on asyncio. `find_feed` and the making of the calendar run in a thread of their own: neither
    keeps the server from anything else.
    """

    async def app(
        scope: AsgiMessage,
        receive: Callable[[], Awaitable[AsgiMessage]],
        send: Callable[[AsgiMessage], Awaitable[None]],
    ) -> None:
        match scope["type"]:
            case "http":
                await _serve(find_feed, scope, send)
            case "lifespan":
                await _live(receive, send)
            case "websocket":
                await send({"type": "websocket.close"})
            case kind:
                raise InvalidValue("asgi_app", "scope", "is neither http, lifespan nor websocket", value=kind)

    return app


async def _serve(find_feed: FindFeed, scope: AsgiMessage, send: Callable[[AsgiMessage], Awaitable[None]]) -> None:
    from asyncio import to_thread

    response = await to_thread(
        _answer,
        find_feed,
        scope["path"],
        method=scope["method"],
        if_none_match=_header(scope, b"if-none-match"),
        if_modified_since=_header(scope, b"if-modified-since"),
    )
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _header(scope: AsgiMessage, name: bytes) -> str:
    # A list may be spread over several lines of the same name (RFC 9110 §5.3).
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


async def _live(receive: Callable[[], Awaitable[AsgiMessage]], send: Callable[[AsgiMessage], Awaitable[None]]) -> None:
    """There is nothing to start or stop; a server that asks wants to hear so."""
    while (event := (await receive())["type"]) != "lifespan.shutdown":
        await send({"type": f"{event}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _answer(find_feed: FindFeed, path: str, *, method: str, if_none_match: str, if_modified_since: str) -> FeedResponse:
    try:
        if method not in {"GET", "HEAD"}:  # before anything is looked up, so that it tells nothing of the secret
            response = _ANY.respond(method=method)
        else:
            secret = _SUFFIX.sub("", path.rpartition("/")[2])
            feed = find_feed(secret) if _SECRET.fullmatch(secret) else None
            response = (
                _NOT_FOUND
                if feed is None
                else feed.respond(method=method, if_none_match=if_none_match, if_modified_since=if_modified_since)
            )
    except Exception as error:  # noqa: BLE001  # whatever it is, the client is told nothing; the log is
        _report(error)
        response = _FAILED
    return FeedResponse(response.status, response.headers, b"") if method == "HEAD" else response


_ANY: Final = Feed(etag='""', body=bytes)
_NOT_FOUND: Final = plain_response(404, "There is nothing here.")
_FAILED: Final = plain_response(500, "This calendar cannot be shown now.")


def _report(error: Exception) -> None:
    # Only our own errors are sure to say nothing private; of others the type and the place have to do.
    what = str(error) if isinstance(error, InfointError) else type(error).__name__
    _log.error("a feed could not be served: %s\n%s", what, "".join(format_tb(error.__traceback__)))
