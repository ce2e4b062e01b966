"""What was pushed, to be kept between two runs: of each entry its address, the server's ETag, and hashes of what was sent.
No text of a calendar and no password is in it.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import asdict, evolve, field, frozen

from infoint.errors import ImportRejected, InfointError, InvalidValue
from infoint.files import write_atomically

_FORMAT: Final = "infoint-caldav state"
_VERSION: Final = 1
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def _href(_: object, attribute: Any, value: str) -> None:
    if not isinstance(value, str) or not value.startswith("/") or value.startswith("//") or not value.isprintable():
        raise InvalidValue("Pushed", attribute.name, "needs a path that begins with one stroke", value=value)


def _etag(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, str) or not value.isprintable():
        raise InvalidValue("Pushed", attribute.name, "needs text without control characters", value=value)


def _hash_or_nothing(_: object, attribute: Any, value: object) -> None:
    if value != "" and not (isinstance(value, str) and _HASH.fullmatch(value)):
        raise InvalidValue("Pushed", attribute.name, "needs 64 hexadecimal digits", value=value)


def _hashes(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, tuple):
        raise InvalidValue("Pushed", attribute.name, "needs a tuple", value=value)
    for one in value:
        _hash_or_nothing(None, attribute, one)


@frozen(kw_only=True)
class Pushed:
    """One entry as it was last sent."""

    href: str = field(validator=_href)
    """The resource's path on the server."""
    etag: str = field(default="", validator=_etag)
    """"": it was sent, but what the server made of it is not known."""
    digest: str = field(default="", validator=_hash_or_nothing)
    """Of the bytes; "" where it is not certain that the server has them."""
    fingerprints: tuple[str, ...] = field(default=(), validator=_hashes)
    """Of what the resource may say without anybody else having changed it."""


def _frozen(value: Mapping[str, Pushed]) -> Mapping[str, Pushed]:
    return MappingProxyType(dict(sorted(value.items())))


def _address(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, str) or (value and not value.endswith("/")):
        raise InvalidValue("PushState", attribute.name, "needs an address that ends in a stroke", value=value)


def _within(state: "PushState", attribute: Any, value: Mapping[str, Pushed]) -> None:
    folder = urlsplit(state.calendar).path
    for pushed in value.values():
        if not pushed.href.startswith(folder) or "/" in pushed.href[len(folder) :]:
            raise InvalidValue("PushState", attribute.name, "holds an address outside its calendar", value=pushed.href)


@frozen(kw_only=True)
class PushState:
    """What a server holds of ours. Empty at first; each push gives a new one."""

    calendar: str = field(default="", validator=_address)
    """The calendar's address, ending in a stroke; "" before the first push."""
    resources: Mapping[str, Pushed] = field(factory=dict, converter=_frozen, validator=_within)
    """By UID."""

    def __getstate__(self) -> dict[str, Any]:
        # A read-only view has no pickle of its own.
        return {"calendar": self.calendar, "resources": dict(self.resources)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        object.__setattr__(self, "calendar", state["calendar"])
        object.__setattr__(self, "resources", _frozen(state["resources"]))

    def forgetting(self, *uids: str) -> "PushState":
        """Without these: the next push meets what the server holds of them as if for the first time."""
        return evolve(self, resources={uid: pushed for uid, pushed in self.resources.items() if uid not in uids})

    def dump(self) -> bytes:
        """As JSON: the same state, the same bytes."""
        rows = {uid: asdict(pushed) for uid, pushed in self.resources.items()}
        content = {"format": _FORMAT, "version": _VERSION, "calendar": self.calendar, "resources": rows}
        return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def load(cls, content: bytes) -> "PushState":
        """Raises ImportRejected for anything `dump` did not write."""
        try:
            read = json.loads(content)
            known = (read["format"], read["version"]) == (_FORMAT, _VERSION)
            rows = read["resources"].items() if known else ()
            resources = {uid: Pushed(**row | {"fingerprints": tuple(row["fingerprints"])}) for uid, row in rows}
            state = cls(calendar=read["calendar"], resources=resources) if known else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InfointError) as error:
            raise ImportRejected(_FORMAT, "it is damaged; without it, a push compares everything with the server") from error
        if state is None:
            raise ImportRejected(_FORMAT, "it is another program's file, or a newer version's")
        return state


def read_state(path: str | os.PathLike[str]) -> PushState:
    """The state kept in a file; an empty one where there is no file yet. Raises ImportRejected."""
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return PushState()
    except OSError as error:
        raise ImportRejected(_FORMAT, f"{os.fspath(path)}: {error.strerror}") from error
    return PushState.load(content)


def write_state(state: PushState, path: str | os.PathLike[str]) -> None:
    """Keep `state` in a file, whole or not at all. Raises CannotWrite."""
    write_atomically(path, state.dump())
