"""The plugin, the contract of every renderer, and what the explorer's notes may and may not bring into the page."""

from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

pytest.importorskip("nh3", reason="infoint-markdown-html is tested in an environment of its own, with its dependencies")
pytest.importorskip("markdown_it", reason="infoint-markdown-html is tested in an environment of its own, with its dependencies")
pytest.importorskip("html5lib", reason="infoint-markdown-html is tested in an environment of its own, with its dependencies")
pytest.importorskip("infoint_markdown_html", reason="infoint-markdown-html is tested in an environment of its own")

import html5lib
import infoint_markdown_html
from hypothesis import given, strategies as st
from infoint_markdown_html.notes import notes_as_html

from infoint import PluginHost
from infoint.errors import PluginError
from infoint.notes import Document, HtmlRenderer, Markdown, NoteRenderer, Paragraph, Section
from infoint.testing import RendererContract, check_plugin

ALLOWED = {
    "a": {"href", "title", "rel"},
    "div": {"class", "style"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "ul": {"class"},
} | {
    name: set()
    for name in [
        "blockquote",
        "br",
        "code",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "label",
        "li",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
    ]
}
HOSTILE = """\
<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe srcdoc="x"></iframe> <svg onload=alert(1)>
<style>* { display: none }</style> <form action="https://oak.example"><input name=password></form> <!-- hidden -->
[one](javascript:alert(1)) [two](JaVaScRiPt:alert(1)) [three](&#106;avascript:alert(1)) [four](data:text/html;base64,PHA+)
[five](vbscript:x) [six](file:///etc/passwd) [seven](//oak.example/x) [eight](<java\tscript:alert(1)>) <javascript:alert(1)>
[nine](https://oak.example "\\" onclick=\\"alert(1)") ![picture](https://oak.example/pixel.png) ![x](data:image/svg+xml,<svg/>)
[ten]: javascript:alert(1)
[ten] `</div></main><script>`

</div></main><script>alert(2)</script>

- [x]<script>alert(1)</script>
- [ ] <b onclick=alert(1)>ask</b>

```"><script>
</code></pre><script>alert(3)</script>
```
"""


def page(source: str) -> Any:
    """The whole page, as a browser reads it."""
    section = Section(key="notes", title="Notes", blocks=(Markdown(source), Paragraph("behind")))
    content = PluginHost([infoint_markdown_html]).render(Document(name="x", title="T", sections=(section,)), "html+markdown")
    return html5lib.parse(content.content, treebuilder="etree", namespaceHTMLElements=False)


def elements(source: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Of the notes."""
    (notes,) = (one for one in page(source).iter("div") if one.get("class") == "notes")
    return ((one.tag, dict(one.attrib)) for one in notes.iter())


def shown(source: str) -> str:
    (notes,) = (one for one in page(source).iter("div") if one.get("class") == "notes")
    return "".join(notes.itertext())


# ── the plugin ───────────────────────────────────────────────────────────────────────────────────
def test_plugin_says_what_it_means() -> None:
    """A hook would be misspelt, take what it is not given, or leave a name without an owner."""
    check_plugin(infoint_markdown_html)


def test_without_its_dependencies_the_error_names_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the plugin without its dependencies would not learn what is missing."""
    monkeypatch.setitem(__import__("sys").modules, "infoint_markdown_html.notes", None)
    with pytest.raises(PluginError, match=r"infoint_markdown_html.*'html\+markdown' could not be made"):
        page("x")


class TestHtmlWithMarkdown(RendererContract):
    """The contract of every renderer, test by test."""

    strict = True

    def make_renderer(self) -> NoteRenderer:
        """As the plugin's hook makes it."""
        return PluginHost([infoint_markdown_html]).note_renderers.make("html+markdown")

    def visible_text(self, rendered: bytes) -> str:
        """What is seen, and what is heard in place of pictures."""
        tree = html5lib.parse(rendered, treebuilder="etree", namespaceHTMLElements=False)
        heard = [one.get("alt", "") for one in tree.iter("img")]
        return "\n".join(["".join(tree.find("body").itertext()), *heard])

    def structure(self, rendered: bytes) -> list[object]:
        """Each element, with the names of its attributes."""
        tree = html5lib.parse(rendered, treebuilder="etree", namespaceHTMLElements=False)
        return [(one.tag, *sorted(one.attrib)) for one in tree.iter()]

    def addresses(self, rendered: bytes) -> list[str]:
        """Of the live links."""
        tree = html5lib.parse(rendered, treebuilder="etree", namespaceHTMLElements=False)
        return [one.get("href") for one in tree.iter("a")]


def test_all_but_the_notes_is_as_infoint_makes_it() -> None:
    """The page would be another than the one people know."""
    made = Document(name="x", title="T", sections=(Section(key="a", title="A", blocks=(Paragraph("*one*"),)),))
    assert PluginHost([infoint_markdown_html]).render(made, "html+markdown").content == HtmlRenderer().render(made)


# ── what notes look like ─────────────────────────────────────────────────────────────────────────
def test_notes_are_rendered() -> None:
    """Notes would be shown as source, or a kind of Markdown be left out."""
    source = "*soft* **loud** ~~gone~~ `code`\nnext\n\n> said\n\n1. one\n2. two\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n    indented\n"
    names = [name for name, _ in elements(source)]
    assert names == (
        [
            "div",
            "p",
            "em",
            "strong",
            "s",
            "code",
            "blockquote",
            "p",
            "ol",
            "li",
            "li",
            "hr",
            "table",
            "thead",
            "tr",
            "th",
            "th",
            "tbody",
            "tr",
            "td",
            "td",
            "pre",
            "code",
        ]
    )


def test_task_lists_are_the_pages_checklists() -> None:
    """What is done and what is not could not be told apart."""
    found = list(
        elements("- [ ] ask **now**\n- [x] asked\n- [X] told\n- [link](https://oak.example) and [ ] no box\n- [y] no box\n")
    )
    boxes = [attributes for name, attributes in found if name == "input"]
    assert ["checked" in box for box in boxes] == [False, True, True]
    assert all(box["type"] == "checkbox" and "disabled" in box for box in boxes)
    assert ("ul", {"class": "checklist"}) in found
    assert [name for name, _ in found].count("label") == 3
    assert "[y] no box" in shown("- [y] no box")
    assert [one for one in elements("1. [x] done") if one[0] == "ol"] == [("ol", {})]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("# One\n## Two\n", ["h3", "h4"]),
        ("### One\n##### Two\n", ["h3", "h5"]),
        ("One\n===\n" + "".join(f"{'#' * level} x\n" for level in range(2, 7)), ["h3", "h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_go_below_the_headings_around_them(source: str, names: list[str]) -> None:
    """Who hears the page would meet notes as if they were parts of the document."""
    assert [name for name, _ in elements(source) if name.startswith("h")] == names


def test_headings_have_a_level_where_none_is_left() -> None:
    """Notes at the bottom of deep sections would have elements that are none."""
    assert "<h6>One</h6>" in notes_as_html("# One", 7)


def test_pictures_are_links() -> None:
    """Opening the page would tell a server that it was opened."""
    found = list(elements("![a *map*](https://oak.example/map.png) ![](https://oak.example/bare.png)"))
    assert [name for name, _ in found] == ["div", "p", "a", "a"]
    assert shown("![a *map*](https://oak.example/map.png)").strip() == "a map"
    assert shown("![](https://oak.example/bare.png)").strip() == "https://oak.example/bare.png"


# ── what notes may not do ────────────────────────────────────────────────────────────────────────
def check_elements(source: str) -> None:
    for name, attributes in elements(source):
        assert name in ALLOWED, name
        assert set(attributes) <= ALLOWED[name], (name, attributes)
        if name == "a" and "href" in attributes:
            assert attributes["href"].lower().startswith(("http://", "https://", "mailto:", "tel:"))
            assert attributes["rel"] == "noopener noreferrer nofollow"


def test_hostile_notes_bring_nothing_but_what_is_allowed() -> None:
    """A script in somebody's notes would run, a style hide the page, a form ask for a password."""
    check_elements(HOSTILE)
    tree = page(HOSTILE)
    assert [one.tag for one in tree.iter() if one.tag in {"script", "iframe", "form", "img", "svg"}] == []
    assert len(list(tree.iter("style"))) == 1
    text = shown(HOSTILE)
    for words in (
        "<script>alert(1)</script>",
        "<style>* { display: none }</style>",
        "<!-- hidden -->",
        "<script>alert(3)</script>",
    ):
        assert words in text, "what was written is not shown"
    assert "behind" in "".join(tree.itertext())


@given(st.text(alphabet=st.sampled_from("[]()<>!*_`~#|-+= \n\t:/\"'&;\\xax1.h") | st.characters(), max_size=120))
def test_no_notes_bring_anything_else(source: str) -> None:
    """Some text nobody thought of would get through."""
    check_elements(source)


@pytest.mark.parametrize("part", ["a", "[", "![", "> ", "- ", "**a ", "<a href=x>", "|a\n|-\n", "`", "\\", "&#"])
def test_a_megabyte_of_anything_is_shown(part: str) -> None:
    """Notes would keep the page from being made, for minutes or for good."""
    source = part * (1_000_000 // len(part))
    assert notes_as_html(source, 2) == f'<div class="notes">{escape(source)}</div>'


def test_many_brackets_are_shown_as_they_are() -> None:
    """A few thousand brackets that are never closed would take minutes."""
    assert notes_as_html("[" * 100_000, 2) == f'<div class="notes">{"[" * 100_000}</div>'


def test_deep_nesting_is_no_error() -> None:
    """Quotes in quotes, or lists in lists, would end in an error of Python's."""
    check_elements(">" * 3_000 + " deep")
    check_elements("".join("  " * depth + "- item\n" for depth in range(300)))
    check_elements("*" * 20_000 + "a" + "*" * 20_000)
