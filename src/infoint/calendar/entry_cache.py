"""Written entries to be used again, so that an export in which little changed is written from what was there. When the same bytes are
right is said by `drafts` and the writer; nothing here knows what an entry is.
"""

from collections.abc import Hashable, Sequence
from itertools import count
from threading import Lock
from typing import NamedTuple

from infoint.calendar.contract import When
from infoint.errors import InvalidValue


class Piece(NamedTuple):
    """An entry as it stands in a file."""

    when: When | None
    """None: there was nothing to show."""
    zone: str
    """IANA name of the zone that has to be described for it; "" for none."""
    lines: bytes


class EntryCache:
    """Give one to `IcsWriter` and keep it for as long as exports are repeated; threads may share it.

    What is kept is found again only where everything the bytes depend on is equal: revisions of every value shown, options, what the
    writer was told, and the versions of infoint, icalendar and the time zone data. Values out of a storage are known by id, version
    and stamps; others have no version, and are known only as the same object.
    """

    def __init__(self, limit: int = 100_000) -> None:
        """`limit`: entries kept at most; the oldest go first. One takes about a kilobyte. Raises InvalidValue."""
        if not isinstance(limit, int) or limit < 1:
            raise InvalidValue("EntryCache", "limit", "needs a whole number, 1 or more", value=limit)
        self._limit = limit
        self._kinds: dict[Hashable, int] = {}
        self._numbers = count()
        self._pieces: dict[tuple[int, str, Hashable], Piece] = {}
        self._wholes: dict[int, tuple[Sequence[object], Sequence[Piece]]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pieces)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kinds.clear()
            self._pieces.clear()
            self._wholes.clear()

    def kind(self, of: Hashable) -> int:
        """A number for what many entries depend on together, so that it is compared once and not for each."""
        with self._lock:
            # No number is given twice, also after `clear`: an export that is being written may still have one of before.
            return self._kinds[of] if of in self._kinds else self._kinds.setdefault(of, next(self._numbers))

    def find(self, kind: int, uid: str, follows_from: Hashable) -> Piece | None:
        """What was kept of it."""
        return self._pieces.get((kind, uid, follows_from))

    def keep(self, kind: int, uid: str, follows_from: Hashable, piece: Piece) -> None:
        """For the next time; the oldest makes room."""
        with self._lock:
            while len(self._pieces) >= self._limit:
                del self._pieces[next(iter(self._pieces))]
            self._pieces[kind, uid, follows_from] = piece

    def find_all(self, kind: int, state: Sequence[object]) -> Sequence[Piece] | None:
        """All of an export, in order, where the last one of its kind was made of the same state."""
        known, pieces = self._wholes.get(kind, ((), None))
        return pieces if known == state else None

    def keep_all(self, kind: int, state: Sequence[object], pieces: Sequence[Piece]) -> None:
        """For the next time, in place of what was kept of this kind; as many entries in all as are kept one by one."""
        with self._lock:
            self._wholes.pop(kind, None)
            self._wholes[kind] = state, pieces
            while sum(len(kept) for _, kept in self._wholes.values()) > self._limit:
                del self._wholes[next(iter(self._wholes))]
