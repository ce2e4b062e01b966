"""Which topics were covered with whom: topics as rows, people as columns; many people are counted (practice §8)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.model.question import Topic
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import (
    MARGIN,
    NAMED_AT_ONCE,
    WIDE,
    Mark,
    dash,
    full,
    heading,
    legend,
    nothing,
    ring,
    square,
)
from infoint.notes.lettering import shortened, width
from infoint.notes.svg import Shape, box, drawing, line, told, words
from infoint.notes.wordings import Wordings
from infoint.practice.evidence import FOUR_TOPICS, Comparison, compare
from infoint.practice.evidence_matrix import CellState, topic_order
from infoint.practice.policy import Policy

_MARKS: Final[Mapping[CellState, Mark]] = {
    CellState.ANSWERED: full("blue"),
    CellState.ASKED: ring("orange"),
    CellState.NOT_ASKED: dash("line"),
}
_BARS: Final = {
    CellState.ANSWERED: square("blue", "blue"),
    CellState.ASKED: square("none", "orange", dashed=True),
    CellState.NOT_ASKED: square("wash", "wash"),
}
_LABELS: Final = 210
"""Pixels for the names of the topics."""
_ROW: Final = 26
_COLUMNS: Final = (27, 44)
"""Pixels of one person's column: at least, and at most where there is room."""
_NAME: Final = 120
"""Pixels along the slope for a person's name."""
_BEHIND: Final = _NAME * 0.7072 + MARGIN
"""Pixels behind the last column, into which its name leans."""
_COUNT: Final = 60
"""Pixels for the word over the column of how many."""
_SLOPE: Final = 0.7072
"""Sine and cosine of 45°."""


@frozen
class _Row:
    topic: str
    reached: Mapping[UUID, CellState]

    def state(self, person: Contact) -> CellState:
        return self.reached.get(person.id, CellState.NOT_ASKED)

    def people(self, state: CellState, everybody: Iterable[Contact]) -> list[str]:
        return [person.name for person in everybody if self.state(person) is state]


def draw_coverage(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Picture:
    """Topic by person: heard, asked without a noted answer, or not spoken of. The four topics every exploration should hear about
    have a row in any case. More than 30 people are counted, and named where one points. `wordings`: others than those shipped for the
    explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    return coverage_of(found, Sayings.of("figure.coverage", campaign, wordings))


def coverage_of(found: Comparison, says: Sayings) -> Picture:
    """The same of a comparison that is at hand."""
    rows = list(_rows(found, says))
    title = says.say("title", subject=found.exploration.subject)
    summary = _summary(rows, found, says)
    description = " ".join([summary or says.say("nothing"), *_in_words(rows, found.people, says)])
    each = 0 < len(found.people) <= NAMED_AT_ONCE
    column = _column(len(found.people))
    wide = max(WIDE, MARGIN + _LABELS + column * len(found.people) + _BEHIND) if each else WIDE
    shapes, y = heading(title, summary, wide)
    if not found.people:
        body, y = nothing(says.say("nothing"), y)
        shapes += body
    elif each:
        body, y = _one_by_one(rows, found.people, y, column, says)
        key, y = legend(((_MARKS[state], says.say(state)) for state in CellState), y, wide)
        shapes += [*body, *key]
    else:
        body, y = _bars(rows, found.people, y, says)
        key, y = legend(((_BARS[state], says.say(state)) for state in CellState), y, wide)
        shapes += [*body, *key]
    return Picture(
        name="coverage",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("coverage", title, description, shapes, wide=wide, high=y),
    )


def _rows(found: Comparison, says: Sayings) -> Iterator[_Row]:
    reached: defaultdict[Topic | None, dict[UUID, CellState]] = defaultdict(dict)
    reached.update({topic: {} for topic in FOUR_TOPICS})
    for row in found.matrix.rows:
        for person, cell in row.reached:
            if reached[row.topic].get(person.id) is not CellState.ANSWERED:
                reached[row.topic][person.id] = cell.state
    for evidence in found.topics:
        reached[evidence.topic] |= {voice.person.id: CellState.ANSWERED for voice in evidence.voices}
    for topic in sorted(reached, key=topic_order):
        yield _Row(says.label(topic) if topic else says.say("no-topic"), reached[topic])


def _summary(rows: list[_Row], found: Comparison, says: Sayings) -> str:
    if not found.people:
        return ""
    heard = sum(CellState.ANSWERED in row.reached.values() for row in rows)
    return says.say(
        "summary", people=says.people(len(found.people)), heard=says.number(heard), topics=says.counted("topics", len(rows))
    )


def _in_words(rows: Iterable[_Row], people: Iterable[Contact], says: Sayings) -> Iterator[str]:
    everybody = tuple(people)
    for row in rows if everybody else ():
        states = Counter(map(row.state, everybody))
        heard, asked = (says.number(states[state]) for state in (CellState.ANSWERED, CellState.ASKED))
        yield says.say("topic", topic=row.topic, heard=heard, asked=asked)


# ── person by person ─────────────────────────────────────────────────────────────────────────────
def _column(people: int) -> float:
    """Pixels for each of so many."""
    least, most = _COLUMNS
    return min(most, max(least, (WIDE - MARGIN - _LABELS - _BEHIND) / max(1, people)))


def _one_by_one(
    rows: list[_Row], people: tuple[Contact, ...], y: float, column: float, says: Sayings
) -> tuple[list[Shape], float]:
    names = [shortened(person.name, _NAME, 12) for person in people]
    top = y + max(width(name, 12) for name in names) * _SLOPE + 16
    left = MARGIN + _LABELS + column / 2
    right = left + column * (len(people) - 0.5)
    count = shortened(says.say("heard"), _COUNT, 11)
    beside = right + max(20, 18 - column / 2 + width(count, 11) / 2)  # clear of the last name, which leans over it
    shapes = [
        words(count, beside, top - 8, size=11, tone="soft", anchor="middle"),
        *(
            told(person.name, words(name, left + column * place + 2, top - 8, turn=-45))
            for place, (person, name) in enumerate(zip(people, names, strict=True))
        ),
    ]
    for number, row in enumerate(rows):
        middle = top + _ROW * number + _ROW / 2
        if number % 2 == 0:
            shapes.append(box(MARGIN - 8, top + _ROW * number, beside - MARGIN + 26, _ROW, "wash", corner=3))
        shapes.append(told(row.topic, words(shortened(row.topic, _LABELS - 12, 12.5), MARGIN, middle + 4.5, size=12.5)))
        for place, person in enumerate(people):
            state = row.state(person)
            tooltip = says.say("cell", topic=row.topic, name=person.name, state=says.say(state))
            shapes.append(told(tooltip, _MARKS[state](left + column * place, middle)))
        heard = len(row.people(CellState.ANSWERED, people))
        shapes.append(words(says.number(heard), beside, middle + 4.5, size=12.5, bold=True, anchor="middle"))
    return shapes, top + _ROW * len(rows) + 14


# ── counted ──────────────────────────────────────────────────────────────────────────────────────
def _bars(rows: list[_Row], people: tuple[Contact, ...], y: float, says: Sayings) -> tuple[list[Shape], float]:
    left = MARGIN + _LABELS
    room = WIDE - MARGIN - left - 90
    shapes: list[Shape] = []
    for number, row in enumerate(rows):
        top = y + _ROW * number
        shapes.append(told(row.topic, words(shortened(row.topic, _LABELS - 12, 12.5), MARGIN, top + 17, size=12.5)))
        x: float = left
        for state in CellState:
            who = row.people(state, people)
            long = room * len(who) / len(people)
            if who:
                count, names = says.number(len(who)), says.some(who)
                tooltip = says.say("bar", topic=row.topic, state=says.say(state), count=count, names=names)
                shapes.append(told(tooltip, *_bar(state, count, x, top + 3, long)))
            x += long
        of_all = says.say(
            "heard.of",
            heard=says.number(len(row.people(CellState.ANSWERED, people))),
            people=says.number(len(people)),
        )
        shapes.append(words(of_all, WIDE - MARGIN, top + 17, size=12.5, anchor="end", bold=True))
    bottom = y + _ROW * len(rows)
    shapes.append(line(left, y, left, bottom, "soft"))
    return shapes, bottom + 14


def _bar(state: CellState, people: str, x: float, y: float, long: float) -> Iterator[Shape]:
    high = _ROW - 6
    match state:
        case CellState.ANSWERED:
            yield box(x, y, long, high, "blue")
        case CellState.ASKED:
            yield box(x + 1, y + 1, max(long - 2, 1), high - 2, "none", edge="orange", dashed=True)
            if width(people, 11) + 6 <= long:
                yield words(people, x + long / 2, y + 14, size=11, anchor="middle")
        case _:
            yield box(x, y, long, high, "wash")
