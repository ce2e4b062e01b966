"""Who introduced whom, and what came of it (practice §8)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.identity import identified
from infoint.notes.figures import graph_text
from infoint.notes.figures.graph_text import Arc, Node
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import (
    MARGIN,
    WIDE,
    Mark,
    cross,
    dash,
    diamond,
    full,
    heading,
    legend,
    nothing,
    ring,
    square,
    triangle,
)
from infoint.notes.lettering import shortened, width
from infoint.notes.svg import Shape, drawing, line, told, words
from infoint.notes.wordings import Wordings
from infoint.practice.arguments import demand
from infoint.practice.referral_tree import ReferralEdge, ReferralStage, ReferralTree, referral_tree

_ROW: Final = 24
_COLUMN: Final = 350
"""Pixels for one column of the tree."""
_ENOUGH: Final = 40
"""Rows of one column; a longer tree goes on beside it."""
_BESIDE: Final = 3
"""Columns at most: more would be wider than a screen, and a screen is scrolled downwards."""
_STEP: Final = 17
"""Pixels from one generation to the next."""
_DEEPEST: Final = 6
"""Generations drawn further in; those below stand under one another with their number."""
_MARKS: Final[Mapping[ReferralStage, Mark]] = {
    ReferralStage.MET: full("green"),
    ReferralStage.AGREED: diamond("blue", "blue"),
    ReferralStage.ASKED: ring("blue"),
    ReferralStage.PENDING: ring("orange", dashed=True),
    ReferralStage.DECLINED: cross("red"),
    ReferralStage.UNREACHABLE: square("none", "red", dashed=True),
    ReferralStage.FELL_THROUGH: diamond("none", "red"),
    ReferralStage.DROPPED: dash("soft"),
}
_BEGINNING: Final = triangle("ink", "ink")


@frozen
class _Row:
    name: str
    depth: int
    edge: ReferralEdge | None
    """None for whoever begins a chain."""


def draw_referrals(giver: Contact | None, campaign: Campaign, *, wordings: Wordings | None = None) -> Picture:
    """Whom somebody has introduced, and whom these have in turn; for None everybody who was introduced. Each name with what came of
    it, and whether the giver was told. Also as Mermaid and DOT text. `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, and NotFound for people named in a talk that the campaign does not hold.
    """
    demand("draw_referrals", "giver", giver, Contact, type(None))
    says = Sayings.of("figure.referrals", campaign, wordings)
    rows = _rows(referral_tree(campaign), giver, says)
    edges = [row.edge for row in rows if row.edge]
    title = says.say("title", subject=giver.name if giver else says.whole)
    stages = Counter(edge.stage for edge in edges)
    summary = _summary(rows, stages, says)
    description = f"{summary} {_in_words(rows, says)}" if rows else says.say("nothing")
    columns = min(-(-len(rows) // _ENOUGH) or 1, _BESIDE)
    wide = max(WIDE, 2 * MARGIN + columns * _COLUMN)
    shapes, y = heading(title, summary, wide)
    if rows:
        body, y = _drawn(rows, columns, (wide - 2 * MARGIN) / columns, y, says)
        shapes += body
        key = [(_BEGINNING, says.say("begins")), *((_MARKS[stage], says.label(stage)) for stage in _MARKS if stages[stage])]
        foot, y = legend(key, y, wide)
    else:
        foot, y = nothing(says.say("nothing"), y)
    nodes, arcs = _graph(rows, says)
    return Picture(
        name="referrals",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("referrals", title, description, [*shapes, *foot], wide=wide, high=y),
        mermaid_text=graph_text.mermaid(title, nodes, arcs),
        dot_text=graph_text.dot(title, nodes, arcs),
    )


def _rows(tree: ReferralTree, giver: Contact | None, says: Sayings) -> list[_Row]:
    """The beginnings, each with the edges below it."""
    if giver is not None:
        return list(_below(tree, giver))
    names = {id: contact.name if contact else says.unknown for id, contact in tree.roots}
    rows: list[_Row] = []
    for edge in tree.edges:
        if edge.depth == 1 and edge.giver_id in names:
            rows.append(_Row(names.pop(edge.giver_id), 0, None))
        rows.append(_Row(edge.name, edge.depth, edge))
    return rows


def _below(tree: ReferralTree, giver: Contact) -> Iterator[_Row]:
    """What a ring of introductions leads back to is not gone down from again."""
    to_do = [_Row(edge.name, 1, edge) for edge in reversed(tree.named_by(identified(giver)))]
    gone_down = {giver.id}
    if to_do:
        yield _Row(giver.name, 0, None)
    while to_do:
        row = to_do.pop()
        yield row
        person = row.edge.contact if row.edge else None
        if person is not None and person.id not in gone_down:
            gone_down.add(identified(person).id)
            to_do += [_Row(edge.name, row.depth + 1, edge) for edge in reversed(tree.named_by(person))]


def _summary(rows: Sequence[_Row], stages: Mapping[ReferralStage, int], says: Sayings) -> str:
    introduced = sum(stages.values())
    if not introduced:
        return ""
    each = "; ".join(f"{says.label(stage)}: {says.number(stages[stage])}" for stage in _MARKS if stages.get(stage))
    return says.say(
        "summary",
        introductions=says.counted("introductions", introduced),
        chains=says.counted("chains", len(rows) - introduced),
        stages=each,
    )


def _in_words(rows: Sequence[_Row], says: Sayings) -> str:
    return " ".join(f"{_told(row, row.edge, says)}." for row in rows if row.edge)


def _told(row: _Row, edge: ReferralEdge, says: Sayings) -> str:
    return says.say("named", giver=_giver(edge, says), name=row.name, outcome=_outcome(edge, says))


def _giver(edge: ReferralEdge, says: Sayings) -> str:
    return edge.giver.name if edge.giver else says.unknown


def _outcome(edge: ReferralEdge, says: Sayings) -> str:
    stage = says.label(edge.stage)
    return says.say("reported", stage=stage) if edge.reported_back else stage


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────
def _drawn(rows: Sequence[_Row], columns: int, room: float, y: float, says: Sayings) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    high = -(-len(rows) // columns)
    continues = _continued(rows)
    for number, row in enumerate(rows):
        column, place = divmod(number, high)
        left, top = MARGIN + room * column, y + _ROW * place
        shapes += _guides(row, continues[number], left, top)
        shapes += _entry(row, left, top, room - 18, says)
    return shapes, y + _ROW * high + 12


def _continued(rows: Sequence[_Row]) -> list[frozenset[int]]:
    """Per row: the generations of which another follows further down in the same branch."""
    found: list[frozenset[int]] = []
    open_ones: frozenset[int] = frozenset()
    for row in reversed(rows):
        depth = min(row.depth, _DEEPEST)
        found.append(frozenset(generation for generation in open_ones if generation <= depth))
        open_ones = frozenset(generation for generation in open_ones if generation < depth) | (
            {depth} if depth else frozenset()
        )
    return found[::-1]


def _guides(row: _Row, continued: frozenset[int], left: float, top: float) -> Iterator[Shape]:
    depth = min(row.depth, _DEEPEST)
    for generation in sorted(continued - {depth}):
        x = left + _STEP * (generation - 1) + 7
        yield line(x, top, x, top + _ROW, "line", thick=1.5)
    if depth:
        x, middle = left + _STEP * (depth - 1) + 7, top + _ROW / 2
        yield line(x, top, x, top + _ROW if depth in continued else middle, "line", thick=1.5)
        yield line(x, middle, x + _STEP - 7, middle, "line", thick=1.5)


def _entry(row: _Row, left: float, top: float, room: float, says: Sayings) -> Iterator[Shape]:
    depth = min(row.depth, _DEEPEST)
    x, y = left + _STEP * depth + 7, top + _ROW / 2
    if row.edge is None:
        yield told(
            says.say("begins.who", name=row.name),
            _BEGINNING(x, y),
            words(shortened(row.name, room - 17, 13, bold=True), x + 12, y + 4.5, size=13, bold=True),
        )
        return
    outcome = _outcome(row.edge, says)
    name = f"({row.depth}) {row.name}" if row.depth > _DEEPEST else row.name
    short_outcome = shortened(outcome, 140, 11)
    shown = shortened(name, left + room - (x + 12) - width(short_outcome, 11) - 5, 12.5)
    yield told(
        _told(row, row.edge, says),
        _MARKS[row.edge.stage](x, y),
        words(shown, x + 12, y + 4.5, size=12.5),
        words(short_outcome, x + 12 + width(shown, 12.5) + 5, y + 4.5, size=11, tone="soft"),
    )


# ── as a graph ───────────────────────────────────────────────────────────────────────────────────
def _graph(rows: Sequence[_Row], says: Sayings) -> tuple[list[Node], list[Arc]]:
    """A person is one node, however many named them; a name that is no contact is one for each giver."""
    place: dict[UUID | int | None, int] = {}
    nodes: list[Node] = []

    def node(key: UUID | int | None, name: str, *, dashed: bool) -> int:
        if key not in place:
            place[key] = len(nodes)
            nodes.append(Node(name, dashed))
        return place[key]

    arcs: list[Arc] = []
    for number, row in enumerate(rows):
        if row.edge is None:
            continue
        edge = row.edge
        start = node(edge.giver_id, _giver(edge, says), dashed=edge.giver is None)
        end = node(edge.contact.id if edge.contact else number, row.name, dashed=edge.contact is None)
        arcs.append(Arc(start, end, _outcome(edge, says), dashed=edge.stage is not ReferralStage.MET))
    return nodes, arcs
