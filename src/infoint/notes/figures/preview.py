"""Whether both sides of the work were asked about and heard: what is hard to the left, what is good to the right (practice §8)."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import MARGIN, WIDE, heading, legend, names_of, nothing, square
from infoint.notes.lettering import shortened
from infoint.notes.svg import Shape, box, drawing, line, told, words
from infoint.notes.wordings import Wordings
from infoint.practice.evidence import Comparison, TopicEvidence, compare
from infoint.practice.policy import Policy
from infoint.practice.preview_balance import PreviewBalance

_LABELS: Final = 190
_ROW: Final = 28
_BESIDE: Final = 44
"""Pixels for the number at the end of a bar."""
_TOPICS: Final = 12
"""Topics drawn one by one, those most spoken of; a longer picture would not be read."""
_HARD: Final = square("none", "orange")
_GOOD: Final = square("blue", "blue")


@frozen
class _Row:
    name: str
    hard: int
    good: int
    hard_people: tuple[str, ...] = ()
    good_people: tuple[str, ...] = ()


def draw_preview(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Picture:
    """Rewards against challenges: who was asked about each, what was heard of each and from how many; then the twelve topics most
    spoken of, with the insights on each side. `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    return preview_of(found, Sayings.of("figure.preview", campaign, wordings))


def preview_of(found: Comparison, says: Sayings) -> Picture:
    """The same of a comparison that is at hand."""
    title = says.say("title", subject=found.exploration.subject)
    rows = list(_sides(found.preview, says))
    topics = list(_topics(found.topics, says))
    summary = _summary(found, says)
    said = " ".join(
        says.say("row", row=row.name, hard=says.number(row.hard), good=says.number(row.good)) for row in (*rows, *topics)
    )
    description = f"{summary} {said}"
    shapes, y = heading(title, summary, WIDE)
    if any(row.hard or row.good for row in rows):
        body, y = _drawn(rows, y, "", says)
        shapes += body
        if topics:
            body, y = _drawn(topics, y + 12, _shown(len(found.topics), says), says)
            shapes += body
        key, y = legend(((_HARD, says.say("key.hard")), (_GOOD, says.say("key.good"))), y, WIDE)
    else:
        key, y = nothing(says.say("nothing"), y)
    return Picture(
        name="preview",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("preview", title, description, [*shapes, *key], wide=WIDE, high=y),
    )


def _shown(topics: int, says: Sayings) -> str:
    if topics <= _TOPICS:
        return says.say("topics")
    return says.say("topics.some", shown=says.number(_TOPICS), count=says.number(topics))


def _sides(preview: PreviewBalance, says: Sayings) -> Iterator[_Row]:
    hard, good = preview.challenges, preview.rewards
    asked = tuple(names_of(hard.asked)), tuple(names_of(good.asked))
    heard = [tuple(dict.fromkeys(voice.person.name for voice in side.heard)) for side in (hard, good)]
    yield _Row(says.say("row.asked"), len(hard.asked), len(good.asked), *asked)
    yield _Row(says.say("row.heard"), hard.people, good.people, *heard)
    yield _Row(says.say("row.sources"), hard.referral_roots, good.referral_roots)
    yield _Row(says.say("row.noted"), len(hard.heard), len(good.heard))


def _topics(topics: Iterable[TopicEvidence], says: Sayings) -> Iterator[_Row]:
    spoken_of = sorted(topics, key=lambda one: -len(one.voices))[:_TOPICS]
    for one in spoken_of:
        sides = one.on(Valence.NEGATIVE), one.on(Valence.POSITIVE)
        hard, good = (tuple(dict.fromkeys(voice.person.name for voice in side)) for side in sides)
        yield _Row(says.label(one.topic), len(sides[0]), len(sides[1]), hard, good)


def _summary(found: Comparison, says: Sayings) -> str:
    preview = found.preview
    if not found.people:
        return says.say("nobody")
    told = [says.say("heard", people=says.people(len(found.people)))]
    if preview.one_sided:
        told.append(says.say("only.good" if preview.rewards.heard else "only.hard"))
    if preview.nobody_asked_what_is_bad:
        told.append(says.say("unasked"))
    return " ".join(told)


def _drawn(rows: list[_Row], y: float, title: str, says: Sayings) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    if title:
        shapes.append(words(title, MARGIN, y + 12, size=13, bold=True))
        y += 26
    middle = (MARGIN + _LABELS + WIDE - MARGIN) / 2
    room = middle - MARGIN - _LABELS - _BESIDE
    most = max([1, *(max(row.hard, row.good) for row in rows)])
    shapes += [
        words(f"{says.say('hard')} −", middle - 10, y + 10, size=11, tone="soft", anchor="end"),
        words(f"+ {says.say('good')}", middle + 10, y + 10, size=11, tone="soft"),
    ]
    y += 16
    for number, row in enumerate(rows):
        top = y + _ROW * number
        shapes.append(told(row.name, words(shortened(row.name, _LABELS - 12, 12.5), MARGIN, top + 18, size=12.5)))
        hard, good = room * row.hard / most, room * row.good / most
        shapes += [
            told(
                _who(row.name, "hard", row.hard, row.hard_people, says),
                *([box(middle - hard, top + 5, hard, _ROW - 10, "none", edge="orange")] if hard else []),
                words(says.number(row.hard), middle - hard - 7, top + 18, size=12, anchor="end", bold=True),
            ),
            told(
                _who(row.name, "good", row.good, row.good_people, says),
                *([box(middle, top + 5, good, _ROW - 10, "blue")] if good else []),
                words(says.number(row.good), middle + good + 7, top + 18, size=12, bold=True),
            ),
        ]
    bottom = y + _ROW * len(rows)
    shapes.append(line(middle, y, middle, bottom, "soft"))
    return shapes, bottom + 14


def _who(name: str, side: str, number: int, people: tuple[str, ...], says: Sayings) -> str:
    told = says.say(f"side.{side}", row=name, count=says.number(number))
    return f"{told} ({says.some(people)})" if people else told
