"""The vault is held to the storage contract, strictly."""

from pathlib import Path

from infoint_vault.storage import VaultStorage

from infoint.storage.contract import Storage
from infoint.testing import StorageContract


class TestVault(StorageContract):
    """Everything a storage promises."""

    strict = True

    def make_storage(self, folder: Path) -> Storage:
        """A vault in the folder."""
        return VaultStorage(folder / "vault")
