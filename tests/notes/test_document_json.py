"""Documents as JSON: what is written is read, and what is broken is refused by its place."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from infoint import notes
from infoint.errors import InvalidValue
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
    Section,
    Strong,
    Table,
    WritingSpace,
)
from infoint.notes.document_json import JsonRenderer, load_document
from infoint.testing.renderer_contract import sample_document


def read(document: Document) -> Document:
    return load_document(JsonRenderer().render(document))


def tree_of(*blocks: dict[str, Any], **head: Any) -> dict[str, Any]:
    section = {"type": "section", "key": "part", "title": "Part", "blocks": list(blocks)}
    return {"format": "infoint-document", "version": 1, "name": "sheet", "title": "Sheet", "sections": [section], **head}


def loaded(tree: object) -> Document:
    return load_document(json.dumps(tree))


words = st.text(st.characters(), max_size=8)
inline = words | st.builds(Strong, words) | st.builds(Link, words, words)
text = st.lists(inline, max_size=3).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 3))
    row = st.lists(words, min_size=width, max_size=width)
    return Table(draw(row), draw(st.lists(row, max_size=3)), draw(words))  # type: ignore[arg-type]  # lists become tuples


leaves: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, text),
    st.builds(Bullets, st.lists(text, max_size=3), st.booleans()),
    st.builds(Checklist, st.lists(st.tuples(st.booleans(), words), max_size=3)),
    tables(),
    st.builds(Fields, st.lists(st.tuples(words, text), max_size=3)),
    st.builds(Quote, words, words),
    st.builds(WritingSpace, st.integers(1, 200)),
    st.builds(Figure, words, words, words, mermaid=words, titled=st.booleans()),
    st.builds(Markdown, words),
)


@given(st.lists(leaves, max_size=5), words.map(lambda title: f"x{title}"), words, words)
def test_what_is_written_is_read(blocks: list[Block], title: str, subject: str, to: str) -> None:
    """A document that was kept would lose something, or change."""
    inner = Section(key="inner", title=title, blocks=tuple(blocks), after="part")
    whole = Document(
        name="acme:sheet", title=title, sections=(inner, Section(key="b", title="", blocks=())), language="pt-BR",
        subject=subject, to=to, filename="sheet-1",
    )  # fmt: skip
    assert read(whole) == whole


def test_the_whole_sample_comes_back() -> None:
    """A kind of block would be lost."""
    assert read(sample_document()) == sample_document()
    block: Block = Paragraph("x")
    for depth in range(MAX_DEPTH):
        block = Section(key=f"level-{depth}", title="Level", blocks=(block,))
    assert isinstance(block, Section)
    whole = Document(name="deep", title="Deep", sections=(block,))
    assert read(whole) == whole


def test_what_it_looks_like() -> None:
    """Programs that read it would find other names tomorrow."""
    whole = Document(
        name="a",
        title="A <b>",
        sections=(Section(key="s", title="S", blocks=(Paragraph(("é ", Strong("c"), Link("d", "tel:1"))), WritingSpace(2))),),
    )
    source = JsonRenderer().render(whole).decode()
    assert source.endswith("}\n")
    assert '"title": "A \\u003cb>"' in source
    assert "é " in source
    assert json.loads(source) == {
        "format": "infoint-document",
        "version": 1,
        "name": "a",
        "title": "A <b>",
        "language": "en",
        "subject": "",
        "to": "",
        "filename": "",
        "sections": [
            {
                "type": "section",
                "key": "s",
                "title": "S",
                "after": "",
                "blocks": [
                    {
                        "type": "paragraph",
                        "text": ["é ", {"type": "strong", "text": "c"}, {"type": "link", "text": "d", "url": "tel:1"}],
                    },
                    {"type": "writing-space", "lines": 2},
                ],
            }
        ],
    }


def test_it_is_a_format_like_others() -> None:
    """`format="json"` would not be found."""
    made = notes.render(sample_document(), "json")
    assert (made.media_type, made.filename) == ("application/json", "prep-sheet-ana-ruiz-2026-12-01.json")
    assert notes.load_document(made.text) == sample_document()


def test_newer_files_are_read_as_far_as_they_go() -> None:
    """A file from a newer infoint would be refused for a block that it says in older words too, or for a key nobody asked for."""
    timeline = {
        "type": "timeline",
        "points": [],
        "instead": [{"type": "newer", "instead": [{"type": "markdown", "source": "x"}]}],
    }
    paragraph = {"type": "paragraph", "text": ["a", {"type": "emphasis", "text": "b"}], "tone": "warm"}
    assert loaded(tree_of(timeline, paragraph, mood="good")) == Document(
        name="sheet",
        title="Sheet",
        sections=(Section(key="part", title="Part", blocks=(Markdown("x"), Paragraph(("a", "b")))),),
    )


@pytest.mark.parametrize(
    ("tree", "field", "problem"),
    [
        ([], "content", "needs a JSON object"),
        ({"format": "other"}, "content", "whose format is"),
        (tree_of(version=2), "version", "is 2, and this infoint reads up to 1"),
        (tree_of(version=0), "version", "needs a whole number from 1"),
        (tree_of(version=True), "version", "needs a whole number from 1"),
        (tree_of(sections=None), "sections", "needs a list"),
        (tree_of(sections=[{"type": "paragraph", "text": []}]), "sections[0]", "needs a section"),
        (tree_of({"text": []}), "sections[0].blocks[0]", "needs an object with a type"),
        (tree_of({"type": "timeline"}), "sections[0].blocks[0]", "is of the type 'timeline', which is not known"),
        (tree_of({"type": "paragraph"}), "sections[0].blocks[0].text", "is missing"),
        (tree_of({"type": "paragraph", "text": "a"}), "sections[0].blocks[0].text", "needs a list"),
        (tree_of({"type": "paragraph", "text": [1]}), "sections[0].blocks[0].text[0]", "needs a text"),
        (tree_of({"type": "paragraph", "text": [{"type": "link", "text": "a"}]}), "sections[0].blocks[0].text[0]", "needs a text"),
        (tree_of({"type": "bullets", "items": ["a"]}), "sections[0].blocks[0].items[0]", "needs a list"),
        (tree_of({"type": "bullets", "items": [], "numbered": 1}), "sections[0].blocks[0].numbered", "needs True or False"),
        (tree_of({"type": "checklist", "items": [["a", True]]}), "sections[0].blocks[0].items[0]", "needs an object with done and text"),
        (tree_of({"type": "table", "header": ["a"], "rows": [[]]}), "sections[0].blocks[0].rows", "row 1 has 0 cells"),
        (tree_of({"type": "table", "header": [1], "rows": []}), "sections[0].blocks[0].header", "needs a tuple of one str or more"),
        (tree_of({"type": "fields", "pairs": [{"label": "a"}]}), "sections[0].blocks[0].pairs[0]", "needs an object with label and value"),
        (tree_of({"type": "fields", "pairs": [{"label": 1, "value": []}]}), "sections[0].blocks[0].pairs", "needs a tuple of pairs"),
        (tree_of({"type": "writing-space", "lines": 1000}), "sections[0].blocks[0].lines", "from 1 to 200"),
        (tree_of({"type": "figure", "title": "a"}), "sections[0].blocks[0].description", "is missing"),
        (tree_of(name="A b"), "name", "needs a slug"),
        (tree_of(title=None), "title", "needs a str"),
        (tree_of(filename="../a"), "filename", "needs a file name"),
    ],
)  # fmt: skip
def test_broken_files_are_refused_by_their_place(tree: object, field: str, problem: str) -> None:
    """Whoever writes the JSON would have to guess what is wrong, and where."""
    with pytest.raises(InvalidValue) as raised:
        loaded(tree)
    assert raised.value.field == field
    assert problem in raised.value.problem


@pytest.mark.parametrize("name", ["name", "title", "sections"])
def test_a_part_that_is_missing_is_named(name: str) -> None:
    """A TypeError about arguments would reach whoever wrote the JSON."""
    tree = tree_of()
    del tree[name]
    with pytest.raises(InvalidValue, match=f"{name}: is missing"):
        loaded(tree)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", "{", b"[" * 100_000, '{"a":' * 100_000, "1" * 10_000, None, 5, json.dumps({"a": [[[[]]]]}).replace("[", "[" * 60).replace("]", "]" * 60)],
    ids=lambda content: repr(content)[:10],
)  # fmt: skip
def test_what_is_no_json_is_refused(content: Any) -> None:
    """A native error of the reader would reach the app, or a deep file exhaust the stack."""
    with pytest.raises(InvalidValue, match=r"load_document\.content"):
        load_document(content)


def test_blocks_in_blocks_without_end_are_refused() -> None:
    """A file of a few kilobytes would exhaust the stack."""
    block: dict[str, Any] = {"type": "markdown", "source": "x"}
    for _ in range(200):
        block = {"type": "unheard-of", "instead": [block]}
    with pytest.raises(InvalidValue, match="goes more than 100 deep"):
        loaded(tree_of(block))
