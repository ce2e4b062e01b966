"""Documents as one HTML file that needs nothing else: read on a phone, printed on paper, heard through a screen reader.

Nothing in it can run: every text is escaped, of a picture only what draws comes in, and a policy in the head forbids scripts and
any request to elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Final, TypeAlias, assert_never

from infoint.errors import InvalidValue
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

_PAPERS: Final = {"A4": "A4", "Letter": "letter"}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})

_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FEW_COLUMNS: Final = 3
_MARK: Final = 2
"""The most characters of what counts as a mark in a cell."""

_SHRINKS: Final = 720
"""Pixels. What is wider would be too small to read on a telephone: there it is scrolled, and fades where it is cut."""

# Ruled lines are borders: backgrounds are not printed unless the reader asks for them.
_STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1d1d1f; --soft: #5b5f66; --line: #c9cdd3; --wash: #f4f5f7; --paper: #fff; --link: #0b57a4 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8ea; --soft: #a9adb5; --line: #4a4e55; --wash: #26282c; --paper: #18191b; --link: #8cc2ff }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.1rem 4rem }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.8em 0 .5em }
h1 { font-size: 1.7rem; margin-top: 0 }
h2 { font-size: 1.25rem; border-bottom: 1px solid var(--line); padding-bottom: .2em }
h3 { font-size: 1.1rem }
h4, h5, h6 { font-size: 1rem }
p, ul, ol, dl, blockquote, figure, .table, .notes, .lines { margin: 0 0 1em }
h1, h2, h3, h4, h5, h6, p, li, dt, dd, th, td, caption, figcaption, .notes { unicode-bidi: plaintext }
/* Beside their bullets, and columns straight, whichever way the words run. */
li, dt, dd, th, td, caption, figcaption, blockquote p { text-align: -webkit-match-parent; text-align: match-parent }
ul, ol { padding-inline-start: 1.6em }
li { margin: .2em 0 }
a { color: var(--link) }
.checklist { list-style: none; padding: 0 }
.checklist label { display: flex; gap: .6em; align-items: baseline }
.checklist input { flex: none; width: 1.05em; height: 1.05em; margin: 0; transform: translateY(.15em) }
.fields > div { display: grid; grid-template-columns: minmax(7em, 11em) 1fr; gap: 0 1em; padding: .15em 0 }
dt { color: var(--soft) }
dd { margin: 0 }
.table { overflow-x: auto }
table { border-collapse: collapse; min-width: 100% }
caption { font-weight: 600; padding-bottom: .4em }
th, td { vertical-align: top; padding: .4em .7em; border: 1px solid var(--line); overflow-wrap: break-word }
th { background: var(--wash) }
tbody th { background: none; font-weight: inherit }
.matrix th:first-child { min-width: 13em; width: 100% }
.matrix th:not(:first-child), .matrix td:not(:first-child) { text-align: center; vertical-align: bottom; padding: .4em }
.matrix th:not(:first-child) span {
  writing-mode: vertical-rl; text-orientation: sideways; transform: rotate(180deg); text-align: start; max-height: 13em; line-height: 1.2
}
.matrix td:not(:first-child) { vertical-align: middle }
blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 1em }
blockquote p { margin: 0 }
blockquote footer { color: var(--soft) }
.notes { white-space: pre-wrap; background: var(--wash); border-radius: .4em; padding: .7em 1em }
.lines > div { height: 2.3em; border-bottom: 1px solid var(--soft) }
figure { break-inside: avoid }
.picture { overflow-x: auto }
.picture svg { display: block; max-width: 100%; height: auto }
.card { --paper: #fff; color-scheme: light; background: #fff; color: #1d1d1f; padding: .5em; border-radius: .4em }
figcaption { color: var(--soft); padding-top: .3em }
@media (max-width: 30rem) { .fields > div { grid-template-columns: 1fr; padding: .3em 0 } }
@media screen and (max-width: 30rem) {
  th, td { padding: .35em .5em; font-size: .93rem }
  th:first-child, td:first-child { position: sticky; inset-inline-start: 0; min-width: 10em; max-width: 11em; overflow-wrap: anywhere }
  tr:not(:has(> :nth-child(5))) > :first-child { min-width: 0; overflow-wrap: break-word }
  tbody th, td:first-child { background: var(--paper) }
  .matrix th:first-child { min-width: 9.5em }
  .picture { margin-inline: -1rem }
  .wide { display: flex; direction: ltr }
  .wide svg { flex: none; max-width: none }
  .wide::after {
    content: ""; flex: none; width: 3rem; position: sticky; right: 0; background: linear-gradient(to left, var(--paper), transparent)
  }
  caption { position: sticky; inset-inline-start: 0; max-width: calc(100vw - 2.2rem) }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --wash: #fff; --paper: #fff; --link: #000 }
  body { font-size: 10.5pt; line-height: 1.4 }
  h2 { margin: 1.3em 0 .4em }
  h3, h4, h5, h6 { margin: 1.1em 0 .35em }
  p, ul, ol, dl, blockquote, figure, .table, .notes, .lines { margin-bottom: .7em }
  li, .fields > div { margin: 0; padding: .05em 0 }
  th, td { padding: .3em .55em }
  main { max-width: none; padding: 0 }
  h1, h2, h3, h4, h5, h6, caption { break-after: avoid; break-inside: avoid }
  p:has(+ ul), p:has(+ ol), p:has(+ blockquote), p:has(+ .lines) { break-after: avoid }
  h1 + *, h2 + *, h3 + *, h4 + *, h5 + *, h6 + * { break-before: avoid }
  h2 + p, h3 + p, h4 + p, h5 + p, h6 + p, li, tr, figure, blockquote, .fields > div, .lines { break-inside: avoid }
  .lines { break-before: avoid }
  .lines > div { height: 8mm }
  thead { display: table-header-group; break-after: avoid }
  tbody tr:first-child, tbody tr:last-child, li:last-child, .fields > div:last-child { break-before: avoid }
  ul:not(:has(li:nth-child(7))), ol:not(:has(li:nth-child(7))) { break-inside: avoid }
  table:not(:has(tbody tr:nth-child(9))) { break-inside: avoid }
  .table { overflow: visible; padding-inline-end: 1px }
  .notes { padding: 0 }
  .picture { overflow: visible; padding: 0 }
  .picture svg { max-height: 22cm }
  section:has(> .lines) { break-inside: avoid }
  th { word-break: keep-all }
  a[href^="http"]:not(.told)::after { content: " <" attr(href) ">"; color: var(--soft) }
}
"""


class HtmlRenderer:
    """One self-contained, accessible page, laid out for `paper` when printed."""

    media_type: str = "text/html"
    suffix: str = ".html"
    contract: int = CONTRACT

    def __init__(self, *, paper: str = "A4", markdown: "_AsHtml | None" = None) -> None:
        """`paper`: "A4" or "Letter". `markdown` turns the explorer's own notes into HTML that goes into the page as it is, and gets the
        level that a heading in them may have (2 to 6, or 7 where none is left); without it notes are shown as they were written.
        Raises InvalidValue.
        """
        if paper not in _PAPERS:
            raise InvalidValue("HtmlRenderer", "paper", f"needs one of {', '.join(_PAPERS)}", value=paper)
        self._markdown = markdown
        self._page = f"@page {{ size: {_PAPERS[paper]}; margin: 18mm }}\n"

    def render(self, document: Document) -> bytes:
        """UTF-8, one line feed at the end."""
        lines = [
            "<!DOCTYPE html>",
            f"<html {_language(document)}>",
            "<head>",
            '<meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(_one_line(document.title))}</title>",
            f"<style>\n{self._page}{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_content(document, "", self._markdown or _as_written),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
        return "\n".join(lines).encode()

    def fragment(self, document: Document, *, prefix: str = "") -> str:
        """What stands on the page, for a page of yours with a style sheet of its own. Ids come from the keys of sections; `prefix` goes
        before each, where a page holds several documents: ASCII letters, digits, hyphens and underscores, a letter first. Raises InvalidValue.
        """
        if not isinstance(prefix, str) or (prefix and not _PREFIX.fullmatch(prefix)):
            raise InvalidValue(
                "HtmlRenderer.fragment",
                "prefix",
                "needs ASCII letters, digits, hyphens and underscores, a letter first",
                value=prefix,
            )
        return "\n".join(
            [
                f'<div class="infoint-document" {_language(document)}>',
                *_content(document, f"{prefix}-" if prefix else "", self._markdown or _as_written),
                "</div>",
                "",
            ]
        )


def _language(document: Document) -> str:
    direction = ' dir="rtl"' if runs_right_to_left(document.language) else ""
    return f'lang="{document.language}"{direction}'


def runs_right_to_left(language: str) -> bool:
    """Whether a language (a BCP 47 tag) is written so."""
    return language.partition("-")[0].lower() in _RIGHT_TO_LEFT


def _content(document: Document, prefix: str, markdown: "_AsHtml") -> Iterator[str]:
    yield f"<h1>{escape(_one_line(document.title))}</h1>"
    yield from _letterhead(document)
    yield from _blocks(document.sections, 2, prefix, "", markdown)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
def _letterhead(document: Document) -> Iterator[str]:
    pairs = [(label, (text,)) for label, text in (("To", document.to), ("Subject", document.subject)) if text.strip()]
    yield from _fields(pairs)


def _blocks(blocks: Iterable[Block], level: int, prefix: str, owner: str, markdown: "_AsHtml") -> Iterator[str]:
    """`level` is that of the next heading: a section without title does not make a gap in the outline. `prefix`: of every id. `owner`:
    the id of the section they stand in.
    """
    for place, block in enumerate(blocks, 1):
        if isinstance(block, Section):
            title, id = _one_line(block.title), f"{prefix}{block.key.replace(':', '--')}"
            yield f'<section id="{id}">'
            if title:
                yield f"<h{level}>{escape(title)}</h{level}>"
            yield from _blocks(block.blocks, level + 1 if title else level, prefix, id, markdown)
            yield "</section>"
        elif isinstance(block, Markdown):
            yield markdown(block.source, level)
        else:
            yield from _block(block, f"figure---{owner}-{place}")


_AsHtml: TypeAlias = Callable[[str, int], str]
"""The explorer's own notes, and the level that a heading in them may have, to HTML."""


def _as_written(source: str, _level: int) -> str:
    return f'<div class="notes">{escape(source)}</div>'


_Leaf = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure


def _block(block: _Leaf, name: str) -> Iterator[str]:
    """`name`: of this block alone."""
    match block:
        case Paragraph(text):
            yield f"<p>{_inline(text)}</p>"
        case Bullets(items, numbered):
            yield from _list("ol" if numbered else "ul", (f"<li>{_inline(item)}</li>" for item in items))
        case Checklist(items):
            yield from _list("ul", (_check(text, done=done) for done, text in items), ' class="checklist"')
        case Table(header, rows, caption):
            yield from _table(header, rows, caption)
        case Fields(pairs):
            yield from _fields(pairs)
        case Quote(text, by):
            footer = f"<footer>— {_text(by)}</footer>" if by.strip() else ""
            yield f"<blockquote><p>{_text(text)}</p>{footer}</blockquote>"
        case WritingSpace(lines):
            yield f'<div class="lines" aria-hidden="true">{"<div></div>" * lines}</div>'
        case Figure():
            yield figure_html(block, id=name)
        case _:
            assert_never(block)


def _list(tag: str, items: Iterable[str], attributes: str = "") -> Iterator[str]:
    lines = list(items)
    if lines:
        yield from (f"<{tag}{attributes}>", *lines, f"</{tag}>")


def _check(text: str, *, done: bool) -> str:
    return f'<li><label><input type="checkbox"{" checked" if done else ""}><span>{_text(text)}</span></label></li>'


def _table(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], caption: str) -> Iterator[str]:
    name = f' role="region" aria-label="{escape(_one_line(caption))}"' if caption.strip() else ""
    yield f'<div class="table" tabindex="0"{name}>'  # in the tab order, or nobody could scroll it without a mouse
    marks = _is_matrix(header, rows)
    yield '<table class="matrix">' if marks else "<table>"
    if caption.strip():
        yield f"<caption>{_text(caption)}</caption>"
    yield f"<thead><tr>{''.join(_heading(name, upright=marks) for name in header)}</tr></thead>"
    yield "<tbody>"
    yield from map(_row, rows)
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _is_matrix(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bool:
    """Marks under names: with the names upright many columns fit, and the first has room for its sentences."""
    return len(header) > _FEW_COLUMNS and all(len(cell) <= _MARK for row in rows for cell in row[1:])


def _heading(text: str, *, upright: bool) -> str:
    return f'<th scope="col"><span>{_text(text)}</span></th>' if upright else f'<th scope="col">{_text(text)}</th>'


def _row(cells: tuple[str, ...]) -> str:
    """Its first cell names it, where there are others to be named."""
    first, *others = cells
    opening, closing = ('<th scope="row">', "</th>") if others and first.strip() else ("<td>", "</td>")
    return f"<tr>{opening}{_text(first)}{closing}{''.join(f'<td>{_text(cell)}</td>' for cell in others)}</tr>"


def _fields(pairs: Iterable[tuple[str, Text]]) -> Iterator[str]:
    lines = [f"<div><dt>{_text(label)}</dt><dd>{_inline(value)}</dd></div>" for label, value in pairs]
    if lines:
        yield from ('<dl class="fields">', *lines, "</dl>")


def figure_html(figure: Figure, *, id: str) -> str:
    """A picture with its title, below it unless it shows it itself; where it cannot be read, in words. `id`: letters, digits and
    hyphens, another for each of a page.
    """
    from infoint.notes.safe_svg import adapts_to_dark, natural_width, safe_svg

    description = _one_line(figure.description)
    picture = safe_svg(figure.svg, prefix=id, title=_one_line(figure.title), description=description)
    if not picture:
        shown = f"<p>{_text(figure.description)}</p>"
    else:
        card = "" if adapts_to_dark(picture) else " card"  # drawn for white paper
        wide = " wide" if natural_width(picture) > _SHRINKS else ""
        shown = f'<div class="picture{wide}{card}" tabindex="0">{picture}</div>'
    caption = "" if picture and figure.titled else f"<figcaption>{_text(figure.title)}</figcaption>\n"
    return f"<figure>\n{shown}\n{caption}</figure>"


# ── inside a line ────────────────────────────────────────────────────────────────────────────────
def _inline(text: Text) -> str:
    return "".join(map(_part, text))


def _part(part: Inline) -> str:
    match part:
        case Link(text, url):
            target = link_target(url)
            shown = _text(text if text.strip() else url)
            if target:
                told = ' class="told"' if shown == _text(url) else ""
                return f'<a{told} href="{escape(target)}">{shown}</a>'
            return f"{shown} ({_text(url)})" if url.strip() not in {"", text} and text.strip() else shown
        case Strong(text):
            return f"<strong>{_text(text)}</strong>"
        case _:
            return _text(part)


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _one_line(text: str) -> str:
    return " ".join(text.split())
