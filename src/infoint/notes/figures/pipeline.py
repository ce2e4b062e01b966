"""Where the talks stand: one row per status, one square per talk (practice §6)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.interview_status import FALLEN_THROUGH, MET, InterviewStatus
from infoint.notes.figures import graph_text
from infoint.notes.figures.graph_text import Arc, Node
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sheet import MARGIN, WIDE, counted, cross, heading, legend, named, nothing, square
from infoint.notes.figures.talks import people_of, subject_of, talks_about
from infoint.notes.lettering import one_line, shortened
from infoint.notes.svg import Shape, box, drawing, line, path, told, words
from infoint.practice.labels import label

_NOTHING: Final = "No talk has been planned yet."
_ROW: Final = 28
_LABELS: Final = 170
_SQUARES: Final = 250
_SQUARE: Final = 15
"""Pixels from one talk to the next, where there is room for all."""
_WAY: Final = tuple(status for status in InterviewStatus if status not in FALLEN_THROUGH)
_LOST: Final = tuple(status for status in InterviewStatus if status in FALLEN_THROUGH)
_LEAVES: Final = {
    InterviewStatus.DECLINED: InterviewStatus.REQUESTED,
    InterviewStatus.NO_RESPONSE: InterviewStatus.REQUESTED,
    InterviewStatus.CANCELLED: InterviewStatus.SCHEDULED,
    InterviewStatus.NO_SHOW: InterviewStatus.CONFIRMED,
}
"""From where a talk that came to nothing is drawn to have left the way."""
_NAMES: Final = 3
"""Names in the label of a node."""

_Talks = Mapping[InterviewStatus, Sequence[Interview]]


def draw_pipeline(exploration: Exploration | None, campaign: Campaign) -> Picture:
    """The talks of an exploration by status, or all of the campaign for None. Also as Mermaid and DOT text.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    language = campaign.profile.language
    talks = _by_status(talks_about(exploration, campaign))
    title = f"Where the talks stand: {subject_of(exploration)}"
    summary = _summary(talks)
    each = "; ".join(f"{label(status, language)}: {len(talks[status])}" for status in InterviewStatus if status in talks)
    description = f"{summary} {each}." if talks else _NOTHING
    shapes, y = heading(title, summary, WIDE)
    if talks:
        body, y = _drawn(talks, campaign, y)
        shapes += body
        key, y = legend(_KEY, y + 6, WIDE)
    else:
        key, y = nothing(_NOTHING, y)
    nodes, arcs = _graph(talks, campaign)
    return Picture(
        name="pipeline",
        title=title,
        description=description,
        svg=drawing("pipeline", title, description, [*shapes, *key], wide=WIDE, high=y),
        mermaid_text=graph_text.mermaid(title, nodes, arcs),
        dot_text=graph_text.dot(title, nodes, arcs),
    )


_KEY: Final = (
    (square("none", "blue"), "to come"),
    (square("green", "green"), "took place"),
    (cross("red"), "came to nothing"),
)


def _by_status(talks: Sequence[Interview]) -> _Talks:
    found: defaultdict[InterviewStatus, list[Interview]] = defaultdict(list)
    for talk in talks:
        found[talk.status].append(talk)
    return dict(found)


def _summary(talks: _Talks) -> str:
    number = sum(map(len, talks.values()))
    if not number:
        return ""
    held, lost = (sum(len(talks.get(status, ())) for status in some) for some in (MET, FALLEN_THROUGH))
    return f"{counted(number, 'talk')}: {held:,} took place, {number - held - lost:,} to come, {lost:,} came to nothing."


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────
def _drawn(talks: _Talks, campaign: Campaign, y: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    step = min(_SQUARE, _SQUARES / max(map(len, talks.values())))
    for name, some in (("On the way", _WAY), ("Came to nothing", _LOST)):
        shapes.append(words(name, MARGIN, y + 8, size=12, tone="soft", bold=True))
        y += 18
        for status in some:
            shapes += _row(status, talks.get(status, ()), campaign, y, step)
            y += _ROW
        y += 14
    return shapes, y - 8


def _row(status: InterviewStatus, talks: Sequence[Interview], campaign: Campaign, y: float, step: float) -> Iterator[Shape]:
    name, tone = label(status, campaign.profile.language), "ink" if talks else "soft"
    left = MARGIN + _LABELS + 44
    yield line(MARGIN, y, WIDE - MARGIN, y, "line")
    yield words(shortened(name, _LABELS, 12.5), MARGIN, y + 18.5, size=12.5, tone=tone)
    yield words(f"{len(talks):,}", left - 14, y + 18.5, size=12.5, tone=tone, bold=bool(talks), anchor="end")
    people = [people_of(talk, campaign) for talk in talks]
    for place, who in enumerate(people):
        yield told(f"{who}: {name}", _talk(status, left + step * place, y + 8, step))
    if people:
        x = left + min(_SQUARES, step * len(people)) + 10
        yield told(named(people), words(shortened(_some(people), WIDE - MARGIN - x, 11.5), x, y + 18.5, size=11.5, tone="soft"))


def _some(people: Sequence[str]) -> str:
    """The first names as they come: how many there are stands before them."""
    return ", ".join(people[:20])


def _talk(status: InterviewStatus, x: float, y: float, step: float) -> Shape:
    wide = max(step - 3, step * 0.7)
    if status in MET:
        return box(x, y, wide, 12, "green")
    if status not in FALLEN_THROUGH:
        return box(x + 0.75, y + 0.75, max(wide - 1.5, 0.5), 10.5, "none", edge="blue")
    return cross("red")(x + 6, y + 6) if wide > 10 else path([(x, y), (x + wide, y + 12)], "none", edge="red", closed=False)


# ── as a graph ───────────────────────────────────────────────────────────────────────────────────
def _graph(talks: _Talks, campaign: Campaign) -> tuple[list[Node], list[Arc]]:
    shown = [*_WAY, *(status for status in _LOST if status in talks)]
    place = {status: number for number, status in enumerate(shown)}
    nodes = [Node(_node(status, talks, campaign), dashed=status not in talks) for status in shown]
    arcs = [Arc(number, number + 1) for number in range(len(_WAY) - 1)]
    arcs += [Arc(place[_LEAVES[status]], place[status], dashed=True) for status in _LOST if status in talks]
    return nodes, arcs


def _node(status: InterviewStatus, talks: _Talks, campaign: Campaign) -> str:
    there = talks.get(status, ())
    people = [one_line(people_of(talk, campaign), 28) for talk in there[:_NAMES]]
    more = f" and {len(there) - _NAMES:,} more" if len(there) > _NAMES else ""
    who = f" ({', '.join(people)}{more})" if people else ""
    return f"{label(status, campaign.profile.language)}: {len(there):,}{who}"
