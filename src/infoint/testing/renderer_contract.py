"""What every renderer must do. Subclass, say how to make one, run pytest. What a format looks like is its own business."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final

from attrs import evolve

from infoint.notes.cleaning import clean
from infoint.notes.contract import (
    MAX_DEPTH,
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    Link,
    Markdown,
    NoteRenderer,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    WritingSpace,
)

_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_SUFFIX: Final = re.compile(r"(?:\.[a-z0-9]+)+")
_LETTERS: Final = re.compile(r"[A-Za-z]{4,}")

_WORDS: Final = {
    "the title of the document": "Lighthouse",
    "the title of a section": "Meeting",
    "a str in a paragraph": "harbour",
    "a Strong in a paragraph": "anchor",
    "the text of a Link in a paragraph": "compass",
    "a Section inside a Section": "Cargo",
    "a block of the Section inside a Section": "barrel",
    "a second section": "Agenda",
    "Bullets": "canvas",
    "a Link in Bullets": "pulley",
    "numbered Bullets": "chisel",
    "an open item of a Checklist": "lantern",
    "a done item of a Checklist": "ladder",
    "the header of a Table": "Topic",
    "a cell of a Table": "granite",
    "the caption of a Table": "pebble",
    "the label of Fields": "Dress",
    "the value of Fields": "velvet",
    "the text of a Quote": "orchard",
    "who said a Quote": "Juniper",
    "a section after all others": "Closing",
    "the title of a Figure": "Meadow",
    "the description of a Figure": "clover",
    "Markdown": "thistle",
    "a paragraph after WritingSpace": "farewell",
}
"""One word for each thing `sample_document` shows, in no other place of it."""

_HOSTILE: Final = (
    "<script>alert(1)</script> <b>bold</b> <!-- comment --> <img src=image onerror=broken>",
    "&lt;already&gt; &amp;escaped; &#x41;fter",
    "*star* **strong** _under_ __score__ `code` ~~strike~~ [label](https://oak.example/target) ![picture](image)",
    "# heading\n## second\n- bullet\n+ other\n1. first\n2) second\n> quoted\n    indented\n---\n===\n```\nfence\n~~~",
    "head | line\n--- | ---\ncell | pipe\\|pole",
    "[ ] open [x] ticked <https://oak.example/auto> www.oak.example https://oak.example/bare",
    "#+title: keyword\n:drawer:\n{macro} {{ template }} {% block %} $math$ \\begin{verbatim} #set(page) @mention",
    "=formula() +plus -minus\tafter tab",
    "null\x00byte bell\x07ring escape\x1b[31mcolour",
    "line\r\nreturn\rfeed\x0bvertical\x85next\u2028separator\u2029paragraph",
    "lone \ud800half and \udfffother half",
    "right\u202eleft zero\u200bwidth \U0001f9ed\ufe0fcompass \u0645\u0631\u062d\u0628\u0627 \u6f22\u5b57 e\u0301clair",
    "longword" * 5,
)
"""Texts that some format somewhere takes for more than letters."""


def sample_document() -> Document:
    """Every kind of block once or more, and a section in a section. It says nothing twice."""
    paragraph = Paragraph(
        ("By the harbour, at the ", Strong("anchor"), ": ", Link("compass", "https://oak.example/way?to=a&from=b"), ".")
    )
    return Document(
        name="prep-sheet",
        title="Lighthouse",
        sections=(
            Section(
                key="meeting",
                title="Meeting",
                blocks=(paragraph, Section(key="cargo", title="Cargo", blocks=(Paragraph("A barrel."),))),
            ),
            Section(
                key="agenda",
                title="Agenda",
                blocks=(
                    Bullets(("canvas", ("with a ", Link("pulley", "mailto:ana@oak.example")))),
                    Bullets(("chisel",), numbered=True),
                    Checklist(((False, "lantern"), (True, "ladder"))),
                    Table(("Topic", "Said"), (("granite", "much"), ("slate", "")), "pebble"),
                    Fields((("Dress", "velvet"),)),
                    Quote("Come to the orchard.", by="Juniper"),
                    Figure(_SVG, "Meadow", "Three leaves of clover"),
                    Markdown("- a *thistle*\n"),
                ),
            ),
            Section(key="acme:closing", title="Closing", blocks=(WritingSpace(3), Paragraph("And farewell."))),
        ),
        filename="prep-sheet-ana-ruiz-2026-12-01",
    )


_SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#7a9"/></svg>'


class RendererContract(ABC):
    """Subclass it as `class TestMyRenderer(RendererContract)` and give `make_renderer`."""

    @abstractmethod
    def make_renderer(self) -> NoteRenderer:
        """A new one; called more than once in a test."""

    def visible_text(self, rendered: bytes) -> str:
        """What a reader sees or hears, for the tests that no text is lost. Default: the bytes as UTF-8.

        Override it where a format hides letters (markup, compression), and let it leave out what is not shown.
        """
        return rendered.decode()

    def test_every_block_is_rendered(self) -> None:
        """Something of the document is missing from the page."""
        shown = self._shown(sample_document())
        for what, word in _WORDS.items():
            assert word in shown, f"{what} is not shown: no {word!r} in the visible text"

    def test_sections_keep_their_order(self) -> None:
        """The reader meets the sections in another order than the document's."""
        shown = self._shown(sample_document())
        places = [shown.find(title) for title in ("Lighthouse", "Meeting", "Cargo", "Agenda", "Closing", "farewell")]
        assert places == sorted(places), "titles of sections are shown in another order than the document has"

    def test_same_document_same_bytes(self) -> None:
        """The bytes depend on a clock, on chance, or on what was rendered before."""
        renderer = self.make_renderer()
        first = self._rendered(sample_document(), renderer)
        self._rendered(_document(Paragraph("something else")), renderer)
        assert self._rendered(sample_document(), renderer) == first, "the same renderer gave other bytes the second time"
        assert self._rendered(sample_document(), self.make_renderer()) == first, "a second renderer gave other bytes"

    def test_hostile_text_stays_text(self) -> None:
        """A person's words were taken for markup, or broke the renderer."""
        for text in _HOSTILE:
            for where, document in _shown_places(text):
                shown = re.sub(r"\s", "", self._shown(document))
                for word in (*_LETTERS.findall(clean(text)), "nextdoor"):
                    assert word in shown, f"{where}: {word!r} is not shown, where the text is {text!r}"

    def test_hostile_markup_stays_in_its_place(self) -> None:
        """What may be read as markup, or need not be shown at all, broke the renderer or swallowed what follows."""
        for text in _HOSTILE:
            for where, document in _other_places(text):
                assert "nextdoor" in self._shown(document), f"{where}: what comes after it is not shown, where it is {text!r}"

    def test_empty_documents_work(self) -> None:
        """A document, section or list without anything in it breaks the renderer."""
        assert "Lighthouse" in self._shown(Document(name="empty", title="Lighthouse", sections=()))
        nothing = (
            Paragraph(""),
            Bullets(()),
            Bullets((), numbered=True),
            Checklist(()),
            Table(("",), ()),
            Fields(()),
            Quote(""),
            Figure("", "", ""),
            Markdown(""),
            Section(key="inner", title="", blocks=()),
        )
        for block in nothing:
            shown = self._shown(_document(block))
            assert "nextdoor" in shown, f"what comes after an empty {type(block).__name__} is not shown"

    def test_deep_sections_work(self) -> None:
        """Sections in sections, as deep as they may be, lose a title."""
        titles = [f"level{'abcdefgh'[depth]}" for depth in range(MAX_DEPTH)]
        block: Block = Paragraph("bottom")
        for title in reversed(titles):
            block = Section(key=title, title=title, blocks=(block,))
        assert isinstance(block, Section)
        shown = self._shown(Document(name="deep", title="Lighthouse", sections=(block,)))
        for word in (*titles, "bottom"):
            assert word in shown, f"{word!r} is not shown"

    def test_says_what_it_makes(self) -> None:
        """Hosts cannot serve or save what names no media type or suffix."""
        renderer = self.make_renderer()
        assert _MEDIA_TYPE.fullmatch(renderer.media_type), f"media_type is no media type: {renderer.media_type!r}"
        assert _SUFFIX.fullmatch(renderer.suffix), f"suffix is no suffix with its dot: {renderer.suffix!r}"

    def _rendered(self, document: Document, renderer: NoteRenderer) -> bytes:
        rendered: object = renderer.render(document)
        assert isinstance(rendered, bytes), f"render gave {type(rendered).__name__}, not bytes"
        return rendered

    def _shown(self, document: Document) -> str:
        return self.visible_text(self._rendered(document, self.make_renderer()))


def _document(block: Block) -> Document:
    section = Section(key="part", title="Part", blocks=(block, Paragraph("nextdoor")))
    return Document(name="sample", title="Sample", sections=(section,))


def _shown_places(text: str) -> Iterator[tuple[str, Document]]:
    """A document for each place whose text every renderer shows."""
    blocks: dict[str, Block] = {
        "Paragraph": Paragraph(text),
        "Strong": Paragraph(("before", Strong(text), "behind")),
        "Link.text": Paragraph(("before", Link(text, "https://oak.example/"), "behind")),
        "Bullets": Bullets((text, text)),
        "numbered Bullets": Bullets((text, text), numbered=True),
        "Checklist": Checklist(((False, text), (True, text))),
        "Table.header": Table((text, "other"), (("cell", "cell"),)),
        "Table.rows": Table(("one", "other"), ((text, "cell"), ("cell", text))),
        "Table.caption": Table(("one",), (("cell",),), caption=text),
        "Fields label": Fields(((text, "value"),)),
        "Fields value": Fields((("label", text),)),
        "Quote.text": Quote(text, by="Juniper"),
        "Quote.by": Quote("words", by=text),
        "Figure.title": Figure(_SVG, text, "shows nothing"),
        "Figure.description": Figure(_SVG, "title", text),
        "Section.title": Section(key="inner", title=text, blocks=()),
    }
    yield from ((where, _document(block)) for where, block in blocks.items())
    yield "Document.title", evolve(_document(Paragraph("")), title=text)


def _other_places(text: str) -> Iterator[tuple[str, Document]]:
    """A document for each place that a renderer may show in a way of its own, or leave out."""
    blocks: dict[str, Block] = {
        "Markdown": Markdown(text),
        "Link.url": Paragraph(("before", Link("label", text), "behind")),
        "Figure.svg": Figure(text, "title", "shows nothing"),
    }
    yield from ((where, _document(block)) for where, block in blocks.items())
    yield "Document.subject", evolve(_document(Paragraph("")), subject=text)
    yield "Document.to", evolve(_document(Paragraph("")), to=text)
