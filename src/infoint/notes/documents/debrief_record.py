"""What one talk brought, on a page; before it is written down, the form to write it on (practice §9). What several talks say
together is the comparison's.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight, Party, Promise, Valence
from infoint.model.events import Held
from infoint.model.identity import identified
from infoint.model.interview import MET, Interview, InterviewStatus
from infoint.notes.contract import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Inline,
    Markdown,
    Paragraph,
    Section,
    Strong,
    Text,
    WritingSpace,
)
from infoint.notes.documents.phrases import day, described, moment, names, place, stem
from infoint.practice.labels import label
from infoint.practice.policy import default_policy
from infoint.practice.referrals import Introduction, introductions, people_named, resulting_talk

_WORDING: Final[Mapping[str, str]] = {
    "title": "Debrief: talk with {names}",
    "talk": "The talk",
    "talk.with": "With",
    "talk.absent": "Not there",
    "talk.when": "When",
    "talk.when.unknown": "no date yet",
    "talk.length": "How long",
    "talk.minutes": "{minutes} minutes",
    "talk.how": "How",
    "talk.where": "Where",
    "talk.about": "About",
    "talk.fell-through": "This talk did not take place.",
    "answers": "What I asked",
    "insights": "What I learned",
    "insights.+": "Speaks for it (+)",
    "insights.-": "Speaks against it (−)",
    "insights.0": "Neither",
    "insights.topic": "Topic: {topic}",
    "insights.peaks": "PEAKS: {letters}",
    "said-by": "said by {name}",
    "beliefs": "What I believed before",
    "beliefs.supported": "Supported: {text}",
    "beliefs.rebutted": "Rebutted: {text}",
    "surprises": "What surprised me",
    "referrals": "Whom they named",
    "referral.name": "a name only",
    "referral.introduction": "will introduce me",
    "referral.redirect": "the one to ask instead",
    "referral.given-by": "named by {name}",
    "referral.reach": "reach: {reach}",
    "referral.known": "among my contacts",
    "referral.unknown": "not yet among my contacts",
    "referral.pending": "nothing has come of it yet",
    "referral.met": "we have met",
    "referral.met.on": "we talked on {day}",
    "referral.agreed.on": "we are to talk on {day}",
    "referral.declined": "declined",
    "referral.unreachable": "could not be reached",
    "referral.dropped": "let drop",
    "promises": "Promises",
    "promises.me": "Mine",
    "promises.them": "Theirs",
    "promise.by": "{text} (by {due})",
    "rating": "How I did",
    "rating.share": "I spoke",
    "rating.share.of": "{percent} % of the time",
    "rating.introduction": "My introduction",
    "rating.introduction.of": "{mark} of 5",
    "still-to-ask": "Still to ask",
    "notes": "My notes",
    "learned": "What did I learn?",
    "fits": "Does it fit me?",
    "open": "What is still to learn?",
    "next": "Whom do I talk to next, and what was promised?",
}
"""All that the record says of its own."""

_FORM: Final = (("learned", 10), ("fits", 6), ("open", 6), ("next", 6))
"""What to write down, and on how many ruled lines: in print, both sides of one sheet."""
_ANSWER_LINES: Final = 3
_FELL_THROUGH: Final = frozenset(
    {InterviewStatus.DECLINED, InterviewStatus.NO_RESPONSE, InterviewStatus.CANCELLED, InterviewStatus.NO_SHOW}
)


def debrief_record(interview: Interview, campaign: Campaign) -> Document:
    """What the latest debrief holds. A talk without one gets a form of four questions: also one still to come, so that the form
    can be taken along and filled in on the way home.

    Raises MissingId, and NotFound for what the campaign does not hold.
    """
    record = _Record(identified(interview), campaign)
    meeting = interview.meeting
    when = f"{meeting.start.astimezone(campaign.profile.zone):%Y-%m-%d}" if meeting else "no-date"
    return Document(
        name="debrief",
        title=_say("title", names=names(record.there)),
        language="en",
        filename=stem("debrief", *(person.name for person in record.there), when, interview.id.hex[-8:]),
        sections=tuple(record.sections()),
    )


def _say(key: str, **words: str) -> str:
    return _WORDING[key].format(**words)


def _section(key: str, blocks: Iterable[Block]) -> Iterator[Section]:
    """Nothing where there is nothing to say."""
    filled = tuple(blocks)
    if filled:
        yield Section(key=key, title=_say(key), blocks=filled)


@frozen
class _Record:
    """One talk, section by section."""

    interview: Interview
    campaign: Campaign

    @property
    def _language(self) -> str:
        return self.campaign.profile.language

    @property
    def there(self) -> tuple[Contact, ...]:
        """Those met; before the talk, those asked."""
        return tuple(map(self.campaign.contact, self.interview.met or self.interview.contact_ids))

    def sections(self) -> Iterator[Section]:
        yield from _section("talk", self._talk())
        if self.interview.debrief:
            yield from self._brought(self.interview.debrief)
        else:
            yield from (Section(key=key, title=_say(key), blocks=(WritingSpace(lines),)) for key, lines in _FORM)
        if self.interview.notes.strip():
            yield Section(key="notes", title=_say("notes"), blocks=(Markdown(self.interview.notes),))

    # ── the talk ─────────────────────────────────────────────────────────────────────────────────
    def _talk(self) -> Iterator[Block]:
        pairs: list[tuple[str, Inline]] = [(_say("talk.with"), described(person)) for person in self.there]
        absent = [id for id in self.interview.contact_ids if self.interview.met and id not in self.interview.met]
        if absent:
            pairs.append((_say("talk.absent"), names(map(self.campaign.contact, absent))))
        pairs += self._when()
        if self.interview.exploration_id:
            pairs.append((_say("talk.about"), self.campaign.exploration(self.interview.exploration_id).subject))
        lines: tuple[tuple[str, Text], ...] = tuple((name, (value,)) for name, value in pairs)
        yield Fields(lines)
        if self.interview.status in _FELL_THROUGH:
            yield Paragraph(_say("talk.fell-through"))

    def _when(self) -> Iterator[tuple[str, Inline]]:
        zone, meeting = self.campaign.profile.zone, self.interview.meeting
        if meeting:
            yield _say("talk.when"), moment(meeting.start, zone)
            yield _say("talk.length"), _say("talk.minutes", minutes=str(meeting.duration // timedelta(minutes=1)))
            yield _say("talk.how"), label(meeting.format, self._language).lower()
            if meeting.place:
                yield _say("talk.where"), place(meeting.place)
            return
        held = [entry.at for entry in self.interview.story.told if isinstance(entry.event, Held)]
        yield _say("talk.when"), day(held[-1].astimezone(zone).date()) if held else _say("talk.when.unknown")

    # ── what it brought ──────────────────────────────────────────────────────────────────────────
    def _brought(self, debrief: Debrief) -> Iterator[Section]:
        yield from _section("answers", self._answers(debrief))
        yield from _section("insights", self._insights(debrief))
        yield from _section("beliefs", self._beliefs(debrief))
        if debrief.surprises.strip():
            yield from _section("surprises", [Paragraph(debrief.surprises)])
        yield from _section("referrals", self._referrals())
        yield from _section("promises", _promises(debrief))
        yield from _section("rating", _rating(debrief))
        yield from _section("still-to-ask", self._still_to_ask(debrief))

    def _speaker(self, said_by: UUID | None) -> str:
        """Whose words they are, where that is not plain from who was there."""
        if said_by is None or self.interview.met == (said_by,):
            return ""
        return self.campaign.contact(said_by).name

    def _on_agenda(self) -> Mapping[str, str]:
        """The questions by id, as asked; one that stands there twice, once."""
        return {item.question.id: item.question.text for item in reversed(self.interview.agenda)}

    def _answers(self, debrief: Debrief) -> Iterator[Block]:
        asked = self._on_agenda()
        answered = {answer.question_id for answer in debrief.answers}
        planned = dict.fromkeys(item.question.id for item in self.interview.agenda if item.question.id in answered)
        others = dict.fromkeys(answer.question_id for answer in debrief.answers if answer.question_id not in asked)
        for number, id in enumerate((*planned, *others), 1):
            text = asked.get(id) or self._asked_elsewhere(id)
            answers = tuple(self._answer(answer) for answer in debrief.answers if answer.question_id == id)
            yield Section(key=f"answer-{number}", title=f"{number}. {text}", blocks=answers)

    def _answer(self, answer: Answer) -> Paragraph:
        speaker = self._speaker(answer.said_by)
        return Paragraph((Strong(f"{speaker}: "), answer.text) if speaker else answer.text)

    def _asked_elsewhere(self, id: str) -> str:
        """The wording of a question that came up unplanned: as in another talk, else as shipped, else only what it is called."""
        agendas = (item.question for talk in self.campaign.interviews for item in talk.agenda)
        return next((question.text for question in (*agendas, *default_policy(self._language).bank) if question.id == id), id)

    def _still_to_ask(self, debrief: Debrief) -> Iterator[Block]:
        answered = {answer.question_id for answer in debrief.answers}
        left = dict.fromkeys(item.question.id for item in self.interview.agenda if item.question.id not in answered)
        asked = self._on_agenda()
        for number, id in enumerate(left, 1):
            yield Section(key=f"still-to-ask-{number}", title=asked[id], blocks=(WritingSpace(_ANSWER_LINES),))

    def _insights(self, debrief: Debrief) -> Iterator[Block]:
        for number, valence in enumerate(Valence, 1):
            some = [insight for insight in debrief.insights if insight.valence is valence]
            if some:
                lines = tuple((f"{insight.text}\n{self._about(insight)}",) for insight in some)
                yield Section(key=f"insights-{number}", title=_say(f"insights.{valence}"), blocks=(Bullets(lines),))

    def _about(self, insight: Insight) -> str:
        letters = label(insight.peaks, self._language).lower()
        speaker = self._speaker(insight.said_by)
        return "; ".join(
            filter(
                None,
                (
                    _say("insights.topic", topic=label(insight.topic, self._language)),
                    letters and _say("insights.peaks", letters=letters),
                    speaker and _say("said-by", name=speaker),
                ),
            )
        )

    def _beliefs(self, debrief: Debrief) -> Iterator[Block]:
        exploration_id = self.interview.exploration_id
        held = self.campaign.exploration(exploration_id).beliefs if exploration_id else ()
        texts = {belief.key: belief.text for belief in held}
        touched = [key for insight in debrief.insights for key in (insight.supports, insight.rebuts) if key]
        known = [key for key in texts if key in touched]
        lines = [self._belief(key, texts.get(key, key), debrief) for key in dict.fromkeys((*known, *touched))]
        if lines:
            yield Bullets(tuple(lines))

    def _belief(self, key: str, belief: str, debrief: Debrief) -> Text:
        heard = [
            _say(f"beliefs.{way}", text=insight.text)
            for insight in debrief.insights
            for way, named in (("supported", insight.supports), ("rebutted", insight.rebuts))
            if named == key
        ]
        return (Strong(belief), "\n" + "\n".join(heard))

    def _referrals(self) -> Iterator[Block]:
        in_order = self.interview.referrals
        given = introductions(self.interview, self.campaign, people_named(self.campaign))
        lines = tuple(map(self._referral, sorted(given, key=lambda one: in_order.index(one.referral))))
        if lines:
            yield Bullets(lines)

    def _referral(self, introduction: Introduction) -> Text:
        referral = introduction.referral
        parts = (
            _say(f"referral.{referral.kind}"),
            _say("referral.given-by", name=introduction.giver.name) if len(self.there) > 1 else "",
            referral.how_to_reach and _say("referral.reach", reach=referral.how_to_reach),
            _say("referral.known" if introduction.contact else "referral.unknown"),
            self._outcome(introduction),
        )
        return (Strong(referral.name), "\n" + "; ".join(filter(None, parts)))

    def _outcome(self, introduction: Introduction) -> str:
        talk = resulting_talk(introduction, self.campaign)
        if talk and talk.meeting:
            on = day(talk.meeting.start.astimezone(self.campaign.profile.zone).date())
            return _say("referral.met.on" if talk.status in MET else "referral.agreed.on", day=on)
        return _say(f"referral.{introduction.referral.outcome}")


def _promises(debrief: Debrief) -> Iterator[Block]:
    for party in Party:
        theirs = [promise for promise in debrief.promises if promise.by is party]
        if theirs:
            items = tuple((False, _promise(promise)) for promise in theirs)
            yield Section(key=f"promises-{party}", title=_say(f"promises.{party}"), blocks=(Checklist(items),))


def _promise(promise: Promise) -> str:
    return _say("promise.by", text=promise.text, due=day(promise.due)) if promise.due else promise.text


def _rating(debrief: Debrief) -> Iterator[Block]:
    pairs = []
    if debrief.my_talk_share is not None:
        pairs.append((_say("rating.share"), _say("rating.share.of", percent=str(debrief.my_talk_share))))
    if debrief.my_introduction is not None:
        pairs.append((_say("rating.introduction"), _say("rating.introduction.of", mark=str(debrief.my_introduction))))
    if pairs:
        yield Fields(tuple((name, (value,)) for name, value in pairs))
