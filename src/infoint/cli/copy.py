"""`infoint copy`: workspaces into another storage. What copying means is `storage.house_move`'s."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from infoint.cli.database import database, opened_storage, plugins_of, url_of
from infoint.cli.program import DONE, put_json, put_out
from infoint.cli.progress import shown
from infoint.errors import InvalidValue
from infoint.storage.house_move import Copied, copy_workspaces, demand_workspaces


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
    if source.scheme == target.scheme and (source.rest == target.rest or _is_same(source.rest, target.rest)):
        raise InvalidValue("copy", "target", "is the source itself: a copy needs another place")


def _is_same(one: str, other: str) -> bool:
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
