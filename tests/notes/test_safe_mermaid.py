"""Graphs in a Markdown file: drawn by whoever opens it, so nothing else than ours may stand there."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from infoint.notes import (
    Document,
    Figure,
    Paragraph,
    Picture,
    Section,
    draw_pipeline,
    draw_referrals,
    draw_timeline,
    load_document,
    render,
)
from infoint.notes.figures.graph_text import Arc, Node, mermaid
from infoint.notes.safe_mermaid import safe_mermaid
from infoint.testing import sample_campaign

CAMPAIGN = sample_campaign(talks=12)
GRAPHS = (
    draw_pipeline(None, CAMPAIGN),
    draw_referrals(None, CAMPAIGN),
    draw_timeline(None, CAMPAIGN, on=date(2026, 11, 16)),
    draw_timeline(None, sample_campaign(talks=0)),
)
HOSTILE = (
    "%%{init: {'securityLevel': 'loose'}}%%",
    '  click n1 "javascript:alert(1)"',
    "  click n1 call alert()",
    '  n1["<img src=x onerror=alert(1)>"]',
    '  n1["a"]:::evil',
    "  classDef dashed fill:url(https://oak.example/x)",
    "  style n1 background:url(https://oak.example/x)",
    "```",
    "```html",
    "  n1 --> n2; click n1 href",
    '  n1["a"]\u2028click',
    "  subgraph x[y]",
    "",
)


def written(figure: Figure) -> str:
    section = Section(key="a", title="A", blocks=(figure, Paragraph("Behind it.")))
    return render(Document(name="sheet", title="Sheet", sections=(section,)), "markdown").text


def fences(source: str) -> Iterator[Token]:
    return (token for token in MarkdownIt("commonmark").parse(source) if token.type == "fence")


@pytest.mark.parametrize("picture", GRAPHS, ids=lambda picture: f"{picture.name}-{len(picture.mermaid)}")
def test_our_graphs_stand_in_markdown(picture: Picture) -> None:
    """A report on GitHub would tell of a graph, and not show it."""
    source = written(picture.figure())
    (fence,) = fences(source)
    assert (fence.info, fence.content) == ("mermaid", picture.mermaid)
    assert source.index(picture.title) < source.index("```mermaid") < source.index("Behind it.")
    assert picture.title in source
    assert not list(fences(written(picture.figure(graph=False))))


@pytest.mark.parametrize("line", HOSTILE)
@pytest.mark.parametrize("first", ["flowchart LR", "timeline"])
def test_a_line_that_is_none_of_ours_is_not_drawn(first: str, line: str) -> None:
    """A document from elsewhere could run, load or link something on the page that shows it."""
    label = '  n1["Ana"]' if first == "flowchart LR" else "  section Ana"
    assert safe_mermaid(f"{first}\n{label}\n") == f"{first}\n{label}"
    for source in (f"{first}\n{label}\n{line}\n{label}", f"{line}\n{first}\n{label}"):
        assert safe_mermaid(source) == ""
        shown = written(Figure("", "Title", "In words", mermaid=source))
        assert not list(fences(shown))
        assert "In words" in shown
        assert "Behind it." in shown


NAMES = st.text(max_size=40)


@given(st.lists(NAMES, max_size=4), NAMES, NAMES)
def test_any_name_is_drawn_as_a_name(names: list[str], title: str, how: str) -> None:
    """Somebody with a strange name would not be drawn, or be taken for a command."""
    nodes = [Node(name, dashed=bool(place % 2)) for place, name in enumerate(names)]
    arcs = [Arc(place, place + 1, how, dashed=bool(place % 2)) for place in range(len(names) - 1)]
    source = mermaid(title, nodes, arcs)
    assert safe_mermaid(source) == source.rstrip("\n")


@given(st.text())
def test_any_text_is_shown_whole_or_not_at_all(text: str) -> None:
    """Some text would be half a graph, or end in an error."""
    source = f"flowchart LR\n{text}"
    assert safe_mermaid(source) in {source.rstrip("\n"), ""}
    if not re.match(r"\s*\Z|  ", text):
        assert safe_mermaid(source) == ""


def test_a_file_keeps_the_graph() -> None:
    """What was saved and read again would have lost its graph; or files of pictures without one would hold an empty field."""
    for figure in (GRAPHS[0].figure(), GRAPHS[0].figure(graph=False)):
        document = Document(name="sheet", title="Sheet", sections=(Section(key="a", title="A", blocks=(figure,)),))
        saved = render(document, "json").content
        assert load_document(saved) == document
        assert (b'"mermaid"' in saved) is bool(figure.mermaid)
