"""infoint's records as a folder of Markdown, `vault:FOLDER`: to be read, edited by hand, kept in git and opened in Obsidian."""

from infoint import hookimpl
from infoint.storage.contract import Storage, StorageRegistrar, StorageUrl


@hookimpl
def infoint_register_storages(storages: StorageRegistrar) -> None:
    """`infoint.open("vault:interviews", discover=True)`."""
    storages.add("vault", _vault)


def _vault(url: StorageUrl) -> Storage:
    # YAML and SQLite are loaded when somebody opens a vault: an app that only has the plugin installed does not pay for them.
    from infoint_vault.storage import VaultStorage

    return VaultStorage(url)
