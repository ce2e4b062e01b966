"""Blocks that came after a renderer was written reach it as older ones."""

from collections.abc import Iterator

import pytest

from infoint import notes
from infoint.hooks import PluginHost
from infoint.notes import newer_blocks
from infoint.notes.contract import Block, Bullets, Checklist, Document, Paragraph, Quote, Section, Strong
from infoint.notes.document_json import JsonRenderer, load_document
from infoint.notes.newer_blocks import Newer


def in_words(block: Checklist) -> tuple[Block, ...]:
    return (Quote("To do"), Bullets(tuple(("done: " if done else "", text) for done, text in block.items)))


@pytest.fixture(autouse=True)
def _two_kinds_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if checklists had come with the third contract and quotes with the second."""
    monkeypatch.setattr(newer_blocks, "CONTRACT", 3)
    monkeypatch.setitem(newer_blocks.NEWER, Checklist, Newer(3, in_words))
    monkeypatch.setitem(newer_blocks.NEWER, Quote, Newer(2, lambda quote: (Paragraph(Strong(quote.text)),)))


class Kinds:
    """Says which kinds of blocks reach it."""

    media_type = "text/plain"
    suffix = ".txt"

    def render(self, document: Document) -> bytes:
        return " ".join(kind for section in document.sections for kind in self.kinds(section)).encode()

    def kinds(self, block: Block) -> Iterator[str]:
        yield type(block).__name__
        for inner in block.blocks if isinstance(block, Section) else ():
            yield from self.kinds(inner)


class KindsOfTwo(Kinds):
    contract = 2


class KindsOfThree(Kinds):
    contract = 3


SHEET = Document(
    name="sheet",
    title="Sheet",
    sections=(Section(key="a", title="", blocks=(Section(key="b", title="", blocks=(Checklist(((True, "x"),)),)), Paragraph("y"))),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("renderer", "kinds"),
    [
        (Kinds(), "Section Section Paragraph Bullets Paragraph"),
        (KindsOfTwo(), "Section Section Quote Bullets Paragraph"),
        (KindsOfThree(), "Section Section Checklist Paragraph"),
    ],
)
def test_renderers_get_what_they_know(renderer: Kinds, kinds: str) -> None:
    """A renderer of last year would fall over a new kind of block, or leave it out."""
    assert str(notes.render(SHEET, renderer)) == kinds
    assert str(PluginHost(discover=False).render(SHEET, renderer)) == kinds


def test_files_say_it_in_older_words_too() -> None:
    """An older infoint could not read a newer one's file."""
    written = JsonRenderer().render(SHEET).decode()
    assert load_document(written) == SHEET
    older = load_document(written.replace('"checklist"', '"unheard-of"'))
    assert older == newer_blocks.known_to(SHEET, 1)
