"""One transaction on a workspace of a vault. It is answered from the index; what it puts becomes files when it is committed."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from infoint.errors import Corrupt, InvalidCursor, ResyncRequired
from infoint.storage.contract import ChangePage, CommitInfo, Key, Page, Query, Record, Session, Write

if TYPE_CHECKING:
    from infoint_vault.storage import VaultStorage


class VaultSession(Session):
    """A session of the index, and the records that are to become files."""

    def __init__(self, vault: "VaultStorage", inner: Session, workspace: str, epoch: str) -> None:
        """Made by the storage. `epoch`: what the commits are counted within."""
        self._vault, self._inner, self._workspace, self._epoch = vault, inner, workspace, epoch
        self._put: dict[Key, Record] = {}

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Record]:
        """See Session."""
        return self._inner.get_many(keys)

    def query(self, query: Query) -> Page[Record]:
        """See Session."""
        return self._inner.query(query)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 50, cursor: str = "") -> Page[Record]:
        """See Session."""
        return self._inner.search(text, kinds=kinds, limit=limit, cursor=cursor)

    def put_many(self, writes: Sequence[Write]) -> Sequence[Record]:
        """See Session. Raises also Corrupt, naming the file, for a record whose file cannot be read now: it is not overwritten."""
        self._vault._check_readable(self._workspace, {write.key for write in writes})  # noqa: SLF001  # the two are one implementation
        records = self._inner.put_many(writes)
        self._put.update({record.key: record for record in records})
        return records

    def changes(self, since: str, *, limit: int = 500) -> ChangePage:
        """See Session. A cursor of an index that is gone asks to begin anew."""
        page = self._inner.changes(self._unmarked(since), limit=limit)
        return ChangePage(page.items, self._marked(page.cursor), page.more)

    def last_commit(self) -> CommitInfo:
        """See Session."""
        info = self._inner.last_commit()
        return CommitInfo(self._commit_id(info), info.seq, info.at)

    def commit(self) -> CommitInfo:
        """See Session. Raises Conflict where a file was edited by hand since this session began: the edit stays, and what was to be
        saved is beside it as a file of its own. Raises CommitUnknown where the disk failed too late to know.
        """
        if self._put:
            info = self._vault._commit(self._workspace, list(self._put.values()), self._inner)  # noqa: SLF001  # as above
        else:
            info = self._inner.commit()
        self._put = {}
        return CommitInfo(self._commit_id(info), info.seq)

    def _commit_id(self, info: CommitInfo) -> str:
        return info.id if info.id.startswith("file:") else f"{self._epoch}-{info.id}" if info.seq else "0"

    # A cursor of the index, what its commits are counted within, and a sum that shows damage.
    def _marked(self, cursor: str) -> str:
        return f"{cursor}.{self._epoch}.{self._sum(cursor, self._epoch)}" if cursor else ""

    def _unmarked(self, since: str) -> str:
        if since == "":
            return ""
        cursor, epoch, sum = since.split(".") if isinstance(since, str) and since.count(".") == 2 else ("", "", "")
        if not cursor or sum != self._sum(cursor, epoch):
            raise InvalidCursor
        if epoch != self._epoch:
            raise ResyncRequired
        return cursor

    def _sum(self, cursor: str, epoch: str) -> str:
        return hashlib.sha256(json.dumps([self._workspace, epoch, cursor]).encode()).hexdigest()[:12]


def not_readable(path: str, problem: str) -> Corrupt:
    """Of a file that has to be mended by hand first."""
    return _Mendable(problem, place=path)


class _Mendable(Corrupt):
    """One file of many, which somebody has just edited: a backup would take back more than that."""

    remedy = "mend it by hand; until then it is not overwritten"
