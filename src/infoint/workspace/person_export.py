"""All that is held about one person, as JSON. What that is, is the practice's to say."""

import json
from collections.abc import Callable
from typing import Final
from uuid import UUID

from infoint import codec
from infoint.errors import NotFound
from infoint.model.contact import Contact
from infoint.model.identity import identified
from infoint.practice.held_about import held_about
from infoint.workspace.sessions import Sessions
from infoint.workspace.unit_of_work import UnitOfWork

FORMAT: Final = "held about one person"
"""What the JSON says of itself under "infoint"."""


def export(sessions: Sessions, contact: Contact, in_place_of: Callable[[UnitOfWork, UUID], Contact | None]) -> bytes:
    """See `Contacts.export`. `in_place_of`: who an id that was merged away is now."""
    id = identified(contact).id
    with sessions.reading() as unit:
        stored = unit.find_one(Contact, id) or in_place_of(unit, id)
        if stored is None:
            raise NotFound("contact", id, remedy="it is not in this workspace, or was removed")
        held = held_about(stored, unit.facts())
    told = {"infoint": FORMAT, "schema": codec.SCHEMA, "held": codec.dump(held)}
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True).encode() + b"\n"
