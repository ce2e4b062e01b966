"""Which plugins are installed, and which of them may come in. Nothing is imported before it is asked for; registering is the
host's affair.
"""

import os
from collections.abc import Callable
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from attrs import frozen

from infoint.errors import PluginError

GROUP: Final = "infoint"
"""The entry point group."""
ALLOWED: Final = "INFOINT_PLUGINS"
"""Environment: names, separated by commas; only those are discovered. Empty is as good as not set."""
NONE_AT_ALL: Final = "INFOINT_DISABLE_PLUGIN_AUTOLOAD"
"""Environment: anything but empty or 0, and none is discovered."""


@frozen
class Candidate:
    """One that may come in."""

    name: str
    source: str
    load: Callable[[], object]
    """Imports and returns it. Raises PluginError, also for one that is not there to be imported."""
    revision: str = ""
    """The version of the distribution it comes in; "" where it comes in none."""


def candidates() -> list[Candidate]:
    """Sorted by name. One that is not allowed is not even imported; one that is allowed and not installed fails to load."""
    if _none_at_all():
        return []
    allowed = _allowed()
    try:
        found = {(entry.name, entry.value): entry for entry in entry_points(group=GROUP)}
    except Exception as error:  # noqa: BLE001  # a damaged file of any installed distribution raises what it likes
        problem = f"could not be listed: {type(error).__name__}"
        return [Candidate("entry points", "all distributions", partial(_refuse, "entry points", problem, error))]
    there = [_candidate(found[key]) for key in sorted(found) if not allowed or key[0] in allowed]
    missing = sorted(set(allowed) - {name for name, _ in found})
    return there + [Candidate(name, ALLOWED, partial(_refuse, name, "is allowed but not installed")) for name in missing]


def installed() -> tuple[str, ...] | None:
    """Names of those that would be candidates, by their entry points alone. None where the environment lets none in."""
    if _none_at_all():
        return None
    allowed = _allowed()
    try:
        names = {entry.name for entry in entry_points(group=GROUP)}
    except Exception:  # noqa: BLE001  # as above, and whoever asks has an error to tell already
        return ()
    return tuple(sorted(name for name in names if not allowed or name in allowed))


def _none_at_all() -> bool:
    return os.environ.get(NONE_AT_ALL, "0") not in {"", "0"}


def _allowed() -> list[str]:
    return [name.strip() for name in os.environ.get(ALLOWED, "").split(",") if name.strip()]


def _candidate(entry: EntryPoint) -> Candidate:
    source = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    return Candidate(entry.name, source, partial(_load, entry), entry.dist.version if entry.dist else "")


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except (Exception, SystemExit) as error:  # importing may raise anything, and a script in a plugin's place exits
        raise PluginError(entry.name, "", f"could not be loaded: {type(error).__name__}") from error


def _refuse(name: str, problem: str, cause: Exception | None = None) -> object:
    raise PluginError(name, "", problem) from cause
