"""What one talk brought, on a page; before it is written down, the form to write it on (practice §9). What several talks say
together is the comparison's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight, Party, Valence
from infoint.model.events import Held
from infoint.model.identity import identified
from infoint.model.interview import MET, Interview
from infoint.model.interview_status import FALLEN_THROUGH
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
from infoint.notes.documents.course import course_of
from infoint.notes.phrases import Phrases, described, place, stem
from infoint.notes.wordings import Wordings
from infoint.practice.policy import default_policy
from infoint.practice.referrals import Introduction, introductions, people_named, resulting_talk

_FORM: Final = (("learned", 10), ("fits", 6), ("open", 6), ("next", 6))
"""What to write down, and on how many ruled lines: in print, both sides of one sheet."""
_ANSWER_LINES: Final = 3


def debrief_record(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """What the latest debrief holds. A talk without one gets a form of four questions: also one still to come, so that the form
    can be taken along and filled in on the way home; one that came to nothing says how. `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, and NotFound for what the campaign does not hold.
    """
    record = _Record(identified(interview), campaign, Phrases.of("debrief", campaign, wordings))
    meeting = interview.meeting
    when = f"{meeting.start.astimezone(campaign.profile.zone):%Y-%m-%d}" if meeting else "no-date"
    return Document(
        name="debrief",
        title=record.words.say("title", names=record.words.names(record.there)),
        language=record.words.language,
        filename=stem("debrief", *(person.name for person in record.there), when, interview.id.hex[-8:]),
        sections=tuple(record.sections()),
    )


@frozen
class _Record:
    """One talk, section by section."""

    interview: Interview
    campaign: Campaign
    words: Phrases

    @property
    def there(self) -> tuple[Contact, ...]:
        """Those met; before the talk, those asked."""
        return tuple(map(self.campaign.contact, self.interview.met or self.interview.contact_ids))

    def sections(self) -> Iterator[Section]:
        yield from self._section("talk", self._talk())
        if self.interview.debrief:
            yield from self._brought(self.interview.debrief)
        elif self.interview.status not in FALLEN_THROUGH:
            yield from (Section(key=key, title=self.words.say(key), blocks=(WritingSpace(lines),)) for key, lines in _FORM)
        if self.interview.notes.strip():
            yield Section(key="notes", title=self.words.say("notes"), blocks=(Markdown(self.interview.notes),))

    def _section(self, key: str, blocks: Iterable[Block]) -> Iterator[Section]:
        """Nothing where there is nothing to say."""
        filled = tuple(blocks)
        if filled:
            yield Section(key=key, title=self.words.say(key), blocks=filled)

    # ── the talk ─────────────────────────────────────────────────────────────────────────────────
    def _talk(self) -> Iterator[Block]:
        pairs: list[tuple[str, Inline]] = [(self.words.circumstance("with"), described(person)) for person in self.there]
        absent = [id for id in self.interview.contact_ids if self.interview.met and id not in self.interview.met]
        if absent:
            pairs.append((self.words.say("talk.absent"), self.words.names(map(self.campaign.contact, absent))))
        pairs += self._when()
        if self.interview.exploration_id:
            pairs.append((self.words.circumstance("about"), self.campaign.exploration(self.interview.exploration_id).subject))
        fell_through = self.interview.status in FALLEN_THROUGH
        if fell_through:
            pairs += course_of(self.interview, self.words, self.campaign.profile.zone)
        lines: tuple[tuple[str, Text], ...] = tuple((name, (value,)) for name, value in pairs)
        yield Fields(lines)
        if fell_through:
            yield Paragraph(self.words.say("talk.fell-through"))

    def _when(self) -> Iterator[tuple[str, Inline]]:
        zone, meeting = self.campaign.profile.zone, self.interview.meeting
        if meeting:
            yield self.words.circumstance("when"), self.words.moment(meeting.start, zone)
            yield self.words.circumstance("length"), self.words.minutes(meeting.duration)
            yield self.words.circumstance("how"), self.words.label(meeting.format).lower()
            if meeting.place:
                yield self.words.circumstance("where"), place(meeting.place)
            return
        held = [entry.at for entry in self.interview.story.told if isinstance(entry.event, Held)]
        yield (
            self.words.circumstance("when"),
            self.words.day(held[-1].astimezone(zone).date()) if held else self.words.say("talk.when.unknown"),
        )

    # ── what it brought ──────────────────────────────────────────────────────────────────────────
    def _brought(self, debrief: Debrief) -> Iterator[Section]:
        yield from self._section("answers", self._answers(debrief))
        yield from self._section("insights", self._insights(debrief))
        yield from self._section("beliefs", self._beliefs(debrief))
        if debrief.surprises.strip():
            yield from self._section("surprises", [Paragraph(debrief.surprises)])
        yield from self._section("referrals", self._referrals())
        yield from self._section("promises", self._promises(debrief))
        yield from self._section("rating", self._rating(debrief))
        yield from self._section("still-to-ask", self._still_to_ask(debrief))

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
        return next(
            (
                question.text
                for question in (*agendas, *default_policy(self.campaign.profile.language).bank)
                if question.id == id
            ),
            id,
        )

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
                yield Section(key=f"insights-{number}", title=self.words.say(f"insights.{valence}"), blocks=(Bullets(lines),))

    def _about(self, insight: Insight) -> str:
        letters = self.words.label(insight.peaks).lower()
        speaker = self._speaker(insight.said_by)
        return "; ".join(
            filter(
                None,
                (
                    self.words.say("insights.topic", topic=self.words.label(insight.topic)),
                    letters and self.words.say("insights.peaks", letters=letters),
                    speaker and self.words.say("said-by", name=speaker),
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
            self.words.say(f"beliefs.{way}", text=insight.text)
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
            self.words.say(f"referral.{referral.kind}"),
            self.words.say("referral.given-by", name=introduction.giver.name) if len(self.there) > 1 else "",
            referral.how_to_reach and self.words.say("referral.reach", reach=referral.how_to_reach),
            self.words.say("referral.known" if introduction.contact else "referral.unknown"),
            self._outcome(introduction),
        )
        return (Strong(referral.name), "\n" + "; ".join(filter(None, parts)))

    def _outcome(self, introduction: Introduction) -> str:
        talk = resulting_talk(introduction, self.campaign)
        if talk and talk.meeting:
            on = self.words.day(talk.meeting.start.astimezone(self.campaign.profile.zone).date())
            return self.words.say("referral.met.on" if talk.status in MET else "referral.agreed.on", day=on)
        return self.words.say(f"referral.{introduction.referral.outcome}")

    def _promises(self, debrief: Debrief) -> Iterator[Block]:
        for party in Party:
            theirs = [promise for promise in debrief.promises if promise.by is party]
            if theirs:
                items = tuple((False, self.words.promised(promise)) for promise in theirs)
                yield Section(key=f"promises-{party}", title=self.words.promises_of(party), blocks=(Checklist(items),))

    def _rating(self, debrief: Debrief) -> Iterator[Block]:
        pairs = []
        if debrief.my_talk_share is not None:
            pairs.append(
                (self.words.say("rating.share"), self.words.say("rating.share.of", percent=str(debrief.my_talk_share)))
            )
        if debrief.my_introduction is not None:
            pairs.append(
                (
                    self.words.say("rating.introduction"),
                    self.words.say("rating.introduction.of", mark=str(debrief.my_introduction)),
                )
            )
        if pairs:
            yield Fields(tuple((name, (value,)) for name, value in pairs))
