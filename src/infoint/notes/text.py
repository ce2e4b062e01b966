"""Documents as plain text: wrapped, aligned, for a terminal, a letter or a printer. Columns are counted as a terminal
counts them, so that names in any script line up. Only an address longer than a line runs over: broken, it would lead nowhere.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Final, assert_never

from infoint.bidi import straightened
from infoint.errors import InvalidValue
from infoint.notes.cleaning import holds_address
from infoint.notes.contract import (
    CONTRACT,
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    Inline,
    Link,
    Markdown,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    Text,
    WritingSpace,
    as_text,
)

_UNDERLINES: Final = "=-~."
"""By level; what lies deeper takes the last."""
_ENDLESS: Final = sys.maxsize
_BETWEEN: Final = " | "
_MARK: Final = 2
"""The most columns of what counts as a mark in a cell."""
_JOINER: Final = "\u200d"
_AS_EMOJI: Final = frozenset("\ufe0f\u20e3")
"""The selector that asks for an emoji, and the key drawn around a digit."""
_SKIN_TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Two make a flag."""
_WORDS: Final = re.compile(r"[^ \t\n]+")


class TextRenderer:
    """Plain text, `width` columns wide; a longer address stands whole all the same."""

    media_type: str = "text/plain"
    suffix: str = ".txt"
    contract: int = CONTRACT

    def __init__(self, *, width: int = 80, wrapped: bool = True) -> None:
        """`width`: 20 to 200 columns. `wrapped=False`: each paragraph on one line, for a program that wraps it as wide as its window is;
        tables, headings and rules are `width` wide all the same. Raises InvalidValue.
        """
        if not isinstance(width, int) or isinstance(width, bool) or not 20 <= width <= 200:
            raise InvalidValue("TextRenderer", "width", "needs a whole number of columns from 20 to 200", value=width)
        if not isinstance(wrapped, bool):
            raise InvalidValue("TextRenderer", "wrapped", "needs True or False", value=wrapped)
        self._width = width
        self._line = width if wrapped else _ENDLESS

    def render(self, document: Document) -> bytes:
        """UTF-8, one line feed at the end."""
        letterhead = [(label, (text,)) for label, text in (("To", document.to), ("Subject", document.subject)) if text.strip()]
        blocks = [
            _heading(document.title, 0, self._width),
            _fields(letterhead, self._width, self._line),
            *_blocks(document.sections, 1, self._width, self._line),
        ]
        return _joined(blocks).encode()

    def body(self, document: Document) -> str:
        """What stands below the title, as it goes into a mail, whose program shows address and subject itself."""
        return _joined(_blocks(document.sections, 1, self._width, self._line))


def _joined(blocks: Iterable[list[str]]) -> str:
    lines = "\n\n".join("\n".join(block) for block in blocks if block).split("\n")
    return "".join(f"{line.rstrip(' ')}\n" for line in lines)


# ── blocks: each is a list of lines ──────────────────────────────────────────────────────────────
# `line` is where running text ends, `width` where a page does.
def _blocks(blocks: Iterable[Block], level: int, width: int, line: int) -> Iterator[list[str]]:
    for block in blocks:
        if isinstance(block, Section):
            heading = _heading(block.title, level, width)
            yield heading
            yield from _blocks(block.blocks, level + 1 if heading else level, width, line)
        else:
            yield _block(block, width, line)


_Leaf = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure | Markdown


def _block(block: _Leaf, width: int, line: int) -> list[str]:
    match block:
        case Paragraph(text):
            return _wrapped(_plain(text), line)
        case Bullets(items, numbered):
            marks = [f"{number}. " if numbered else "- " for number in range(1, len(items) + 1)]
            column = max(map(len, marks), default=0)
            return _flat(_hung(mark.rjust(column), _plain(item), line) for mark, item in zip(marks, items, strict=True))
        case Checklist(items):
            return _flat(_hung("[x] " if done else "[ ] ", text, line) for done, text in items)
        case Table(header, rows, caption):
            return _wrapped(caption, line) + _table(header, rows, width)
        case Fields(pairs):
            return _fields(pairs, width, line)
        case Quote(text, by):
            said = [*_wrapped(text, line - 2), *(_hung("— ", by, line - 2) if by.strip() else [])]
            return [f"> {one}" for one in said]
        case WritingSpace(lines):
            return ["_" * width, *["", "_" * width] * (lines - 1)]
        case Figure(title=title, description=description):
            return [*_wrapped(f"[{title}]" if title.strip() else "", line), *_wrapped(description, line)]
        case Markdown(source):
            return _flat(_kept(one, line) for one in source.strip("\n").split("\n")) if source.strip() else []
        case _:
            assert_never(block)


def _heading(title: str, level: int, width: int) -> list[str]:
    lines = _wrapped(_one_line(title), width)
    underline = _UNDERLINES[min(level, len(_UNDERLINES) - 1)]
    return [*lines, underline * max(map(display_width, lines))] if lines else []


def _fields(pairs: Iterable[tuple[str, Text]], width: int, line: int) -> list[str]:
    """Values in one column, no further right than a third of the width; a longer label has a line of its own."""
    named = [(_label(label), _plain(value)) for label, value in pairs]
    widths = [display_width(label) + 1 for label, _ in named]
    column = max((found for found in widths if found <= width // 3), default=4)
    lines: list[str] = []
    for (label, value), found in zip(named, widths, strict=True):
        if found <= column:
            lines += _hung(_padded(label, column), value, line)
        else:
            lines += _wrapped(label, line)
            lines += _hung(" " * column, value, line) if value.strip() else []
    return lines


def _label(text: str) -> str:
    label = _one_line(text)
    return label if not label or label.endswith((":", "?")) else f"{label}:"


def _table(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], width: int) -> list[str]:
    """Columns as wide as they need to be. Where not even the longest words fit side by side, columns of mere marks get numbers for
    names, told above; and where that does not help, each row is a list of fields.
    """
    if lines := _side_by_side(header, rows, width):
        return lines
    if rows and all(display_width(cell) <= _MARK for row in rows for cell in row[1:]):
        numbers = [str(number) for number in range(1, len(header))]
        if lines := _side_by_side((header[0], *numbers), rows, width):
            named = zip(numbers, header[1:], strict=True)
            return [*_flat(_hung(f"{number.rjust(len(numbers[-1]))} = ", name, width) for number, name in named), "", *lines]
    records = [_fields(zip(header, map(as_text, row), strict=True), width, width) for row in rows or [("",) * len(header)]]
    return _flat([*record, ""] for record in records)[:-1]


def _side_by_side(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], width: int) -> list[str]:
    """No line at all where the columns do not fit."""
    columns = [tuple(column) for column in zip(header, *rows, strict=True)]
    widths = _column_widths(columns, width - len(_BETWEEN) * (len(columns) - 1))
    if not widths:
        return []
    rule = "-+-".join("-" * column for column in widths)
    return [*_row(header, widths), rule, *_flat(_row(row, widths) for row in rows)]


def _column_widths(columns: Sequence[tuple[str, ...]], available: int) -> list[int]:
    """What each column gets of the `available` room: all it wants, or the widest ones give way; none where it cannot be."""
    least = [max((display_width(word) for cell in column for word in _WORDS.findall(cell)), default=1) for column in columns]
    if sum(least) > available:
        return []
    wanted = [max(display_width(line) for cell in column for line in cell.split("\n")) for column in columns]
    widths = [max(low, min(high, available)) for low, high in zip(least, wanted, strict=True)]
    while sum(widths) > available:
        widest = max((width, -place) for place, width in enumerate(widths) if width > least[place])
        widths[-widest[1]] -= 1
    return widths


def _row(cells: Iterable[str], widths: Sequence[int]) -> list[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = zip_longest(*wrapped, fillvalue="") if any(wrapped) else [[""] * len(wrapped)]
    return [_BETWEEN.join(map(_padded, line, widths)) for line in lines]


def _kept(line: str, width: int) -> list[str]:
    """A line of the explorer's own notes as it is; only where it is too long it goes on below, as far in as it began."""
    line = line.expandtabs(4)
    if display_width(line) <= width:
        return [line]
    return _hung(" " * min(len(line) - len(line.lstrip(" ")), width // 2), line, width)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────
def _plain(text: Text) -> str:
    return "".join(map(_part, text))


def _part(part: Inline) -> str:
    match part:
        case Link(text, url):
            told = url.strip() in {"", text, f"mailto:{text}"}
            return f"{text} <{url}>" if text.strip() and not told else text or url
        case Strong(text):
            return text
        case _:
            return part


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _flat(blocks: Iterable[list[str]]) -> list[str]:
    return [line for block in blocks for line in block]


def _hung(mark: str, text: str, width: int) -> list[str]:
    """`text` behind `mark`, its further lines below its first."""
    lines = _wrapped(text, width - display_width(mark)) or [""]
    return [f"{mark if number == 0 else ' ' * display_width(mark)}{line}" for number, line in enumerate(lines)]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of `width` columns, longer only where an address is; no line at all for a blank text."""
    lines = _flat(_broken(line, width) for line in text.strip().split("\n")) if text.strip() else []
    return [straightened(line) for line in lines]  # what ends in the next line only would turn what stands beside this one


def _broken(line: str, width: int) -> list[str]:
    lines, used = [""], 0
    for word in _WORDS.findall(line):
        for piece in _cut(word, width):
            needed = display_width(piece)
            if used and used + 1 + needed > width:
                lines.append("")
                used = 0
            lines[-1] += f" {piece}" if used else piece
            used += needed + bool(used)
    return lines


def _cut(word: str, width: int) -> Iterator[str]:
    """The word as it is, or in pieces where it is longer than a line and no address; what sits on a letter stays with it."""
    if display_width(word) <= width or holds_address(word):
        yield word
        return
    piece, used = "", 0
    for letter, columns in _letters(word):
        if used and used + columns > width:
            yield piece
            piece, used = "", 0
        piece += letter
        used += columns
    yield piece


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def display_width(text: str) -> int:
    """Columns a terminal gives `text`, a line without tabs: two for the wide letters of East Asia (Unicode Standard Annex 11) and for
    an emoji, of however many characters it is made (Unicode Technical Standard 51: joined ones, skin tones, flags, key caps), none
    for marks that sit on the letter before them.
    """
    return len(text) if text.isascii() else sum(columns for _, columns in _letters(text))


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """What is drawn as one sign, with what sits on it or is joined to it, and its columns."""
    letter, columns = "", 0
    for character in text:
        if letter and _belongs(character, letter):
            letter += character
            columns = max(columns, _columns_with(character, letter))
        else:
            if letter:
                yield letter, columns
            letter, columns = character, _columns(character)
    if letter:
        yield letter, columns


def _belongs(character: str, letter: str) -> bool:
    """Whether it is drawn into the sign before it."""
    if character.isascii():
        return False
    if _columns(character) == 0:
        return True
    if character in _SKIN_TONES or letter[-1] == _JOINER:
        return _is_picture(letter[0]) and _is_picture(character)
    return character in _FLAG_LETTERS and letter in _FLAG_LETTERS


def _columns_with(character: str, letter: str) -> int:
    """What the sign needs at least with this character in it."""
    shown_as_emoji = character in _AS_EMOJI and (unicodedata.category(letter[0])[0] in "SPN" or letter[0] == "\u2139")
    return 2 if shown_as_emoji or character in _SKIN_TONES or character in _FLAG_LETTERS else 0


def _is_picture(character: str) -> bool:
    return character in _SKIN_TONES or unicodedata.category(character) == "So"


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":
        return 0  # the range: vowels and final consonants of Hangul, drawn into the block of the first consonant
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
