"""Two contacts that are one person: what becomes of both, and of all that speaks of them. Finding such pairs is an import's affair."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from attrs import evolve, fields, frozen

from infoint.errors import InvalidValue, ReadOnlyInterview
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ExternalId
from infoint.model.identity import Entity, identified
from infoint.model.interview import Interview
from infoint.practice.arguments import demand
from infoint.practice.formerly import ADDRESSES, NAMES, remember_former
from infoint.practice.rewriting import rewritten

E = TypeVar("E", bound=Entity)

FORMERLY: Final = "infoint"
"""The system of an external id that is the id of a contact which was merged into this one: whoever still knows that, finds this one."""
_COUNTED: Final = frozenset({"id", "version", "edited_at"})


@frozen(kw_only=True)
class ContactMerge:
    """What is to be saved together; the duplicate goes."""

    contact: Contact
    """The one that stays: update."""
    changed: tuple[Entity, ...]
    """Talks, touches, follow-ups and other people that spoke of the duplicate: update. Plan the follow-ups after it."""


def merge_contacts(keep: Contact, duplicate: Contact, campaign: Campaign) -> ContactMerge:
    """The one person that both are. What `keep` says stands; what only the duplicate says is taken over; of what there may be several
    (addresses, e-mails, tags, external ids), all; notes one under the other. The duplicate's id becomes an external id, "infoint:<id>", and
    its name, where it is another, stands in `custom` under "infoint:names".
    Histories keep their order, times and words, and name `keep`.

    Raises InvalidValue for one and the same contact, and where the two have met: who was asked for a talk together, was named by the other or
    introduced the other is somebody else. ReadOnlyInterview for a talk with the duplicate whose history holds an event that is not known.
    """
    demand("merge_contacts", "keep", keep, Contact)
    demand("merge_contacts", "duplicate", duplicate, Contact)
    demand("merge_contacts", "campaign", campaign, Campaign)
    _demand_one_person(identified(keep), identified(duplicate), campaign)
    others: tuple[Entity, ...] = (
        *(one for one in campaign.contacts if one.id not in {keep.id, duplicate.id}),
        *campaign.explorations,
        *campaign.interviews,
        *campaign.follow_ups,
        *campaign.touches,
    )
    changed = []
    for before in others:
        after = _speaking_of(keep, duplicate, before)
        if after is before:
            continue
        if isinstance(before, Interview) and before.unknown_event:
            raise ReadOnlyInterview(before.id, before.unknown_event)
        changed.append(after)
    one = _speaking_of(keep, duplicate, _united(keep, duplicate))
    known_as = ExternalId(FORMERLY, str(duplicate.id))
    # What both remember is united by `remember_former`, which goes by the one's own word where it has any.
    custom = {key: value for key, value in one.custom.items() if key not in {NAMES, ADDRESSES}}
    merged = evolve(one, external_ids=(*one.external_ids, known_as), custom=custom)
    return ContactMerge(contact=remember_former(merged, keep, duplicate), changed=tuple(changed))


def _demand_one_person(keep: Contact, duplicate: Contact, campaign: Campaign) -> None:
    if keep.id == duplicate.id:
        raise InvalidValue("Contact", "id", "is the same for both: there is nothing to merge")
    if keep.referred_by == duplicate.id or duplicate.referred_by == keep.id:
        raise InvalidValue("Contact", "referred_by", "says that one introduced the other: they are two people")
    for talk in campaign.interviews:
        if {keep.id, duplicate.id} <= {*talk.contact_ids, *talk.met, *talk.named}:
            raise InvalidValue("Interview", "contact_ids", f"of {talk.id} name both of them: they are two people")


def _speaking_of(keep: Contact, duplicate: Contact, value: E) -> E:
    # Anchors of follow-ups, and fields of apps, hold ids as text.
    id = re.compile(re.escape(str(duplicate.id)), re.IGNORECASE)
    return rewritten(value, ids={duplicate.id: keep.id}, words=lambda text: id.sub(str(keep.id), text))


def _united(keep: Contact, duplicate: Contact) -> Contact:
    changes = {}
    for one in fields(Contact):
        ours, theirs = getattr(keep, one.name), getattr(duplicate, one.name)
        if one.name not in _COUNTED and ours != theirs:
            changes[one.name] = _of_both(one.name, ours, theirs, one.default)
    return evolve(keep, **changes)


def _of_both(name: str, ours: Any, theirs: Any, empty: Any) -> Any:
    match name, ours:
        case "do_not_contact", _:
            return ours or theirs
        case "notes", str():
            return "\n\n".join(dict.fromkeys(text for text in (ours, theirs) if text))
        case _, tuple():
            return tuple(_each_once((*ours, *theirs)))
        case _, frozenset():
            return frozenset(_each_once((*ours, *theirs)))
        case _, Mapping():
            return dict(_both_keys(ours, theirs))
        case _:
            return theirs if ours == empty else ours


def _each_once(several: tuple[Any, ...]) -> Iterable[Any]:
    """The first of those that differ in case only."""
    first: dict[Any, Any] = {}
    for one in several:
        first.setdefault(one.casefold() if isinstance(one, str) else one, one)
    return first.values()


def _both_keys(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in {**theirs, **ours}:
        mine, other = ours.get(key), theirs.get(key)
        if isinstance(mine, Mapping) and isinstance(other, Mapping):
            yield key, {**other, **mine}
        else:
            yield key, ours.get(key, other)
