"""Documents with texts that some format takes for more than letters, for the contract of renderers and for tests of one's own."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import evolve

from infoint.notes.cleaning import clean
from infoint.notes.contract import (
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
)

SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#7a9"/></svg>'

HOSTILE_TEXTS: Final = (
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
    'click n1 "javascript:alert(1)"; %%{init: {}}%% end subgraph one --> two["quoted"]',
    'digraph {node [URL="javascript:alert(1)", label=<<b>bold</b>>]} // comment \\N \\G',
    '#eval("text") #read("secret") #import "@preview/package:1.0.0" $math$ `raw` <label> @reference',
    "[red]marked[/red] [link=javascript:alert(1)]clicked[/link] [bold",
    "Subject\r\nBcc: hidden@elm.example\r\n\r\nbody",
    '{{ field }} MERGEFIELD "name" \\* MERGEFORMAT =cmd|calc!first ]]> <?xml version="1.0"?>',
)
"""Texts that some format somewhere takes for more than letters."""


REFUSED_ADDRESSES: Final = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "//oak.example",
    "relative",
)
"""They are shown as text, and lead nowhere."""
LIVE_ADDRESSES: Final = (
    "https://oak.example/?a=1&lt;2&copy=3&b",
    "http://oak.example/a_b_c/*d*?e=%26&f=%2541;",
    "mailto:ana@oak.example?subject=a%20b&amp;c",
    "tel:+34600000000",
)
"""They lead where they say, to the letter."""


def document_of(*blocks: Block, title: str = "Sheet", language: str = "en") -> Document:
    """The blocks in a section without a heading."""
    return Document(name="sheet", title=title, language=language, sections=(Section(key="part", title="", blocks=blocks),))


def innocent_twin(text: str) -> str:
    """Words nobody could take for anything else, in the same lines and with the same tabs."""
    return re.sub(r"[^\n\t]*[^\s][^\n\t]*", "word", clean(text))


def followed(block: Block) -> Document:
    """The block, and a paragraph after it that nothing may swallow."""
    section = Section(key="part", title="Part", blocks=(block, Paragraph("nextdoor")))
    return Document(name="sample", title="Sample", sections=(section,))


def shown_places(text: str) -> Iterator[tuple[str, Document]]:
    """A document for each place whose text every renderer shows: where it is, and the document."""
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
        "Figure.title": Figure(SVG, text, "shows nothing"),
        "Figure.description": Figure(SVG, "title", text),
        "Section.title": Section(key="inner", title=text, blocks=()),
    }
    yield from ((where, followed(block)) for where, block in blocks.items())
    yield "Document.title", evolve(followed(Paragraph("")), title=text)


def other_places(text: str) -> Iterator[tuple[str, Document]]:
    """A document for each place that a renderer may show in a way of its own, or leave out."""
    blocks: dict[str, Block] = {
        "Markdown": Markdown(text),
        "Link.url": Paragraph(("before", Link("label", text), "behind")),
        "Figure.svg": Figure(text, "title", "shows nothing"),
    }
    yield from ((where, followed(block)) for where, block in blocks.items())
    yield "Document.subject", evolve(followed(Paragraph("")), subject=text)
    yield "Document.to", evolve(followed(Paragraph("")), to=text)


def everywhere(text: str) -> Document:
    """One document with the text in each place that every renderer shows."""
    blocks = [block for _, document in shown_places(text) for section in document.sections for block in section.blocks]
    return document_of(*blocks, title=text)
