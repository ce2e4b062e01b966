"""The explorer's notes, from Markdown to HTML that may stand in a page. The page around them is infoint's.

Two fences: markdown-it-py takes HTML in the notes for words, and nh3 lets through of its result only what is listed here.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TAGS: Final = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "input",
        "label",
        "li",
        "ol",
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
        "ul",
    ]
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "input": {"checked", "disabled"}, "ol": {"start"}}
_VALUES: Final = {"input": {"type": {"checkbox"}}}
_CLASSES: Final = {"ul": {"checklist"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_REL: Final = "noopener noreferrer nofollow"
_BOXES: Final = {"[ ] ": "", "[x] ": " checked", "[X] ": " checked"}
_LONGEST: Final = 200_000
_MOST_BRACKETS: Final = 2_000
"""Notes with more letters, or more brackets, are shown as they are written: what one that is never closed takes grows with its square."""


def notes_as_html(source: str, level: int) -> str:
    """A `<div>`; its headings begin at `level`, 2 to 6. Images are shown as links: nothing is loaded from elsewhere."""
    if len(source) > _LONGEST or source.count("[") > _MOST_BRACKETS:
        return f'<div class="notes">{escape(source)}</div>'
    rendered: str = _markdown().render(source, {"level": level})
    clean = nh3.clean(
        rendered,
        tags=set(_TAGS),
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        allowed_classes=_CLASSES,
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        link_rel=_REL,
    )
    return f'<div class="notes" style="white-space: normal">{clean.rstrip()}</div>'


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    markdown.core.ruler.push("levels", _set_levels)
    markdown.core.ruler.push("boxes", _set_boxes)
    markdown.add_render_rule("image", _image_as_link)
    return markdown


def _set_levels(state: StateCore) -> None:
    """The highest heading of the notes gets the level that is due there, so that the page's outline has no gap."""
    headings = [token for token in state.tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + state.env['level'])}"


def _set_boxes(state: StateCore) -> None:
    """`- [ ] ask` and `- [x] asked`, marked up as the page's own checklists are."""
    lists: list[Token] = []
    for place, token in enumerate(state.tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "inline" and place > 1 and state.tokens[place - 2].type == "list_item_open":
            _set_box(token, lists[-1])


def _set_box(inline: Token, around: Token) -> None:
    children = inline.children or []
    ticked = _BOXES.get(children[0].content[:4]) if children and children[0].type == "text" else None
    if ticked is not None:
        children[0].content = children[0].content[4:]
        box = f'<label><input type="checkbox"{ticked} disabled><span>'
        inline.children = [_as_html(box), *children, _as_html("</span></label>")]
        if around.type == "bullet_list_open":
            around.attrSet("class", "checklist")


def _as_html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


def _image_as_link(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    image = tokens[place]
    address = str(image.attrs.get("src", ""))
    told = renderer.renderInlineAsText(image.children or [], options, env)
    return f'<a href="{escape(address)}">{escape(told or address)}</a>'
