"""File names for entries that are kept one in a file, as vdir folders and CalDAV servers do."""

import re
from hashlib import sha256
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}(?:\.[a-z0-9_-]+)*")
"""What every file system and every server takes as it is: no capitals, which some do not tell from small letters."""
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))}
)
"""Names that Windows keeps for itself, whatever stands behind a dot."""
_LONGEST: Final = 120


def resource_name(uid: str, suffix: str = ".ics") -> str:
    """A file name for the entry with this uid: the uid, where it is one of ours or as plain; else one that is derived from it.

    The same for the same uid, different for different ones, and never a path.
    """
    plain = _PLAIN.fullmatch(uid) and len(uid) <= _LONGEST and uid.partition(".")[0] not in _DEVICES
    return (uid if plain else "uid-" + sha256(uid.encode()).hexdigest()[:40]) + suffix
