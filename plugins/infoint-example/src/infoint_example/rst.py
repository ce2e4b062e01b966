"""Documents as reStructuredText. Which documents there are, and what they say, is infoint's affair."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias, assert_never

from infoint.notes.contract import (
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

_UNDERLINES: Final = "=-~^\"'"
"""One for the title, and one for each of the five levels that sections may have."""
_MARKUP: Final = re.compile(r"[\\`*|]|_(?![^\W_])|:(?=:)")
_PLAIN_START: Final = re.compile(r"(?!\w{1,6}[.)])\w|\\ ")
"""No list, rule or directive begins like this."""
_LIVE: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>`\\]*[^\s<>`\\_]")


class RstRenderer:
    """A `NoteRenderer`: whatever has these three is one, there is nothing to inherit from."""

    media_type: str = "text/x-rst"
    suffix: str = ".rst"

    def render(self, document: Document) -> bytes:
        """The whole file: blocks with an empty line between them."""
        blocks = [_heading(document.title, 0)]
        for section in document.sections:
            blocks += _section(section, 1)
        return ("\n\n".join(filter(None, blocks)) + "\n").encode()


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
_Leaf: TypeAlias = Paragraph | Bullets | Checklist | Fields | Table | Quote | WritingSpace | Figure | Markdown


def _section(section: Section, level: int) -> Iterator[str]:
    """All that is in it. `level` is that of its heading; one without a title has none."""
    yield _heading(section.title, level)
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _section(block, level + bool(section.title.strip()))
        else:
            yield _block(block)


def _block(block: _Leaf) -> str:
    match block:
        case Paragraph(text):
            return _paragraph(text)
        case Bullets(items, numbered):
            return _list("#." if numbered else "-", items)
        case Checklist(items):
            return _list("*", (f"[{'x' if done else ' '}] {text}" for done, text in items))
        case Fields(pairs):
            return _list("+", ((Strong(label), ": ", *value) for label, value in pairs))
        case Table(header, rows, caption):
            return _table(caption, header, *rows)
        case Quote(text, by):
            return _directive(".. epigraph::", _paragraph(text), f"-- {_line(by)}" if by.strip() else "")
        case WritingSpace(lines):
            return "\n".join(["| " + "." * 60] * lines)
        case Figure(title=title, description=description):
            return _line((Strong(title), " ", description))
        case Markdown(source):
            return _directive(".. code::", source)
        case _:
            assert_never(block)


def _heading(title: str, level: int) -> str:
    # An underline that is too long is fine, and no title takes more columns than it has bytes.
    return f"{_line(title)}\n{_UNDERLINES[level] * len(_line(title).encode())}" if title.strip() else ""


def _paragraph(text: Text | str) -> str:
    lines = [_plain(line) for line in _inline(text).split("\n")]
    return lines[0] if len(lines) == 1 else "\n".join(f"| {line}" for line in lines)


def _list(mark: str, items: Iterable[Text | str]) -> str:
    return "\n".join(f"{mark} {_line(item)}" for item in items)


def _table(caption: str, *rows: tuple[str, ...]) -> str:
    cells = ("\n".join(f"{'  ' if column else '* '}- {_line(cell)}" for column, cell in enumerate(row)) for row in rows)
    options = "\n   :header-rows: 1" if len(rows) > 1 else ""
    return _directive(f".. list-table:: {_line(caption)}".rstrip() + options, "\n".join(cells))


def _directive(head: str, *contents: str) -> str:
    filled = ["   " + content.replace("\n", "\n   ") for content in contents if content.strip()]
    return "\n\n".join([head, *filled]) if filled else ""


# ── text ─────────────────────────────────────────────────────────────────────────────────────────
def _line(text: Text | str) -> str:
    return _plain(" ".join(_inline(text).split()))


def _plain(line: str) -> str:
    # A backslash takes the space behind it away: what follows is read as words, whatever it begins with.
    return line if not line or _PLAIN_START.match(line) else f"\\ {line}"


def _inline(text: Text | str) -> str:
    return _escaped(text) if isinstance(text, str) else "".join(map(_part, text))


def _part(part: Inline) -> str:
    match part:
        case str():
            return _escaped(part)
        case Strong(text):
            return rf"\ **{_words(text)}**\ " if text.strip() else ""
        case Link(text, url):
            return rf"\ `{_words(text)} <{url}>`__\ " if text.strip() and _LIVE.fullmatch(url) else _escaped(f"{text} <{url}>")


def _words(text: str) -> str:
    return " ".join(_escaped(text).split())


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)
