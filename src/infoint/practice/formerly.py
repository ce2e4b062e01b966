"""What a contact was called and reached by before: kept with the contact, so that whoever is forgotten is forgotten by that too, and
goes with it. What names mean in texts is `naming`'s.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from attrs import evolve

from infoint.model.contact import Contact
from infoint.plain import JSON
from infoint.practice.arguments import demand

NAMES: Final = "infoint:names"
"""The key in `Contact.custom` under which former names are kept, and those of contacts that were merged into this one."""
ADDRESSES: Final = "infoint:addresses"
"""The key in `Contact.custom` under which former addresses, numbers, links and ids are kept: field → texts."""
MOST: Final = 100
"""Names that are kept, and texts of each field: the latest."""

Addresses: TypeAlias = Mapping[str, tuple[str, ...]]
"""By field of `Contact`: what somebody is reached by, and known by elsewhere."""
_FIELDS: Final = ("emails", "phones", "addresses", "links", "external_ids")


def remember_former(contact: Contact, *before: Contact) -> Contact:
    """The contact, with what it was called and reached by `before` and is not any more: as it was stored; of a merge, both.

    What was remembered then is kept, unless the contact itself says otherwise (an empty list in `custom`, too): so a name can be taken out
    for good. Of each kind the latest hundred. Raises InvalidValue.
    """
    demand("remember_former", "contact", contact, Contact)
    for one in before:
        demand("remember_former", "before", one, Contact)
    names: list[str] = [*former_names(contact)] if NAMES in contact.custom else []
    addresses = former_addresses(contact)
    for one in before:
        names += [*(() if NAMES in contact.custom else former_names(one)), one.name]
        known = {} if ADDRESSES in contact.custom else former_addresses(one)
        addresses = {field: (*addresses[field], *known.get(field, ()), *texts) for field, texts in addresses_of(one).items()}
    now = addresses_of(contact)
    latest = {field: _latest(texts, now[field]) for field, texts in addresses.items()}
    kept: dict[str, JSON] = {
        NAMES: _latest(names, (contact.name,)),
        ADDRESSES: {field: texts for field, texts in latest.items() if texts},
    }
    others = {key: value for key, value in contact.custom.items() if key not in kept}
    custom = {**others, **{key: value for key, value in kept.items() if value}}
    return contact if custom == contact.custom else evolve(contact, custom=custom)


def former_names(contact: Contact) -> tuple[str, ...]:
    """Names it bore, and names of those who were merged into it, which are not its own; the latest last."""
    return _texts(contact.custom.get(NAMES))


def addresses_of(contact: Contact) -> Addresses:
    """Those it has now."""
    ids = tuple(one.value for one in contact.external_ids)
    return {
        "emails": contact.emails,
        "phones": contact.phones,
        "addresses": contact.addresses,
        "links": contact.links,
        "external_ids": ids,
    }


def former_addresses(contact: Contact) -> Addresses:
    """Those it had, the latest last."""
    kept = contact.custom.get(ADDRESSES)
    by_field = kept if isinstance(kept, Mapping) else {}
    return {field: _texts(by_field.get(field)) for field in _FIELDS}


def _texts(kept: JSON) -> tuple[str, ...]:
    # Somebody may have written there by hand: a single one without a list around it, or what was never ours.
    several = (kept,) if isinstance(kept, str) else kept
    return tuple(one for one in several if isinstance(one, str) and one.strip()) if isinstance(several, tuple) else ()


def _latest(texts: Iterable[str], now: Iterable[str]) -> tuple[str, ...]:
    """Each once, however it is capitalised, without those that hold now."""
    held = {text.casefold() for text in now}
    return tuple({text.casefold(): text for text in texts if text.casefold() not in held}.values())[-MOST:]
