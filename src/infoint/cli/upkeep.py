"""`infoint check`, `infoint backup` and `infoint migrate`: what keeps a database well. Doing it is each storage's own."""

import os
from argparse import Namespace
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from infoint.cli.database import database, opened_storage, path_of, plugins_of
from infoint.cli.program import DONE, FOUND, put_json, put_out
from infoint.cli.progress import shown
from infoint.errors import CannotWrite, Corrupt
from infoint.files import write_new
from infoint.workspace.erasing_again import ErasedAgain


def check(asked: Namespace) -> int:
    """Look for damage, and for records that name others which are gone; the exit code. Raises InfointError."""
    with database(asked.database, plugins_of(asked), erasures=asked.erasures) as engine:
        try:
            opened_storage(engine)
            problems = list(engine.check(deep=asked.deep))
            if asked.erasures is not None:
                problems += _brought_back(engine.erase_again(dry_run=True))
        except Corrupt as error:  # too damaged to be opened
            problems = [str(error)]
    if asked.json:
        put_json({"problems": problems})
    else:
        put_out(_line(problem) for problem in problems)
    return FOUND if problems else DONE


def _brought_back(told: ErasedAgain) -> Iterator[str]:
    for one in told.found:
        yield f"contact {one.contact} of workspace {one.workspace} was erased on {one.on} and is here: run infoint erase-again"
    for number in told.unreadable:
        yield f"line {number} of the ledger of erasures cannot be read: somebody may stand in it"


def backup(asked: Namespace) -> int:
    """Save one state as a file; the exit code. Raises InfointError."""
    _demand_no_database_in_use(asked)
    with database(asked.database, plugins_of(asked)) as engine, shown(quiet=asked.quiet) as show:
        storage = opened_storage(engine)
        progress = partial(show, "backup")
        write_new(asked.file, lambda file: storage.backup(file, progress=progress), replace=asked.replace)
    return DONE


def _demand_no_database_in_use(asked: Namespace) -> None:
    """Raises CannotWrite. A database whose file is taken away under its log is damaged."""
    if any(_is_same(place, asked.file) for place in {asked.database, path_of(asked.database)}):
        raise CannotWrite(asked.file, "it is the database itself")
    # SQLite keeps its log beside the file, not beside a link to it.
    file = _followed(asked.file)
    if _is_there(f"{file}-wal") or _is_there(f"{file}-journal"):
        raise CannotWrite(asked.file, "it is a database that somebody has open")


def _followed(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _is_same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def _is_there(path: str) -> bool:
    return _is_same(path, path)


def migrate(asked: Namespace) -> int:
    """Change over what an older infoint wrote; the exit code. Raises InfointError."""
    quiet = asked.quiet or asked.json
    with database(asked.database, plugins_of(asked), read_only=asked.dry_run) as engine, shown(quiet=quiet) as show:
        steps = list(engine.storage.migrate(dry_run=asked.dry_run, progress=partial(show, "migrate")))
    if asked.json:
        put_json({"dry_run": asked.dry_run, "steps": steps})
    elif not asked.quiet:
        put_out(_line(step) for step in steps)
    return FOUND if steps and asked.dry_run else DONE


def _line(told: str) -> bytes:
    # One line each, whatever is in it: a name of somebody else's file may hold a line end, or steer the terminal.
    return "".join(letter if letter.isprintable() else " " for letter in told).encode(errors="backslashreplace") + b"\n"
