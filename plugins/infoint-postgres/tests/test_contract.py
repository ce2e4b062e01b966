"""infoint's own tests of a storage, over a real server, as the role of an app."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from infoint.storage.contract import Storage
from infoint.testing import StorageContract
from infoint_postgres.storage import PostgresStorage


class SetUpFirst(PostgresStorage):
    """Where a storage is to be made, its owner makes it: the app's role may not."""

    owner = ""

    def open(self, *, create: bool = False, read_only: bool = False) -> None:
        """See Storage."""
        if create and not read_only:
            PostgresStorage(self.owner).set_up()
        super().open(read_only=read_only)


class TestPostgresStorage(StorageContract):
    """A schema for each folder."""

    strict: ClassVar[bool] = True
    server: Any
    schemas: dict[Path, str]

    @pytest.fixture(autouse=True)
    def _running(self, server: Any) -> None:
        self.server, self.schemas = server, {}

    def make_storage(self, folder: Path) -> Storage:
        """See StorageCase."""
        schema = self.schemas.setdefault(folder, self.server.new_schema())
        storage = SetUpFirst(self.server.url(schema))
        storage.owner = self.server.owner(schema)
        return storage
