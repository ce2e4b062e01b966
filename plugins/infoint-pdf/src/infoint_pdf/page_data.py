"""A document as the plain data that the page is set from. How it looks is in `page.typ`; nothing here is markup."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import Any, Final, TypeAlias, assert_never
from unicodedata import combining
from urllib.parse import urlsplit

from infoint.notes.cleaning import link_target
from infoint.notes.contract import (
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
)

Data: TypeAlias = dict[str, Any]

_LONGEST_WORD: Final = 40
"""Letters that fit into a line of running text however wide they are."""
_LONGEST_LABEL: Final = 16
_TABLE_LETTERS: Final = 80
"""Letters in a line of a table, all columns together."""
_MOST_COLUMNS: Final = 7
"""Of a table on upright paper; one that has more goes on below, with its first column again."""
_FEW_COLUMNS: Final = 3
_MARK: Final = 2
"""The most letters of what counts as a mark: under it names stand upright, and the first column has room for its sentences."""
_LINES_KEPT: Final = 20
"""A row of a table that may be higher than this is broken over pages: kept whole, it might be higher than a page."""
_LONGEST_ADDRESS: Final = 2_000
_ZERO_WIDTH_SPACE: Final = "\u200b"
# Scripts that are written without spaces have places of their own to break a line at.
_UNBROKEN: Final = re.compile(
    "[^\\s\u200b\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+"
)
_JOINERS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")


def page_data(document: Document, *, paper: str, refused: frozenset[str] = frozenset()) -> Data:
    """Plain lists, numbers and texts. `refused`: pictures that cannot be drawn, of which the description is shown."""
    language, _, rest = document.language.partition("-")
    region = next((part for part in rest.split("-") if len(part) == 2 and part.isalpha()), "")
    letterhead = [(label, (text,)) for label, text in (("To", document.to), ("Subject", document.subject)) if text.strip()]
    return {
        "paper": paper,
        "title": _one_line(document.title),
        "heading": _breakable(_one_line(document.title)),
        "language": language.lower()
        if len(language) <= 3
        else "",  # the longer ones are registered for future use (RFC 5646 §2.2.1)
        "region": region.upper(),
        "letterhead": _fields(letterhead),
        "blocks": [one for section in document.sections for one in _section(section, 2, refused)],
    }


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
_Leaf: TypeAlias = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure | Markdown


def _section(section: Section, level: int, refused: frozenset[str]) -> Iterator[Data]:
    """`level` is that of its heading; one without a title has none, and makes no gap in the outline."""
    title = _one_line(section.title)
    if title:
        yield {"kind": "heading", "level": level, "text": _breakable(title)}
    inner = level + 1 if title else level
    for place, block in enumerate(section.blocks):
        if isinstance(block, Section):
            yield from _section(block, inner, refused)
        else:
            kept = {"leads": _leads(block, section.blocks[place + 1 :]), "whole": _is_small(block)}
            yield from (data | kept for data in _block(block, refused))


def _leads(block: _Leaf, following: Sequence[Block]) -> bool:
    """Whether no page may end right behind it: a question is not parted from the lines for its answer."""
    if any(isinstance(one, WritingSpace) for one in following):
        return _is_small(block)
    if not isinstance(block, Paragraph) or not following:
        return False
    leads_on = isinstance(following[0], Bullets | Checklist | Quote) and _is_small(block)
    return leads_on or _words(block.text).rstrip().endswith(":")


def _is_small(block: _Leaf) -> bool:
    """Whether it stays on one page; what might be higher than a page must not."""
    match block:
        case WritingSpace(lines):
            return lines <= _LINES_KEPT
        case Paragraph(text):
            texts = [_words(text)]
        case Bullets(items):
            texts = [_words(item) for item in items]
        case Checklist(items):
            texts = [text for _, text in items]
        case Quote(text, by):
            texts = [text, by]
        case _:
            return False
    return sum(_height(text, _LONGEST_WORD) for text in texts) <= _LINES_KEPT


def _block(block: _Leaf, refused: frozenset[str]) -> Iterator[Data]:
    match block:
        case Paragraph(text):
            yield {"kind": "paragraph", "text": _inline(text)}
        case Bullets(items, numbered):
            yield {"kind": "list", "numbered": numbered, "items": [_inline(item) for item in items]}
        case Checklist(items):
            yield {"kind": "checklist", "items": [[done, _breakable(text)] for done, text in items]}
        case Table():
            yield from _table(block)
        case Fields(pairs):
            yield {"kind": "fields", "pairs": _fields(pairs)}
        case Quote(text, by):
            yield {"kind": "quote", "text": _breakable(text), "by": _breakable(_one_line(by))}
        case WritingSpace(lines):
            yield {"kind": "lines", "count": lines}
        case Figure(svg, title, description):
            shown = "" if svg in refused else svg.strip()
            caption = "" if shown and block.titled else _breakable(title)
            texts = {"title": _breakable(title), "caption": caption, "description": _breakable(description)}
            yield {"kind": "figure", "svg": shown, **texts}
        case Markdown(source):
            yield {"kind": "notes", "text": _breakable(source.rstrip(), tab="    ")}
        case _:
            assert_never(block)


def _fields(pairs: Sequence[tuple[str, Text]]) -> list[list[Any]]:
    return [[_breakable(label, _LONGEST_LABEL), _inline(value)] for label, value in pairs]


def _table(table: Table) -> Iterator[Data]:
    caption = _breakable(table.caption) if table.caption.strip() else ""
    marks = len(table.header) > _FEW_COLUMNS and all(len(cell) <= _MARK for row in table.rows for cell in row[1:])
    marks = marks and all(
        len(name) <= _LONGEST_WORD for name in table.header[1:]
    )  # a longer one would be a column of many lines
    for columns in _column_groups(len(table.header)):
        longest = _TABLE_LETTERS // len(columns)
        rows = [[_breakable(row[column], longest) for column in columns] for row in table.rows]
        header = [_breakable(table.header[column], longest) for column in columns]
        yield {
            "kind": "table",
            "caption": caption,
            "header": header,
            "marks": marks,
            "repeat": all(_height(cell, longest) <= _LINES_KEPT for cell in header),
            "rows": [[all(_height(cell, longest) <= _LINES_KEPT for cell in row), row] for row in rows],
        }


def _column_groups(columns: int) -> list[list[int]]:
    if columns <= _MOST_COLUMNS:
        return [list(range(columns))]
    step = _MOST_COLUMNS - 1
    return [[0, *range(first, min(first + step, columns))] for first in range(1, columns, step)]


def _height(cell: str, letters: int) -> int:
    """Lines of a cell, at most: the widest letters take about twice the room of others."""
    return sum(ceil(2 * len(line) / letters) or 1 for line in cell.split("\n"))


# ── inside a line ────────────────────────────────────────────────────────────────────────────────
def _inline(text: Text) -> list[list[str]]:
    return [part for one in text for part in _part(one)]


def _part(part: Inline) -> Iterator[list[str]]:
    match part:
        case Link(text, url):
            yield from _link(text, url)
        case Strong(text):
            yield ["strong", _breakable(text)]
        case _:
            yield ["text", _breakable(part)]


def _link(text: str, url: str) -> Iterator[list[str]]:
    target, told = _target(url), bool(text.strip())
    if target:
        yield ["link", _breakable(text if told else url), target]
        if told and text.strip() != url.strip() and target.lower().startswith("http"):
            yield ["soft", _breakable(f" <{url}>")]  # on paper nobody can follow it otherwise
    else:
        yield ["text", _breakable(f"{text} ({url})" if told and url.strip() not in {"", text} else text if told else url)]


def _target(url: str) -> str:
    target = link_target(url)
    if len(target) > _LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return target if parts.netloc or parts.scheme in {"mailto", "tel"} else ""


def _words(text: Text) -> str:
    return "".join(
        f"{part.text} {part.url}" if isinstance(part, Link) else part if isinstance(part, str) else part.text for part in text
    )


def _breakable(text: str, longest: int = _LONGEST_WORD, *, tab: str = " ") -> str:
    """With places to break a line at in words that are longer than a line: typst would let them run over the edge."""
    text = text.replace("\t", tab)
    return _UNBROKEN.sub(lambda word: _spaced(word[0]) if len(word[0]) > longest else word[0], text)


def _spaced(word: str) -> str:
    shown = [word[0]]
    for before, letter in pairwise(word):
        if not combining(letter) and letter not in _JOINERS and before not in _JOINERS:
            shown.append(_ZERO_WIDTH_SPACE)
        shown.append(letter)
    return "".join(shown)


def _one_line(text: str) -> str:
    return " ".join(text.split())
