"""How wide a line of a picture is, and how it is made to fit. What is drawn beside it is the picture's business."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from infoint.bidi import straightened
from infoint.notes.cleaning import clean

LONGEST: Final = 400
"""Characters of one text in a picture. Longer ones are cut: nobody reads them there, and a picture of them would not open."""
_ON_A_LETTER: Final = 4
"""Marks that may sit on one letter; a heap of them would grow into the lines above and below."""
_NO_XML: Final = {"\ufffe": "\ufffd", "\uffff": "\ufffd"}
"""XML 1.0 §2.2 has no such characters."""
# In ems, a little more than the widest of the usual sans-serif typefaces needs: a text may come out shorter, never longer.
_NARROW: Final = frozenset("iljI.,:;'|!`·’‘ ")
_SLIM: Final = frozenset('frt()[]{}-/\\"*“”')
_BROAD: Final = frozenset("mwMW@%&—…→●○◆◇▲✓")


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text on one line, of `longest` characters at most, as XML can hold it."""
    # Cut first: a text of a million characters costs what a short one does.
    cut = text[: 4 * longest]
    line = " ".join(_calm("".join(_NO_XML.get(character, character) for character in clean(cut))).split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return straightened(line)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How far a line reaches, in the unit of `size`: an estimate that rather says too much."""
    return sum(map(_ems, text)) * size * (1.08 if bold else 1)


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The line as it is where it fits, else its beginning and "…"; "" where there is no room for even that."""
    line = one_line(text)
    if width(line, size, bold=bold) <= room:
        return line
    room -= width("…", size, bold=bold)
    used, end = 0.0, 0
    for end, character in enumerate(line):  # noqa: B007 - where it stops is what is asked
        used += width(character, size, bold=bold)
        if used > room:
            break
    kept = straightened(line[:end].rstrip("\u200d ,"))
    return f"{kept}…" if kept else ""


def lines_of(text: str, room: float, size: float, *, most: int) -> list[str]:
    """The text in `most` lines at most, broken between words; the last is shortened where there is more."""
    words, lines = one_line(text, 4 * LONGEST).split(), list[str]()
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        lines.append(shortened(" ".join(words[:taken]), room, size))
        words = words[taken:]
    return [*lines, shortened(" ".join(words), room, size)] if words else lines


def _calm(text: str) -> str:
    """The text without what heaps up on one letter."""
    return "".join(_uncrowded(text))


def _uncrowded(text: str) -> Iterator[str]:
    heap = 0
    for character in text:
        heap = heap + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if heap <= _ON_A_LETTER:
            yield character


@lru_cache(maxsize=4096)
def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _SLIM:
        return 0.48
    if character in _BROAD:
        return 1.02
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F", "A"}:
        return 1.02 if character < "\U0001f000" else 1.4
    if character.isupper():
        return 0.74
    return 0.64 if character < "\u0600" else 0.8
