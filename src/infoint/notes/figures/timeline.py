"""When people were asked, when the talks were, and when what is owed for them is due (practice §6, §7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.closed_name import ClosedName
from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.events import Requested
from infoint.model.exploration import Exploration
from infoint.model.fields import YEARS
from infoint.model.follow_up import SETTLED, FollowUp, FollowUpStatus
from infoint.model.interview import Interview
from infoint.model.interview_status import FALLEN_THROUGH, MET
from infoint.notes.figures.graph_text import mermaid_label
from infoint.notes.figures.periods import Period, periods
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import (
    MARGIN,
    NAMED_AT_ONCE,
    WIDE,
    Mark,
    cross,
    diamond,
    full,
    heading,
    legend,
    nothing,
    ring,
    square,
    triangle,
)
from infoint.notes.figures.talks import people_of, talks_about
from infoint.notes.lettering import shortened, width
from infoint.notes.svg import Shape, box, drawing, line, told, words
from infoint.notes.wordings import Wordings
from infoint.practice.arguments import demand_day

_LABELS: Final = 160
_ROW: Final = 34
_PLOT: Final = 110
"""How high the columns of one panel are."""


class _Kind(ClosedName):
    """What happened or is due on a day."""

    ASKED = "asked"
    TALK = "talk"
    TO_COME = "talk-to-come"
    LOST = "talk-that-fell-through"
    DONE = "follow-up-settled"
    OPEN = "follow-up-open"


_MARKS: Final[Mapping[_Kind, Mark]] = {
    _Kind.ASKED: triangle("none", "soft"),
    _Kind.TALK: full("green"),
    _Kind.TO_COME: ring("blue"),
    _Kind.LOST: cross("red"),
    _Kind.DONE: diamond("purple", "purple"),
    _Kind.OPEN: diamond("paper", "orange"),
}
_TALKS: Final = (_Kind.TALK, _Kind.TO_COME, _Kind.LOST)
_FOLLOW_UPS: Final = (_Kind.DONE, _Kind.OPEN)
_COLUMNS: Final[Mapping[_Kind, Mark]] = {
    _Kind.TALK: square("green", "green"),
    _Kind.TO_COME: square("none", "blue"),
    _Kind.LOST: square("none", "red", dashed=True),
    _Kind.DONE: square("purple", "purple"),
    _Kind.OPEN: square("none", "orange", dashed=True),
}


@frozen
class _Moment:
    on: date
    kind: _Kind
    what: str


@frozen
class _Row:
    name: str
    moments: tuple[_Moment, ...]
    """In the order of their days."""


def draw_timeline(
    exploration: Exploration | None, campaign: Campaign, *, on: date | None = None, wordings: Wordings | None = None
) -> Picture:
    """A row per talk of an exploration, or of the campaign for None: when it was asked for, when it is or was, and its follow-ups,
    open and settled, by the day they are due. More than 30 talks are counted by week, month or longer. `on`: the day to mark as
    today. Days are those of the explorer's zone. Also as Mermaid text. `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, NotFound for people the campaign does not hold, and InvalidValue for what is no day of the years 1900 to 2200.
    """
    if on is not None:
        demand_day("draw_timeline", "on", on)
        if not YEARS[0] <= on.year <= YEARS[1]:
            raise InvalidValue("draw_timeline", "on", f"needs a day of the years {YEARS[0]} to {YEARS[1]}", value=on)
    says = Sayings.of("figure.timeline", campaign, wordings)
    rows = sorted(_rows(talks_about(exploration, campaign), campaign, says), key=lambda row: (row.moments[0].on, row.name))
    moments = [moment for row in rows for moment in row.moments]
    title = says.say("title", subject=exploration.subject if exploration else says.whole)
    count = Counter(moment.kind for moment in moments)
    summary = _summary(moments, count, says)
    description = f"{summary} {_in_words(rows)}" if rows else says.say("nothing")
    shapes, y = heading(title, summary, WIDE)
    if not rows:
        body, y = nothing(says.say("nothing"), y)
        shapes += body
    else:
        each = len(rows) <= NAMED_AT_ONCE
        body, y = _one_by_one(rows, moments, on, y, says) if each else _counted(moments, on, y, says)
        marks = _MARKS if each else _COLUMNS
        key, y = legend(((marks[kind], says.say(f"kind.{kind}")) for kind in marks if count[kind]), y, WIDE)
        shapes += [*body, *key]
    return Picture(
        name="timeline",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("timeline", title, description, shapes, wide=WIDE, high=y),
        mermaid_text=_mermaid(title, rows, says),
    )


# ── what there is ────────────────────────────────────────────────────────────────────────────────
def _rows(talks: Sequence[Interview], campaign: Campaign, says: Sayings) -> Iterator[_Row]:
    owed = _owed(talks, campaign)
    for talk in talks:
        found = [*_of_the_talk(talk, campaign, says), *(_follow_up(one, says) for one in owed[talk.id])]
        if found:
            yield _Row(
                people_of(talk, campaign), tuple(sorted(found, key=lambda moment: (moment.on, moment.kind, moment.what)))
            )


def _owed(talks: Iterable[Interview], campaign: Campaign) -> Mapping[UUID, list[FollowUp]]:
    """By talk; what is owed to a person stands with the last of their talks."""
    last = {id: talk.id for talk in talks for id in talk.contact_ids}
    ours = set(last.values()) | {talk.id for talk in talks}
    owed: defaultdict[UUID, list[FollowUp]] = defaultdict(list)
    for one in campaign.follow_ups:
        if one.status is FollowUpStatus.OBSOLETE:
            continue
        if one.interview_id is not None:
            if one.interview_id in ours:
                owed[one.interview_id].append(one)
        elif one.contact_id in last:
            owed[last[one.contact_id]].append(one)
    return owed


def _of_the_talk(talk: Interview, campaign: Campaign, says: Sayings) -> Iterator[_Moment]:
    def local(at: datetime) -> date:
        return at.astimezone(campaign.profile.zone).date()

    for entry in talk.story.told:
        if isinstance(entry.event, Requested):
            yield _Moment(local(entry.at), _Kind.ASKED, says.say("asked"))
    status = says.label(talk.status).lower()
    if talk.meeting is not None:
        kind = _Kind.TALK if talk.status in MET else _Kind.LOST if talk.status in FALLEN_THROUGH else _Kind.TO_COME
        yield _Moment(local(talk.meeting.start), kind, says.say("talk", status=status))
    elif talk.status in FALLEN_THROUGH or (talk.status in MET and talk.story.told):
        kind = _Kind.TALK if talk.status in MET else _Kind.LOST
        yield _Moment(local(talk.story.told[-1].at), kind, status)


def _follow_up(one: FollowUp, says: Sayings) -> _Moment:
    kind = _Kind.DONE if one.status in SETTLED else _Kind.OPEN
    return _Moment(one.due, kind, f"{one.summary or says.label(one.kind)} ({says.label(one.status).lower()})")


def _summary(moments: Sequence[_Moment], count: Mapping[_Kind, int], says: Sayings) -> str:
    if not moments:
        return ""
    first, last = min(moment.on for moment in moments), max(moment.on for moment in moments)
    return says.say(
        "summary",
        first=says.day(first),
        last=says.day(last),
        talks=says.talks(count[_Kind.TALK]),
        coming=says.number(count[_Kind.TO_COME]),
        owed=says.counted("owed", count[_Kind.OPEN]),
        settled=says.number(count[_Kind.DONE]),
    )


def _in_words(rows: Iterable[_Row]) -> str:
    return " ".join(
        f"{row.name}: {'; '.join(f'{moment.on.isoformat()} {moment.what}' for moment in row.moments)}." for row in rows
    )


def _mermaid(title: str, rows: Iterable[_Row], says: Sayings) -> str:
    """Mermaid's "timeline": a section per talk, in it a period per day."""
    lines = ["timeline", f"  title {mermaid_label(title)}"]
    for row in rows:
        lines.append(f"  section {mermaid_label(row.name)}")
        by_day: defaultdict[date, list[str]] = defaultdict(list)
        for moment in row.moments:
            by_day[moment.on].append(mermaid_label(moment.what))
        lines += [f"    {on.isoformat()} : {' : '.join(what)}" for on, what in by_day.items()]
    if len(lines) == 2:
        lines.append(f"  {mermaid_label(says.say('nothing'))}")
    return "\n".join([*lines, ""])


# ── talk by talk ─────────────────────────────────────────────────────────────────────────────────
@frozen
class _Axis:
    """Where a day stands across the picture."""

    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        return self.left + (self.right - self.left) * (on - self.first).days / max(1, (self.last - self.first).days)

    def holds(self, on: date) -> bool:
        return self.first <= on <= self.last


def _one_by_one(
    rows: Sequence[_Row], moments: Sequence[_Moment], on: date | None, y: float, says: Sayings
) -> tuple[list[Shape], float]:
    days = [moment.on for moment in moments] + ([on] if on else [])
    first = periods(min(days), max(days), says, most=8)[0].start
    axis = _Axis(first, max(days), MARGIN + _LABELS + 14, WIDE - MARGIN - 14)
    top, bottom = y + 34, y + 34 + _ROW * len(rows)
    shapes = [*_ticks(axis, y + 24, bottom, says), *_today(axis, on, y + 6, bottom, says)]
    for number, row in enumerate(rows):
        middle = top + _ROW * number + _ROW / 2
        shapes += [
            line(MARGIN, middle + _ROW / 2, WIDE - MARGIN, middle + _ROW / 2, "line"),
            told(row.name, words(shortened(row.name, _LABELS, 12.5), MARGIN, middle + 4.5, size=12.5)),
            line(axis.x(row.moments[0].on), middle, axis.x(row.moments[-1].on), middle, "line", thick=2),
            *_marked(row, axis, middle, says),
        ]
    return shapes, bottom + 14


def _marked(row: _Row, axis: _Axis, middle: float, says: Sayings) -> Iterator[Shape]:
    """Talks on the line and what is owed below it, so that both are seen on one day; those of one kind on one spot are one mark."""
    spots: defaultdict[tuple[_Kind, int], list[_Moment]] = defaultdict(list)
    for moment in row.moments:
        spots[moment.kind, round(axis.x(moment.on) / 9)].append(moment)
    for kind in _Kind:
        for (found, _), some in spots.items():
            if found is kind:
                what = "; ".join(f"{says.day(moment.on)}: {moment.what}" for moment in some)
                below = 7 if kind in _FOLLOW_UPS else -6
                yield told(f"{row.name}. {what}", _MARKS[kind](axis.x(some[0].on), middle + below))


def _ticks(axis: _Axis, y: float, bottom: float, says: Sayings) -> Iterator[Shape]:
    for period in periods(axis.first, axis.last, says, most=8):
        if axis.holds(period.start):
            x = axis.x(period.start)
            yield line(x, y + 6, x, bottom, "line")
            if x + width(period.label, 11) / 2 <= WIDE - 6:  # eight of them never touch one another, but the last may lean out
                yield words(period.label, x, y, size=11, tone="soft", anchor="middle")


def _today(axis: _Axis, on: date | None, y: float, bottom: float, says: Sayings) -> Iterator[Shape]:
    if on is not None:
        x = axis.x(on)
        text = says.say("today")
        half = width(text, 11, bold=True) / 2
        at = min(max(x, MARGIN + half), WIDE - 6 - half)
        yield told(
            says.say("today.on", day=says.day(on)),
            line(x, y + 22, x, bottom, "ink", dashed=True),
            words(text, at, y, size=11, anchor="middle", bold=True),
        )


# ── counted ──────────────────────────────────────────────────────────────────────────────────────
def _counted(moments: Sequence[_Moment], on: date | None, y: float, says: Sayings) -> tuple[list[Shape], float]:
    days = [moment.on for moment in moments] + ([on] if on else [])
    spans = periods(min(days), max(days), says, most=24, least_days=7)
    shapes: list[Shape] = []
    for title, kinds in (("talks", _TALKS), ("follow-ups", _FOLLOW_UPS)):
        shapes.append(words(says.say(title), MARGIN, y + 12, size=13, bold=True))
        shapes += _panel([moment for moment in moments if moment.kind in kinds], kinds, spans, y + 38, says)
        y += 38 + _PLOT + 8
        shapes += _span_labels(spans, on, y + 12, says)
        y += 40
    return shapes, y - 8


def _column(spans: Sequence[Period]) -> float:
    return (WIDE - 2 * MARGIN) / len(spans)


def _panel(
    moments: Sequence[_Moment], kinds: Sequence[_Kind], spans: Sequence[Period], y: float, says: Sayings
) -> Iterator[Shape]:
    found = [[moment for moment in moments if span.start <= moment.on < span.end] for span in spans]
    most = max([1, *map(len, found)])
    each = _column(spans)
    bottom = y + _PLOT
    for place, (span, some) in enumerate(zip(spans, found, strict=True)):
        x, top = MARGIN + each * place + each * 0.14, bottom
        for kind in kinds:
            here = [moment.what for moment in some if moment.kind is kind]
            if here:
                high = _PLOT * len(here) / most
                top -= high
                tooltip = says.say(
                    "column",
                    day=says.day(span.start),
                    count=says.number(len(here)),
                    kind=says.say(f"kind.{kind}"),
                    names=says.some(here),
                )
                yield told(tooltip, _column_part(kind, x, top, min(each * 0.72, 60), high))
        if some:
            yield words(says.number(len(some)), x + min(each * 0.72, 60) / 2, top - 5, size=11, bold=True, anchor="middle")
    yield line(MARGIN, bottom, WIDE - MARGIN, bottom, "soft")


def _column_part(kind: _Kind, x: float, y: float, wide: float, high: float) -> Shape:
    if kind is _Kind.TALK:
        return box(x, y, wide, high, "green")
    if kind is _Kind.DONE:
        return box(x, y, wide, high, "purple")
    edge = {_Kind.TO_COME: "blue", _Kind.LOST: "red"}.get(kind, "orange")
    return box(x + 0.75, y + 0.75, wide - 1.5, max(high - 1.5, 0.5), "none", edge=edge, dashed=kind is not _Kind.TO_COME)


def _span_labels(spans: Sequence[Period], on: date | None, y: float, says: Sayings) -> Iterator[Shape]:
    each, reach = _column(spans), 0.0
    for place, span in enumerate(spans):
        x = MARGIN + each * place + each * 0.14
        today = on is not None and span.start <= on < span.end
        text = says.say("today.within", period=span.label) if today else span.label
        long = width(text, 11, bold=today)
        if x >= reach and x + long <= WIDE - 6:
            yield words(text, x, y, size=11, tone="ink" if today else "soft", bold=today)
            reach = x + long + 8
