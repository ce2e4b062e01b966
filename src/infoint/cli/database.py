"""Which workspace a command reads: opened for reading only, so that a mistyped path is an error and never an empty calendar."""

import logging
import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infoint.cli.program import say
from infoint.errors import NotFound
from infoint.workspace.engine import Engine
from infoint.workspace.workspace import Workspace


@contextmanager
def opened(asked: Namespace) -> Iterator[Workspace]:
    """The workspace that `asked` names. Plugins that could not be loaded are said on standard error. Raises NotFound, and what opening
    a storage raises.
    """
    # Without a handler Python would print what we log, tracebacks and all.
    logging.getLogger("infoint").addHandler(logging.NullHandler())
    engine = Engine(_url(asked.database), discover=asked.plugins, create=False, read_only=True)
    try:
        for failure in engine.plugins.failures:
            say(f"left out: {failure.error}")
        workspace = engine.workspace(asked.workspace)
        # The storage is opened, and the policy is not made: neither command needs it, and it takes longer than all the rest.
        if asked.workspace not in (keys := _keys(engine)):
            raise NotFound("workspace", asked.workspace, remedy=f"there is {', '.join(keys[:5]) or 'none'}; see --workspace")
        yield workspace
    finally:
        engine.close()


def _keys(engine: Engine) -> list[str]:
    try:
        return list(engine.workspaces())
    except NotFound as error:
        if error.kind != "storage":
            raise
        # What an app is told, to let it be made, cannot be said on the command line.
        raise NotFound(error.kind, error.id, remedy="check the spelling; a command reads, and makes none") from error


def _url(database: str) -> str:
    """A path stays one, whatever characters are in it; what begins like a URL is one, unless there is such a file."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", database) and not _is_there(database):
        return database
    return f"sqlite:{database}?" if "?" in database else f"sqlite:{database}"


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
