"""Markdown: texts show as themselves, wherever they stand, and the source stays readable."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from infoint.notes.cleaning import clean, link_target
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
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    Text,
    WritingSpace,
    as_text,
)
from infoint.notes.markdown import MarkdownRenderer

TRICKY = ["\\", "*", "**", "_", "__", "`", "```", "~~~", "~", "~~", "[", "](", ")", "![", "<", ">", "<b>", "<!--", "</p>", "<?", "&amp;",
          "&#65;", "&#x41;", "&", "amp;", "#", "##", "# ", "- ", "-", "---", "+ ", "* ", "=", "===", "1.", "1. ", "2) ", "    ", "\t", " ", "\n",
          "\n\n", "|", "|---|", ":-", "--- | ---", "[ ] ", "[x] ", "[a]: b", "[^1]", "<https://a.example>", "<a@b.example>", "<1@b.example>",
          "https://a.example/_b_", "www.a.example", "javascript:", "a", "ab", "1", ".", ":", "!", "(", "é", "漢", "\u00a0", "\u200b", "€", "—",
          "a_b", "ab_cd", "\x00", "\r", "\ud800"]  # fmt: skip
any_text = st.lists(st.sampled_from(TRICKY) | st.text(st.characters(), max_size=4), max_size=8).map("".join)


def rendered(*blocks: Block, title: str = "Sheet", subject: str = "", to: str = "") -> str:
    whole = Document(
        name="sheet", title=title, sections=(Section(key="part", title="", blocks=blocks),), subject=subject, to=to
    )
    return MarkdownRenderer().render(whole).decode()


def body(*blocks: Block) -> str:
    """Source without the title and the last newline."""
    return rendered(*blocks).removeprefix("# Sheet").strip("\n")


def inline(*parts: Inline) -> str:
    return body(Paragraph(parts))


def flat(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def parsed(source: str) -> list[Any]:
    markdown_it = pytest.importorskip("markdown_it")
    return list(flat(markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)))


def kinds(source: str) -> set[str]:
    """What the parser found besides running text."""
    plain = {"paragraph", "inline", "text", "hardbreak"}
    return {token.type.removesuffix("_open").removesuffix("_close") for token in parsed(source)} - plain


def shown(source: str) -> str:
    """Text a reader sees, without white space."""
    seen = (token.content for token in parsed(source) if token.type in {"text", "code_inline", "code_block", "fence"})
    return squeezed("".join(seen))


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


# ── how the source reads ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "prose",
    [
        "Ana's question: what do you do? (20 min)",
        "It takes ~20 to ~30 minutes, i.e. 50% more; R&D, Q&A.",
        "a < b, b > a, 1 + 1 = 2, <3",
        "Dr. Li-Wei, +34 600 000 000, no. 3 (of 4), #1 of 5, C# and C++",
        "snake_case_names and e-mail ana@oak.example!",
        "2026-12-01, 10:00–10:30 — “quoted”, it's “fine” … [sic".replace("[", ""),
        "$50k to $60k; a | b; {braces}; /path/to",
        "-5 degrees and +5 degrees; #hashtag; 1.5 hours; 10:30",
    ],
)
def test_ordinary_prose_has_no_escapes(prose: str) -> None:
    """The source would be full of backslashes nobody needs."""
    assert inline(prose) == prose


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("C:\\New", "C:\\\\New"),
        ("[a](b)", "\\[a](b)"),
        ("a [x] b [X] c [y]", "a \\[x\\] b \\[X\\] c \\[y]"),  # GitHub ticks the box of any item with an [x] in it
        ("<b>", "\\<b>"),
        ("&amp; &#65; &#x41;", "\\&amp; \\&#65; \\&#x41;"),
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("> a", "\\> a"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("---", "\\---"),
        ("a\n===", "a\\\n\\==="),
        ("a | b\n--- | ---", "a | b\\\n\\--- | ---"),
        ("~~a~~", "\\~\\~a\\~\\~"),
        ("a ~ b ~", "a \\~ b \\~"),
        ("```", "\\`\\`\\`"),
        ("    code", "code"),
        ("a\nb", "a\\\nb"),
        ("a\n\nb", "a\\\n\\\nb"),
        ("https://oak.example/_a_", "https\\://oak.example/\\_a\\_"),
        ("see www.oak.example", "see www\\.oak.example"),
    ],
)
def test_markup_is_escaped(text: str, source: str) -> None:
    """The text would be taken for markup, or be escaped more than it needs."""
    assert inline(text) == source


@pytest.mark.parametrize(
    ("parts", "source"),
    [
        (("a ", Strong("b"), " c"), "a **b** c"),
        (("a", Strong(" b "), "c"), "a **b** c"),
        ((Strong("a"), Strong("b")), "**ab**"),
        ((Strong(" "), "a"), "a"),
        (("a", Strong("(b)"), "c"), "&#x61;**(b)**&#x63;"),
        (("a", Strong("€b€"), "c"), "&#x61;**€b€**&#x63;"),
        (("€", Strong("(b)"), "€"), "&#x20AC;**(b)**&#x20AC;"),
        (("(", Strong("a"), ")"), "(**a**)"),
        (("a", "mp; &", "amp;"), "amp; \\&amp;"),
        ((Link("map", "https://oak.example/a"),), "[map](https://oak.example/a)"),
        (("!", Link("map", "https://oak.example/a")), "\\![map](https://oak.example/a)"),
        ((Link("https://oak.example/a", "https://oak.example/a"),), "<https://oak.example/a>"),
        ((Link("", "https://oak.example/a"),), "<https://oak.example/a>"),
        ((Link("https://oak.example/?a&b;", "https://oak.example/?a&b;"),),
         "[https\\://oak.example/?a\\&b;](https://oak.example/?a&amp;b;)"),
        ((Link("a]b\nc", "https://oak.example/(a b)"),), "[a\\]b c](https://oak.example/%28a%20b%29)"),
        ((Link("", "https://oak.example/%41"),), "[https\\://oak.example/%41](https://oak.example/%41)"),
        ((Link("click", "javascript:alert(1)"),), "click (javascript:alert(1))"),
        ((Link("javascript:alert(1)", "javascript:alert(1)"),), "javascript:alert(1)"),
        ((Link("", "javascript:alert(1)"),), "javascript:alert(1)"),
        ((Link("Calle Mayor 1", ""),), "Calle Mayor 1"),
    ],
)  # fmt: skip
def test_inline_parts(parts: Text, source: str) -> None:
    """Strong words or links would not be read as such, or be live where they must not."""
    assert inline(*parts) == source


@pytest.mark.parametrize(
    ("block", "source"),
    [
        (Bullets(("a", ("b ", Strong("c")), "d\ne", "")), "- a\n- b **c**\n- d\\\n  e\n-"),
        (Bullets((*"abcdefghij", "k\nl"), numbered=True),
         "1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n9. i\n10. j\n11. k\\\n    l"),
        (Checklist(((False, "a"), (True, "[x] b"))), "- [ ] a\n- [x] \\[x\\] b"),
        (Table(("a", "b|c"), (("d\ne", ""), ("\\|", "f"))), "| a | b\\|c |\n| --- | --- |\n| d<br>e |  |\n| \\\\\\| | f |"),
        (Table(("a",), (), caption="Who\nsaid"), "**Who said**\n\n| a |\n| --- |"),
        (Fields((("When", "now"), ("Why?", Strong("so")), ("", "x"), ("Where", ""))),
         "- **When:** now\n- **Why?** **so**\n- x\n- **Where:**"),
        (Quote("a\n# b", by="Ana"), "> a\\\n> \\# b\n>\n> — Ana"),
        (Quote("a"), "> a"),
        (WritingSpace(2), f"{'_' * 60}\n\n{'_' * 60}"),
        (Figure("<svg/>", "Coverage", "Two bars"), "**Coverage**\n\nTwo bars"),
        (Section(key="a", title="A # b #", blocks=(Paragraph("x"),)), "## A # b \\#\n\nx"),
        (Section(key="a", title="", blocks=(Section(key="b", title="B", blocks=()),)), "## B"),
    ],
)  # fmt: skip
def test_blocks(block: Block, source: str) -> None:
    """A block would look other than documented."""
    assert body(block) == source


def test_headings_follow_the_nesting() -> None:
    """The outline would not be the document's."""
    inner = Section(key="c", title="C", blocks=())
    outer = Section(key="a", title="A", blocks=(Section(key="b", title="B", blocks=(inner,)),))
    assert body(outer) == "## A\n\n### B\n\n#### C"


def test_letters_begin_with_their_head() -> None:
    """A draft would not say whom it goes to."""
    assert rendered(Bullets(("a",)), to="Ana <ana@oak.example>", subject="Thanks, *Ana*") == (
        "# Sheet\n\n**To:** Ana \\<ana@oak.example>\\\n**Subject:** Thanks, \\*Ana\\*\n\n- a\n"
    )


def test_lists_side_by_side_stay_apart() -> None:
    """Two lists would be read as one."""
    lists = (
        Bullets(("a",)),
        Checklist(((True, "b"),)),
        Fields((("c", "d"),)),
        Bullets(("e",), numbered=True),
        Bullets(("f",), numbered=True),
    )
    source = body(*lists, Section(key="x", title="", blocks=(Bullets(("g",), numbered=True),)))
    assert source == "- a\n\n* [x] b\n\n- **c:** d\n\n1. e\n\n1) f\n\n1. g"
    tokens = [token.type for token in parsed(source)]
    assert (tokens.count("bullet_list_open"), tokens.count("ordered_list_open")) == (3, 3)


# ── the explorer's own Markdown ──────────────────────────────────────────────────────────────────
def test_own_markdown_is_markup_in_a_quote() -> None:
    """The explorer's notes would not show as they were meant."""
    assert body(Markdown("# Notes\n\n- *read*  \n\tcode\n")) == "> # Notes\n>\n> - *read*\n> \tcode"
    assert kinds(body(Markdown("- *read* <https://oak.example>"))) == {"blockquote", "bullet_list", "list_item", "em", "link"}


@pytest.mark.parametrize(
    "source",
    ["```\nopen", "~~~~\nopen", "<!-- open", "<script>", "<div>\n", "<pre>", "- a\n\n  1. b", "    code", "[nextdoor]: https://evil.example", "> a\n> ",
     "| a |\n|---|", "a\n***", "\\", "`open", "**open", "<?php", "<![CDATA[", "a\n="],
)  # fmt: skip
def test_own_markdown_cannot_swallow_what_follows(source: str) -> None:
    """Notes left unfinished would hide the rest of the sheet."""
    tokens = parsed(rendered(Markdown(source), Section(key="next", title="Next", blocks=(Paragraph("[nextdoor] comes"),))))
    assert [token.type for token in tokens[-8:]] == [
        "heading_open", "inline", "text", "heading_close", "paragraph_open", "inline", "text", "paragraph_close",
    ]  # fmt: skip
    assert tokens[-2].content == "[nextdoor] comes"
    assert not any(token.type.startswith("html") for token in tokens)


@pytest.mark.parametrize(
    "source", ["<b>", "\\<b>", "\\\\<b>", "\\\\\\<b>", "`a\\`<b>", "<<b>", "<javascript:x>", "</b>", "<!-- a -->"]
)
def test_own_markdown_holds_no_raw_html(source: str) -> None:
    """Notes pasted from somewhere could run a script in a viewer that lets HTML through."""
    assert not any(token.type in {"html_inline", "html_block", "link_open"} for token in parsed(body(Markdown(source))))


@pytest.mark.parametrize(
    "source", ["![a](https://oak.example/a.png)", "\\\\![a](b)", "[![a](b)](c)", "!![a](b)", "![a][b]\n\n[b]: c", "`\\`![a](b)"]
)
def test_own_markdown_fetches_nothing(source: str) -> None:
    """Whoever opens a sheet with pasted notes would tell the sender of a picture so."""
    found = parsed(body(Markdown(source)))
    assert not any(token.type == "image" for token in found)
    assert any(token.type == "link_open" for token in found), "the way to the picture"


@pytest.mark.parametrize(
    ("source", "quoted"),
    [
        ("a! [b] !c", "> a! [b] !c"),
        ("![a](b)", "> &#33;[a](b)"),
        ("\\![a](b)", "> &#33;[a](b)"),
        ("https://oak.example/<b>", "> https://oak.example/&lt;b>"),  # GitHub reads a backslash here as part of the address
        ("\\<b>", "> &lt;b>"),
        ("\\\\<b>", "> \\\\&lt;b>"),
        ("1 < 2 <3 <https://oak.example> <mailto:a@b.example>", "> 1 < 2 <3 <https://oak.example> <mailto:a@b.example>"),
    ],
)
def test_own_markdown_loses_only_its_tags_and_pictures(source: str, quoted: str) -> None:
    """A tag would come alive on one reader, or links and comparisons be spoilt."""
    assert body(Markdown(source)) == quoted


@given(st.lists(st.sampled_from([*TRICKY, "\n- ", "\n> ", "\n```\n", "<script>", "\n    "]), max_size=12).map("".join))
def test_any_own_markdown_stays_in_its_quote(source: str) -> None:
    """Some notes would break out and change the rest of the document."""
    source = rendered(Markdown(source), Paragraph("nextdoor"))
    tokens = parsed(source)
    assert [token.type for token in tokens[-4:]] == ["paragraph_open", "inline", "text", "paragraph_close"]
    assert (tokens[-2].content, tokens[-4].level) == ("nextdoor", 0)
    assert not any(token.type.startswith("html") for token in tokens)


# ── any text in any place ────────────────────────────────────────────────────────────────────────
@given(any_text)
@example("a\n\n\n# b")
@example("[a]: https://oak.example")
@example("| a |\n| - |\n| b |")
@example("&\u200bamp;")
def test_any_text_is_a_paragraph(text: str) -> None:
    """Some text would become a heading, a list, a table, code, a link … or lose letters."""
    source = body(Paragraph(text))
    assert kinds(source) == set()
    assert shown(source) == squeezed(text)


@given(any_text, any_text, any_text)
@example("a_b", "(", "a_b_c")
def test_any_strong_text_is_strong(before: str, text: str, behind: str) -> None:
    """Asterisks would show, or the wrong words be strong."""
    source = body(Paragraph((before, Strong(text), behind)))
    tokens = parsed(source)
    assert kinds(source) == ({"strong"} if text and squeezed(text) else set())
    assert shown(source) == squeezed(before + "\x00") + squeezed(text) + squeezed(behind)
    if squeezed(text):
        places = [place for place, token in enumerate(tokens) if token.type.startswith("strong")]
        inside = "".join(token.content for token in tokens[places[0] : places[1]] if token.type == "text")
        assert (len(places), squeezed(inside)) == (2, squeezed(text))


@given(any_text, any_text, any_text)
def test_any_link_is_one_link(before: str, text: str, path: str) -> None:
    """An address or its text would break out of the link."""
    source = body(Paragraph((before, Link(text, f"https://oak.example/a{path}"), "behind")))
    links = [token for token in parsed(source) if token.type == "link_open"]
    assert kinds(source) == {"link"}
    assert len(links) == 1
    assert str(links[0].attrs["href"]).startswith("https://oak.example/a")
    assert shown(source) == squeezed(before) + (squeezed(text) or squeezed(f"https://oak.example/a{path}")) + "behind"


HREFS: dict[str, Callable[[str], list[str]]] = {
    "markdown-it": lambda source: [str(token.attrs["href"]) for token in parsed(source) if token.type == "link_open"],
    "markdown-it by html5lib": lambda source: hrefs(pytest.importorskip("markdown_it").MarkdownIt("commonmark").render(source)),
    "cmark-gfm by html5lib": lambda source: hrefs(pytest.importorskip("cmarkgfm").github_flavored_markdown_to_html(source)),
}
"""Where each reader leads to."""


def hrefs(page: str) -> list[str]:
    html5lib = pytest.importorskip("html5lib")
    return [link.get("href") for link in html5lib.parse(page, namespaceHTMLElements=False).iter("a")]


def brackets_encoded(address: str) -> str:
    """Some readers encode brackets, some leave them (RFC 3986 §6.2.2: it is the same address)."""
    return re.sub(r"[()\[\]]", lambda found: f"%{ord(found[0]):02X}", address)


address_parts = st.sampled_from([*"&;#?=%<>()[]*_~'\"\\`|!$@:/+,", "&lt;", "&amp;", "&copy=", "&copy", "&#65;", "&#x41;", "&notit;", "%26",
                                 "\\&", "a", "é"])  # fmt: skip


@pytest.mark.parametrize("reader", HREFS)
@given(parts=st.lists(address_parts, max_size=8), scheme=st.sampled_from(["https://oak.example/?", "mailto:ana@oak.example?"]))
@example(["a=1", "&lt;", "2"], "https://oak.example/?")
@example(["a=1", "&copy="], "https://oak.example/?")
@example(["&amp;", "lt;"], "https://oak.example/?")
@example(["\\", "&lt;"], "https://oak.example/?")
def test_every_reader_is_led_to_the_address_given(reader: str, parts: list[str], scheme: str) -> None:
    """GitHub would read `&lt;` in an address as `<`, and lead to another page than the one given."""
    url = scheme + "".join(parts)
    for text in ("map", url):
        source = body(Paragraph(("before ", Link(text, url), " behind")))
        assert list(map(brackets_encoded, HREFS[reader](source))) == [brackets_encoded(link_target(url))]


@given(any_text)
def test_any_other_address_is_text(url: str) -> None:
    """`javascript:` would be live."""
    source = body(Paragraph(("before ", Link("label", f"x{url}"), " behind")))
    assert kinds(source) == set()
    assert shown(source) == f"beforelabel({squeezed('x' + url)})behind"


PLACES: dict[str, tuple[Callable[[str], Block], set[str]]] = {
    "bullets": (lambda text: Bullets((text, "x", text)), {"bullet_list", "list_item"}),
    "numbers": (lambda text: Bullets(("x", text), numbered=True), {"ordered_list", "list_item"}),
    "checklist": (lambda text: Checklist(((False, text), (True, text))), {"bullet_list", "list_item"}),
    "table": (
        lambda text: Table((text, "b"), (("c", text), (text, text))),
        {"table", "thead", "tbody", "tr", "th", "td", "html_inline"},
    ),
    "caption": (lambda text: Table(("b",), (("c",),), caption=text), {"table", "thead", "tbody", "tr", "th", "td", "strong"}),
    "label": (lambda text: Fields(((text, "value"),)), {"bullet_list", "list_item", "strong"}),
    "value": (lambda text: Fields((("label", text),)), {"bullet_list", "list_item", "strong"}),
    "quote": (lambda text: Quote(text, by=text), {"blockquote"}),
    "figure": (lambda text: Figure(text, text, text), {"strong"}),
    "heading": (lambda text: Section(key="a", title=text, blocks=()), {"heading"}),
}


@pytest.mark.parametrize("place", PLACES)
@given(text=any_text)
def test_any_text_in_any_block_is_text(place: str, text: str) -> None:
    """Some text would break out of its block, or lose letters."""
    make, allowed = PLACES[place]
    source = rendered(make(text), Paragraph("nextdoor"))
    tokens = parsed(source)
    assert kinds(source) <= allowed | {"heading"}
    assert squeezed(text) in shown(source)
    assert (tokens[-2].content, tokens[-4].level) == ("nextdoor", 0)
    assert all(token.content == "<br>" for token in tokens if token.type == "html_inline")


@given(any_text.filter(squeezed), any_text, any_text)
def test_any_text_in_the_head_is_text(title: str, subject: str, to: str) -> None:
    """A person's name could change the document."""
    source = rendered(title=title, subject=subject, to=to)
    assert kinds(source) <= {"heading", "strong"}
    assert squeezed(title) in shown(source)
    assert squeezed(to) in shown(source)
    assert squeezed(subject) in shown(source)


@given(st.lists(any_text, min_size=1, max_size=3), st.lists(any_text, min_size=1, max_size=3))
def test_lines_are_clean(first: list[str], second: list[str]) -> None:
    """Editors and diffs would complain about spaces at line ends, or a missing last newline."""
    source = rendered(
        Bullets(tuple(first)),
        Fields([(text, text) for text in second]),
        Quote(first[0], by=second[0]),
        Markdown("".join(first)),
    )
    assert source.endswith("\n")
    assert not source.endswith("\n\n")
    assert "\r" not in source
    assert all(line == line.rstrip(" \t") for line in source.split("\n"))


def test_as_text_takes_lists() -> None:
    """The helper renderers rely on would leave a list in the tree."""
    assert as_text(["a", Strong("b")]) == ("a", Strong("b"))
