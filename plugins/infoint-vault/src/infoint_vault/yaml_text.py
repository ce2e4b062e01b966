"""YAML as a vault reads and writes it: what JSON can say, and nothing that another reader would take for something else. Where in a
file YAML stands is `page`'s to know.

Values are told by their form alone, as in JSON: `no`, `12:30:45`, `010` and `2026-12-01` are texts. What is written is quoted where
a reader of YAML 1.1 or 1.2 might see a number, a truth value or a time in it; days stay plain, as they are the same text for all.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import yaml
from attrs import frozen

from infoint.plain import JSON

MAX_DEPTH: Final = 8
"""Levels of nesting that are read; what is deeper is written as JSON."""
MAX_KEY: Final = 200
"""Characters of a key that is written as YAML. (YAML's own limit is 1,024.)"""

_LOADER: Final[Any] = getattr(yaml, "CLoader", yaml.Loader)
"""Only its parser is used, never its way from nodes to values: so nothing of Python can be made by a file, and no scalar is guessed."""

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_REAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,4})?")
_WORDS: Final[Mapping[str, JSON]] = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    form: word == "true" for word in ("true", "false") for form in (word, word.capitalize(), word.upper())
}

_NUMBERS: Final = re.compile(
    r"[-+.]?[0-9][0-9_,.:]*(?:[eE][-+]?[0-9_]*)?|[-+]?0[xob][0-9a-fA-F_]*|[-+]?\.(?:inf|nan)", re.IGNORECASE
)
_TIMES: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*[^\]])?")
_OTHER: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "=", "<<", ".inf", ".nan"})
_NEVER_FIRST: Final = frozenset("-?:,[]{}#&*!|>'\"%@`=<.+")
_ESCAPED: Final = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_LINES: Final = re.compile("[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*")
"""Texts that may stand as they are, over several lines."""


class NotReadable(Exception):
    """Never leaves the plugin. What keeps a file from being read, in words that quote nothing of it."""

    def __init__(self, problem: str) -> None:
        """`problem` is a clause: "has …", "is …"."""
        self.problem = problem
        super().__init__(problem)


@frozen(eq=False)
class Node:
    """A value, and where its text stands: code points from the beginning."""

    value: JSON
    start: int
    end: int
    """After the last character of its content; for containers, of their last member."""
    column: int
    inline: bool
    """A scalar on one line, or a container in brackets: it can be replaced by another such."""
    pairs: "tuple[tuple[str, int, Node], ...]" = ()
    """Of a mapping: key, where the key begins, value."""
    items: "tuple[Node, ...]" = ()


def read_yaml(text: str) -> Node | None:
    """The one document in `text`; None where there is none. Raises NotReadable."""
    try:
        events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        node: Node | None = None
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    if event.version or event.tags or node:
                        raise NotReadable("has YAML directives, or a second document")
                case yaml.NodeEvent():
                    node = _node(event, events, text, 1)
                case _:
                    pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1} of its part)" if mark else ""
        raise NotReadable(f"has a part that is no YAML{where}") from None
    return node


def _node(event: Any, events: Iterator[Any], text: str, depth: int) -> Node:
    if _is(event, yaml.AliasEvent) or event.anchor:
        raise NotReadable("has YAML anchors or aliases (& and *)")
    if event.tag:
        raise NotReadable("has YAML tags (!)")
    start, column = event.start_mark.index, event.start_mark.column
    if _is(event, yaml.ScalarEvent):
        end: int = event.end_mark.index
        inline = event.style not in {"|", ">"} and "\n" not in text[start:end]
        return Node(_scalar(event), start, end, column, inline and start < end)
    if depth > MAX_DEPTH:
        raise NotReadable(f"is nested deeper than {MAX_DEPTH} levels")
    if _is(event, yaml.SequenceStartEvent):
        return _list(event, events, text, depth)
    return _mapping(event, events, text, depth)


def _is(event: Any, kind: type[yaml.Event]) -> bool:
    # Not narrowed: the types say that marks may be missing, which they are in no event of a parser.
    return isinstance(event, kind)


def _list(event: Any, events: Iterator[Any], text: str, depth: int) -> Node:
    items: list[Node] = []
    for inner in events:
        if _is(inner, yaml.SequenceEndEvent):
            end = inner.end_mark.index if event.flow_style or not items else items[-1].end
            break
        items.append(_node(inner, events, text, depth + 1))
    start = event.start_mark
    return Node([item.value for item in items], start.index, end, start.column, bool(event.flow_style), items=tuple(items))


def _mapping(event: Any, events: Iterator[Any], text: str, depth: int) -> Node:
    pairs: dict[str, tuple[str, int, Node]] = {}
    end = event.end_mark.index
    for inner in events:
        if _is(inner, yaml.MappingEndEvent):
            end = inner.end_mark.index if event.flow_style else end
            break
        if not _is(inner, yaml.ScalarEvent) or inner.anchor or inner.tag:
            raise NotReadable("has a key that is no text")
        key = str(inner.value)
        if key in pairs:
            raise NotReadable("has a key twice")
        pairs[key] = (key, inner.start_mark.index, _node(next(events), events, text, depth + 1))
        end = max(inner.end_mark.index + 1, pairs[key][2].end)
    start = event.start_mark
    value = {key: node.value for key, _, node in pairs.values()}
    return Node(value, start.index, end, start.column, bool(event.flow_style), pairs=tuple(pairs.values()))


def _scalar(event: Any) -> JSON:
    text = str(event.value)
    if event.style not in {None, ""}:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else text


# ── writing ──────────────────────────────────────────────────────────────────────────────────────
def can_be_yaml(value: JSON, depth: int) -> bool:
    """Whether `value`, at this depth of a document, would be read again."""
    match value:
        case dict():
            return depth <= MAX_DEPTH and all(can_be_key(key) and can_be_yaml(item, depth + 1) for key, item in value.items())
        case list():
            return depth <= MAX_DEPTH and all(can_be_yaml(item, depth + 1) for item in value)
        case _:
            return True


def can_be_key(key: str) -> bool:
    """Whether `key` can be written as one."""
    return len(key) <= MAX_KEY


def pair(key: str, value: JSON, indent: int = 0) -> str:
    """A key with its value, as lines."""
    return f"{' ' * indent}{scalar(key, indent, lines=False)}:{_after(value, indent)}"


def item(value: JSON, indent: int) -> str:
    """An item of a list, as lines."""
    if isinstance(value, dict | list) and value:
        return f"{' ' * indent}- {block(value, indent + 2)[indent + 2 :]}"
    return f"{' ' * indent}- {inline_or_lines(value, indent)}\n"


def block(value: JSON, indent: int = 0) -> str:
    """A list or mapping that is not empty, as lines."""
    if isinstance(value, dict):
        return "".join(pair(key, inner, indent) for key, inner in value.items())
    assert isinstance(value, list)  # noqa: S101  # narrows the type
    return "".join(item(inner, indent) for inner in value)


def _after(value: JSON, indent: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + block(value, indent + 2)
    return f" {inline_or_lines(value, indent)}\n"


def inline_or_lines(value: JSON, indent: int) -> str:
    """A scalar, or what is empty."""
    match value:
        case dict() | list():
            return "{}" if isinstance(value, dict) else "[]"
        case str():
            return scalar(value, indent)
        case _:
            return json.dumps(value)


def flow(mapping: Mapping[str, JSON]) -> str:
    """A mapping of scalars on one line."""
    return f"{{{', '.join(f'{_quoted(key, flow=True)}: {flow_scalar(value)}' for key, value in mapping.items())}}}"


def flow_scalar(value: JSON) -> str:
    """A scalar between brackets."""
    return _quoted(value, flow=True) if isinstance(value, str) else json.dumps(value)


def scalar(text: str, indent: int, *, lines: bool = True) -> str:
    """A text: over several lines where it has several and that keeps it exactly, else on one."""
    if lines and "\n" in text and _fits_lines(text):
        body = text.removesuffix("\n")
        indicator = "|" if text.endswith("\n") else "|-"
        pad = " " * (indent + 2)
        return indicator + "".join(f"\n{pad}{line}" if line else "\n" for line in body.split("\n"))
    return _quoted(text)


def _fits_lines(text: str) -> bool:
    return not (text.startswith((" ", "\n", "\t")) or text.endswith("\n\n") or not text.strip()) and bool(
        _LINES.fullmatch(text)
    )


def _quoted(text: str, *, flow: bool = False) -> str:
    if not text.isprintable():
        shown = json.dumps(text, ensure_ascii=False)
        return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)
    if _is_plain(text) and not (flow and set(text) & set(",[]{}\"'")):
        return text
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str) -> bool:
    return (
        bool(text)
        and text == text.strip()
        and text[0] not in _NEVER_FIRST
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and text.lower() not in _OTHER
        and not _NUMBERS.fullmatch(text)
        and (not _TIMES.fullmatch(text) or _is_day(text))
    )


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
