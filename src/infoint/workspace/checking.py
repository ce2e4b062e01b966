"""What is wrong with the records of a workspace, whatever storage they are in: those that cannot be read, and those that others name and
that are not here. Damage to the place itself is each storage's to find.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from infoint.errors import InfointError
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.identity import Entity
from infoint.model.interview import Interview
from infoint.model.references import references
from infoint.workspace.unit_of_work import KINDS, UnitOfWork

_REMEDIES: Final[dict[type[Entity], str]] = {
    Contact: "add it again under this id, or take it out of all with contacts.erase(UUID('{id}'))",
    Exploration: "add it again under this id, or update the interviews with exploration_id=None",
    Interview: "remove the follow-ups, and decide explorations on others, or update them with decision=None",
}
"""By what is missing."""


def problems(unit: UnitOfWork) -> Iterator[str]:
    """One sentence each: what, where and what to do; never a word of what records say."""
    held: set[tuple[type[Entity], UUID]] = set()
    named: dict[tuple[type[Entity], UUID], dict[str, None]] = {}
    for kind in KINDS:
        for id, entity in unit.readable(kind):
            held.add((kind, id))
            if isinstance(entity, InfointError):
                yield str(entity)
                continue
            for reference in references(entity):
                named.setdefault(reference, {})[f"{KINDS[kind]} {id}"] = None
    for (kind, id), by in named.items():
        if (kind, id) not in held:
            yield f"{KINDS[kind]} {id} is not here, and is named by {', '.join(by)}: {_REMEDIES[kind].format(id=id)}"
