"""What a person is called in texts, and taking it out. Which texts there are is not looked at here."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.practice.formerly import Addresses, addresses_of, former_addresses, former_names

ERASED: Final = "[erased]"
"""What stands where a name stood."""
_SHORTEST: Final = 5
"""Characters of a number or an address; what is shorter may mean anything."""
_SHORTEST_PART: Final = 3
_SHORTEST_NUMBER: Final = 7
"""Digits; fewer may be a date or a sum."""
_AROUND: Final = ".,;:()'\"“”„«»"
_WEB: Final = re.compile(r"https?://(?:www\.)?([^/].*)", re.IGNORECASE)


@frozen
class Naming:
    """What names one person of a campaign, and nobody else in it."""

    whole: re.Pattern[str]
    """Full name, former ones, addresses, numbers, links, former ones too; the last two however they are written."""
    parts: re.Pattern[str]
    """Words of the names, and the last digits of numbers, which may be somebody else's too."""
    striking: re.Pattern[str]
    """As `whole`; and before it, as a group, names of other contacts in which such a name stands, as Zoe's in Zoe Lind's."""

    def without(self, text: str) -> str:
        """The text with ERASED for each whole name; what is a part of somebody else's name stays."""
        return self.striking.sub(lambda found: found[1] or ERASED, text)

    def may_mean(self, text: str) -> bool:
        """Whether the text may speak of the person: by a part of a name or of a number."""
        return bool(self.parts.search(text) or self.whole.search(text))


def naming(person: Contact, campaign: Campaign) -> Naming:
    """Of the person. What another contact bears too (an office's number, the name of a namesake) is not counted as theirs alone; what
    another only bore once, neither where the person bears it no more.
    """
    others = [one for one in campaign.contacts if one.id != person.id]
    borne = {mark.key for one in others for mark in _marks(one)}
    once_borne = borne.union(mark.key for one in others for mark in _former_marks(one))
    own = {mark.pattern: mark for mark in _marks(person) if mark.key not in borne}
    own |= {mark.pattern: mark for mark in _former_marks(person) if mark.key not in once_borne}
    whole = _one_of(sorted(own, key=lambda pattern: len(own[pattern].key), reverse=True))
    longer = sorted({one.name for one in others if whole.search(one.name)}, key=len, reverse=True)
    kept = _one_of(_bounded(_words(name)) for name in longer)
    parts = _one_of(dict.fromkeys(_parts(person)))
    return Naming(whole, parts, re.compile(f"({kept.pattern})|{whole.pattern}"))


class _Mark(NamedTuple):
    key: str
    """Equal where two are the same, however they are written."""
    pattern: str


def _marks(person: Contact) -> Iterator[_Mark]:
    # A single word, as "Mark", is taken for a name only as it is written.
    yield _Mark(person.name.casefold(), _bounded(_words(person.name, any_case=len(person.name.split()) > 1)))
    yield from _reached_by(addresses_of(person))


def _former_marks(person: Contact) -> Iterator[_Mark]:
    for name in former_names(person):
        # A single word may have stood for somebody whose name was not known yet, as "Recruiter": it is only pointed at.
        if len(name.split()) > 1:
            yield _Mark(name.casefold(), _bounded(_words(name)))
    yield from _reached_by(former_addresses(person))


def _reached_by(by_field: Addresses) -> Iterator[_Mark]:
    for text in chain.from_iterable(by_field.values()):
        if len(text) >= _SHORTEST:
            yield _Mark(text.casefold(), _bounded(_words(text)))
    for text in (*by_field["links"], *by_field["external_ids"]):
        yield from _link(text)
    for phone in by_field["phones"]:
        if len(digits := _digits(phone)) >= _SHORTEST_NUMBER:
            yield _Mark(digits, rf"(?<!\w)(?:\+|00)?{_number(digits)}(?!\w)")


def _link(text: str) -> Iterator[_Mark]:
    """However it begins and ends: with http or https or neither, with www or not, with a slash or without."""
    parts = _WEB.fullmatch(text)
    if parts is None:
        return
    rest = parts[1].rstrip("/")
    # A host alone stands in the addresses of all who work there: it counts only as a link.
    scheme = r"(?<![\w@.])(?:https?://)?" if "/" in rest else r"(?<!\w)https?://"
    yield _Mark(rest.casefold(), rf"(?i:{scheme}(?:www\.)?{re.escape(rest)}/?)(?!\w)")


def _parts(person: Contact) -> Iterator[str]:
    for name in (person.name, *former_names(person)):
        words = (word.strip(_AROUND) for word in name.split() if word != ERASED)
        # Two letters, as "Li", are a name where they are written like one.
        yield from (
            _bounded(_words(word, any_case=len(word) >= _SHORTEST_PART))
            for word in words
            if len(word) >= _SHORTEST_PART or (len(word) > 1 and not word.islower())
        )
    for phone in (*person.phones, *former_addresses(person)["phones"]):
        if len(digits := _digits(phone)) > _SHORTEST_NUMBER:
            # With another code before it, or with none.
            yield rf"{_number(digits[-_SHORTEST_NUMBER:])}(?!\w)"


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdecimal())


def _number(digits: str) -> str:
    return r"[\s().\-/\u2010-\u2015]*".join(digits)


def _words(text: str, *, any_case: bool = True) -> str:
    words = r"\s+".join(map(re.escape, text.split()))
    return f"(?i:{words})" if any_case else words


def _bounded(pattern: str) -> str:
    return rf"(?<!\w){pattern}(?!\w)"


def _one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")
