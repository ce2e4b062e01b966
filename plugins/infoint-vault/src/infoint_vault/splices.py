"""Changes to YAML that leave standing whatever need not change: comments, order, quotes, bytes."""

import json
from typing import TypeAlias

from infoint.plain import JSON
from infoint_vault.yaml_text import Node, flow, inline_or_lines, item, pair

Splice: TypeAlias = tuple[int, int, str]
"""From, to, what stands there instead."""


def same(one: JSON, other: JSON) -> bool:
    """Equal, types too: 1, 1.0 and true differ. The order of keys says nothing."""
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def spliced(text: str, splices: list[Splice]) -> str:
    """The text with all of them, which do not overlap."""
    pieces, at = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        pieces += [text[at:start], new]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def changes(text: str, node: Node, value: JSON) -> list[Splice] | None:
    """What makes `value` of a block; None where it has to be written anew."""
    if same(node.value, value):
        return []
    if node.inline or not value:
        return None
    if node.pairs and isinstance(value, dict):
        return _of_mapping(text, node, value)
    if node.items and isinstance(value, list):
        return _of_list(text, node, value)
    return None


def _of_mapping(text: str, node: Node, value: dict[str, JSON]) -> list[Splice] | None:
    found: list[Splice] = []
    for key, start, old in node.pairs:
        # "- key: …": the line could not be taken away without its dash.
        whole_line = not text[_line_start(text, start) : start].strip()
        if key not in value:
            if not whole_line:
                return None
            found.append((_line_start(text, start), line_end(text, max(old.end, start)), ""))
        else:
            inner = _inside(text, old, value[key])
            if inner is None and not whole_line:
                return None
            whole = (_line_start(text, start), line_end(text, max(old.end, start)), pair(key, value[key], node.column))
            found += [whole] if inner is None else inner
    known = {key for key, _, _ in node.pairs}
    added = "".join(pair(key, new, node.column) for key, new in value.items() if key not in known)
    return [*found, *_appended(text, node, added)]


def _of_list(text: str, node: Node, value: list[JSON]) -> list[Splice] | None:
    found: list[Splice] = []
    for old, new in zip(node.items, value, strict=False):
        inner = _inside(text, old, new)
        if inner is None:
            return None
        found += inner
    if len(value) < len(node.items):
        first, last = node.items[len(value)], node.items[-1]
        begin = _line_start(text, first.start)
        if text[begin : first.start].strip() != "-":
            return None
        found.append((begin, line_end(text, last.end), ""))
    added = "".join(item(new, node.column) for new in value[len(node.items) :])
    return [*found, *_appended(text, node, added)]


def _inside(text: str, old: Node, new: JSON) -> list[Splice] | None:
    """Without touching the line it stands on."""
    if same(old.value, new):
        return []
    if old.inline:
        if (
            isinstance(old.value, dict)
            and isinstance(new, dict)
            and new
            and not any(isinstance(v, dict | list) for v in new.values())
        ):
            return [(old.start, old.end, flow(new))]
        shown = "\n" if isinstance(new, dict | list) and new else inline_or_lines(new, 0)
        return None if "\n" in shown else [(old.start, old.end, shown)]
    return changes(text, old, new)


def _appended(text: str, node: Node, lines: str) -> list[Splice]:
    if not lines:
        return []
    at = line_end(text, node.end)
    return [(at, at, lines if text[at - 1] == "\n" else "\n" + lines)]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the next line begins, or the text ends."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
