"""Records in one SQLite file, by the standard library: the embedded default. `storage` opens it; what is kept where is in `schema`."""

from infoint.storage.sqlite.storage import SqliteStorage

__all__ = ["SqliteStorage"]
