"""Writes the gallery: pages that show every document and every picture, and the files they link to.

    python docs/gallery/make_gallery.py [FOLDER]

FOLDER is this folder unless another is given. The same library gives the same bytes; a test makes them anew and compares. The
photographs among them are `take_photographs.py`'s.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pieces import EVERYWHERE, PAGES, Page, Piece
from searches import Search, in_english, in_spanish

from infoint.notes import Document, Picture, mailto, render

HERE: Final = Path(__file__).parent
FORMATS: Final = {
    "text": "Plain text, for a mail or a terminal",
    "markdown": "Markdown, for a wiki or your notes",
    "html": "One HTML file that needs nothing else, laid out for screens, phones and paper",
    "eml": "A draft for a mail program; nothing is sent",
    "json": "The tree, for a program: `load_document` reads it back",
}
"""The formats that are built in, in the order of the page."""
OPENED: Final = {"html": "as a page", "eml": "as a mail draft", "json": "as a file"}
"""What is better opened than shown, and how a link to it is called."""
LONG: Final = 45
"""Lines. What is longer is folded away."""


class Gallery:
    """Files by their path within the folder. What a page shows is made by the page, and so is what it links to."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        searches = {False: in_english(), True: in_spanish()}
        for page in PAGES:
            self._put(f"{page.name}.md", self._page(page, searches[page.spanish]))
        self._put("formats.md", self._formats(searches[False]))
        self._put("index.md", _index())

    def _put(self, path: str, lines: Iterator[str]) -> None:
        self.files[path] = "\n".join(lines).encode() + b"\n"

    # ── pages ────────────────────────────────────────────────────────────────────────────────────
    def _page(self, page: Page, search: Search) -> Iterator[str]:
        yield from (f"# {page.title}", "", page.opening)
        for piece in page.pieces:
            made = piece.make(search)
            links = ", ".join(self._file(piece, format, made) for format in piece.files)
            by = f"Made by `{piece.call}`{f' ({links})' if links else ''}."
            yield from ("", f"## {piece.title}", "", piece.purpose, "", f"For: {_lowered(piece.reader)}. {by}")
            yield from self._picture(piece, made) if isinstance(made, Picture) else _document(piece, made, page)

    def _file(self, piece: Piece, format: str, document: Document) -> str:
        """A link to a file beside the pages."""
        self.files[f"files/{piece.slug}.{format}"] = render(document, format).content
        return f"[{OPENED[format]}](files/{piece.slug}.{format})"

    def _picture(self, piece: Piece, picture: Picture) -> Iterator[str]:
        self.files[f"files/{piece.slug}.svg"] = picture.svg.encode()
        yield from ("", f"![{picture.title}](files/{piece.slug}.svg)")
        yield from _folded("What those who cannot see it are told", [_plain(picture.description)])
        for form, text in (("Mermaid", picture.mermaid_text), ("DOT", picture.dot_text)):
            if text:
                yield from _folded(f"As {form}", _fenced(text, "text"))

    def _formats(self, search: Search) -> Iterator[str]:
        document = EVERYWHERE.make(search)
        yield from (
            "# One document in every format",
            "",
            f"A document is a tree; `render({EVERYWHERE.call}, format)` makes a file of it.",
        )
        yield "What plugins add (PDF, Word, rendered notes) is in [a how-to of its own](../how-to/pdf-word-and-rendered-notes.md)."
        for format, told in FORMATS.items():
            made = render(document, format)
            link = f" ({self._file(EVERYWHERE, format, document)})" if format in OPENED else ""
            yield from ("", f"## `{format}`", "", f"{told}{link}.")
            if format != "html":
                yield from _shown(made.text, format if format in {"markdown", "json"} else "text")
        yield from ("", "## `mailto(document)`", "", "A link that opens a new mail with address, subject and text filled in.")
        yield from ("", *_fenced(mailto(document), "text"))


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────
def _index() -> Iterator[str]:
    yield from ("# Gallery", "")
    yield "Every document and every picture there is, as really made by `docs/gallery/make_gallery.py` from the invented search of"
    yield "`examples/job_search`. Names, organisations and addresses are invented."
    for page in PAGES:
        yield from ("", f"## [{page.title}]({page.name}.md)", "", "| | what it is for | for whom |", "|---|---|---|")
        yield from (
            f"| [{piece.title}]({page.name}.md#{_anchor(piece.title)}) | {piece.purpose} | {piece.reader} |"
            for piece in page.pieces
        )
    yield from ("", "## [One document in every format](formats.md)", "")
    yield "Text, Markdown, HTML, a mail draft, a `mailto:` link and JSON."
    yield from ("", "```{toctree}", ":hidden:", "", *(page.name for page in PAGES), "formats", "```")


def _document(piece: Piece, document: Document, page: Page) -> Iterator[str]:
    for file, shown in piece.photographs:
        yield from ("", f"![{shown}](../pictures/{file})")
    # A letter is sent as text; whatever else is there to be read in a wiki.
    format = "text" if document.subject else page.format
    yield from _shown(render(document, format).text, format)


def _anchor(title: str) -> str:
    """As GitHub and the site make it of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _shown(text: str, language: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > LONG:
        yield from _folded(f"All {lines} lines of it", _fenced(text, language))
    else:
        yield from ("", *_fenced(text, language))


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", "<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>")


def _fenced(text: str, language: str) -> Iterator[str]:
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (f"{fence}{language}", *text.rstrip().splitlines(), fence)


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]


def _plain(text: str) -> str:
    """Nothing in it is Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|$~&" else letter for letter in text)


def main(folder: Path) -> None:
    """Write what has changed, and take away what no page shows any more."""
    made = Gallery().files
    for path, content in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for left in {*folder.glob("*.md"), *folder.glob("files/*")} - {folder / path for path in made}:
        left.unlink()
    print(f"{len(made)} files in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
