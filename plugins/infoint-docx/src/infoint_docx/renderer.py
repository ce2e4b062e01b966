"""From a document to the bytes of a .docx. What python-docx has no words for is in `parts.py`, the file around it in `package.py`."""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from docx.document import Document as File
from docx.text.paragraph import Paragraph as Line

from infoint.errors import InvalidValue
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
from infoint_docx.directions import set_directions
from infoint_docx.package import PAPERS, packed, started, style_id, xml_text
from infoint_docx.parts import add_box, add_lines, add_link, keep_rows, live_target, new_numbering, number

_Leaf: TypeAlias = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure | Markdown


class DocxRenderer:
    """Office Open XML (ISO 29500) that is written in styles, to be changed as a whole. Without dates and names: same document, same bytes."""

    media_type: str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix: str = ".docx"

    def __init__(self, *, paper: str = "A4") -> None:
        """`paper`: "A4" or "Letter". Raises InvalidValue."""
        if paper not in PAPERS:
            raise InvalidValue("DocxRenderer", "paper", f"needs one of {', '.join(PAPERS)}", value=paper)
        self._paper = paper

    def render(self, document: Document) -> bytes:
        """The whole file."""
        title = _one_line(document.title)
        file = started(title, document.language, self._paper)
        _line(file, (title,), "Title")
        _fields(
            file, [(label, (text,)) for label, text in (("To", document.to), ("Subject", document.subject)) if text.strip()]
        )
        for section in document.sections:
            _section(file, section, 1)
        set_directions(file, document.language)
        return packed(file)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
def _section(file: File, section: Section, level: int) -> None:
    """`level` is that of its heading; one without a title has none, and makes no gap in the outline."""
    title = _one_line(section.title)
    if title:
        _line(file, (title,), f"Heading {level}")
    for place, block in enumerate(section.blocks):
        if isinstance(block, Section):
            _section(file, block, level + 1 if title else level)
        else:
            lines = _block(file, block)
            if any(isinstance(one, WritingSpace) for one in section.blocks[place + 1 :]) and len(lines) < 20:
                _keep_with_next(lines)


def _block(file: File, block: _Leaf) -> list[Line]:
    """The lines it is written in, where it is written in lines."""
    match block:
        case Paragraph(text):
            return [_line(file, text)]
        case Bullets(items, numbered):
            return _numbered(file, items) if numbered else [_line(file, item, "List Bullet") for item in items]
        case Checklist(items):
            return [_check(file, text, done=done) for done, text in items]
        case Table():
            _table(file, block)
        case Fields(pairs):
            return _fields(file, pairs)
        case Quote(text, by):
            said = [_line(file, (text,), "Quote")]
            return [*said, _line(file, (f"— {by}",))] if by.strip() else said
        case WritingSpace(lines):
            add_lines(file, lines)
        case Figure(title=title, description=description):
            return [_line(file, (Strong(title), "\n", description))]
        case Markdown(source):
            return [_line(file, (source.rstrip(),))]
        case _:
            assert_never(block)
    return []


def _numbered(file: File, items: Sequence[Text]) -> list[Line]:
    lines = [_line(file, item, "List Number") for item in items]
    numbering = new_numbering(file) if lines else 0
    for line in lines:
        number(line, numbering)
    return lines


def _check(file: File, text: str, *, done: bool) -> Line:
    line = file.add_paragraph()
    add_box(line, ticked=done)
    line.add_run(xml_text(f" {text}"))
    return line


def _fields(file: File, pairs: Sequence[tuple[str, Text]]) -> list[Line]:
    lines = [_line(file, (Strong(f"{label}:"), " ", *value)) for label, value in pairs]
    for line in lines[:-1]:
        line.paragraph_format.space_after = 0
    return lines


def _table(file: File, table: Table) -> None:
    if table.caption.strip():
        _keep_with_next([_line(file, (Strong(table.caption),))])
    made = file.add_table(rows=1 + len(table.rows), cols=len(table.header))
    made._tbl.tblStyle_val = style_id("Table Grid")  # noqa: SLF001 - as in `_line`
    for place, (row, texts) in enumerate(zip(made.rows, (table.header, *table.rows), strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].add_run(xml_text(text)).bold = True if place == 0 else None
    keep_rows(file, made)


def _keep_with_next(lines: Sequence[Line]) -> None:
    for line in lines:
        line.paragraph_format.keep_with_next = True


# ── inside a line ────────────────────────────────────────────────────────────────────────────────
def _line(file: File, text: Text, style: str | None = None) -> Line:
    line = file.add_paragraph()
    if style:
        line._element.style = style_id(style)  # noqa: SLF001 - python-docx looks through all styles, twice for each line
    for part in text:
        _add(line, part)
    return line


def _add(line: Line, part: Inline) -> None:
    match part:
        case Link(text, url):
            target, told = live_target(url), bool(text.strip())
            if target:
                add_link(line, text if told else url, target)
            else:
                line.add_run(xml_text(f"{text} ({url})" if told and url.strip() not in {"", text} else text if told else url))
        case Strong(text):
            line.add_run(xml_text(text)).bold = True
        case _:
            line.add_run(xml_text(part))


def _one_line(text: str) -> str:
    return " ".join(text.split())
