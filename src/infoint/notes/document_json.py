"""Documents as JSON: the tree itself, for programs that show, keep or translate it. What is written here is read here, and nothing
is lost on the way.

Each block says its `type`. A kind that came after version 1 also says `instead`: the same in older kinds, which a reader that does
not know it takes. Keys a reader does not know are left out.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, assert_never

from infoint.errors import InvalidValue
from infoint.notes.contract import (
    CONTRACT,
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
)
from infoint.notes.newer_blocks import instead_of

FORMAT: Final = "infoint-document"
VERSION: Final = 1
"""It changes when older readers would misread what is written; new kinds of blocks do not change it."""

_LOADER: Final = "load_document"
_HEAD: Final = ("name", "title", "language", "subject", "to", "filename")
_DEEPEST: Final = 100
"""Lists and objects in one another; a document needs a third of that. What goes deeper would exhaust the stack."""


class JsonRenderer:
    """The tree of a document; `load_document` reads it."""

    media_type: str = "application/json"
    suffix: str = ".json"
    contract: int = CONTRACT

    def render(self, document: Document) -> bytes:
        """UTF-8, one line feed at the end. `<` is escaped, so that it may stand in a page's script element."""
        tree = {
            "format": FORMAT,
            "version": VERSION,
            **{name: getattr(document, name) for name in _HEAD},
            "sections": [_block_tree(section) for section in document.sections],
        }
        return (json.dumps(tree, ensure_ascii=False, indent=2).replace("<", "\\u003c") + "\n").encode()


def load_document(content: bytes | str) -> Document:
    """The document that `JsonRenderer` has written, also a newer one, whose new kinds of blocks come in as older ones.

    Raises InvalidValue where it is none, says where, and makes nothing of a part of it.
    """
    tree = _parsed(content)
    if tree.get("format") != FORMAT:
        raise _refused("content", f"needs a JSON object whose format is {FORMAT!r}", tree.get("format"))
    version = tree.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _refused("version", "needs a whole number from 1", version)
    if version > VERSION:
        raise _refused("version", f"is {version}, and this infoint reads up to {VERSION}: use a newer one", version)
    sections = [_section(part, f"sections[{place}]") for place, part in enumerate(_items(tree, "sections", ""))]
    head = {name: tree[name] for name in _HEAD if name in tree}
    for name in ("name", "title"):
        if name not in head:
            raise _refused(name, "is missing", None)
    return Document(sections=tuple(sections), **head)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────
def _block_tree(block: Block) -> dict[str, Any]:
    tree = _known_tree(block)
    if older := instead_of(block):
        tree["instead"] = [_block_tree(one) for one in older]
    return tree


def _known_tree(block: Block) -> dict[str, Any]:  # noqa: C901 - one case for each kind of block
    match block:
        case Section(key=key, title=title, blocks=blocks, after=after):
            inner = [_block_tree(one) for one in blocks]
            return {"type": "section", "key": key, "title": title, "after": after, "blocks": inner}
        case Paragraph(text):
            return {"type": "paragraph", "text": _text_tree(text)}
        case Bullets(items, numbered):
            return {"type": "bullets", "numbered": numbered, "items": [_text_tree(item) for item in items]}
        case Checklist(items):
            return {"type": "checklist", "items": [{"done": done, "text": text} for done, text in items]}
        case Table(header, rows, caption):
            return {"type": "table", "caption": caption, "header": list(header), "rows": [list(row) for row in rows]}
        case Fields(pairs):
            return {"type": "fields", "pairs": [{"label": label, "value": _text_tree(value)} for label, value in pairs]}
        case Quote(text, by):
            return {"type": "quote", "text": text, "by": by}
        case WritingSpace(lines):
            return {"type": "writing-space", "lines": lines}
        case Figure(svg, title, description, mermaid=mermaid, titled=titled):
            drawn = {"svg": svg} | ({"mermaid": mermaid} if mermaid else {}) | ({"titled": True} if titled else {})
            return {"type": "figure", "title": title, "description": description, **drawn}
        case Markdown(source):
            return {"type": "markdown", "source": source}
        case _:
            assert_never(block)


def _text_tree(text: Text) -> list[Any]:
    return [_part_tree(part) for part in text]


def _part_tree(part: Inline) -> str | dict[str, str]:
    match part:
        case Strong(text):
            return {"type": "strong", "text": text}
        case Link(text, url):
            return {"type": "link", "text": text, "url": url}
        case _:
            return part


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def _parsed(content: bytes | str) -> Mapping[str, Any]:
    if not isinstance(content, bytes | str):
        raise _refused("content", f"needs bytes or a str, not {type(content).__name__}", content)
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError) as error:  # also what is no UTF-8, and whole numbers of thousands of digits
        raise _refused("content", f"is not JSON: {type(error).__name__}", None) from error
    if not isinstance(tree, dict):
        raise _refused("content", "needs a JSON object", None)
    if _is_deep(tree):
        raise _refused("content", f"goes more than {_DEEPEST} deep", None)
    return tree


def _is_deep(tree: object) -> bool:
    level = [tree]
    for _ in range(_DEEPEST):
        lists = [list(one.values()) if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [inner for one in lists for inner in one]
    return bool(level)


def _section(tree: object, where: str) -> Section:
    found = _blocks(tree, where)
    if len(found) != 1 or not isinstance(found[0], Section):
        raise _refused(where, "needs a section", tree)
    return found[0]


def _blocks(tree: object, where: str) -> tuple[Block, ...]:
    """One block, or those that stand for one of a kind that is not known here."""
    if not isinstance(tree, dict) or not isinstance(tree.get("type"), str):
        raise _refused(where, "needs an object with a type", tree)
    kind = tree["type"]
    if kind in _KINDS:
        try:
            return (_KINDS[kind](tree, where),)
        except InvalidValue as error:
            if error.entity == _LOADER:
                raise
            raise _refused(f"{where}.{error.field}", error.problem, error.value) from error
    if "instead" not in tree:
        raise _refused(where, f"is of the type {kind[:40]!r}, which is not known, and says nothing to show instead", tree)
    return _inner(tree, "instead", where)


def _inner(tree: Mapping[str, Any], name: str, where: str) -> tuple[Block, ...]:
    place = f"{where}.{name}"
    return tuple(block for at, one in enumerate(_items(tree, name, where)) for block in _blocks(one, f"{place}[{at}]"))


def _text(tree: Mapping[str, Any], name: str, where: str) -> Text:
    return _inlines(_items(tree, name, where), f"{where}.{name}")


def _inlines(parts: object, where: str) -> Text:
    if not isinstance(parts, list):
        raise _refused(where, "needs a list", parts)
    return tuple(_inline(part, f"{where}[{at}]") for at, part in enumerate(parts))


def _inline(part: object, where: str) -> Inline:
    match part:
        case str():
            return part
        case {"type": "link", "text": str(text), "url": str(url)}:
            return Link(text, url)
        case {"type": "strong", "text": str(text)}:
            return Strong(text)
        case {"type": str(kind), "text": str(text)} if kind != "link":  # of a newer infoint: its words, at least
            return text
        case _:
            raise _refused(where, "needs a text, or an object with type and text", part)


def _items(tree: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = _needed(tree, name, where)
    if not isinstance(found, list):
        raise _refused(f"{where}.{name}".lstrip("."), "needs a list", found)
    return found


def _needed(tree: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in tree:
        raise _refused(f"{where}.{name}".lstrip("."), "is missing", None)
    return tree[name]


def _objects(tree: Mapping[str, Any], name: str, where: str, *keys: str) -> list[tuple[Any, ...]]:
    """What the objects of a list say under these keys."""
    found = []
    for at, one in enumerate(_items(tree, name, where)):
        if not isinstance(one, dict) or not set(keys) <= one.keys():
            raise _refused(f"{where}.{name}[{at}]", f"needs an object with {' and '.join(keys)}", one)
        found.append(tuple(one[key] for key in keys))
    return found


def _section_of(tree: Mapping[str, Any], where: str) -> Section:
    return Section(
        key=_needed(tree, "key", where),
        title=_needed(tree, "title", where),
        blocks=_inner(tree, "blocks", where),
        after=tree.get("after", ""),
    )


def _bullets_of(tree: Mapping[str, Any], where: str) -> Bullets:
    items = [_inlines(item, f"{where}.items[{at}]") for at, item in enumerate(_items(tree, "items", where))]
    return Bullets(tuple(items), tree.get("numbered", False))


def _table_of(tree: Mapping[str, Any], where: str) -> Table:
    return Table(_items(tree, "header", where), _items(tree, "rows", where), tree.get("caption", ""))


def _fields_of(tree: Mapping[str, Any], where: str) -> Fields:
    pairs = _objects(tree, "pairs", where, "label", "value")
    return Fields(tuple((label, _inlines(value, f"{where}.pairs[{at}].value")) for at, (label, value) in enumerate(pairs)))


def _figure_of(tree: Mapping[str, Any], where: str) -> Figure:
    title, description = _needed(tree, "title", where), _needed(tree, "description", where)
    return Figure(tree.get("svg", ""), title, description, mermaid=tree.get("mermaid", ""), titled=tree.get("titled", False))


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Block]]] = {
    "section": _section_of,
    "paragraph": lambda tree, where: Paragraph(_text(tree, "text", where)),
    "bullets": _bullets_of,
    "checklist": lambda tree, where: Checklist(tuple(_objects(tree, "items", where, "done", "text"))),
    "table": _table_of,
    "fields": _fields_of,
    "quote": lambda tree, where: Quote(_needed(tree, "text", where), tree.get("by", "")),
    "writing-space": lambda tree, where: WritingSpace(_needed(tree, "lines", where)),
    "figure": _figure_of,
    "markdown": lambda tree, where: Markdown(_needed(tree, "source", where)),
}


def _refused(where: str, problem: str, value: object) -> InvalidValue:
    return InvalidValue(_LOADER, where, problem, value=value)
