"""Whether both sides of the work were asked about and heard: what is hard to the left, what is good to the right (practice §8)."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.debrief import Valence
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sheet import MARGIN, WIDE, counted, heading, legend, named, names_of, nothing, square
from infoint.notes.lettering import shortened
from infoint.notes.svg import Shape, box, drawing, line, told, words
from infoint.practice.evidence import Comparison, TopicEvidence, compare
from infoint.practice.labels import label
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


def draw_preview(exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None) -> Picture:
    """Rewards against challenges: who was asked about each, what was heard of each and from how many; then the twelve topics most
    spoken of, with the insights on each side.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    title = f"The good and the hard side: {exploration.subject}"
    rows = list(_sides(found.preview))
    topics = list(_topics(found.topics, campaign.profile.language))
    summary = _summary(found)
    said = " ".join(f"{row.name}: {row.hard} on the hard side, {row.good} on the good." for row in (*rows, *topics))
    description = f"{summary} {said}"
    shapes, y = heading(title, summary, WIDE)
    if any(row.hard or row.good for row in rows):
        body, y = _drawn(rows, y, "")
        shapes += body
        if topics:
            body, y = _drawn(topics, y + 12, _shown(len(found.topics)))
            shapes += body
        key, y = legend(((_HARD, "what is hard"), (_GOOD, "what is good")), y, WIDE)
    else:
        key, y = nothing("Nothing was asked or heard of either side yet.", y)
    return Picture(
        name="preview",
        title=title,
        description=description,
        svg=drawing("preview", title, description, [*shapes, *key], wide=WIDE, high=y),
    )


def _shown(topics: int) -> str:
    return "Insights by topic" if topics <= _TOPICS else f"Insights by topic: the {_TOPICS} most spoken of, of {topics}"


def _sides(preview: PreviewBalance) -> Iterator[_Row]:
    hard, good = preview.challenges, preview.rewards
    asked = tuple(names_of(hard.asked)), tuple(names_of(good.asked))
    heard = [tuple(dict.fromkeys(voice.person.name for voice in side.heard)) for side in (hard, good)]
    yield _Row("People asked about it", len(hard.asked), len(good.asked), *asked)
    yield _Row("People heard on it", hard.people, good.people, *heard)
    yield _Row("Independent sources", hard.referral_roots, good.referral_roots)
    yield _Row("Insights noted", len(hard.heard), len(good.heard))


def _topics(topics: Iterable[TopicEvidence], language: str) -> Iterator[_Row]:
    spoken_of = sorted(topics, key=lambda one: -len(one.voices))[:_TOPICS]
    for one in spoken_of:
        sides = one.on(Valence.NEGATIVE), one.on(Valence.POSITIVE)
        hard, good = (tuple(dict.fromkeys(voice.person.name for voice in side)) for side in sides)
        yield _Row(label(one.topic, language), len(sides[0]), len(sides[1]), hard, good)


def _summary(found: Comparison) -> str:
    preview = found.preview
    if not found.people:
        return "Nobody has been heard yet."
    heard = f"{counted(len(found.people), 'person', 'people')} heard."
    if preview.one_sided:
        side = "good" if preview.rewards.heard else "hard"
        heard += f" One-sided so far: all that was noted is on the {side} side."
    if preview.nobody_asked_what_is_bad:
        heard += " Nobody was asked what is hard."
    return heard


def _drawn(rows: list[_Row], y: float, title: str) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    if title:
        shapes.append(words(title, MARGIN, y + 12, size=13, bold=True))
        y += 26
    middle = (MARGIN + _LABELS + WIDE - MARGIN) / 2
    room = middle - MARGIN - _LABELS - _BESIDE
    most = max([1, *(max(row.hard, row.good) for row in rows)])
    shapes += [
        words("hard −", middle - 10, y + 10, size=11, tone="soft", anchor="end"),
        words("+ good", middle + 10, y + 10, size=11, tone="soft"),
    ]
    y += 16
    for number, row in enumerate(rows):
        top = y + _ROW * number
        shapes.append(told(row.name, words(shortened(row.name, _LABELS - 12, 12.5), MARGIN, top + 18, size=12.5)))
        hard, good = room * row.hard / most, room * row.good / most
        shapes += [
            told(
                _who(row.name, "hard", row.hard, row.hard_people),
                *([box(middle - hard, top + 5, hard, _ROW - 10, "none", edge="orange")] if hard else []),
                words(f"{row.hard:,}", middle - hard - 7, top + 18, size=12, anchor="end", bold=True),
            ),
            told(
                _who(row.name, "good", row.good, row.good_people),
                *([box(middle, top + 5, good, _ROW - 10, "blue")] if good else []),
                words(f"{row.good:,}", middle + good + 7, top + 18, size=12, bold=True),
            ),
        ]
    bottom = y + _ROW * len(rows)
    shapes.append(line(middle, y, middle, bottom, "soft"))
    return shapes, bottom + 14


def _who(name: str, side: str, number: int, people: tuple[str, ...]) -> str:
    return f"{name}, the {side} side: {number:,}{f' ({named(people)})' if people else ''}"
