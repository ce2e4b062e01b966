"""What stands in for people and explorations that records name and that are not here, so that one file that somebody deleted does not
stop all the rest. Telling which they are is `checking`'s.
"""

from typing import Final
from uuid import UUID

from attrs import evolve

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.identity import Entity
from infoint.model.references import references

MISSING: Final = "[missing]"
"""What is read in the place of a name or a subject."""


def stand_in_contact(id: UUID) -> Contact:
    """Somebody of whom nothing is known. In no storage, so without a version."""
    return Contact(id=id, name=MISSING)


def stand_in_exploration(id: UUID) -> Exploration:
    """As `stand_in_contact`."""
    return Exploration(id=id, subject=MISSING)


def with_stand_ins(campaign: Campaign) -> Campaign:
    """The campaign with somebody for each contact, and something for each exploration, that its facts name and it does not hold. For a
    talk there is nothing: it would be one more than there are.
    """
    facts: tuple[Entity, ...] = (*campaign.contacts, *campaign.explorations, *campaign.interviews)
    held = {(type(one), one.id) for one in facts}
    others = (*facts, *campaign.follow_ups, *campaign.touches)
    missing = dict.fromkeys(named for one in others for named in references(one) if named not in held)
    return (
        evolve(
            campaign,
            contacts=(*campaign.contacts, *(stand_in_contact(id) for kind, id in missing if kind is Contact)),
            explorations=(*campaign.explorations, *(stand_in_exploration(id) for kind, id in missing if kind is Exploration)),
        )
        if missing
        else campaign
    )
