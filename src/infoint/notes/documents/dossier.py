"""All that is known of one person, before one writes or rings: who they are, how one came to them, what they said, what passed
between the two and what is owed (practice §9). One talk in full is the debrief record's.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Party, ReferralKind
from infoint.model.fields import instant
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import NIL, identified
from infoint.model.interview import MET, Interview, Purpose
from infoint.model.open_name import OpenName
from infoint.model.touch import Touch
from infoint.notes.contract import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Inline,
    Link,
    Markdown,
    Paragraph,
    Quote,
    Section,
    Strong,
    Text,
)
from infoint.notes.documents.course import course_of
from infoint.notes.documents.evidence_words import SIGNS, EvidenceWords, signed
from infoint.notes.figures.referrals import draw_referrals
from infoint.notes.mail_headers import link_address
from infoint.notes.phrases import Phrases, capitalised, place, stem
from infoint.notes.wordings import Wordings
from infoint.practice.anchors import promise_anchor
from infoint.practice.evidence_matrix import lay_out
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.referral_tree import ReferralEdge, ReferralTree, referral_tree
from infoint.practice.referrals import referral_roots
from infoint.practice.voices import in_time, people_heard, voices_in

_A_TREE: Final = 3
"""Introductions from which on a picture is seen faster than the list beside it is read."""
_OF_PROMISES: Final = frozenset({FollowUpKind.KEEP_PROMISE, FollowUpKind.AWAIT_PROMISE})


def dossier(
    contact: Contact, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Document:
    """Everything about one person. Takeaways are in the explorer's words, answers are quoted as theirs; the policy's bank words
    questions that came up on no agenda. `wordings`: others than those shipped for the explorer's language. Raises MissingId, and NotFound for people the campaign does not hold.
    """
    words = Phrases.of("dossier", campaign, wordings)
    record = _Dossier(identified(contact), campaign, policy_or_default(policy), words)
    return Document(
        name="dossier",
        title=words.say("title", name=contact.name),
        language=words.language,
        filename=stem("dossier", contact.name, contact.id.hex[-8:]),
        sections=tuple(record.sections()),
    )


@frozen
class _Dossier:
    """One person, section by section."""

    person: Contact
    campaign: Campaign
    policy: Policy
    words: Phrases

    @property
    def told(self) -> EvidenceWords:
        return EvidenceWords.of(self.words, self.campaign)

    def sections(self) -> Iterator[Section]:
        tree = referral_tree(self.campaign)
        yield from self._section("person", self._person())
        yield from self._section("way", self._way(tree))
        yield from self._section("named", self._named(tree))
        yield from self._section("talks", self._talks())
        yield from self._section("touches", self._touches())
        yield from self._section("promises", self._promises())
        yield from self._section("owed", self._owed())
        yield from self._section("settled", self._settled())
        if self.person.notes.strip():
            yield Section(key="notes", title=self.words.say("notes"), blocks=(Markdown(self.person.notes),))

    def _section(self, key: str, blocks: Iterable[Block]) -> Iterator[Section]:
        """Nothing where there is nothing to say."""
        if filled := tuple(blocks):
            yield Section(key=key, title=self.words.say(key), blocks=filled)

    def _label(self, name: OpenName | Enum) -> str:
        return self.words.label(name)

    def _day(self, at: datetime) -> str:
        return self.words.day(at.astimezone(self.campaign.profile.zone).date())

    # ── who ──────────────────────────────────────────────────────────────────────────────────────
    def _person(self) -> Iterator[Block]:
        one = self.person
        if one.do_not_contact:
            yield Paragraph(Strong(self.words.say("leave-alone")))
        pairs: list[tuple[str, Inline]] = [
            ("work", ", ".join(filter(None, (one.title, one.organization)))),
            ("role", self._label(one.role).lower() if one.role else ""),
            ("seniority", self._label(one.seniority).lower() if one.seniority else ""),
            ("location", one.location),
            ("zone", one.zone.key if one.zone else ""),
            *(("email", Link(address, f"mailto:{link_address(address)}")) for address in one.emails),
            *(("phone", number) for number in one.phones),
            *(("address", address) for address in one.addresses),
            *(("link", Link(link, link)) for link in one.links),
            ("interests", ", ".join(one.interests)),
            ("rapport", "" if one.rapport is None else self.words.say("rapport", figure=signed(one.rapport))),
            ("tags", ", ".join(sorted(one.tags))),
        ]
        known = tuple((self.words.say(f"person.{name}"), (value,)) for name, value in pairs if value)
        yield Fields(known) if known else Paragraph(self.words.say("person.nothing"))

    # ── referrals, both ways ─────────────────────────────────────────────────────────────────────
    def _way(self, tree: ReferralTree) -> Iterator[Block]:
        lines = [self.words.say("way.source", source=self._label(self.person.source).lower())] if self.person.source else []
        direct = [edge for edge in tree if edge.contact is not None and edge.contact.id == self.person.id]
        lines += [self._given(edge) for edge in direct]
        if lines := [*lines, *self._further_up()]:
            yield Bullets(tuple(lines))

    def _given(self, edge: ReferralEdge) -> str:
        giver = self.told.name_of(edge.giver_id)
        if not edge.introductions:
            return self.words.say("way.named", giver=giver)
        last = edge.introductions[-1]
        key = "way.named.on" if last.referral.kind is ReferralKind.NAME else f"way.{last.referral.kind}"
        return self.words.say(key, giver=giver, day=self._day(last.given_at))

    def _further_up(self) -> Iterator[str]:
        """Who named those who named them, up to the beginning of the chain."""
        there = {contact.id: contact for contact in self.campaign.contacts}
        seen, here = {self.person.id}, there.get(self.person.referred_by or NIL)
        while here is not None and here.id not in seen and here.referred_by is not None:
            yield self.words.say("way.further", name=here.name, giver=self.told.name_of(here.referred_by))
            seen.add(here.id)
            here = there.get(here.referred_by)

    def _named(self, tree: ReferralTree) -> Iterator[Block]:
        """Whom they named, and whom those named in turn; nobody leads to themselves."""
        seen, to_do, lines = {self.person.id}, deque(tree.named_by(self.person)), list[str]()
        while to_do:
            edge = to_do.popleft()
            if edge.contact is None or edge.contact.id != self.person.id:
                lines.append(self._stage(edge))
            if edge.contact is not None and edge.contact.id not in seen:
                seen.add(edge.contact.id)
                to_do += tree.named_by(edge.contact)
        if lines:
            yield Bullets(tuple(lines))
        if len(lines) >= _A_TREE:
            yield draw_referrals(self.person, self.campaign, wordings=self.words.wordings).figure(brief=True)

    def _stage(self, edge: ReferralEdge) -> str:
        giver = edge.giver.name if edge.giver and edge.giver.id != self.person.id else ""
        line = self.words.say(
            "named.via" if giver else "named.stage", name=edge.name, giver=giver, stage=self._label(edge.stage).lower()
        )
        return self.words.say("named.reported", line=line) if edge.reported_back else line

    # ── talks ────────────────────────────────────────────────────────────────────────────────────
    def _in_order(self) -> list[Interview]:
        return sorted(self.campaign.interviews_with(self.person), key=in_time)

    def _talks(self) -> Iterator[Block]:
        for number, talk in enumerate(self._in_order(), 1):
            on = self.told.day_of(talk) or self.words.say("talk.no-date")
            title = self.words.say("talk", day=on, status=self._label(talk.status).lower())
            yield Section(key=f"talk-{number}", title=capitalised(title), blocks=tuple(self._talk(talk)))

    def _talk(self, talk: Interview) -> Iterator[Block]:
        if talk.purpose is Purpose.EMPLOYMENT:
            yield Paragraph(self.words.say("talk.employment"))
        if pairs := tuple(self._circumstances(talk)):
            yield Fields(tuple((name, (value,)) for name, value in pairs))
        if talk.met and self.person.id not in talk.met:
            yield Paragraph(self.words.say("talk.absent"))
        if talk.status in MET:
            yield from self._said(talk)

    def _circumstances(self, talk: Interview) -> Iterator[tuple[str, Inline]]:
        zone, meeting = self.campaign.profile.zone, talk.meeting
        if meeting:
            yield self.words.circumstance("when"), self.words.moment(meeting.start, zone)
            if self.person.zone and self.person.zone != zone:
                yield self.words.say("talk.theirs"), self.words.moment(meeting.start, self.person.zone)
            yield self.words.circumstance("how"), self._label(meeting.format).lower()
            if meeting.place:
                yield self.words.circumstance("where"), place(meeting.place)
        if talk.exploration_id:
            yield self.words.circumstance("about"), self.campaign.exploration(talk.exploration_id).subject
        others = [self.campaign.contact(id) for id in talk.met or talk.contact_ids if id != self.person.id]
        if others:
            yield self.words.say("talk.also" if talk.met else "talk.also-asked"), self.words.names(others)
        yield from course_of(talk, self.words, zone)

    def _said(self, talk: Interview) -> Iterator[Block]:
        """What this person said, and nobody else who was there."""
        people = people_heard((talk,), self.campaign)
        voices = voices_in((talk,), people, referral_roots(people, self.campaign))
        mine = [voice.insight for voice in voices if voice.person.id == self.person.id]
        if mine:
            yield Paragraph(self.words.say("takeaways"))
            yield Bullets(
                tuple(
                    (Strong(SIGNS[one.valence]), " " + self.words.say("takeaway", text=one.text, topic=self._label(one.topic)))
                    for one in mine
                )
            )
        rows = lay_out((talk,), people, self.policy.bank).rows
        if answered := [(row, row.cell(self.person.id).answers) for row in rows if row.cell(self.person.id).answers]:
            yield Paragraph(self.words.say("quotes"))
            for row, answers in answered:
                yield Paragraph(row.wording)
                yield from (Quote(answer.text, self.person.name) for answer in answers)

    # ── what passed between the two, and what is owed ────────────────────────────────────────────
    def _touches(self) -> Iterator[Block]:
        if touches := self.campaign.touches_of(self.person):
            yield Bullets(tuple(map(self._touch, touches)))

    def _touch(self, touch: Touch) -> Text:
        what = self.words.say(f"touch.{touch.direction}", day=self._day(touch.at), kind=self._label(touch.kind).lower())
        return (Strong(what), f"\n{touch.note}" if touch.note.strip() else "")

    def _promises(self) -> Iterator[Block]:
        kept = {one.anchor for one in self.campaign.follow_ups if one.status is FollowUpStatus.DONE and one.anchor}
        met = [talk for talk in self._in_order() if self.person.id in talk.met and talk.debrief]
        made = [(talk, promise) for talk in met for promise in (talk.debrief.promises if talk.debrief else ())]
        for party in Party:
            if some := [(promise_anchor(talk, one) in kept, self.words.promised(one)) for talk, one in made if one.by is party]:
                yield Section(key=f"promises-{party}", title=self.words.promises_of(party), blocks=(Checklist(tuple(some)),))

    def _follow_ups(self) -> list[FollowUp]:
        """Those to this person, and those for a talk with them. Promises stand in a place of their own."""
        talks = {talk.id for talk in self.campaign.interviews_with(self.person)}
        return [
            one
            for one in self.campaign.follow_ups
            if one.kind not in _OF_PROMISES
            and (one.contact_id == self.person.id or (one.contact_id is None and one.interview_id in talks))
        ]

    def _owed(self) -> Iterator[Block]:
        still = sorted(
            (one for one in self._follow_ups() if one.status is FollowUpStatus.OPEN), key=lambda one: (one.due, one.id)
        )
        if still:
            yield Checklist(
                tuple((False, self.words.say("owed.line", day=self.words.day(one.due), what=self._what(one))) for one in still)
            )

    def _settled(self) -> Iterator[Block]:
        settled = [
            (instant(one.settled_at), one.id, one) for one in self._follow_ups() if one.settled_at and one.status in SETTLED
        ]
        if settled:
            yield Checklist(tuple((True, self._over(at, one)) for at, _, one in sorted(settled)))

    def _over(self, at: datetime, one: FollowUp) -> str:
        key = "settled.waived" if one.status is FollowUpStatus.WAIVED else "settled.line"
        return self.words.say(key, day=self._day(at), what=self._what(one), reason=one.reason)

    def _what(self, one: FollowUp) -> str:
        return one.summary or self._label(one.kind)
