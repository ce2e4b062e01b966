"""Which database a command is about. What only reads opens it for reading only, so that a mistyped path is an error and never an empty
calendar.
"""

import logging
import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infoint.cli.program import say
from infoint.errors import NotFound
from infoint.hooks.host import PluginHost
from infoint.storage.contract import Storage, StorageUrl
from infoint.workspace.engine import Engine
from infoint.workspace.workspace import Workspace


@contextmanager
def opened(asked: Namespace) -> Iterator[Workspace]:
    """The workspace that `asked` names. Plugins that could not be loaded are said on standard error. Raises NotFound, and what opening
    a storage raises.
    """
    with database(asked.database, plugins_of(asked)) as engine:
        workspace = engine.workspace(asked.workspace)
        # The storage is opened, and the policy is not made: neither command needs it, and it takes longer than all the rest.
        storage = opened_storage(engine)
        if asked.workspace not in (keys := list(storage.workspaces())):
            raise NotFound("workspace", asked.workspace, remedy=f"there is {', '.join(keys[:5]) or 'none'}; see --workspace")
        yield workspace


def plugins_of(asked: Namespace) -> PluginHost:
    """Those that were asked for. One that could not be loaded is said on standard error."""
    # Without a handler Python would print what we log, tracebacks and all.
    logging.getLogger("infoint").addHandler(logging.NullHandler())
    plugins = PluginHost(discover=asked.plugins)
    for failure in plugins.failures:
        say(f"left out: {failure.error}")
    return plugins


@contextmanager
def database(
    place: str, plugins: PluginHost, *, read_only: bool = True, create: bool = True, erasures: str | None = None
) -> Iterator[Engine]:
    """An engine on a file or URL, not opened yet; one that only reads never creates. Raises NoProvider, InvalidValue."""
    engine = Engine(_url(place), plugins=plugins, create=create and not read_only, read_only=read_only, erasures=erasures)
    try:
        yield engine
    finally:
        engine.close()


def opened_storage(engine: Engine) -> Storage:
    """Raises what opening a storage raises."""
    try:
        return engine.opened()
    except NotFound as error:
        if error.kind != "storage" and "create=True" not in str(error):  # of a plugin's, its kind may be another
            raise
        # What an app is told, to let it be made, cannot be said on the command line.
        raise NotFound(error.kind, error.id, remedy="check the spelling; a command reads, and makes none") from error


def path_of(database: str) -> str:
    """What `opened` takes for the path, where the storage is one that has a path. Raises InvalidValue."""
    return StorageUrl.parse(_url(database)).rest


def _url(database: str) -> str:
    """A path stays one, whatever characters are in it; what begins like a URL is one, unless there is such a file. With `://` it is one
    whatever there is: somebody else's folders must not decide where a password goes.
    """
    begins = re.match(r"[A-Za-z][A-Za-z0-9+.-]+:(//)?", database)
    if begins and (begins[1] or not _is_there(database)):
        return database
    return f"sqlite:{database}?" if "?" in database else f"sqlite:{database}"


def url_of(database: str) -> StorageUrl:
    """What a file or URL on the command line means. Raises InvalidValue."""
    return StorageUrl.parse(_url(database))


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
