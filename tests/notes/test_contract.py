"""The document tree refuses what no renderer could show, and places sections."""

import subprocess
import sys
from collections.abc import Callable
from html import unescape
from itertools import permutations
from pathlib import Path

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, strategies as st

from infoint import notes
from infoint.errors import CannotWrite, InvalidValue, NameClash, NoProvider, Unsupported
from infoint.notes.cleaning import clean, link_target
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
    Paragraph,
    Quote,
    Rendered,
    Section,
    Strong,
    Table,
    WritingSpace,
)

any_text = st.text(st.characters() | st.sampled_from("\r\n\x0b\x1b\ud83d\ude00\x85\u2028"))


def section(key: str, *blocks: Block, after: str = "") -> Section:
    return Section(key=key, title=key.title(), blocks=blocks, after=after)


def document(*keys: str) -> Document:
    return Document(name="prep-sheet", title="Talk with Ana Ruiz", sections=tuple(section(key) for key in keys))


def keys(document: Document) -> list[str]:
    return [section.key for section in document.sections]


# ── text ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain, tab\tand\nnewline", "plain, tab\tand\nnewline"),
        ("a\r\nb\rc\x85d\u2028e\u2029f\n\rg", "a\nb\nc\nd\ne\nf\n\ng"),
        ("a\x00b\x08c\x0bd\x0ce\x0ef\x1fg\x7fh\x9bi", "abcdefghi"),
        ("lone \ud83d, lone \ude00, pair \ud83d\ude00", "lone \ufffd, lone \ufffd, pair \U0001f600"),
        ("Ångström 漢字 مرحبا \u200b\u200f", "Ångström 漢字 مرحبا \u200b\u200f"),
        ("turned \u202eround\nkept \u2067apart\u2069", "turned round\nkept \u2067apart\u2069"),
    ],
)
def test_texts_are_cleaned(text: str, cleaned: str) -> None:
    """A control character would reach a terminal or make a file unreadable."""
    assert clean(text) == cleaned


@given(any_text)
def test_cleaning_settles(text: str) -> None:
    """A text loaded and saved again would change, or could not be encoded."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned
    assert all(character in "\t\n" or ord(character) >= 0x20 for character in cleaned)


def test_every_place_is_cleaned() -> None:
    """A renderer would have to clean by itself, and one of them forgets."""
    bad, good = "a\x00\r\n\ud800", "a\n\ufffd"
    link, strong = Link(bad, bad), Strong(bad)
    assert (link, strong) == (Link(good, good), Strong(good))
    assert Paragraph(bad) == Paragraph((good,))
    assert Paragraph((bad, strong)) == Paragraph((good, strong))
    assert Bullets((bad, (bad, link))) == Bullets((good, (good, link)))
    assert Checklist(((True, bad),)).items == ((True, good),)
    assert Table((bad,), ((bad,),), bad) == Table((good,), ((good,),), good)
    assert Fields(((bad, bad),)).pairs == ((good, (good,)),)
    assert Quote(bad, bad) == Quote(good, good)
    assert Figure(bad, bad, bad) == Figure(good, good, good)
    assert Markdown(bad) == Markdown(good)
    assert Section(key="a", title=bad, blocks=()).title == good
    whole = Document(name="a", title=bad, sections=(), subject=bad, to=bad)
    assert (whole.title, whole.subject, whole.to) == (good, good, good)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://oak.example/way?to=a&b=c#d", "https://oak.example/way?to=a&b=c#d"),
        (" HTTP://oak.example ", "HTTP://oak.example"),
        ("mailto:ana@oak.example", "mailto:ana@oak.example"),
        ("tel:+34600000000", "tel:+34600000000"),
        ("https://maps.example/?to=Calle Mayor 1, <2>\n\"'", "https://maps.example/?to=Calle%20Mayor%201,%20%3C2%3E%0A%22'"),
        ("https://oak.example/100%/%41/é", "https://oak.example/100%25/%41/%C3%A9"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:https://oak.example", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//oak.example", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_only_harmless_addresses_are_targets(url: str, target: str) -> None:
    """A link would run a script, or break out of its quotes."""
    assert link_target(url) == target


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
def test_lone_texts_become_tuples() -> None:
    """Renderers would have to tell a str from a tuple in every place."""
    link = Link("map", "https://oak.example")
    assert Paragraph("a").text == ("a",)
    assert Paragraph(link).text == (link,)
    assert Bullets(["a", link, ("b", link)]).items == (("a",), (link,), ("b", link))
    assert Fields([("a", "b"), ("c", (link,))]).pairs == (("a", ("b",)), ("c", (link,)))


def test_lists_are_taken_for_tuples() -> None:
    """A builder with a list in hand would be refused, or make a block that cannot be hashed."""
    blocks: list[Block] = [
        Paragraph(["a", Strong("b")]),
        Checklist([(False, "a")]),
        Table(["a"], [["b"]]),
    ]
    made = Document(name="a", title="A", sections=[Section(key="a", title="", blocks=blocks)])
    assert hash(made) == hash(evolve(made))
    assert made.sections[0].blocks == tuple(blocks)


def test_values_are_frozen_and_match() -> None:
    """A renderer could change the document, or could not take it apart by position."""
    table = Table(("a",), (("b",),), "c")
    with pytest.raises(FrozenInstanceError):
        table.caption = "d"  # type: ignore[misc] # the mistake under test
    match table:
        case Table(header, rows, caption):
            assert (header, rows, caption) == (("a",), (("b",),), "c")
    assert Link.__match_args__ == ("text", "url")
    assert Bullets.__match_args__ == ("items", "numbered")
    assert Quote.__match_args__ == ("text", "by")
    assert Figure.__match_args__ == ("svg", "title", "description")


def made(kind: Callable[..., object], *args: object, **fields: object) -> Callable[[], object]:
    """Makes it later, and the type checker does not see what is wrong."""
    return lambda: kind(*args, **fields)


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (made(Link, 1, ""), "Link.text"),
        (made(Link, "", None), "Link.url"),
        (made(Strong, b"a"), "Strong.text"),
        (made(Paragraph, None), "Paragraph.text"),
        (made(Paragraph, ("a", 1)), "Paragraph.text"),
        (made(Paragraph, (("a",),)), "Paragraph.text"),
        (made(Bullets, "abc"), "Bullets.items"),
        (made(Bullets, (1,)), "Bullets.items"),
        (made(Bullets, ("a",), numbered=1), "Bullets.numbered"),
        (made(Checklist, "abc"), "Checklist.items"),
        (made(Checklist, ("ab",)), "Checklist.items"),
        (made(Checklist, ((1, "a"),)), "Checklist.items"),
        (made(Checklist, ((True, 1),)), "Checklist.items"),
        (made(Checklist, ((True, "a", "b"),)), "Checklist.items"),
        (made(Table, "ab", ()), "Table.header"),
        (made(Table, (), ()), "Table.header"),
        (made(Table, (1,), ()), "Table.header"),
        (made(Table, ("a",), "b"), "Table.rows"),
        (made(Table, ("a",), ("b",)), "Table.rows"),
        (made(Table, ("a",), ((1,),)), "Table.rows"),
        (made(Table, ("a",), (("b",), ("c", "d"))), "Table.rows: row 2 has 2 cells, the header 1"),
        (made(Table, ("a",), (), caption=None), "Table.caption"),
        (made(Fields, "ab"), "Fields.pairs"),
        (made(Fields, ("ab",)), "Fields.pairs"),
        (made(Fields, ((1, "b"),)), "Fields.pairs"),
        (made(Fields, (("a", 1),)), "Fields.pairs"),
        (made(Quote, 1), "Quote.text"),
        (made(Quote, "a", by=None), "Quote.by"),
        (made(WritingSpace, 0), "WritingSpace.lines"),
        (made(WritingSpace, 201), "WritingSpace.lines"),
        (made(WritingSpace, True), "WritingSpace.lines"),
        (made(WritingSpace, "3"), "WritingSpace.lines"),
        (made(Figure, b"", "", ""), "Figure.svg"),
        (made(Figure, "", 1, ""), "Figure.title"),
        (made(Figure, "", "", 1), "Figure.description"),
        (made(Markdown, None), "Markdown.source"),
        (made(Section, key="", title="", blocks=()), "Section.key"),
        (made(Section, key="Agenda", title="", blocks=()), "Section.key"),
        (made(Section, key="a:b:c", title="", blocks=()), "Section.key"),
        (made(Section, key="a--b", title="", blocks=()), "Section.key"),
        (made(Section, key='a" onload="', title="", blocks=()), "Section.key"),
        (made(Section, key="a", title=1, blocks=()), "Section.title"),
        (made(Section, key="a", title="", blocks="text"), "Section.blocks: needs a tuple of blocks, not str"),
        (made(Section, key="a", title="", blocks=("text",)), "Section.blocks: holds str, which is no block"),
        (made(Section, key="a", title="", blocks=Paragraph("a")), "Section.blocks"),
        (made(Section, key="a", title="", blocks=(), after="no slug"), "Section.after"),
        (made(Document, name="", title="A", sections=()), "Document.name"),
        (made(Document, name="a", title=" \x00", sections=()), "Document.title"),
        (made(Document, name="a", title=1, sections=()), "Document.title"),
        (made(Document, name="a", title="A", sections=Paragraph("a")), "Document.sections"),
        (made(Document, name="a", title="A", sections=(Paragraph("a"),)), "Document.sections"),
        (made(Document, name="a", title="A", sections=(), language='en" x="'), "Document.language"),
        (made(Document, name="a", title="A", sections=(), language=None), "Document.language"),
        (made(Document, name="a", title="A", sections=(), subject=1), "Document.subject"),
        (made(Document, name="a", title="A", sections=(), to=1), "Document.to"),
        (made(Document, name="a", title="A", sections=(), filename=1), "Document.filename"),
        (made(Rendered, "a", "text/plain", "a.txt"), "Rendered.content"),
        (made(Rendered, b"a", "text", "a.txt"), "Rendered.media_type"),
        (made(Rendered, b"a", "text/plain", None), "Rendered.filename"),
    ],
)
def test_wrong_values_are_refused_where_they_are_made(make: Callable[[], object], place: str) -> None:
    """The mistake would show in a renderer, far from the builder that made it."""
    with pytest.raises(InvalidValue) as raised:
        make()
    assert str(raised.value).startswith(place)


@pytest.mark.parametrize("name", ["", "prep-sheet-ana-ruiz-2026-12-01", "a" * 120, "Ångström 漢字", "v1.2"])
def test_safe_file_names_are_taken(name: str) -> None:
    """A sensible name would be refused."""
    assert Document(name="a", title="A", sections=(), filename=name).filename == name


@pytest.mark.parametrize(
    "name",
    ["a/b", "a\\b", "..", ".", ".hidden", "end.", " a", "a ", "a\nb", "a\x00", "a:b", "a\u2028b", "\ud800", "a" * 121, "漢" * 100,
     "con", "NUL.txt", "COM1"],
)  # fmt: skip
def test_unsafe_file_names_are_refused(name: str) -> None:
    """A file would land in another folder, be hidden, or not be writable on some system."""
    with pytest.raises(InvalidValue, match=r"Document\.filename"):
        Document(name="a", title="A", sections=(), filename=name)


def test_refusals_do_not_tell_the_text() -> None:
    """A person's words would stand in a log."""
    with pytest.raises(InvalidValue) as raised:
        Section(key="a", title="", blocks="Ana told me a secret")  # type: ignore[arg-type] # the mistake under test
    assert "secret" not in f"{raised.value!r} {raised.value} {dict(raised.value.facts)}"


def test_sections_nest_up_to_the_limit() -> None:
    """Headings would run out of levels, or a document could be too deep for a renderer."""
    inner = section("deepest")
    for depth in range(MAX_DEPTH - 1):
        inner = section(f"level-{depth}", inner)
    assert document().insert(inner).sections == (inner,)
    with pytest.raises(InvalidValue, match="more than 5 deep"):
        section("top", Paragraph("a"), inner)


# ── sections of a document ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("inserted", "expected"),
    [
        ([section("x", after="meeting")], ["meeting", "x", "agenda"]),
        ([section("x")], ["meeting", "agenda", "x"]),
        ([section("x", after="nowhere")], ["meeting", "agenda", "x"]),
        ([section("x", after="x")], ["meeting", "agenda", "x"]),
        ([section("x", after="meeting"), section("y", after="meeting")], ["meeting", "x", "y", "agenda"]),
        ([section("x", after="meeting"), section("y", after="x")], ["meeting", "x", "y", "agenda"]),
        (
            [section("x", after="meeting"), section("y", after="x"), section("z", after="meeting")],
            ["meeting", "x", "y", "z", "agenda"],
        ),
        ([section("x", after="y"), section("y", after="meeting")], ["meeting", "y", "agenda", "x"]),
        ([section("x"), section("y", after="x"), section("z", after="agenda")], ["meeting", "agenda", "z", "x", "y"]),
        ([], ["meeting", "agenda"]),
    ],
)
def test_sections_go_behind_the_one_they_name(inserted: list[Section], expected: list[str]) -> None:
    """A plugin's section would stand where nobody looks for it."""
    before = document("meeting", "agenda")
    assert keys(before.insert(*inserted)) == expected
    assert keys(before) == ["meeting", "agenda"]


@given(st.data())
def test_inserting_at_once_or_one_by_one_is_the_same(data: st.DataObject) -> None:
    """The order would depend on how the host groups what its plugins give."""
    anchors = ["", "meeting", "agenda", "a", "b", "c", "d"]
    new = [section(key, after=data.draw(st.sampled_from(anchors))) for key in "abcd"]
    one_by_one = document("meeting", "agenda")
    for each in new:
        one_by_one = one_by_one.insert(each)
    assert document("meeting", "agenda").insert(*new) == one_by_one
    assert [key for key in keys(one_by_one) if key in {"meeting", "agenda"}] == ["meeting", "agenda"]


@pytest.mark.parametrize("order", list(permutations("xyz")))
def test_those_with_one_anchor_keep_their_order(order: tuple[str, ...]) -> None:
    """Sections of one plugin would be turned round."""
    inserted = (section(key, after="meeting") for key in order)
    assert keys(document("meeting", "agenda").insert(*inserted)) == ["meeting", *order, "agenda"]


@pytest.mark.parametrize(
    ("inserted", "owners"),
    [
        ([section("agenda")], ("the document prep-sheet", "an inserted section")),
        ([section("acme:a"), section("acme:a")], ("an inserted section of acme", "an inserted section of acme")),
        ([section("acme:a", section("meeting"))], ("the document prep-sheet", "an inserted section of acme")),
        ([section("acme:a", section("x")), section("x")], ("an inserted section of acme", "an inserted section")),
    ],
)
def test_keys_that_are_there_already_clash(inserted: list[Section], owners: tuple[str, str]) -> None:
    """Two sections would answer to one key, and two HTML ids be equal."""
    with pytest.raises(NameClash) as raised:
        document("meeting", "agenda").insert(*inserted)
    assert raised.value.owners == owners


def test_keys_are_unique_from_the_start() -> None:
    """A builder could make what `insert` refuses."""
    with pytest.raises(InvalidValue, match="'a' is used twice"):
        document("a", "b", "a")
    with pytest.raises(InvalidValue, match="'a' is used twice"):
        Document(name="n", title="T", sections=(section("b", section("a")), section("a")))


def test_sections_are_found_at_the_top() -> None:
    """A plugin could not ask what the document has."""
    whole = Document(name="n", title="T", sections=(section("a", section("inner")), section("b")))
    assert whole.section("b") is whole.sections[1]
    assert whole.section("inner") is None
    assert whole.section("nowhere") is None


# ── rendered ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "kind", ["text/markdown", "text/html; charset=utf-8", "message/rfc822", "application/json", "image/svg+xml"]
)
def test_text_is_given_as_text(kind: str) -> None:
    """`print(rendered)` would show bytes, or nothing."""
    rendered = Rendered("Ångström\n".encode(), kind, "a.txt")
    assert rendered.text == str(rendered) == "Ångström\n"


@pytest.mark.parametrize(("content", "kind"), [(b"%PDF", "application/pdf"), (b"\xff", "text/plain"), (b"", "image/png")])
def test_what_is_no_text_says_so(content: bytes, kind: str) -> None:
    """A PDF would be decoded into noise, or raise an error that is not ours."""
    with pytest.raises(Unsupported, match="take the bytes of `content`"):
        _ = Rendered(content, kind, "a").text
    with pytest.raises(Unsupported):
        str(Rendered(content, kind, "a"))


def test_repr_keeps_notes_private() -> None:
    """Notes would stand in every traceback and log."""
    rendered = Rendered(b"a secret", "text/plain", "a.txt")
    assert repr(rendered) == "Rendered(content=<8 bytes>, media_type='text/plain', filename='a.txt')"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.txt", "a\\b", "a\x00", "a" * 161])
def test_rendered_stays_in_its_folder(name: str) -> None:
    """`write_into` would write somewhere else."""
    with pytest.raises(InvalidValue, match=r"Rendered\.filename"):
        Rendered(b"", "text/plain", name)


def test_write_puts_the_bytes_there(tmp_path: Path) -> None:
    """The file would not hold what was rendered, or be touched for nothing."""
    rendered = Rendered(b"a\nb\n", "text/plain", "a.txt")
    rendered.write(tmp_path / "other.txt")
    first = (tmp_path / "other.txt").stat()
    rendered.write(str(tmp_path / "other.txt"))
    assert (tmp_path / "other.txt").read_bytes() == b"a\nb\n"
    assert (tmp_path / "other.txt").stat().st_ino == first.st_ino


def test_write_makes_folders_and_says_whether_it_wrote(tmp_path: Path) -> None:
    """A script's first run would fail where its second one works."""
    rendered = Rendered(b"a", "text/plain", "a.txt")
    path = tmp_path / "new" / "newer" / "b.txt"
    assert [rendered.write(path), rendered.write(path)] == [True, False]
    assert path.read_bytes() == b"a"


def test_write_into_makes_the_folder(tmp_path: Path) -> None:
    """The first run into a new folder would fail."""
    rendered = Rendered(b"a", "text/plain", "a.txt")
    for folder in (tmp_path / "out" / "prep", str(tmp_path / "out" / "prep")):
        assert rendered.write_into(folder) == tmp_path / "out" / "prep" / "a.txt"
    assert (tmp_path / "out" / "prep" / "a.txt").read_bytes() == b"a"


@pytest.mark.parametrize("folder", ["file", "file/inner", "a\x00b"])
def test_write_into_names_what_cannot_be(tmp_path: Path, folder: str) -> None:
    """The system's own error would escape."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite) as raised:
        Rendered(b"a", "text/plain", "a.txt").write_into(tmp_path / folder)
    assert raised.value.path == str(tmp_path / folder / "a.txt")


# ── formats by name ──────────────────────────────────────────────────────────────────────────────
class Shouting:
    media_type = "text/plain"
    suffix = ".loud.txt"

    def render(self, document: Document) -> bytes:
        return document.title.upper().encode()


@pytest.mark.parametrize(
    ("format", "media_type", "suffix"),
    [("markdown", "text/markdown", ".md"), ("text", "text/plain", ".txt"), ("html", "text/html", ".html")],
)
def test_shipped_formats_have_names(format: str, media_type: str, suffix: str) -> None:
    """A format would not be found under its name."""
    rendered = notes.render(document("meeting"), format)
    assert "Talk with Ana Ruiz" in rendered.text
    assert (rendered.media_type, rendered.filename) == (media_type, f"prep-sheet{suffix}")


def test_markdown_is_the_default() -> None:
    """`render(document)` would give another format than documented."""
    assert notes.render(document()) == notes.render(document(), "markdown")


def test_any_renderer_may_stand_for_a_name() -> None:
    """An app's own renderer would need to be registered."""
    rendered = notes.render(evolve(document(), filename="prep-ana"), Shouting())
    assert (str(rendered), rendered.filename) == ("TALK WITH ANA RUIZ", "prep-ana.loud.txt")


def test_owned_document_names_make_file_names() -> None:
    """A plugin's document could not be saved without a file name of its own."""
    assert notes.render(evolve(document(), name="acme:map")).filename == "acme-map.md"


def test_unknown_formats_list_the_names() -> None:
    """A misspelt format would leave the caller guessing."""
    with pytest.raises(NoProvider) as raised:
        notes.render(document(), "pdf")
    assert raised.value.available == ("eml", "html", "json", "markdown", "text")


def test_a_class_is_no_renderer() -> None:
    """`format=HtmlRenderer` would raise a TypeError about a missing argument."""
    with pytest.raises(InvalidValue, match="is the class Shouting: give an instance"):
        notes.render(document(), Shouting)  # type: ignore[arg-type] # the mistake under test


def test_the_room_loads_on_first_use() -> None:
    """`import infoint.notes` would cost a cold start what only a rendered note needs."""
    code = (
        "import sys, infoint.notes as notes\n"
        "inside = lambda: sorted(name for name in sys.modules if name.startswith('infoint.notes.'))\n"
        "assert inside() == [], inside()\n"
        "document = notes.Document(name='a', title='A', sections=())\n"
        "notes.render(document, 'text')\n"
        "assert 'infoint.notes.text' in inside() and 'infoint.notes.html' not in inside(), inside()\n"
        "assert {'render', 'Block', 'HtmlRenderer'} <= set(dir(notes))\n"
        "for name in dir(notes): getattr(notes, name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_names_are_attribute_errors() -> None:
    """`hasattr` and misspelt imports would behave oddly."""
    assert not hasattr(notes, "Pargraph")


def test_notebooks_show_documents_and_files() -> None:
    """A notebook would show the bytes of a document, or its markup would change the notebook."""
    assert document()._repr_markdown_() == str(notes.render(document()))
    page, source = notes.render(document(), "html"), notes.render(document())
    framed = page._repr_html_()
    assert framed is not None
    assert framed.startswith("<iframe sandbox ")
    assert unescape(framed).count("<!DOCTYPE html>") == framed.count("&lt;!DOCTYPE html&gt;") == 1
    assert page._repr_markdown_() is None
    assert (source._repr_html_(), source._repr_markdown_()) == (None, source.text)
