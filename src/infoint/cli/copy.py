"""`infoint copy`: workspaces into another storage. What copying means is `storage.house_move`'s."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infoint.cli.database import database, opened_storage, plugins_of, url_of
from infoint.cli.program import DONE, put_json, put_out
from infoint.cli.progress import shown
from infoint.errors import InvalidValue
from infoint.storage.contract import StorageUrl
from infoint.storage.house_move import Copied, copy_workspaces, demand_workspaces

_HOW: Final = frozenset((
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "passfile", "password", "pool", "require_auth",
    "requirepeer", "role", "target_session_attrs", "timeout", "user",
))  # fmt: skip  # names
_HOW_OF: Final = ("fallback_", "gss", "keepalives", "krb", "load_balance_", "ssl", "tcp_")
"""Options that say how to come to a place and as whom, not which it is; and how those of their kind begin."""


def copy(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    _demand_another_place(asked)
    plugins = plugins_of(asked)
    with (
        database(asked.source, plugins) as source,
        database(asked.target, plugins, read_only=False) as target,
        shown(quiet=asked.quiet or asked.json) as show,
    ):
        # The source first: what is mistyped must not leave an empty target behind.
        read = opened_storage(source)
        wanted = demand_workspaces(read, asked.workspace)
        copied = copy_workspaces(read, target.opened(), workspaces=wanted, progress=show)
    _tell(copied, asked)
    return DONE


def _demand_another_place(asked: Namespace) -> None:
    """Raises InvalidValue for what would pass for a copy and is none. Places are not named: a URL may hold a password."""
    source, target = url_of(asked.source), url_of(asked.target)
    if target.scheme == "memory":
        raise InvalidValue("copy", "target", "is gone when this command ends: a copy needs a place that stays")
    if source.scheme == target.scheme and (_is_same_file(source.rest, target.rest) or _is_same(source, target)):
        raise InvalidValue("copy", "target", "is the source itself: a copy needs another place")


def _is_same(one: StorageUrl, other: StorageUrl) -> bool:
    if one.rest != other.rest:
        return False
    # A path is the whole of a place. On a server options may be a part of it: ?schema=, ?host=.
    return not one.rest.startswith("//") or _telling_apart(one.options) == _telling_apart(other.options)


def _telling_apart(options: Mapping[str, str]) -> dict[str, str]:
    """What is not known to be about how alone. A place that is copied into itself is left as it is; one that were wrongly refused could
    not be copied at all.
    """
    return {name: value for name, value in options.items() if name not in _HOW and not name.startswith(_HOW_OF)}


def _is_same_file(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def _tell(copied: Sequence[Copied], asked: Namespace) -> None:
    if asked.json:
        put_json({"workspaces": [_told(one) for one in copied]})
    elif not asked.quiet:
        put_out(f"{_line(one)}\n".encode(errors="backslashreplace") for one in copied)


def _told(one: Copied) -> dict[str, str | int | bool]:
    return {
        "workspace": one.workspace,
        "records": one.records,
        "written": one.written,
        "sha256": one.digest,
        "versions_kept": one.counts_kept,
        "caught_up": one.caught_up,
    }


def _line(one: Copied) -> str:
    followed = "; the source went on meanwhile, and was followed" if one.caught_up else ""
    anew = "" if one.counts_kept else "; versions begin anew there"
    return f"{one.workspace}: {one.records} records, {one.written} of them written, the same in both (sha256 {one.digest}){followed}{anew}"
