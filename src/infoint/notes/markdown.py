"""Documents as Markdown: CommonMark with the tables and task lists of GitHub Flavored Markdown. A text shows as itself
wherever it stands, and what needs no escape gets none, so that the source reads well too.

The explorer's own Markdown stands in a block quote. It is shown as markup, and a quote is the one container that closes
whatever the notes left open: an unfinished code fence cannot swallow the rest of the document. Raw HTML in it shows as
text, and of a picture the link to it: notes may be pasted or imported, and opening a sheet must fetch nothing. Inside code
a tag's `<` therefore shows as `&lt;` and `![` as `&#33;[`; spaces at line ends are dropped.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, assert_never

from infoint.notes.cleaning import link_target
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
)
from infoint.notes.safe_mermaid import safe_mermaid

_RULED_LINE: Final = "_" * 60
"""A thematic break: a line to write on in the source as well as on the page."""

# What CommonMark 0.31 §6 or GitHub's extensions would read as more than a character. An underscore inside a word is none
# of it; two letters on either side, because the outermost one may have to be written as a reference (`_joined`).
# Each alternative begins with the sign itself and looks back after it: so the search skips what begins none, five times as fast.
_MARKUP: Final = re.compile(
    r"""
      _ (?<=[^\W_]{2}_) _*+ (?=[^\W_]{2}) (?P<plain>)
    | \\ | \* | _ | ` | \[
    | \] (?<=\[[xX]\])                                      # GitHub ticks a box for an [x] anywhere in its line
    | < (?= [A-Za-z/!?] | [^\s<>]*@ )                    # tags and autolinks, not "a < b" or "<3"
    | & (?= \#[0-9]{1,7}; | \#[xX][0-9A-Fa-f]{1,6}; | [A-Za-z][A-Za-z0-9]*; )   # references, not "R&D"
    | ~ (?: (?<!\s~) | (?![^\W_]) )                      # strikethrough, not "~20 minutes"
    | : (?=//) (?: (?<=http:) | (?<=https:) | (?<=ftp:) )   # bare addresses: GitHub would link them, escapes included
    | \. (?<= (?<![^\W_])www\. )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What begins another block at the start of a line (CommonMark 0.31 §4 and §5). Its last character is the one to escape.
_BLOCK_START: Final = re.compile(
    r"""
      [-+] (?=[ \t]|$)                # bullets
    | [-:=|] (?=[-:=| \t]*$)          # underlines of headings, rules, the second line of a table
    | \# (?=\#{0,5}(?:[ \t]|$))       # headings
    | >                               # quotes
    | [0-9]{1,9}[.)] (?=[ \t]|$)      # numbers
    """,
    re.VERBOSE,
)
# What begins a tag or a picture. A backslash would not do: GitHub makes it part of a bare address before it, and the tag is live.
_RAW: Final = re.compile(
    r"(?<!\\)(?P<kept>(?:\\\\)*)\\?(?:(?P<tag><)(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)|!(?=\[))", re.IGNORECASE
)


class MarkdownRenderer:
    """CommonMark with GitHub's tables and task lists."""

    media_type: str = "text/markdown"
    suffix: str = ".md"
    contract: int = CONTRACT

    def render(self, document: Document) -> bytes:
        """UTF-8, one line feed at the end."""
        written = [_heading(document.title, 1), _letterhead(document)]
        written = [piece for piece in written if piece]
        _write(document.sections, 2, written)
        return ("\n\n".join(written) + "\n").encode()


def _write(blocks: Iterable[Block], level: int, written: list[str]) -> None:
    """Add the source of each block. `level` is that of the next heading."""
    for block in blocks:
        if isinstance(block, Section):
            heading = _heading(block.title, level)
            written += filter(None, [heading])
            _write(block.blocks, level + 1 if heading else level, written)
        else:
            written += filter(None, _block(block, written[-1]))


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
_Leaf = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure | Markdown


def _block(block: _Leaf, before: str) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield _lines(_inline(text))
        case Bullets(items, numbered):
            yield _list(map(_inline, items), before, numbered=numbered)
        case Checklist(items):
            yield _list((f"[{'x' if done else ' '}] {_inline((text,))}" for done, text in items), before)
        case Table(header, rows, caption):
            yield _strong(_one_line(caption))
            yield _table(header, rows)
        case Fields(pairs):
            yield _list((_field(label, value) for label, value in pairs), before)
        case Quote(text, by):
            said = (_lines(_inline((part,))) for part in (text, f"— {by}" if by.strip() else ""))
            yield _quoted("\n\n".join(filter(None, said)))
        case WritingSpace(lines):
            yield from [_RULED_LINE] * lines
        case Figure():
            yield from _figure(block)
        case Markdown(source):
            yield _quoted(_RAW.sub(_as_words, source.strip("\n")))
        case _:
            assert_never(block)


def figure_markdown(figure: Figure) -> str:
    """A picture by itself, as it stands in a document."""
    return "\n\n".join(filter(None, _figure(figure))) + "\n"


def _figure(figure: Figure) -> Iterator[str]:
    """In words, and where it is a graph as what GitHub and many wikis draw."""
    yield _strong(_one_line(figure.title))
    yield _lines(_inline((figure.description,)))
    if drawn := safe_mermaid(figure.mermaid):
        yield f"```mermaid\n{drawn}\n```"


def _heading(title: str, level: int) -> str:
    text = _inline((_one_line(title),))
    if text.endswith("#"):  # a last # would be taken for the closing of the heading
        text = f"{text[:-1]}\\#"
    return text and f"{'#' * level} {text}"


def _letterhead(document: Document) -> str:
    named = (("To", document.to), ("Subject", document.subject))
    return _lines("\n".join(_field(label, (_one_line(text),)) for label, text in named if text))


def _list(items: Iterable[str], before: str, *, numbered: bool = False) -> str:
    """Two lists side by side with the same marker would be one, so the marker depends on what stands before."""
    marker = (")" if before.startswith("1.") else ".") if numbered else ("*" if before.startswith("-") else "-")
    lines = []
    for number, item in enumerate(items, 1):
        mark = f"{number}{marker}" if numbered else marker
        lines.append(f"{mark} {_lines(item, indent=len(mark) + 1)}".rstrip(" "))
    return "\n".join(lines)


def _field(label: str, value: Text) -> str:
    label = _one_line(label)
    named = _strong(label if not label or label.endswith((":", "?")) else f"{label}:")
    return f"{named} {_inline(value)}"


def _table(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    rule = ["---"] * len(header)
    return "\n".join(_row(cells) for cells in (map(_cell, header), rule, *(map(_cell, row) for row in rows)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    lines = (_inline((line.strip(),)) for line in text.strip().split("\n"))
    return "<br>".join(lines).replace("|", "\\|")  # GitHub's way: a row is one line


def _as_words(found: re.Match[str]) -> str:
    return f"{found['kept']}{'&lt;' if found['tag'] else '&#33;'}"


def _quoted(source: str) -> str:
    return "\n".join(f"> {line}".rstrip(" \t") for line in source.split("\n")) if source.strip() else ""


# ── inside a line ────────────────────────────────────────────────────────────────────────────────
def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(source: str, *, indent: int = 0) -> str:
    """Every newline as a hard break, and no line taken for the start of another block."""
    lines = (line.strip(" \t") for line in source.strip().split("\n"))
    return f"\\\n{' ' * indent}".join(map(_harmless, lines))


def _harmless(line: str) -> str:
    found = _BLOCK_START.match(line)
    return f"{line[: found.end() - 1]}\\{line[found.end() - 1 :]}" if found else line


def _inline(text: Text) -> str:
    """Source of a text; its newlines are still newlines."""
    match text:
        case (str(words),):  # as nearly all are
            return _escaped(words)
    source = ""
    for part in _merged(text):
        source = _joined(source, _part(part))
    return source


def _merged(text: Text) -> Iterator[Inline]:
    """The same text with neighbours of a kind made one: `**a****b**` would not be read as two strong words."""
    plainer: Iterator[Inline] = filter(None, _plainer(text))
    for kind, parts in groupby(plainer, key=type):
        if kind is Link:
            yield from parts
        else:
            joined = "".join(part if isinstance(part, str) else part.text for part in parts)
            yield Strong(joined) if kind is Strong else joined


def _plainer(text: Text) -> Iterator[Inline]:
    """Links that may not be live as text, and white space out of strong words, where it would stop them from being strong."""
    for part in text:
        match part:
            case Link(shown, url) if not link_target(url):
                yield f"{shown} ({url})" if shown.strip() and url.strip() not in {"", shown} else shown or url
            case Strong(strong) if core := strong.strip():
                start, _, end = strong.partition(core)
                yield from (start, Strong(core), end)
            case Strong(blank):
                yield blank
            case Link():
                yield part
            case _:
                yield str(part)


def _part(part: Inline) -> str:
    match part:
        case Strong(text):
            return _strong(text)
        case Link(text, url):
            return _link(_one_line(text) or _one_line(url), link_target(url))
        case _:
            return _escaped(part)


def _joined(source: str, piece: str) -> str:
    """`piece` behind `source`. Between a letter and a sign, `**` would be no markup (CommonMark 0.31 §6.2): the letter becomes
    a reference, which ends and begins with a sign. And a "!" before a link would make it a picture.
    """
    if not source or not piece:
        return source + piece
    if piece.startswith("**") and _is_sign(piece[2]) and _is_letter(source[-1]):
        source = source[:-1] + _reference(source[-1])
    elif source.endswith("**") and _is_sign(source[-3]) and _is_letter(piece[0]):
        piece = _reference(piece[0]) + piece[1:]
    elif source.endswith("!") and piece.startswith("["):
        source = f"{source[:-1]}\\!"
    return source + piece


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_letter(character: str) -> bool:
    # Older readers take only ASCII symbols for signs, so others count as both.
    return not character.isspace() and not (
        unicodedata.category(character)[0] == "P" or (character.isascii() and _is_sign(character))
    )


def _reference(character: str) -> str:
    return f"&#x{ord(character):X};"


def _strong(text: str) -> str:
    return text and f"**{_escaped(text)}**"


def _link(text: str, target: str) -> str:
    if text == target and not {"&", "%"} & set(target):  # an address in angle brackets is decoded before it is shown
        return f"<{target}>"
    shown = "\\]".join(map(_escaped, text.split("]")))
    # References are decoded in destinations too, and by cmark before it looks for backslashes: one would not help.
    destination = target.replace("(", "%28").replace(")", "%29").replace("&", "&amp;" if ";" in target else "&")
    return f"[{shown}]({destination})"


def _escaped(text: str) -> str:
    return _MARKUP.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    return found[0] if found["plain"] is not None else f"\\{found[0]}"
