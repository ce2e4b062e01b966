"""What a person is called in texts, and taking it out. Which texts there are is not looked at here."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact

ERASED: Final = "[erased]"
"""What stands where a name stood."""
_SHORTEST: Final = 5
"""Characters of a number or an address; what is shorter may mean anything."""
_SHORTEST_PART: Final = 3


@frozen
class Naming:
    """What names one person of a campaign, and nobody else in it."""

    whole: re.Pattern[str]
    """Full name, addresses, numbers, links."""
    parts: re.Pattern[str]
    """Words of the name, which may be somebody else's too."""

    def without(self, text: str) -> str:
        """The text with ERASED for each whole name."""
        return self.whole.sub(ERASED, text)

    def may_mean(self, text: str) -> bool:
        """Whether the text may speak of the person: by a part of the name."""
        return bool(self.parts.search(text) or self.whole.search(text))


def naming(person: Contact, campaign: Campaign) -> Naming:
    """Of the person. What another contact bears too (an office's number, the name of a namesake) is not counted as theirs alone."""
    others = {mark.casefold() for one in campaign.contacts if one.id != person.id for mark in _marks(one)}
    own = [mark for mark in dict.fromkeys(_marks(person)) if mark.casefold() not in others]
    # A single word, as "Mark", is taken for a name only as it is written.
    patterns = [
        _anywhere(mark, any_case=mark != person.name or len(mark.split()) > 1) for mark in sorted(own, key=len, reverse=True)
    ]
    parts = [re.escape(part) for part in person.name.split() if len(part) >= _SHORTEST_PART]
    return Naming(_one_of(patterns), _one_of([_bounded(f"(?i:{part})") for part in parts]))


def _marks(person: Contact) -> Iterator[str]:
    yield person.name
    ids = [one.value for one in person.external_ids]
    yield from (mark for mark in (*person.emails, *person.phones, *person.links, *ids) if len(mark) >= _SHORTEST)


def _anywhere(mark: str, *, any_case: bool) -> str:
    words = r"\s+".join(map(re.escape, mark.split()))
    return _bounded(f"(?i:{words})" if any_case else words)


def _bounded(pattern: str) -> str:
    return rf"(?<!\w){pattern}(?!\w)"


def _one_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")
