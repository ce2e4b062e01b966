"""`infoint erase-again`: whom a backup brought back is erased. What erasing means is `workspace.erasing_again`'s."""

from argparse import Namespace
from collections.abc import Iterator

from infoint.cli.database import database, opened_storage, plugins_of
from infoint.cli.program import DONE, FOUND, put_json, put_out, say
from infoint.workspace.erasing_again import ErasedAgain
from infoint.workspace.erasure_ledger import Forgotten


def erase_again(asked: Namespace) -> int:
    """Carry it out; the exit code. Raises InfointError."""
    with database(asked.database, plugins_of(asked), read_only=asked.dry_run, create=False, erasures=asked.ledger) as engine:
        opened_storage(engine)
        told = engine.erase_again(dry_run=asked.dry_run)
    if asked.json:
        put_json({"dry_run": asked.dry_run, **_told(told)})
    elif not asked.quiet:
        put_out(f"{line}\n".encode(errors="backslashreplace") for line in _lines(told, dry_run=asked.dry_run))
    for number in told.unreadable:
        say(f"line {number} of the ledger cannot be read: somebody may stand in it")
    return FOUND if told.unreadable or (asked.dry_run and told.found) else DONE


def _lines(told: ErasedAgain, *, dry_run: bool) -> Iterator[str]:
    for one in told.found:
        yield f"{_named(one)}, {'is here again' if dry_run else 'was here again and is erased'}"
    for one in told.absent:
        yield f"{_named(one)}, is in no record here; texts may name them, if this state is older than the contact"
    for key in told.unknown:
        yield f"{key}: there is no such workspace here"
    for key, record in told.may_mention:
        yield f"{key}: {record.kind} {record.id} may mention somebody who was erased: look at it"
    if told.found:
        yield from (f"copies may be left: {place}" for place in told.remains)


def _named(one: Forgotten) -> str:
    return f"{one.workspace}: contact {one.contact}, erased on {one.on}"


def _told(told: ErasedAgain) -> dict[str, object]:
    return {
        "found": [_as_json(one) for one in told.found],
        "absent": [_as_json(one) for one in told.absent],
        "unknown_workspaces": list(told.unknown),
        "unreadable_lines": list(told.unreadable),
        "may_mention": [{"workspace": key, "kind": record.kind, "id": str(record.id)} for key, record in told.may_mention],
        "remains": list(told.remains),
    }


def _as_json(one: Forgotten) -> dict[str, str]:
    return {"workspace": one.workspace, "contact": str(one.contact), "erased": one.on.isoformat()}
