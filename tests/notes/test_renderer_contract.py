"""The kit for renderers passes good ones and convicts bad ones."""

import itertools
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from html.parser import HTMLParser
from typing import get_args

import cmarkgfm
import html5lib
import pytest
from attrs import evolve
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

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
    NoteRenderer,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    WritingSpace,
)
from infoint.notes.document_json import JsonRenderer
from infoint.notes.eml import EmlRenderer
from infoint.notes.html import HtmlRenderer
from infoint.notes.markdown import MarkdownRenderer
from infoint.notes.text import TextRenderer
from infoint.testing import document_of
from infoint.testing.renderer_contract import RendererContract, sample_document


class Visible(HTMLParser):
    """What a reader of a page sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in {"style", "title"}
        self.seen += [value or "" for name, value in attrs if name == "alt"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def by_github(source: bytes) -> bytes:
    """Without the links GitHub makes of any mail address, which show what was there."""
    page = cmarkgfm.github_flavored_markdown_to_html(
        source.decode(), options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    )
    return re.sub('<a href="(?:mailto|xmpp):([^"]*)">\\1</a>', r"\1", page).encode()


def elements(page: bytes) -> list[object]:
    """As browsers read it: each element with the names of its attributes."""
    page = re.sub(rb"(?<=<style>)[^<]*(?=</style>)", b"", page)  # it takes longer to read than the page
    root = html5lib.parse(page, namespaceHTMLElements=False)
    return [(one.tag, *sorted(one.attrib)) for one in root.iter()]


def hrefs(page: bytes) -> list[str]:
    return [str(link.get("href")) for link in html5lib.parse(page, namespaceHTMLElements=False).iter("a")]


def visible(page: bytes) -> str:
    parser = Visible()
    parser.feed(page.decode())
    parser.close()
    return "\n".join(parser.seen)


# ── the shipped ones and a small one of our own ──────────────────────────────────────────────────
class TestMarkdownRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return MarkdownRenderer()

    def structure(self, rendered: bytes) -> list[object]:
        tokens = MARKDOWN.parse(rendered.decode())
        flat = itertools.chain.from_iterable((token, *(token.children or ())) for token in tokens)
        return [(token.type, token.tag, token.hidden) for token in flat if token.type != "text"]

    def addresses(self, rendered: bytes) -> list[str]:
        return hrefs(MARKDOWN.render(rendered.decode()).encode())


class TestMarkdownOnGitHub(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return MarkdownRenderer()

    def structure(self, rendered: bytes) -> list[object]:
        return elements(by_github(rendered))

    def addresses(self, rendered: bytes) -> list[str]:
        return hrefs(by_github(rendered))


class TestTextRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return TextRenderer()


class TestWideTextRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return TextRenderer(width=200)


class TestHtmlRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return HtmlRenderer()

    def visible_text(self, rendered: bytes) -> str:
        return visible(rendered)

    def structure(self, rendered: bytes) -> list[object]:
        return elements(rendered)

    def addresses(self, rendered: bytes) -> list[str]:
        return hrefs(rendered)


class TestJsonRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return JsonRenderer()

    def visible_text(self, rendered: bytes) -> str:
        def texts(tree: object) -> Iterator[str]:
            for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
                yield from texts(inner)
            if isinstance(tree, str):
                yield tree

        return "\n".join(texts(json.loads(rendered)))

    def structure(self, rendered: bytes) -> list[object]:
        def shape(tree: object) -> object:
            match tree:
                case dict():
                    return {name: shape(inner) for name, inner in tree.items()}
                case list():
                    return list(map(shape, tree))
            return type(tree)

        return [shape(json.loads(rendered))]


class Lines:
    """As small as a complete renderer can be: one line for each text."""

    media_type = "text/x-lines"
    suffix = ".lines"

    def render(self, document: Document) -> bytes:
        lines = [document.title, *(line for section in document.sections for line in self.lines(section))]
        return "".join(f"{line}\n" for line in lines).encode()

    def lines(self, block: Block) -> Iterator[str]:  # noqa: C901 - one case for each kind of block
        match block:
            case Section(title=title, blocks=blocks):
                yield title
                for inner in blocks:
                    yield from self.lines(inner)
            case Paragraph(text):
                yield self.text(*text)
            case Bullets(items):
                yield from (self.text(*item) for item in items)
            case Checklist(items):
                yield from (f"{'x' if done else 'o'} {self.text(text)}" for done, text in items)
            case Table(header, rows, caption):
                yield self.text(caption)
                yield from (" ".join(map(self.text, row)) for row in (header, *rows))
            case Fields(pairs):
                yield from (f"{self.text(label)} {self.text(*value)}" for label, value in pairs)
            case Quote(text, by):
                yield from (self.text(text), self.text(by))
            case WritingSpace(lines):
                yield from ["_"] * lines
            case Figure(title=title, description=description):
                yield from (self.text(title), self.text(description))
            case Markdown(source):
                yield self.text(source)

    def text(self, *parts: Inline) -> str:
        return "".join(part.text if isinstance(part, Link | Strong) else part for part in parts)


class TestSmallRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return Lines()


# ── the bad ones ─────────────────────────────────────────────────────────────────────────────────
class ForgetsTicked(Lines):
    def lines(self, block: Block) -> Iterator[str]:
        if isinstance(block, Checklist):
            block = Checklist(tuple(item for item in block.items if not item[0]))
        yield from super().lines(block)


class ForgetsCaptions(Lines):
    def lines(self, block: Block) -> Iterator[str]:
        yield from super().lines(evolve(block, caption="") if isinstance(block, Table) else block)


class ForgetsBlock(Lines):
    kind: type[Block] = Paragraph

    def lines(self, block: Block) -> Iterator[str]:
        if not isinstance(block, self.kind):
            yield from super().lines(block)


class ForgetsLinks(Lines):
    def text(self, *parts: Inline) -> str:
        return super().text(*(part for part in parts if not isinstance(part, Link)))


class CountsItsRuns(Lines):
    def __init__(self) -> None:
        self._runs = itertools.count()

    def render(self, document: Document) -> bytes:
        return super().render(document) + f"run {next(self._runs)}".encode()


class CountsEverywhere(Lines):
    runs = itertools.count()

    def render(self, document: Document) -> bytes:
        return super().render(document) + f"run {next(self.runs)}".encode()


class Remembers(Lines):
    """Gives the same bytes until another document comes between."""

    last = ""
    changes = 0

    def render(self, document: Document) -> bytes:
        self.changes += self.last != document.title
        self.last = document.title
        return super().render(document) + f"change {self.changes}".encode()


class SortsSections(Lines):
    def render(self, document: Document) -> bytes:
        return super().render(evolve(document, sections=tuple(sorted(document.sections, key=lambda section: section.title))))


class GivesStr(Lines):
    def render(self, document: Document) -> bytes:
        return super().render(document).decode()  # type: ignore[return-value] # the mistake under test


class KnowsOnlyAscii(Lines):
    def render(self, document: Document) -> bytes:
        return super().render(document).decode().encode("ascii", "strict")


class StopsAtHash(Lines):
    """Takes what comes after a # for a comment, to the end of the document."""

    def render(self, document: Document) -> bytes:
        return super().render(document).partition(b"#")[0]


class FallsOverNothing(Lines):
    def lines(self, block: Block) -> Iterator[str]:
        if isinstance(block, Bullets | Checklist):
            assert block.items[0]
        yield from super().lines(block)


class Shallow(Lines):
    def lines(self, block: Block) -> Iterator[str]:
        for line in super().lines(block):
            yield line if not line.startswith("level") or line < "levelc" else ""


class BelievesMarkdown(Lines):
    def lines(self, block: Block) -> Iterator[str]:
        if isinstance(block, Markdown) and "```" in block.source:
            raise RuntimeError("a fence without end")
        yield from super().lines(block)


class NoMediaType(Lines):
    media_type = "lines"


class NoSuffix(Lines):
    suffix = "lines"


class Unescaped(Lines):
    """HTML, and a text is put in as it is."""

    media_type = "text/html"
    suffix = ".html"

    def lines(self, block: Block) -> Iterator[str]:
        yield from (f"<p>{line}</p>" for line in super().lines(block))


BAD: list[tuple[type[Lines], str, str]] = [
    (ForgetsTicked, "test_every_block_is_rendered", "a done item of a Checklist is not shown"),
    (ForgetsCaptions, "test_every_block_is_rendered", "the caption of a Table is not shown"),
    (ForgetsCaptions, "test_hostile_text_stays_text", "Table.caption: "),
    (ForgetsBlock, "test_every_block_is_rendered", "a str in a paragraph is not shown"),
    *(
        (type(f"Forgets{kind.__name__}", (ForgetsBlock,), {"kind": kind}), "test_every_block_is_rendered", "is not shown")
        for kind in (Bullets, Checklist, Table, Fields, Quote, Figure, Markdown, Section)
    ),
    (ForgetsLinks, "test_every_block_is_rendered", "the text of a Link in a paragraph is not shown"),
    (CountsItsRuns, "test_same_document_same_bytes", "other bytes the second time"),
    (CountsEverywhere, "test_same_document_same_bytes", "other bytes the second time"),
    (Remembers, "test_same_document_same_bytes", "other bytes the second time"),
    (SortsSections, "test_sections_keep_their_order", "another order"),
    (GivesStr, "test_every_block_is_rendered", "render gave str, not bytes"),
    (StopsAtHash, "test_hostile_text_stays_text", "is not shown, where the text is"),
    (StopsAtHash, "test_hostile_markup_stays_in_its_place", "what comes after it is not shown"),
    (Shallow, "test_deep_sections_work", "'levelc' is not shown"),
    (NoMediaType, "test_says_what_it_makes", "media_type is no media type: 'lines'"),
    (NoSuffix, "test_says_what_it_makes", "suffix is no suffix with its dot: 'lines'"),
]


def kit_for(renderer: type[Lines]) -> RendererContract:
    class Kit(RendererContract):
        strict = True

        def make_renderer(self) -> NoteRenderer:
            return renderer()

    return Kit()


@pytest.mark.parametrize(("renderer", "test", "verdict"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_bad_renderers_are_convicted(renderer: type[Lines], test: str, verdict: str) -> None:
    """A plugin author would be told that a broken renderer is done, or not told what is wrong."""
    with pytest.raises(AssertionError, match=re.escape(verdict)):
        getattr(kit_for(renderer), test)()


@pytest.mark.parametrize(
    ("renderer", "test", "error"),
    [
        (KnowsOnlyAscii, "test_hostile_text_stays_text", UnicodeEncodeError),
        (FallsOverNothing, "test_empty_documents_work", IndexError),
        (BelievesMarkdown, "test_hostile_markup_stays_in_its_place", RuntimeError),
    ],
)
def test_renderers_that_break_are_convicted(renderer: type[Lines], test: str, error: type[Exception]) -> None:
    """A renderer that falls over on a person's words would pass."""
    with pytest.raises(error):
        getattr(kit_for(renderer), test)()


def test_unescaped_pages_are_convicted() -> None:
    """A renderer that lets a name become markup would pass."""

    class Kit(RendererContract):
        strict = True

        def make_renderer(self) -> NoteRenderer:
            return Unescaped()

        def visible_text(self, rendered: bytes) -> str:
            return visible(rendered)

        def structure(self, rendered: bytes) -> list[object]:
            return elements(rendered)

        def addresses(self, rendered: bytes) -> list[str]:
            return ["javascript:alert(1)"]

    with pytest.raises(AssertionError, match="is not shown"):
        Kit().test_hostile_text_stays_text()
    with pytest.raises(AssertionError, match="made of other things than with plain words"):
        Kit().test_hostile_text_adds_nothing()
    with pytest.raises(AssertionError, match=r"one is led to \['javascript"):
        Kit().test_only_allowed_addresses_are_live()


PIECES = ["word ", *(pytest.param(piece, marks=pytest.mark.slow) for piece in ("a", "<*a [_`~&#1|", "[", "\u2067", "\n- "))]


@pytest.mark.parametrize("renderer", [MarkdownRenderer, TextRenderer, HtmlRenderer, JsonRenderer, EmlRenderer])
@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_is_written_whole(renderer: type[NoteRenderer], piece: str) -> None:
    """A pasted book would be cut; or, where time grows with the square, its page never be done."""
    text = piece * (1_000_000 // len(piece)) + "farewell"
    page = renderer().render(document_of(Paragraph(text), Markdown(text)))
    assert len(page) < 8 * len(text)
    shown = message_from_bytes(page).get_payload(decode=True) if renderer is EmlRenderer else page
    assert isinstance(shown, bytes)
    assert b"".join(shown.split()).count(b"farewell") == 2


def test_the_kit_needs_a_renderer() -> None:
    """A subclass that forgot `make_renderer` would pass without testing anything."""
    with pytest.raises(TypeError, match="make_renderer"):
        RendererContract()  # type: ignore[abstract] # the mistake under test


def test_the_sample_holds_every_kind_of_block() -> None:
    """A new kind of block would go untested in every plugin."""

    def kinds(block: Block) -> Iterator[type]:
        yield type(block)
        if isinstance(block, Section):
            for inner in block.blocks:
                yield from kinds(inner)

    found = {kind for section in sample_document().sections for kind in kinds(section)}
    assert found == set(get_args(Block))
