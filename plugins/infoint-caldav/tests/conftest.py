"""Real servers on loopback, each with a folder of its own that goes when the tests end, and a proxy that breaks what passes it."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.calendar import Alarm, AllDay, CalendarEntry, Classification, Component, EntryStatus, Timed

if TYPE_CHECKING:
    from infoint_caldav import CalendarServer, RemoteCalendar

USER, PASSWORD = "kim", "correct horse battery"
REVISED = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Running(NamedTuple):
    """A server that answers."""

    name: str
    url: str


# ── servers ──────────────────────────────────────────────────────────────────────────────────────
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def radicale(folder: Path, port: int) -> list[str]:
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "collections"),
        "auth-type": "htpasswd",
        "auth-delay": "0",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
    }
    return [sys.executable, "-m", "radicale", "--config", "", *(f"--{name}={value}" for name, value in options.items())]


def xandikos(folder: Path, port: int) -> list[str]:
    where = ["-d", str(folder / "collections"), "--listen-address", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "xandikos", "serve", *where, "--defaults", "--current-user-principal", f"/{USER}/"]


COMMANDS: dict[str, Callable[[Path, int], list[str]]] = {"radicale": radicale, "xandikos": xandikos}


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


@pytest.fixture(scope="session", params=sorted(COMMANDS))
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Started once, for all tests of a process."""
    name: str = request.param
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed: pip install {name}")
    folder, port = tmp_path_factory.mktemp(name), free_port()
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(COMMANDS[name](folder, port), stdout=said, stderr=said)
        try:
            wait_for(port, process, log)
            yield Running(name, f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def connected() -> Iterator[Callable[..., "CalendarServer"]]:
    """Connects, and lets go at the end. Waits are not waited for: `waited` of a server says how long they would be."""
    from infoint_caldav import connect

    servers = []

    def make(url: str, username: str = USER, password: str = PASSWORD, **options: Any) -> "CalendarServer":
        server = connect(url, username, password, **{"sleep": lambda _: None} | options)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def calendar(running: Running, connected: Callable[..., "CalendarServer"], request: pytest.FixtureRequest) -> "RemoteCalendar":
    """An empty one, for one test."""
    from infoint_caldav import calendar_named

    return calendar_named(connected(running.url), request.node.nodeid.rpartition("::")[2], create=True)


# ── a proxy ──────────────────────────────────────────────────────────────────────────────────────
class Proxy(ThreadingHTTPServer):
    """Passes requests on to a server, but for those that `fault` names something else for."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.upstream = upstream
        self.seen: list[str] = []
        self.fault: Callable[[str, int], str] = lambda method, number: ""
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has hung up is what these tests are about."""

    def calm(self) -> None:
        """From now on everything passes, and counting begins anew."""
        self.fault = lambda method, number: ""
        self.seen.clear()

    def fail_once(self, method: str, what: str, *, at: int = 1) -> None:
        """The `at`-th request with this method."""
        before = self.seen.count(method)
        self.fault = lambda seen, number: what if (seen, number) == (method, before + at) else ""


class Passing(BaseHTTPRequestHandler):
    """One request. Faults: "drop" it unheard, "lose" the answer, "cut" it in the middle, be "slow", or a status with headers."""

    server: Proxy

    def pass_on(self) -> None:
        """To the server behind, or not."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append(self.command)
        fault = self.server.fault(self.command, self.server.seen.count(self.command))
        if fault == "drop":
            return
        if fault == "slow":
            self.server.over.wait(5)
            return
        if fault[:1].isdigit():
            status, _, header = fault.partition(" ")
            self.answer(int(status), [tuple(header.split(": ", 1))] if header else [], b"")  # type: ignore[list-item]
            return
        status, headers, content = self.ask(body)
        if fault == "lose":
            return
        if fault == "no etag":
            headers = [(name, value) for name, value in headers if name.lower() != "etag"]
        if fault == "weak etag":
            headers = [(name, f"W/{value}" if name.lower() == "etag" else value) for name, value in headers]
        if fault == "nonsense":
            headers, content = [("Content-Type", "text/xml")], b"<multistatus"
        if fault == "web page":
            headers, content = [("Content-Type", "text/html")], b"<html><body>Welcome</body></html>"
        self.answer(status, headers, content, cut=fault == "cut")

    def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """The server behind."""
        upstream = http.client.HTTPConnection(urlsplit(self.server.upstream).netloc, timeout=20)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
            upstream.request(self.command, self.path, body, headers)
            response = upstream.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            upstream.close()

    def answer(self, status: int, headers: list[tuple[str, str]], content: bytes, *, cut: bool = False) -> None:
        """Give `content` back, or half of it."""
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)

    do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_MKCALENDAR = pass_on  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Nothing is written to the terminal."""


@pytest.fixture
def proxy(running: Running) -> Iterator[Proxy]:
    """In front of each server."""
    with Proxy(running.url) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield one
        one.over.set()
        one.shutdown()
        thread.join()


# ── entries ──────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def talk() -> CalendarEntry:
    """A meeting with everything that an entry can hold."""
    return CalendarEntry(
        uid="0b50bd32-6b9d-4a2c-9a4e-0d1f6a2f8f10",
        when=Timed.starting(datetime(2026, 12, 1, 15, tzinfo=ZoneInfo("Europe/Madrid")), timedelta(minutes=30)),
        summary="Talk with Ana Ruiz",
        last_modified=REVISED,
        sequence=1,
        description="Questions:\n1. What does a usual day look like?",
        location="Café Linde, 5; upstairs",
        url="https://meet.example/ana?a=1&b=2",
        status=EntryStatus.CONFIRMED,
        classification=Classification.PRIVATE,
        categories=("Informational interview", "UX"),
        contact="Ana Ruiz, ana@oak.example",
        alarms=(Alarm(timedelta(minutes=-15), "Talk with Ana Ruiz"),),
        created=REVISED - timedelta(days=3),
    )


@pytest.fixture
def entries(talk: CalendarEntry) -> tuple[CalendarEntry, ...]:
    """In order of their UIDs: a meeting, one that is off, two days, to-dos open and done."""
    todo = CalendarEntry(
        uid="todo-of-ana",
        component=Component.TODO,
        when=AllDay(date(2026, 12, 2)),
        summary="Thank Ana",
        last_modified=REVISED,
        status=EntryStatus.NEEDS_ACTION,
        related_to=talk.uid,
        alarms=(Alarm(datetime(2026, 12, 2, 7, tzinfo=UTC), "Thank Ana"),),
    )
    return (
        talk,
        evolve(talk, uid="cancelled-talk", summary="Talk with Bo Li", status=EntryStatus.CANCELLED, sequence=2, alarms=()),
        evolve(talk, uid="fair-two-days", when=AllDay(date(2026, 12, 8), days=2), summary="Fair 日本 🌳", transparent=True),
        todo,
        evolve(
            todo,
            uid="todo-zoned",
            when=Timed(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)),
            status=EntryStatus.COMPLETED,
            completed=REVISED,
            alarms=(),
        ),
    )
