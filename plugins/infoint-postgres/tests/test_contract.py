"""infoint's own tests of a storage, over a real server, as the role of an app."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.storage import PostgresStorage

from infoint.storage.contract import Storage
from infoint.testing import StorageContract, walk_storage


class SetUpFirst(PostgresStorage):
    """Where a storage is to be made, its owner makes it: the app's role may not."""

    owner = ""

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage."""
        if create and not read_only:
            PostgresStorage(self.owner).set_up()
        super().open(read_only=read_only)


def maker(server: Any) -> Callable[[Path], Storage]:
    """Makes storages as the role of an app, a schema for each folder."""
    schemas: dict[Path, str] = {}

    def make(folder: Path) -> Storage:
        schema = schemas.setdefault(folder, server.new_schema())
        storage = SetUpFirst(server.url(schema))
        storage.owner = server.owner(schema)
        return storage

    return make


@pytest.mark.parametrize("seed", range(2))
def test_walk_finds_nothing(server: Any, seed: int) -> None:
    """At some step of a random walk the answer, a page or an error is not that of the memory storage."""
    assert walk_storage(maker(server), seed=seed, operations=1_000, strict=True) > 200


@pytest.mark.slow
def test_long_walk_finds_nothing(server: Any) -> None:
    """A difference that is rare: in 100,000 operations, or as many as INFOINT_WALK says."""
    operations = int(os.environ.get("INFOINT_WALK", "100000"))
    walk_storage(maker(server), seed=int(os.environ.get("INFOINT_WALK_SEED", "100")), operations=operations, strict=True)


class TestPostgresStorage(StorageContract):
    """A schema for each folder."""

    strict: ClassVar[bool] = True

    @pytest.fixture(autouse=True)
    def _running(self, server: Any) -> None:
        self.make = maker(server)

    def make_storage(self, folder: Path) -> Storage:
        """See StorageCase."""
        return self.make(folder)
