"""infoint's records in PostgreSQL. What a record means is infoint's affair."""

from infoint import hookimpl
from infoint.storage.contract import Storage, StorageRegistrar, StorageUrl

__all__ = ["infoint_register_storages"]


@hookimpl
def infoint_register_storages(storages: StorageRegistrar) -> None:
    """`postgresql://user@host/database`, and `postgres://…`, as libpq has them."""
    storages.add("postgresql", _storage)
    storages.add("postgres", _storage)


def _storage(url: StorageUrl) -> Storage:
    # psycopg is loaded when a storage is made: an app that only has the plugin installed does not pay for it.
    from infoint_postgres.storage import PostgresStorage

    return PostgresStorage(url)
