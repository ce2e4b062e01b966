"""What every storage must do. Subclass, say how to make one, run pytest."""

from typing import ClassVar

from infoint.testing.storage_capabilities import CapabilityContract
from infoint.testing.storage_changes import ChangesContract
from infoint.testing.storage_erasure import ErasureContract
from infoint.testing.storage_hostile import HostileContract
from infoint.testing.storage_loading import LoadingContract
from infoint.testing.storage_queries import QueryContract
from infoint.testing.storage_records import RecordContract
from infoint.testing.storage_search import SearchContract
from infoint.testing.storage_second_opener import SecondOpenerContract
from infoint.testing.storage_sessions import TransactionContract
from infoint.testing.storage_upkeep import UpkeepContract
from infoint.testing.storage_walk import walk_storage
from infoint.testing.storage_workspaces import WorkspaceContract


class StorageContract(
    RecordContract,
    QueryContract,
    SearchContract,
    ChangesContract,
    TransactionContract,
    WorkspaceContract,
    LoadingContract,
    ErasureContract,
    UpkeepContract,
    HostileContract,
    CapabilityContract,
    SecondOpenerContract,
):
    """The tests of the storage contract, for a subclass with one method:

        class TestMyStorage(StorageContract):
            def make_storage(self, folder: Path) -> Storage:
                return MyStorage(folder / "place")

    Each test's docstring says what would be wrong if it failed. What depends on a capability is skipped where the storage does not
    declare it, and the skip says so. `strict = True` asks for more; `restored` and `older` say what a storage with backups or older
    formats may have to say: see there.
    """

    walk: ClassVar[int] = 1_000
    """Operations of the walk; `walk_storage` takes more of them, and other seeds."""

    def test_walk_beside_the_memory_storage(self) -> None:
        """Something that no other test thought of: the same operations have other answers than on the memory storage."""
        walk_storage(self.make_storage, seed=7, operations=self.walk, strict=self.strict)
