"""Why what several talks say together may mislead (practice §8). What they say is `evidence`'s."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final
from uuid import UUID

from attrs import frozen

from infoint.model.contact import Contact, ContactRole
from infoint.model.open_name import OpenName
from infoint.practice.policy import Policy
from infoint.practice.preview_balance import PreviewBalance
from infoint.practice.voices import Voice, organization_key


class WarningCode(OpenName):
    """Why a comparison may mislead (practice §8)."""

    __slots__ = ()
    FEW_PEOPLE: ClassVar["WarningCode"]
    """Fewer than three were heard."""
    ONE_ORGANIZATION: ClassVar["WarningCode"]
    """Two or more were heard, and all of them work for the same."""
    ONE_ROOT: ClassVar["WarningCode"]
    """Two or more were heard, and one chain of introductions led to all of them."""
    HR_ONLY: ClassVar["WarningCode"]
    """All who were heard are personnel staff or recruiters."""
    NOTHING_NEGATIVE: ClassVar["WarningCode"]
    """Nobody was asked what is bad about it, and nobody has said so unasked."""
    ALL_POSITIVE: ClassVar["WarningCode"]
    """Two or more have taken sides, and all that they said speaks for it."""
    ALL_NEGATIVE: ClassVar["WarningCode"]
    """Two or more have taken sides, and all that they said speaks against it."""
    KNOWN_BIAS: ClassVar["WarningCode"]
    """Somebody heard bears one of the policy's tags for a bias, such as having just left."""


@frozen
class EvidenceWarning:
    """One reason for caution; `print(warning)` gives one readable line. Apps that translate go by the code."""

    code: WarningCode
    text: str
    people: tuple[Contact, ...] = ()
    """Whom it is about, where it is about some of those heard."""

    def __str__(self) -> str:
        return self.text


LEAST: Final = 3
"""Fewer people say too little."""


def warnings_about(
    people: Sequence[Contact], roots: Sequence[UUID], preview: PreviewBalance, policy: Policy
) -> Iterator[EvidenceWarning]:
    """`people`: those heard; `roots`: one each."""
    if len(people) < LEAST:
        found = f"Only {len(people)} of at least three people heard so far." if people else "Nobody has been heard so far."
        yield EvidenceWarning(WarningCode.FEW_PEOPLE, found)
    if people:
        yield from _who(people, roots)
        yield from _what(preview)
        yield from _bias(people, policy)


def _who(people: Sequence[Contact], roots: Sequence[UUID]) -> Iterator[EvidenceWarning]:
    organizations = {organization_key(person) for person in people}
    # Of one person it is no news, and where somebody's is not known they may work elsewhere.
    if len(people) > 1 and len(organizations) == 1 and "" not in organizations:
        yield EvidenceWarning(
            WarningCode.ONE_ORGANIZATION, f"Everyone heard works for one organization: {people[0].organization}."
        )
    if len(people) > 1 and len(set(roots)) == 1:
        yield EvidenceWarning(WarningCode.ONE_ROOT, "Everyone heard comes from one chain of introductions: one source in all.")
    if all(person.role == ContactRole.RECRUITER for person in people):
        yield EvidenceWarning(WarningCode.HR_ONLY, "Only personnel staff or recruiters were heard, nobody who does the work.")


def _what(preview: PreviewBalance) -> Iterator[EvidenceWarning]:
    good, bad = preview.rewards.heard, preview.challenges.heard
    if preview.nobody_asked_what_is_bad and not bad:
        yield EvidenceWarning(WarningCode.NOTHING_NEGATIVE, "Nobody was asked what is bad about it.")
    # One person who likes the work is no news either.
    if preview.one_sided and _several(good or bad):
        code, side = (WarningCode.ALL_POSITIVE, "for") if good else (WarningCode.ALL_NEGATIVE, "against")
        yield EvidenceWarning(code, f"All that was heard speaks {side} it.")


def _several(voices: Sequence[Voice]) -> bool:
    return len({voice.person.id for voice in voices}) > 1


def _bias(people: Sequence[Contact], policy: Policy) -> Iterator[EvidenceWarning]:
    known = {tag.casefold() for tag in policy.bias_tags}
    biased = [(person, tags) for person in people if (tags := sorted(tag for tag in person.tags if tag.casefold() in known))]
    if biased:
        told = ", ".join(f"{person.name} ({', '.join(tags)})" for person, tags in biased)
        yield EvidenceWarning(WarningCode.KNOWN_BIAS, f"Not impartial: {told}.", tuple(person for person, _ in biased))
