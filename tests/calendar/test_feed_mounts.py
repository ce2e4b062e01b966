"""The recipes for web frameworks, as they stand on the page, in the frameworks themselves."""

import asyncio
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infoint.calendar import Feed

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "serve-a-feed.md"
BYTES = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

pytestmark = pytest.mark.slow


def find_feed(secret: str) -> Feed | None:
    return Feed(etag='"1"', body=lambda: BYTES) if secret == "sesame" else None


def recipe(title: str) -> dict[str, Any]:
    """The names that the block under a heading makes."""
    found = re.search(rf"^### {title}$.*?^```text\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, f"no recipe for {title}"
    names: dict[str, Any] = {"__name__": "recipe", "find_feed": find_feed}
    exec(compile(found[1], f"{PAGE.name}, {title}", "exec"), names)  # noqa: S102  # the page's own code
    return names


def test_fastapi_and_starlette() -> None:
    """Whoever copies the recipe would get an error, or a calendar that is sent again each time."""
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    app = recipe("FastAPI and Starlette")["app"]

    def ask(path: str, method: str = "GET", tag: str = "") -> tuple[int, bytes]:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(event: Any) -> None:
            sent.append(event)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [(b"if-none-match", tag.encode())],
            "client": ("127.0.0.1", 1), "server": ("careers.example", 443),
        }  # fmt: skip  # a table
        asyncio.run(app(scope, receive, send))
        return sent[0]["status"], b"".join(event.get("body", b"") for event in sent[1:])

    assert ask("/calendar/sesame.ics") == (200, BYTES)
    assert ask("/calendar/sesame.ics", tag='"1"') == (304, b"")
    assert ask("/calendar/sesame.ics", "HEAD") == (200, b"")
    assert ask("/calendar/sesame.ics", "POST")[0] == 405
    assert ask("/calendar/nobody.ics")[0] == 404


def test_flask() -> None:
    """As above."""
    pytest.importorskip("flask", reason="Flask is not installed")
    client = recipe("Flask")["app"].test_client()
    found = client.get("/calendar/sesame.ics")
    assert (found.status_code, found.data, found.headers["ETag"]) == (200, BYTES, '"1"')
    assert client.get("/calendar/sesame.ics", headers={"If-None-Match": '"1"'}).status_code == 304
    assert client.head("/calendar/sesame.ics").status_code == 200
    assert client.post("/calendar/sesame.ics").status_code == 405
    assert client.get("/calendar/nobody.ics").status_code == 404


def test_django(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above."""
    django = pytest.importorskip("django", reason="Django is not installed")
    from django.conf import settings
    from django.test import Client

    urls = ModuleType("infoint_test_urls")
    settings.configure(ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"], SECRET_KEY="for this test only")  # noqa: S106  # guards nothing
    django.setup()
    urls.urlpatterns = recipe("Django")["urlpatterns"]  # type: ignore[attr-defined]  # a module made here
    client = Client()
    found = client.get("/calendar/sesame.ics")
    assert (found.status_code, found.content, found.headers["Content-Type"]) == (200, BYTES, "text/calendar; charset=utf-8")
    known = client.get("/calendar/sesame.ics", headers={"If-None-Match": '"1"'})
    assert (known.status_code, known.content) == (304, b"")
    assert client.head("/calendar/sesame.ics").status_code == 200
    assert client.post("/calendar/sesame.ics").status_code == 405
    assert client.get("/calendar/nobody.ics").status_code == 404
