"""What every renderer must do. Subclass, say how to make one, run pytest. What a format looks like is its own business."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final

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
from infoint.testing.hostile_documents import (
    HOSTILE_TEXTS,
    LIVE_ADDRESSES,
    REFUSED_ADDRESSES,
    SVG,
    document_of,
    everywhere,
    followed,
    innocent_twin,
    other_places,
    shown_places,
)

_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_SUFFIX: Final = re.compile(r"(?:\.[a-z0-9]+)+")
_LETTERS: Final = re.compile(r"[A-Za-z]{4,}")

_CAPTION: Final = "the caption of a Table"
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
    _CAPTION: "pebble",
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
                    Figure(SVG, "Meadow", "Three leaves of clover"),
                    Markdown("- a *thistle*\n"),
                ),
            ),
            Section(key="acme:closing", title="Closing", blocks=(WritingSpace(3), Paragraph("And farewell."))),
        ),
        filename="prep-sheet-ana-ruiz-2026-12-01",
    )


class RendererContract(ABC):
    """Subclass it as `class TestMyRenderer(RendererContract)` and give `make_renderer`."""

    strict: ClassVar[bool] = False
    """True: also hold it to the captions of tables, which a first renderer may do without: what a table holds is in its cells."""

    @abstractmethod
    def make_renderer(self) -> NoteRenderer:
        """A new one; called more than once in a test."""

    def visible_text(self, rendered: bytes) -> str:
        """What a reader sees or hears, for the tests that no text is lost. Default: the bytes as UTF-8.

        Override it where a format hides letters (markup, compression), and let it leave out what is not shown.
        """
        return rendered.decode()

    def structure(self, rendered: bytes) -> Sequence[object] | None:  # noqa: ARG002  # those who override it need it
        """What the file is made of besides words, as a parser of the format sees it: elements in their order, names of attributes,
        headers. None (the default): nobody can tell, as for plain text.

        Override it: it proves that no text becomes anything but text.
        """
        return None

    def addresses(self, rendered: bytes) -> Sequence[str] | None:  # noqa: ARG002  # as above
        """Where the links of the file lead, in their order, as a parser of the format sees it. None (the default): there are none."""
        return None

    def test_every_block_is_rendered(self) -> None:
        """Something of the document is missing from the page."""
        shown = self._shown(sample_document())
        for what, word in _WORDS.items():
            if what == _CAPTION and not self.strict:
                continue
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
        self._rendered(document_of(Paragraph("something else")), renderer)
        assert self._rendered(sample_document(), renderer) == first, "the same renderer gave other bytes the second time"
        assert self._rendered(sample_document(), self.make_renderer()) == first, "a second renderer gave other bytes"

    def test_hostile_text_stays_text(self) -> None:
        """A person's words were taken for markup, or broke the renderer."""
        for text in HOSTILE_TEXTS:
            for where, document in shown_places(text):
                if where == "Table.caption" and not self.strict:
                    continue
                shown = re.sub(r"\s", "", self._shown(document))
                for word in (*_LETTERS.findall(clean(text)), "nextdoor"):
                    assert word in shown, f"{where}: {word!r} is not shown, where the text is {text!r}"

    def test_hostile_markup_stays_in_its_place(self) -> None:
        """What may be read as markup, or need not be shown at all, broke the renderer or swallowed what follows."""
        for text in HOSTILE_TEXTS:
            for where, document in other_places(text):
                assert "nextdoor" in self._shown(document), f"{where}: what comes after it is not shown, where it is {text!r}"

    def test_hostile_text_adds_nothing(self) -> None:
        """A person's words became an element, an attribute, a header or a line of their own."""
        for text in HOSTILE_TEXTS:
            made, expected = (
                self.structure(self._rendered(everywhere(one), self.make_renderer())) for one in (text, innocent_twin(text))
            )
            assert made == expected, f"the page is made of other things than with plain words, where the text is {text!r}"

    def test_only_allowed_addresses_are_live(self) -> None:
        """A click would run a script or open a file; or a page with a `&lt;` in its address would not be found."""
        page = document_of(*(Paragraph((Link("here", url),)) for url in (*REFUSED_ADDRESSES, *LIVE_ADDRESSES)))
        found = self.addresses(self._rendered(page, self.make_renderer()))
        assert found is None or found == list(LIVE_ADDRESSES), f"one is led to {found}"

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
            shown = self._shown(followed(block))
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
