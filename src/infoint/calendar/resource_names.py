"""File names for entries that are kept one in a file, as vdir folders and CalDAV servers do."""

import re
from hashlib import sha256
from typing import Final

_SAFE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{7,99}")
"""What is one file name, and the same one, on every system: no dot, no capital, longer than the names Windows keeps for devices."""


def resource_name(uid: str, suffix: str = ".ics") -> str:
    """A file name for the entry with this uid: the uid, where that is safe, as ours are; else what is readable of it and a hash.

    The same for the same uid, different for different ones, and never a path.
    """
    if _SAFE.fullmatch(uid):
        return uid + suffix
    readable = re.sub(r"[^a-z0-9]+", "-", uid.lower()).strip("-")[:40].strip("-")
    return f"{readable or 'entry'}-{sha256(uid.encode(errors='surrogatepass')).hexdigest()[:32]}{suffix}"
