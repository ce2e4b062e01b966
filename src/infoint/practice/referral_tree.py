"""Who introduced whom, and what came of it, over all talks (practice §8). What one talk brought is read by `referrals`; what is owed
for it is `follow_up_planner`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from attrs import evolve, frozen

from infoint.closed_name import ClosedName
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralOutcome
from infoint.model.events import Dropped
from infoint.model.follow_up import FollowUpKind, FollowUpStatus
from infoint.model.identity import NIL, identified
from infoint.model.interview import Interview
from infoint.model.interview_status import MET, InterviewStatus
from infoint.practice.anchors import referral_anchor
from infoint.practice.arguments import demand, demand_moment
from infoint.practice.referrals import (
    Introduction,
    fell_through_before,
    introductions,
    people_named,
)

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class ReferralStage(ClosedName):
    """How far a referral has come."""

    PENDING = "pending"
    """Nothing was done about it yet."""
    ASKED = "asked"
    AGREED = "agreed"
    """They said yes, with a time or without."""
    MET = "met"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    """They did not answer, or could not be found."""
    FELL_THROUGH = "fell-through"
    """A time had been agreed, and the talk was called off or missed."""
    DROPPED = "dropped"
    """The explorer chose not to pursue it."""


@frozen(kw_only=True)
class ReferralEdge:
    """One person brought in by another, in however many talks they were named."""

    name: str
    """As it is in the contact, or as it was given."""
    giver_id: UUID
    giver: Contact | None
    """None where a contact says who referred them, and that is nobody the campaign holds."""
    contact: Contact | None
    """None while the name is no contact."""
    introductions: tuple[Introduction, ...]
    """The talks in which the name was given, the earliest first; none where only the contact says who referred them."""
    stage: ReferralStage
    reported_back: bool
    """Whether the giver was told what came of it."""
    depth: int = 1
    """How far from the beginning of the chain: 1 = named by somebody nobody has named."""

    @property
    def given_at(self) -> datetime | None:
        """When the name was last given, in UTC; None where that is not known."""
        return self.introductions[-1].given_at if self.introductions else None

    def __str__(self) -> str:
        told = f"{self.stage.replace('-', ' ')}{', reported back' if self.reported_back else ''}"
        return f"{self.name}: {told}"


@frozen(kw_only=True)
class DoorOpener:
    """Somebody who introduces people."""

    contact: Contact
    named: int
    """How many they have named."""
    met: int
    """How many of these were met."""


@frozen(kw_only=True)
class ReferralTree:
    """Who introduced whom. Iterating goes through the edges from each beginning down to the last names, whoever was named in the
    order of their names; `print(tree)` shows it indented.

    Whoever was named by several people stands below each, and those they named in turn below the first of them. People who
    neither named nor were named are not in it.
    """

    roots: tuple[tuple[UUID, Contact | None], ...]
    """Those who begin a chain, in the order of their names; without a contact where the campaign does not hold it. A ring of
    introductions begins with its lowest id.
    """
    edges: tuple[ReferralEdge, ...]

    def __iter__(self) -> Iterator[ReferralEdge]:
        return iter(self.edges)

    def __len__(self) -> int:
        return len(self.edges)

    def __str__(self) -> str:
        lines: list[str] = []
        names = {id: contact.name if contact else "somebody not listed here" for id, contact in self.roots}
        for edge in self.edges:
            if edge.depth == 1 and edge.giver_id in names:
                lines.append(names.pop(edge.giver_id))
            lines.append(f"{'  ' * edge.depth}{edge}")
        return "\n".join(lines)

    @cached_property
    def _edges_by_giver(self) -> Mapping[UUID, tuple[ReferralEdge, ...]]:
        by_giver: defaultdict[UUID, list[ReferralEdge]] = defaultdict(list)
        for edge in self.edges:
            by_giver[edge.giver_id].append(edge)
        return {id: tuple(edges) for id, edges in by_giver.items()}

    def named_by(self, contact: Contact) -> tuple[ReferralEdge, ...]:
        """Whom somebody has named, in O(1). Raises MissingId."""
        return self._edges_by_giver.get(identified(contact).id, ())

    def dangling(self, *, before: datetime | None = None) -> tuple[ReferralEdge, ...]:
        """Introductions nothing was done about, the longest waiting first, those whose time is not known last. `before`: only
        those given before this moment. Raises NaiveTime for one without zone.
        """
        if before is not None:
            demand_moment("ReferralTree", "before", before)
        waiting = [
            edge
            for edge in self.edges
            if edge.stage is ReferralStage.PENDING
            and (before is None or (edge.given_at is not None and edge.given_at < before))
        ]
        return tuple(sorted(waiting, key=lambda edge: (edge.given_at is None, edge.given_at or _NEVER, edge.name)))

    @property
    def door_openers(self) -> tuple[DoorOpener, ...]:
        """People who introduce others, those first of whose names the most were met."""
        openers = [
            DoorOpener(contact=giver, named=len(edges), met=sum(edge.stage is ReferralStage.MET for edge in edges))
            for edges in self._edges_by_giver.values()
            if (giver := edges[0].giver) is not None
        ]
        return tuple(sorted(openers, key=lambda one: (-one.met, -one.named, one.contact.name, one.contact.id)))


def referral_tree(campaign: Campaign) -> ReferralTree:
    """Everybody who was named or introduced, by whom, and what came of it. A contact says who referred them, a debrief who was
    named in the talk; both count, and one who was named by one person in several ways is one edge.

    How far an edge has come is the furthest of what the talks show and the explorer says: whoever was met was met; else the
    explorer's word counts, else what the talks since have led to. A talk that had fallen through before the name was given says
    nothing. The giver was told once a follow-up to report back on the referral is done.

    Raises NotFound for people named in a talk that the campaign does not hold.
    """
    demand("referral_tree", "campaign", campaign, Campaign)
    by_giver: defaultdict[UUID, list[ReferralEdge]] = defaultdict(list)
    for edge in _edges(campaign):
        by_giver[edge.giver_id].append(edge)
    for edges in by_giver.values():
        edges.sort(key=lambda edge: (edge.name, edge.contact.id if edge.contact else NIL))
    roots = _beginnings(by_giver)
    people = {edge.giver_id: edge.giver for edges in by_giver.values() for edge in edges}
    in_order = sorted(roots, key=lambda id: (people[id] is None, getattr(people[id], "name", ""), id))
    return ReferralTree(
        roots=tuple((id, people[id]) for id in in_order),
        edges=tuple(_down_from(in_order, by_giver)),
    )


# ── the edges ────────────────────────────────────────────────────────────────────────────────────
def _edges(campaign: Campaign) -> Iterator[ReferralEdge]:
    named = people_named(campaign)
    given = sorted(
        (one for talk in campaign.interviews for one in introductions(talk, campaign, named)),
        key=lambda one: (one.given_at, one.interview.id, one.key),
    )
    found: defaultdict[tuple[UUID, UUID | str], list[Introduction]] = defaultdict(list)
    for one in given:
        found[one.giver.id, one.contact.id if one.contact else one.key].append(one)
    for person in campaign.contacts:
        if person.referred_by is not None:
            found.setdefault((person.referred_by, person.id), [])
    told = {
        one.anchor
        for one in campaign.follow_ups
        if one.kind == FollowUpKind.REPORT_BACK and one.status is FollowUpStatus.DONE and one.anchor
    }
    people = {contact.id: contact for contact in campaign.contacts}
    for (giver_id, named_as), ways in found.items():
        if named_as == giver_id:
            continue  # nobody opens a door to themselves
        contact = people[named_as] if isinstance(named_as, UUID) else None
        yield ReferralEdge(
            name=contact.name if contact else ways[0].referral.name,
            giver_id=giver_id,
            giver=people.get(giver_id),
            contact=contact,
            introductions=tuple(ways),
            stage=_stage(contact, ways, campaign),
            reported_back=any(referral_anchor(one) in told for one in ways),
        )


_SAID: Final = {
    ReferralOutcome.MET: ReferralStage.MET,
    ReferralOutcome.DECLINED: ReferralStage.DECLINED,
    ReferralOutcome.UNREACHABLE: ReferralStage.UNREACHABLE,
    ReferralOutcome.DROPPED: ReferralStage.DROPPED,
}
_SHOWN: Final = {
    InterviewStatus.IDENTIFIED: ReferralStage.PENDING,
    InterviewStatus.REQUESTED: ReferralStage.ASKED,
    InterviewStatus.ACCEPTED: ReferralStage.AGREED,
    InterviewStatus.SCHEDULED: ReferralStage.AGREED,
    InterviewStatus.CONFIRMED: ReferralStage.AGREED,
    InterviewStatus.DECLINED: ReferralStage.DECLINED,
    InterviewStatus.NO_RESPONSE: ReferralStage.UNREACHABLE,
    InterviewStatus.NO_SHOW: ReferralStage.FELL_THROUGH,
}


def _stage(contact: Contact | None, ways: Sequence[Introduction], campaign: Campaign) -> ReferralStage:
    talks = campaign.interviews_with(contact) if contact else ()
    shown = [_shown(talk, contact) for talk in talks if not (ways and fell_through_before(talk, ways[-1]))]
    said = [_SAID[one.referral.outcome] for one in ways if one.referral.outcome is not ReferralOutcome.PENDING]
    if ReferralStage.MET in shown or ReferralStage.MET in said:
        return ReferralStage.MET
    if said:
        return said[-1]
    return max(shown, key=_REACH.index, default=ReferralStage.PENDING)


_REACH: Final = (
    ReferralStage.PENDING,
    ReferralStage.DROPPED,
    ReferralStage.UNREACHABLE,
    ReferralStage.DECLINED,
    ReferralStage.FELL_THROUGH,
    ReferralStage.ASKED,
    ReferralStage.AGREED,
    ReferralStage.MET,
)
"""Of several talks the one that leads furthest counts; one that may still come about before one that will not."""


def _shown(talk: Interview, contact: Contact | None) -> ReferralStage:
    if talk.status in MET:
        # Somebody else may have come in their place.
        return ReferralStage.MET if contact is not None and contact.id in talk.met else ReferralStage.FELL_THROUGH
    if talk.status is InterviewStatus.CANCELLED:
        dropped = isinstance(talk.story.told[-1].event, Dropped)
        return ReferralStage.DROPPED if dropped else ReferralStage.FELL_THROUGH
    return _SHOWN[talk.status]


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────
def _beginnings(by_giver: Mapping[UUID, Sequence[ReferralEdge]]) -> list[UUID]:
    """Givers nobody has named; of each ring that nobody outside has named, the one with the lowest id."""
    named_by: dict[UUID, UUID] = {}
    for id in sorted(by_giver):
        for edge in by_giver[id]:
            if edge.contact is not None:
                named_by.setdefault(edge.contact.id, id)
    beginnings = [id for id in by_giver if id not in named_by]
    reached = _reached_from(beginnings, by_giver)
    for id in sorted(by_giver):
        if id not in reached:
            # Everybody left was named, by somebody who was named in turn.
            beginnings.append(min(_ring_above(id, named_by)))
            reached |= _reached_from(beginnings[-1:], by_giver)
    return beginnings


def _ring_above(id: UUID, named_by: Mapping[UUID, UUID]) -> list[UUID]:
    """Where going up from giver to giver goes round."""
    way: dict[UUID, None] = {}
    here = id
    while here not in way:
        way[here] = None
        here = named_by[here]
    return list(way)[list(way).index(here) :]


def _reached_from(beginnings: Iterable[UUID], by_giver: Mapping[UUID, Sequence[ReferralEdge]]) -> set[UUID]:
    reached, to_do = set(beginnings), list(beginnings)
    while to_do:
        for edge in by_giver.get(to_do.pop(), ()):
            if edge.contact is not None and edge.contact.id not in reached:
                reached.add(edge.contact.id)
                to_do.append(edge.contact.id)
    return reached


def _down_from(beginnings: Iterable[UUID], by_giver: Mapping[UUID, Sequence[ReferralEdge]]) -> Iterator[ReferralEdge]:
    """Depth first; whoever is met again is not gone down from again, so a ring ends where it began."""
    gone_down: set[UUID] = set()
    for root in beginnings:
        gone_down.add(root)
        to_do = [evolve(edge, depth=1) for edge in reversed(by_giver[root])]
        while to_do:
            edge = to_do.pop()
            yield edge
            if edge.contact is not None and edge.contact.id not in gone_down:
                gone_down.add(edge.contact.id)
                to_do += [evolve(one, depth=edge.depth + 1) for one in reversed(by_giver.get(edge.contact.id, ()))]
