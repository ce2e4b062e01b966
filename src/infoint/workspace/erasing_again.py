"""Erasing once more whom a restored state brought back. Who that is, the ledger says."""

from collections.abc import Callable, Sequence
from uuid import UUID

from attrs import frozen

from infoint.model.contact import Contact
from infoint.practice.arguments import demand
from infoint.storage.contract import Key, Storage
from infoint.workspace.erasing_several import erase_several
from infoint.workspace.erasure_ledger import ErasureLedger, Forgotten, by_workspace
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import KINDS


@frozen(kw_only=True)
class ErasedAgain:
    """What became of those whom the ledger names."""

    found: tuple[Forgotten, ...]
    """Who was here again: erased by now, or with `dry_run` still here."""
    absent: tuple[Forgotten, ...]
    """Of whom there is no record at all, not even an empty one: this state is from before they were added. Texts may name them."""
    unknown: tuple[str, ...]
    """Keys of workspaces that are not here."""
    unreadable: tuple[int, ...]
    """Lines of the ledger that cannot be read: an append that was cut short leaves one, and somebody may stand in it."""
    may_mention: tuple[tuple[str, Key], ...]
    """Key of the workspace, and a record of it: as in Erased."""
    remains: tuple[str, ...]
    """As in Erased."""


@frozen
class _State:
    """Of those of one workspace."""

    found: tuple[Forgotten, ...]
    absent: tuple[Forgotten, ...]


def erase_again(
    ledger: ErasureLedger, storage: Storage, sessions_of: Callable[[str], Sessions], *, dry_run: bool
) -> ErasedAgain:
    """See `Engine.erase_again`."""
    demand("Engine.erase_again", "dry_run", dry_run, bool)
    noted = ledger.read()
    here = set(storage.workspaces())
    found: list[Forgotten] = []
    absent: list[Forgotten] = []
    unknown: list[str] = []
    may_mention: list[tuple[str, Key]] = []
    remains: dict[str, None] = {}
    for key, forgotten in by_workspace(noted.forgotten):
        if key not in here:  # looking into it would not make it, and erasing might
            unknown.append(key)
            continue
        sessions = sessions_of(key)
        state = _state(sessions, forgotten)
        found += state.found
        absent += state.absent
        if not dry_run:
            erased = erase_several(sessions, _chosen(state.found), noted=True, also=_keys(forgotten))
            may_mention += [(key, one) for one in erased.may_mention]
            remains |= dict.fromkeys(erased.remains)
    return ErasedAgain(
        found=tuple(found),
        absent=tuple(absent),
        unknown=tuple(unknown),
        unreadable=noted.unreadable,
        may_mention=tuple(may_mention),
        remains=tuple(remains),
    )


def _state(sessions: Sessions, forgotten: Sequence[Forgotten]) -> _State:
    with sessions.reading() as unit:
        records = {record.id: record for record in unit.records(_keys(forgotten))}
    return _State(
        found=tuple(one for one in forgotten if one.contact in records and not records[one.contact].deleted),
        absent=tuple(one for one in forgotten if one.contact not in records),
    )


def _chosen(found: Sequence[Forgotten]) -> Callable[[object], list[UUID]]:
    return lambda _: [one.contact for one in found]


def _keys(forgotten: Sequence[Forgotten]) -> list[Key]:
    return [Key(KINDS[Contact], one.contact) for one in forgotten]
