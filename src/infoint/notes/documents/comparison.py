"""What several talks say together, to read and to print: how far it goes first, then what agrees, what is disputed, who was asked
what, what is still open and whom to ask it (practice §8, §9). The weighing is `infoint.practice.evidence`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from infoint.errors import NotFound
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration, Stance
from infoint.model.fields import instant
from infoint.model.identity import identified
from infoint.model.interview import UPCOMING, Interview
from infoint.model.peaks import Peaks
from infoint.notes.contract import Block, Bullets, Checklist, Document, Fields, Paragraph, Section, Strong, Table, Text
from infoint.notes.documents.phrases import day, listed, names, stem
from infoint.practice.belief_ledger import BeliefEvidence, BeliefStanding
from infoint.practice.conclusion import Conclusion, conclusion
from infoint.practice.evidence import FOUR_TOPICS, Comparison, TopicEvidence, compare
from infoint.practice.evidence_matrix import CellState, EvidenceCell, EvidenceMatrix, EvidenceRow
from infoint.practice.heard import Gain, phrase
from infoint.practice.next_steps import NextStep, next_steps
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.policy import Policy
from infoint.practice.preview_balance import PreviewSide
from infoint.practice.sides import Sides
from infoint.practice.voices import Testimony, Verdict, Voice, heard_in, in_time

SIDE_BY_SIDE: Final = 6
"""The most people a table has a column for each of: more would fit neither a phone nor a sheet of paper."""
_SIGNS: Final = {Valence.POSITIVE: "+", Valence.NEGATIVE: "−", Valence.NEUTRAL: "0"}
_MARKS: Final = {CellState.ANSWERED: "●", CellState.ASKED: "○", CellState.NOT_ASKED: "–"}
_LETTERS: Final = {
    Peaks.PERSONAL: "Personal characteristics",
    Peaks.EXPERIENCE: "Experience",
    Peaks.ACCOMPLISHMENTS: "Accomplishments",
    Peaks.KNOWLEDGE: "Knowledge",
    Peaks.SKILLS: "Skills",
}
_MISSING: Final = {
    Gain.UNHEARD: "nobody has spoken of it",
    Gain.ONE_SOURCE: "only one source so far",
    Gain.CONTESTED: "people disagree",
}
_AT_ONCE: Final = 5
"""Topics named in one line; more would not be read."""
_LEANINGS: Final = {-2: "against", -1: "rather against", 0: "undecided", 1: "rather for", 2: "for"}


def comparison(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Document:
    """An exploration's talks side by side. The policy's bank gives the wording of questions answered that were on no agenda.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    return Document(
        name="comparison",
        title=f"{_headline(len(found.people))} about {exploration.subject}",
        filename=stem("comparison", exploration.subject, exploration.id.hex[-8:]),
        sections=tuple(_sections(found, campaign, policy)),
    )


def _headline(people: int) -> str:
    match people:
        case 0:
            return "Nobody heard yet"
        case 1:
            return "What 1 person says"
        case _:
            return f"What {people} people say"


def _sections(found: Comparison, campaign: Campaign, policy: Policy | None) -> Iterator[Section]:
    parts: tuple[tuple[str, str, Iterator[Block]], ...] = (
        ("warnings", "Before you rely on this", _warnings(found)),
        ("people", "Who was heard", _people(found, campaign)),
        ("verdicts", "What they say together", _verdicts(found)),
        ("preview", "The good and the hard side", _preview(found)),
        ("peaks", "What the work asks for", _peaks(found.peaks)),
        ("topics", "Topic by topic", _topics(found.topics)),
        ("questions", "Who was asked what", _questions(found.matrix)),
        ("answers", "Answers side by side", _answers(found.matrix)),
        ("open", "Still open", _open(found, next_steps(found.exploration, campaign, policy=policy), campaign)),
        ("beliefs", "What I believed before", _beliefs(found)),
        ("stance", "How I lean", _stances(found.exploration.stances, campaign)),
        ("decision", "What I decided", _decision(conclusion(found.exploration, campaign), campaign)),
    )
    for key, title, made in parts:
        if blocks := tuple(made):
            yield Section(key=key, title=title, blocks=blocks)


def _warnings(found: Comparison) -> Iterator[Block]:
    if found.warnings:
        yield Bullets(tuple(str(warning) for warning in found.warnings))


# ── who ──────────────────────────────────────────────────────────────────────────────────────────
def _people(found: Comparison, campaign: Campaign) -> Iterator[Block]:
    if not found.people:
        return
    yield Paragraph(_sources(len(found.people), len(set(found.roots))))
    days: defaultdict[UUID, list[str]] = defaultdict(list)
    for talk in found.talks:
        for id in heard_in(talk):
            days[id].append(_on(talk, campaign) or "on a day not noted")
    yield Bullets(
        tuple(
            (Strong(person.name), _about(person, days[person.id], _how_found(person, root, campaign)))
            for person, root in zip(found.people, found.roots, strict=True)
        )
    )


def _about(person: Contact, days: Iterable[str], how_found: str) -> str:
    work = "".join(f", {part}" for part in (person.title, person.organization) if part)
    return f"{work}. Heard {', '.join(days)}.{how_found and f' {how_found}.'}"


def _sources(people: int, independent: int) -> str:
    if people == 1:
        return "1 person."
    sources = "independent sources" if independent > 1 else "source"
    return f"{people} people, {independent} {sources}: people from one chain of introductions count as one."


def _on(talk: Interview, campaign: Campaign) -> str:
    return day(talk.meeting.start.astimezone(campaign.profile.zone).date()) if talk.meeting else ""


def _how_found(person: Contact, root: UUID, campaign: Campaign) -> str:
    if person.referred_by is None:
        return f"Source: {person.source.label.lower()}" if person.source else ""
    further = "" if root in (person.referred_by, person.id) else f"; the chain began with {_name(root, campaign)}"
    return f"Introduced by {_name(person.referred_by, campaign)}{further}"


def _name(id: UUID, campaign: Campaign) -> str:
    try:
        return campaign.contact(id).name
    except NotFound:  # whoever only stands in a chain need not be in the campaign
        return "somebody not listed here"


# ── what they say ────────────────────────────────────────────────────────────────────────────────
def _verdicts(found: Comparison) -> Iterator[Block]:
    if found.topics:
        rows = tuple((one.topic.label, f"{_in_words(one, one.verdict)}\n{_who(one)}") for one in found.topics)
        yield Table(("Topic", "Together"), rows, "+ speaks for it, − against it, 0 neither")
    elif found.people:
        yield Paragraph("No insight has been noted yet.")


def _in_words(one: Testimony, verdict: Verdict | None) -> str:
    """The verdict with its n: how many independent people stand where, and how many people they are, if these are more."""
    sides = one.sides
    match verdict:
        case Verdict.CONTESTED:
            pro = _counted(len(sides.for_it), "for", one.on(Valence.POSITIVE))
            return f"contested: {pro}, {_counted(len(sides.against), 'against', one.on(Valence.NEGATIVE))}{_others(sides)}"
        case Verdict.CORROBORATED:
            agreeing = next(said for valence in _SIGNS if (said := one.on(valence)))
            return f"{_counted(sides.agreeing, 'independent people', agreeing)} agree: {_stands(sides)}{_others(sides)}"
        case _:
            several = f" ({one.people} people)" if one.referral_roots == 1 and one.people > 1 else ""
            return f"one source{several}: {_stands(sides)}{_others(sides)}"


def _counted(roots: int, what: str, voices: Iterable[Voice]) -> str:
    people = len({voice.person.id for voice in voices})
    if people == roots:
        return f"{roots} {what}"
    return f"{roots} {what.replace('people', 'sources')} ({people} people)"


def _others(sides: Sides) -> str:
    """Those who see neither good nor bad in it, where others take a side."""
    sided = sides.for_it | sides.against
    more = len(sides.neither - sided) if sided else 0
    return f"; {more} more, neither" if more else ""


def _stands(sides: Sides) -> str:
    if sides.for_it and sides.against:
        return "for and against"
    return "for" if sides.for_it else "against" if sides.against else "neither for nor against"


def _who(one: TopicEvidence) -> str:
    sides = ((sign, dict.fromkeys(voice.person.name for voice in one.on(valence))) for valence, sign in _SIGNS.items())
    return "\n".join(f"{sign} {', '.join(people)}" for sign, people in sides if people)


def _preview(found: Comparison) -> Iterator[Block]:
    sides = (("What is good", found.preview.rewards), ("What is hard", found.preview.challenges))
    if any(side.asked or side.heard for _, side in sides):
        yield Table(
            ("Side", "Asked about it", "Heard of it"),
            tuple((name, _people_in_words(len(side.asked), 0), _heard_in_words(side)) for name, side in sides),
        )


def _heard_in_words(side: PreviewSide) -> str:
    if not side.heard:
        return "nothing"
    told = "1 insight" if len(side.heard) == 1 else f"{len(side.heard)} insights"
    return f"{told} from {_people_in_words(side.people, side.referral_roots)}"


def _people_in_words(people: int, independent: int) -> str:
    """`independent`: how many sources they are, where that is to be said; 0 = it is not."""
    if people < 2:
        return ("nobody", "1 person")[people]
    if independent in {0, people}:
        return f"{people} people"
    return f"{people} people, {f'{independent} independent sources' if independent > 1 else '1 source'}"


def _peaks(needs: Iterable[PeaksNeed]) -> Iterator[Block]:
    needs = tuple(needs)
    if any(need.roots for need in needs):
        yield Table(
            ("Letter", "Spoken of by", "What I bring"),
            tuple(
                (_LETTERS[need.letter], _people_in_words(need.people, need.referral_roots), _brought(need)) for need in needs
            ),
        )


def _brought(need: PeaksNeed) -> str:
    return "; ".join(strength.text for strength in need.strengths) or ("a gap: nothing noted" if need.is_gap else "–")


def _topics(topics: Iterable[TopicEvidence]) -> Iterator[Block]:
    for number, one in enumerate(topics, 1):
        said = tuple(_said(voice) for valence in _SIGNS for voice in one.on(valence))
        yield Section(key=f"topic-{number}", title=one.topic.label, blocks=(Bullets(said),))


def _said(voice: Voice) -> Text:
    return (Strong(_SIGNS[voice.insight.valence]), f" {voice.insight.text} ({voice.person.name})")


# ── who was asked what ───────────────────────────────────────────────────────────────────────────
def _questions(matrix: EvidenceMatrix) -> Iterator[Block]:
    if not matrix.rows:
        return
    if len(matrix.people) > SIDE_BY_SIDE:
        yield Table(
            ("Question", "Answered", "Asked, nothing noted", "Not asked"),
            tuple((row.wording, *(str(_reached(row, state)) for state in CellState)) for row in matrix.rows),
        )
        return
    yield Table(
        ("Question", *(person.name for person in matrix.people)),
        tuple((row.wording, *(_MARKS[cell.state] for cell in row.cells)) for row in matrix.rows),
        "● answered, ○ asked and nothing noted, – not asked",
    )


def _reached(row: EvidenceRow, state: CellState) -> int:
    return sum(cell.state is state for cell in row.cells)


def _answers(matrix: EvidenceMatrix) -> Iterator[Block]:
    answered = (row for row in matrix.rows if not row.open)
    for number, row in enumerate(answered, 1):
        pairs = [
            (person.name, _answer(cell, row))
            for person, cell in zip(matrix.people, row.cells, strict=True)
            if cell.state is CellState.ANSWERED
        ]
        silent = _silent(row, matrix)
        if silent and len(matrix.people) > SIDE_BY_SIDE:
            pairs.append(("Nothing noted", (names(silent),)))
        yield Section(key=f"answer-{number}", title=row.wording, blocks=(Fields(tuple(pairs)),))


def _answer(cell: EvidenceCell, row: EvidenceRow) -> Text:
    otherwise = [wording for wording in cell.wordings if wording != row.wording]
    asked = f"(asked as: {' / '.join(otherwise)})" if otherwise else ""
    return ("\n".join(filter(None, (*(answer.text for answer in cell.answers), asked))),)


def _silent(row: EvidenceRow, matrix: EvidenceMatrix) -> list[Contact]:
    return [person for person, cell in zip(matrix.people, row.cells, strict=True) if cell.state is CellState.ASKED]


# ── what is open ─────────────────────────────────────────────────────────────────────────────────
def _open(found: Comparison, steps: Iterable[NextStep], campaign: Campaign) -> Iterator[Block]:
    to_do = [
        *_people_to_hear(found, campaign),
        *_topics_to_hear(steps),
        *(
            f"{row.wording} Asked of {names(_silent(row, found.matrix))}; no answer noted"
            for row in found.matrix.rows
            if row.open
        ),
        *(f"Write up the talk with {_with(talk, campaign)}" for talk in found.talks if talk.debrief is None),
    ]
    if to_do:
        yield Checklist(tuple((False, line) for line in to_do))


def _people_to_hear(found: Comparison, campaign: Campaign) -> Iterator[str]:
    missing = found.exploration.target_talks - len(found.people)
    if missing > 0:
        yield f"Hear {missing} more ({len(found.people)} of the {found.exploration.target_talks} people aimed at so far)"
    coming = [talk for talk in campaign.interviews_in(found.exploration) if talk.status in UPCOMING]
    for talk in sorted(coming, key=in_time):
        yield f"Talk with {_with(talk, campaign)}"


def _topics_to_hear(steps: Iterable[NextStep]) -> Iterator[str]:
    """One line for what is to be asked of the same person for the same reason."""
    together: defaultdict[tuple[Gain, str], list[str]] = defaultdict(list)
    for step in steps:
        # What was asked and not answered has a line of its own, with the question.
        if not (step.so_far.asked and step.gain is Gain.UNHEARD and step.topic not in FOUR_TOPICS):
            whom = f"Ask {step.people[0].name}" if step.people else "Find somebody new to ask"
            together[step.gain, whom].append(phrase(step.topic))
    for (gain, whom), topics in together.items():
        more = [f"{len(topics) - _AT_ONCE} more"] if len(topics) > _AT_ONCE else []
        yield f"{whom} about {listed([*topics[:_AT_ONCE], *more])}: {_MISSING[gain]}"


def _with(talk: Interview, campaign: Campaign) -> str:
    when = _on(talk, campaign)
    return f"{names(campaign.people(talk))}{when and f' ({when})'}"


# ── beliefs, stance and decision ─────────────────────────────────────────────────────────────────
def _beliefs(found: Comparison) -> Iterator[Block]:
    for number, one in enumerate(found.beliefs, 1):
        yield Section(key=f"belief-{number}", title=_belief(one), blocks=tuple(_ledger(one)))


def _ledger(one: BeliefEvidence) -> Iterator[Block]:
    if one.standing is BeliefStanding.UNTESTED:
        yield Paragraph("Nothing heard on it yet.")
        return
    words = _in_words(one, one.verdict)
    yield Paragraph(f"{words[:1].upper()}{words[1:]}.")
    sides = {Valence.POSITIVE: "Supports it:", Valence.NEGATIVE: "Speaks against it:"}
    yield Bullets(
        tuple(
            (Strong(sides[side]), f" {voice.insight.text} ({voice.person.name})")
            for voice in one.voices
            for side in one.stands(voice)
        )
    )


def _belief(one: BeliefEvidence) -> str:
    # What speaks for or against something that is no longer among the beliefs is shown under its key.
    if one.belief is None:
        return one.key
    return f"{one.belief.text} ({one.belief.source})" if one.belief.source else one.belief.text


def _stances(stances: Iterable[Stance], campaign: Campaign) -> Iterator[Block]:
    told = tuple(_leaning(stance, campaign) for stance in sorted(stances, key=lambda stance: instant(stance.at)))
    if told:
        yield Bullets(told)


def _leaning(stance: Stance, campaign: Campaign) -> Text:
    when = day(stance.at.astimezone(campaign.profile.zone).date())
    figure = f"{stance.leaning:+d}".replace("-", "−") if stance.leaning else "0"
    return (f"{when}: ", Strong(f"{figure}, {_LEANINGS[stance.leaning]}"), f". {stance.note}" if stance.note else "")


def _decision(ended: Conclusion | None, campaign: Campaign) -> Iterator[Block]:
    if ended is None:
        return
    decision = ended.decision
    rests_on = [_with(talk, campaign) for talk in ended.talks]
    rests_on += [f"{_with(talk, campaign)}, which has not taken place" for talk in ended.not_held]
    if ended.missing:
        rests_on.append(f"{len(ended.missing)} more, not listed here")
    pairs = [
        ("Decision", decision.outcome.replace("-", " ")),
        ("On", day(decision.at.astimezone(campaign.profile.zone).date())),
        ("Because", decision.because),
        ("Rests on talks with", "; ".join(rests_on)),
    ]
    yield Fields(tuple((label, (value,)) for label, value in pairs if value))
