"""What `python -m infoint.testing storage URL` runs: the contract, for the storage of the URL. pytest collects this file itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from infoint.storage.contract import Storage
from infoint.testing.storage_contract import StorageContract
from infoint.testing.storage_places import Places


class TestStorage(StorageContract):
    """The contract, test by test."""

    places: ClassVar[Places]

    @pytest.fixture(autouse=True)
    def places_of_the_command(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
        """Finds the places, and takes away what the test made in a shared one."""
        kind = type(self)
        kind.places = request.config.pluginmanager.get_plugin("infoint places")  # type: ignore[assignment]  # the command has put it there
        kind.strict = kind.places.strict
        yield
        if left := kind.places.left(tmp_path):
            request.session.shouldstop = "the shared place is not empty"
            pytest.fail(f"drop_workspace left {len(left)} workspaces of this test behind; further tests would meet them")

    def make_storage(self, folder: Path) -> Storage:
        """By the URL."""
        return self.places.storage(folder)

    def restored(self, content: bytes, folder: Path) -> Storage:
        """As StorageContract, where the place is a file of ours."""
        if not self.places.has_folders:
            pytest.skip("where a backup goes is not known: the URL has no {folder}")
        try:
            return super().restored(content, folder)
        except AssertionError as error:
            pytest.skip(str(error))

    def test_nothing_is_there_to_migrate(self, tmp_path: Path) -> None:
        """As StorageContract."""
        if self.places.shared:
            pytest.skip("a shared place is there")
        super().test_nothing_is_there_to_migrate(tmp_path)
