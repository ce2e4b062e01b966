"""What stands around every picture: heading, legend, the line for when there is nothing to show; and the marks they share. What is
drawn between is each picture's own.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from infoint.model.contact import Contact
from infoint.notes.lettering import lines_of, width
from infoint.notes.svg import Shape, box, disc, line, path, words

MARGIN: Final = 24
WIDE: Final = 720
"""Pixels, where nothing asks for more: a page of A4 in portrait shows it at its full size."""
NAMED_AT_ONCE: Final = 30
"""People or talks that are drawn one by one; more are counted."""

Mark: TypeAlias = Callable[[float, float], Shape]
"""A shape around a point, as it stands in the picture and in its legend."""


def heading(title: str, summary: str, wide: float) -> tuple[list[Shape], float]:
    """The title and what is to be seen in a line or two; and how far down they reach."""
    shapes, y = list[Shape](), 18.0
    for text in lines_of(title, (wide - 2 * MARGIN) / 1.08, 18, most=2):
        y += 22
        shapes.append(words(text, MARGIN, y, size=18, bold=True))
    for text in lines_of(summary, wide - 2 * MARGIN, 13, most=3):
        y += 20
        shapes.append(words(text, MARGIN, y, size=13, tone="soft"))
    return shapes, y + 18


def legend(items: Iterable[tuple[Mark, str]], y: float, wide: float) -> tuple[list[Shape], float]:
    """Marks with what they mean, in as many lines as they need; and how far down the picture ends."""
    shapes, x, y = [line(MARGIN, y, wide - MARGIN, y, "line")], float(MARGIN), y + 22
    for mark, text in items:
        needed = 20 + width(text, 12) + 18
        if x > MARGIN and x + needed > wide - MARGIN:
            x, y = MARGIN, y + 20
        shapes += [mark(x + 7, y - 4), words(text, x + 20, y, size=12, tone="soft")]
        x += needed
    return shapes, y + 20


def nothing(text: str, y: float) -> tuple[list[Shape], float]:
    """The line that stands for a picture of nothing; and how far down it reaches."""
    return [words(text, MARGIN, y + 14, size=13)], y + 36


def names_of(people: Iterable[Contact]) -> list[str]:
    """Of each, in their order."""
    return [person.name for person in people]


# ── marks: each differs from the others in shape, not in colour only ────────────────────────────
def full(tone: str) -> Mark:
    """A filled disc."""
    return lambda x, y: disc(x, y, 6, tone, edge=tone)


def ring(tone: str, *, dashed: bool = False) -> Mark:
    """An empty one."""
    return lambda x, y: disc(x, y, 6, "none", edge=tone, dashed=dashed)


def dash(tone: str) -> Mark:
    """A short line."""
    return lambda x, y: line(x - 4, y, x + 4, y, tone, thick=2)


def cross(tone: str) -> Mark:
    """Two lines that cross."""
    around = ((-5, -5), (0, 0), (5, -5), (0, 0), (5, 5), (0, 0), (-5, 5), (0, 0))
    return lambda x, y: path([(x + across, y + down) for across, down in around], "none", edge=tone, closed=False)


def diamond(fill: str, edge: str) -> Mark:
    """Standing on a corner."""
    return lambda x, y: path([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], fill, edge=edge)


def triangle(fill: str, edge: str) -> Mark:
    """Pointing to the right."""
    return lambda x, y: path([(x - 5, y - 6), (x + 6, y), (x - 5, y + 6)], fill, edge=edge)


def square(fill: str, edge: str, *, dashed: bool = False) -> Mark:
    """A square."""
    return lambda x, y: box(x - 5.5, y - 5.5, 11, 11, fill, edge=edge, dashed=dashed, corner=1)
