"""Where the talks stand: one row per status, one square per talk, or where they are many one bar for all (practice §6)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.interview_status import FALLEN_THROUGH, MET, UPCOMING, InterviewStatus
from infoint.notes.figures import graph_text
from infoint.notes.figures.graph_text import Arc, Node
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import MARGIN, NAMED_AT_ONCE, WIDE, cross, heading, legend, nothing, square
from infoint.notes.figures.talks import people_of, talks_about
from infoint.notes.lettering import one_line, shortened
from infoint.notes.svg import Shape, box, drawing, line, path, told, words
from infoint.notes.wordings import Wordings

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


def draw_pipeline(exploration: Exploration | None, campaign: Campaign, *, wordings: Wordings | None = None) -> Picture:
    """The talks of an exploration by status, or all of the campaign for None. Also as Mermaid and DOT text. `wordings`: others than
    those shipped for the explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    says = Sayings.of("figure.pipeline", campaign, wordings)
    talks = _by_status(talks_about(exploration, campaign))
    title = says.say("title", subject=exploration.subject if exploration else says.whole)
    summary = _summary(talks, says)
    each = "; ".join(
        f"{says.label(status)}: {says.number(len(talks[status]))}" for status in InterviewStatus if status in talks
    )
    description = f"{summary} {each}." if talks else says.say("nothing")
    shapes, y = heading(title, summary, WIDE)
    if talks:
        body, y = _drawn(talks, campaign, y, says)
        shapes += body
        key, y = legend(((mark, says.say(f"key.{name}")) for name, mark in _KEY), y + 6, WIDE)
    else:
        key, y = nothing(says.say("nothing"), y)
    nodes, arcs = _graph(talks, campaign, says)
    return Picture(
        name="pipeline",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("pipeline", title, description, [*shapes, *key], wide=WIDE, high=y),
        mermaid_text=graph_text.mermaid(title, nodes, arcs),
        dot_text=graph_text.dot(title, nodes, arcs),
    )


_KEY: Final = (
    ("coming", square("none", "blue")),
    ("held", square("green", "green")),
    ("lost", cross("red")),
)


def _by_status(talks: Sequence[Interview]) -> _Talks:
    found: defaultdict[InterviewStatus, list[Interview]] = defaultdict(list)
    for talk in talks:
        found[talk.status].append(talk)
    return dict(found)


def _summary(talks: _Talks, says: Sayings) -> str:
    number = sum(map(len, talks.values()))
    if not number:
        return ""
    held, coming, lost = (sum(len(talks.get(status, ())) for status in some) for some in (MET, UPCOMING, FALLEN_THROUGH))
    told = {"held": held, "coming": coming, "asked": number - held - coming - lost, "lost": lost}
    return says.say("summary", talks=says.talks(number), **{name: says.number(count) for name, count in told.items()})


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────
def _drawn(talks: _Talks, campaign: Campaign, y: float, says: Sayings) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    step = min(_SQUARE, _SQUARES / max(map(len, talks.values())))
    for name, some in (("way", _WAY), ("lost", _LOST)):
        shapes.append(words(says.say(name), MARGIN, y + 8, size=12, tone="soft", bold=True))
        y += 18
        for status in some:
            people = [people_of(talk, campaign) for talk in talks.get(status, ())]
            shapes += _row(status, people, y, step, says)
            y += _ROW
        y += 14
    return shapes, y - 8


def _row(status: InterviewStatus, people: Sequence[str], y: float, step: float, says: Sayings) -> Iterator[Shape]:
    """`people`: those of each talk."""
    name, tone = says.label(status), "ink" if people else "soft"
    left = MARGIN + _LABELS + 44
    yield line(MARGIN, y, WIDE - MARGIN, y, "line")
    yield words(shortened(name, _LABELS, 12.5), MARGIN, y + 18.5, size=12.5, tone=tone)
    yield words(says.number(len(people)), left - 14, y + 18.5, size=12.5, tone=tone, bold=bool(people), anchor="end")
    if step * NAMED_AT_ONCE >= _SQUARES:
        for place, who in enumerate(people):
            yield told(f"{who}: {name}", *_shape(status, left + step * place, y + 8, step - 3))
    elif people:  # squares would be too narrow to be seen as hollow
        yield told(f"{name}: {says.number(len(people))}", *_shape(status, left, y + 8, max(step * len(people), 4)))
    if people:
        x = left + min(_SQUARES, step * len(people)) + 10
        yield told(
            says.some(people), words(shortened(_some(people), WIDE - MARGIN - x, 11.5), x, y + 18.5, size=11.5, tone="soft")
        )


def _some(people: Sequence[str]) -> str:
    """The first names as they come: how many there are stands before them."""
    return ", ".join(people[:20])


def _shape(status: InterviewStatus, x: float, y: float, wide: float) -> Iterator[Shape]:
    """Of one talk or of several: filled, hollow or crossed, so that no colour need tell."""
    if status in MET:
        yield box(x, y, wide, 12, "green")
    elif status not in FALLEN_THROUGH:
        yield box(x + 0.75, y + 0.75, wide - 1.5, 10.5, "none", edge="blue")
    else:
        crosses = max(round(wide / 12), 1)
        ways = [(x + wide * place / crosses, 12 * (place % 2)) for place in range(crosses + 1)]
        yield path([(across, y + down) for across, down in ways], "none", edge="red", closed=False)
        yield path([(across, y + 12 - down) for across, down in ways], "none", edge="red", closed=False)


# ── as a graph ───────────────────────────────────────────────────────────────────────────────────
def _graph(talks: _Talks, campaign: Campaign, says: Sayings) -> tuple[list[Node], list[Arc]]:
    shown = [*_WAY, *(status for status in _LOST if status in talks)]
    place = {status: number for number, status in enumerate(shown)}
    nodes = [Node(_node(status, talks, campaign, says), dashed=status not in talks) for status in shown]
    arcs = [Arc(number, number + 1) for number in range(len(_WAY) - 1)]
    arcs += [Arc(place[_LEAVES[status]], place[status], dashed=True) for status in _LOST if status in talks]
    return nodes, arcs


def _node(status: InterviewStatus, talks: _Talks, campaign: Campaign, says: Sayings) -> str:
    there = talks.get(status, ())
    people = ", ".join(one_line(people_of(talk, campaign), 28) for talk in there[:_NAMES])
    who = says.and_more(people, len(there) - _NAMES)
    told = f"{says.label(status)}: {says.number(len(there))}"
    return f"{told} ({who})" if who else told
