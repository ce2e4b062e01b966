"""How evidence is put in words and tables: the same in the comparison and in the field report. The weighing is the practice's, and
what stands in which document is the document's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.debrief import Valence
from infoint.model.exploration import Stance
from infoint.model.fields import instant
from infoint.model.interview import Interview
from infoint.model.peaks import Peaks
from infoint.notes.contract import Block, Bullets, Fields, Paragraph, Strong, Table, Text
from infoint.notes.documents.phrases import day, listed, names
from infoint.practice.belief_ledger import BeliefEvidence, BeliefStanding
from infoint.practice.conclusion import Conclusion
from infoint.practice.evidence import FOUR_TOPICS, Comparison, TopicEvidence
from infoint.practice.heard import Gain, phrase
from infoint.practice.next_steps import NextStep
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.preview_balance import PreviewSide
from infoint.practice.sides import Sides
from infoint.practice.voices import Testimony, Verdict, Voice

_WORDING: Final[Mapping[str, str]] = {
    "unlisted": "somebody not listed here",
    "with.on": "{names} ({day})",
    "sources.1": "1 person.",
    "sources": "{people} people, {independent} independent sources: people from one chain of introductions count as one.",
    "sources.one": "{people} people, 1 source: people from one chain of introductions count as one.",
    # verdicts with their n
    "contested": "contested: {pro}, {contra}{others}",
    "corroborated": "{agreeing} agree: {side}{others}",
    "single-source": "one source: {side}{others}",
    "single-source.several": "one source ({people} people): {side}{others}",
    "count.for": "{roots} for",
    "count.against": "{roots} against",
    "count.agreeing": "{roots} independent people",
    "count.agreeing.more": "{roots} independent sources ({people} people)",
    "count.for.more": "{roots} for ({people} people)",
    "count.against.more": "{roots} against ({people} people)",
    "others": "; {more} more, neither",
    "side.both": "for and against",
    "side.for": "for",
    "side.against": "against",
    "side.neither": "neither for nor against",
    # the two sides
    "preview.side": "Side",
    "preview.asked": "Asked about it",
    "preview.heard": "Heard of it",
    "preview.rewards": "What is good",
    "preview.challenges": "What is hard",
    "heard.0": "nothing",
    "heard.1": "1 insight from {people}",
    "heard": "{insights} insights from {people}",
    "people.0": "nobody",
    "people.1": "1 person",
    "people": "{people} people",
    "people.sources": "{people} people, {independent} independent sources",
    "people.source": "{people} people, 1 source",
    # what is asked for
    "peaks.letter": "Letter",
    "peaks.people": "Spoken of by",
    "peaks.mine": "What I bring",
    "peaks.personal": "Personal characteristics",
    "peaks.experience": "Experience",
    "peaks.accomplishments": "Accomplishments",
    "peaks.knowledge": "Knowledge",
    "peaks.skills": "Skills",
    "peaks.gap": "a gap: nothing noted",
    "peaks.nothing": "–",
    # beliefs
    "belief.sourced": "{text} ({source})",
    "belief.untested": "Nothing heard on it yet.",
    "belief.+": "Supports it:",
    "belief.-": "Speaks against it:",
    # what to ask next
    "ask.them": "Ask {name} about {topics}: {why}",
    "ask.new": "Find somebody new to ask about {topics}: {why}",
    "ask.more": "{number} more",
    "ask.unheard": "nobody has spoken of it",
    "ask.one-source": "only one source so far",
    "ask.contested": "people disagree",
    # stance and decision
    "leaning.-2": "−2, against",
    "leaning.-1": "−1, rather against",
    "leaning.0": "0, undecided",
    "leaning.1": "+1, rather for",
    "leaning.2": "+2, for",
    "decision": "Decision",
    "decision.on": "On",
    "decision.because": "Because",
    "decision.rests-on": "Rests on talks with",
    "decision.not-held": "{talk}, which has not taken place",
    "decision.missing": "{number} more, not listed here",
}
"""All that evidence says of its own."""

_WHY: Final = {Gain.UNHEARD: "ask.unheard", Gain.ONE_SOURCE: "ask.one-source", Gain.CONTESTED: "ask.contested"}
_AT_ONCE: Final = 5
"""Topics named in one line; more would not be read."""
SIGNS: Final = {Valence.POSITIVE: "+", Valence.NEGATIVE: "−", Valence.NEUTRAL: "0"}


def _say(key: str, **words: object) -> str:
    return _WORDING[key].format(**words)


# ── talks and people ─────────────────────────────────────────────────────────────────────────────
def day_of(talk: Interview, campaign: Campaign) -> str:
    """The day of a talk in the explorer's zone; "" where it has none."""
    return day(talk.meeting.start.astimezone(campaign.profile.zone).date()) if talk.meeting else ""


def talk_with(talk: Interview, campaign: Campaign) -> str:
    """As in: Ana Ruiz (Tue 1 Dec 2026)."""
    people, when = names(campaign.people(talk)), day_of(talk, campaign)
    return _say("with.on", names=people, day=when) if when else people


def name_of(id: UUID, campaign: Campaign) -> str:
    """Of somebody in a chain of introductions."""
    try:
        return campaign.contact(id).name
    except NotFound:  # whoever only stands in a chain need not be in the campaign
        return _say("unlisted")


def sources(people: int, independent: int) -> str:
    """How many were heard, and how many sources they are."""
    key = "sources.1" if people == 1 else "sources.one" if independent == 1 else "sources"
    return _say(key, people=people, independent=independent)


def people_in_words(people: int, independent: int) -> str:
    """`independent`: how many sources they are, where that is to be said; 0 = it is not."""
    if people < 2:
        return _say(f"people.{people}")
    if independent in {0, people}:
        return _say("people", people=people)
    return _say("people.sources" if independent > 1 else "people.source", people=people, independent=independent)


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────
def in_words(one: Testimony, verdict: Verdict | None) -> str:
    """The verdict with its n: how many independent people stand where, and how many people they are, if these are more."""
    sides = one.sides
    match verdict:
        case Verdict.CONTESTED:
            pro = _counted(len(sides.for_it), "for", one.on(Valence.POSITIVE))
            contra = _counted(len(sides.against), "against", one.on(Valence.NEGATIVE))
            return _say("contested", pro=pro, contra=contra, others=_others(sides))
        case Verdict.CORROBORATED:
            voices = next(heard for valence in SIGNS if (heard := one.on(valence)))
            agreeing = _counted(sides.agreeing, "agreeing", voices)
            return _say("corroborated", agreeing=agreeing, side=_stands(sides), others=_others(sides))
        case _:
            several = one.referral_roots == 1 and one.people > 1
            key = f"single-source{'.several' if several else ''}"
            return _say(key, people=one.people, side=_stands(sides), others=_others(sides))


def _counted(roots: int, what: str, voices: Iterable[Voice]) -> str:
    people = len({voice.person.id for voice in voices})
    return _say(f"count.{what}{'' if people == roots else '.more'}", roots=roots, people=people)


def _others(sides: Sides) -> str:
    """Those who see neither good nor bad in it, where others take a side."""
    sided = sides.for_it | sides.against
    more = len(sides.neither - sided) if sided else 0
    return _say("others", more=more) if more else ""


def _stands(sides: Sides) -> str:
    if sides.for_it and sides.against:
        return _say("side.both")
    return _say("side.for" if sides.for_it else "side.against" if sides.against else "side.neither")


def who(one: TopicEvidence) -> str:
    """Who stands on which side of a topic, a line for each side."""
    sides = ((sign, dict.fromkeys(voice.person.name for voice in one.on(valence))) for valence, sign in SIGNS.items())
    return "\n".join(f"{sign} {', '.join(people)}" for sign, people in sides if people)


def quoted(voice: Voice) -> str:
    """As in: A product changes because of what you found (Ana Ruiz)."""
    return f"{voice.insight.text} ({voice.person.name})"


# ── the two sides, and what is asked for ─────────────────────────────────────────────────────────
def preview(found: Comparison) -> Iterator[Block]:
    """Both sides of the work, as asked and as heard; nothing where neither was touched."""
    sides = (("rewards", found.preview.rewards), ("challenges", found.preview.challenges))
    if any(side.asked or side.heard for _, side in sides):
        yield Table(
            (_say("preview.side"), _say("preview.asked"), _say("preview.heard")),
            tuple(
                (_say(f"preview.{name}"), people_in_words(len(side.asked), 0), _heard_in_words(side)) for name, side in sides
            ),
        )


def _heard_in_words(side: PreviewSide) -> str:
    insights = len(side.heard)
    people = people_in_words(side.people, side.referral_roots)
    return _say(f"heard.{insights}" if insights < 2 else "heard", insights=insights, people=people)


def peaks(needs: Iterable[PeaksNeed]) -> Iterator[Block]:
    """What the work asks for, letter by letter, against what the explorer brings; nothing where nobody spoke of any."""
    needs = tuple(needs)
    if any(need.roots for need in needs):
        yield Table(
            (_say("peaks.letter"), _say("peaks.people"), _say("peaks.mine")),
            tuple((letter(need.letter), people_in_words(need.people, need.referral_roots), _brought(need)) for need in needs),
        )


def letter(one: Peaks) -> str:
    """What a letter of PEAKS stands for."""
    return _say(f"peaks.{(one.name or '').lower()}")


def _brought(need: PeaksNeed) -> str:
    mine = "; ".join(strength.text for strength in need.strengths)
    return mine or _say("peaks.gap" if need.is_gap else "peaks.nothing")


# ── what to ask next ─────────────────────────────────────────────────────────────────────────────
def topics_to_hear(steps: Iterable[NextStep]) -> Iterator[str]:
    """One line for what is to be asked of the same person for the same reason."""
    together: defaultdict[tuple[Gain, str], list[str]] = defaultdict(list)
    for step in steps:
        # What was asked and not answered has a line of its own, with the question.
        if not (step.so_far.asked and step.gain is Gain.UNHEARD and step.topic not in FOUR_TOPICS):
            together[step.gain, step.people[0].name if step.people else ""].append(phrase(step.topic))
    for (gain, name), topics in together.items():
        more = [_say("ask.more", number=len(topics) - _AT_ONCE)] if len(topics) > _AT_ONCE else []
        about = listed([*topics[:_AT_ONCE], *more])
        yield _say("ask.them" if name else "ask.new", name=name, topics=about, why=_say(_WHY[gain]))


# ── beliefs, stance and decision ─────────────────────────────────────────────────────────────────
def belief_text(one: BeliefEvidence) -> str:
    """What was believed, and where it came from."""
    # What speaks for or against something that is no longer among the beliefs is shown under its key.
    if one.belief is None:
        return one.key
    belief = one.belief
    return _say("belief.sourced", text=belief.text, source=belief.source) if belief.source else belief.text


def ledger(one: BeliefEvidence) -> Iterator[Block]:
    """The verdict on a belief, and each voice on it."""
    if one.standing is BeliefStanding.UNTESTED:
        yield Paragraph(_say("belief.untested"))
        return
    words = in_words(one, one.verdict)
    yield Paragraph(f"{words[:1].upper()}{words[1:]}.")
    yield Bullets(
        tuple((Strong(_say(f"belief.{side}")), f" {quoted(voice)}") for voice in one.voices for side in one.stands(voice))
    )


def stances(held: Iterable[Stance], campaign: Campaign) -> Iterator[Block]:
    """How the explorer leaned, the earliest first."""
    if told := tuple(_stance(stance, campaign) for stance in sorted(held, key=lambda stance: instant(stance.at))):
        yield Bullets(told)


def _stance(stance: Stance, campaign: Campaign) -> Text:
    when = day(stance.at.astimezone(campaign.profile.zone).date())
    return (f"{when}: ", Strong(leaning(stance.leaning)), f". {stance.note}" if stance.note else "")


def leaning(figure: int) -> str:
    """As in: +1, rather for."""
    return _say(f"leaning.{figure}")


def decision(ended: Conclusion | None, campaign: Campaign) -> Iterator[Block]:
    """What was decided, why, and on which talks it rests; nothing before there is a decision."""
    if ended is None:
        return
    decided = ended.decision
    rests_on = [talk_with(talk, campaign) for talk in ended.talks]
    rests_on += [_say("decision.not-held", talk=talk_with(talk, campaign)) for talk in ended.not_held]
    if ended.missing:
        rests_on.append(_say("decision.missing", number=len(ended.missing)))
    pairs = [
        (_say("decision"), decided.outcome.replace("-", " ")),
        (_say("decision.on"), day(decided.at.astimezone(campaign.profile.zone).date())),
        (_say("decision.because"), decided.because),
        (_say("decision.rests-on"), "; ".join(rests_on)),
    ]
    yield Fields(tuple((name, (value,)) for name, value in pairs if value))
