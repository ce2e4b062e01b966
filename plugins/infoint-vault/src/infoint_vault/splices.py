"""Changes to YAML that leave standing whatever need not change: comments, order, quotes, bytes."""

from typing import TypeAlias

from infoint.plain import JSON
from infoint_vault.alignment import aligned, canonical
from infoint_vault.yaml_text import Node, flow, flow_scalar, inline_or_lines, item, pair

Splice: TypeAlias = tuple[int, int, str]
"""From, to, what stands there instead."""


def same(one: JSON, other: JSON) -> bool:
    """Equal, types too: 1, 1.0 and true differ. The order of keys says nothing."""
    return one is other or canonical(one) == canonical(other)


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
    if not value or (node.inline and not node.items):
        return None
    if node.inline:
        return _inside(text, node, value)
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
    """Items stay on their lines, with what somebody wrote beside them: whole lines go, and come."""
    found: list[Splice] = []
    kept: set[int] = set()
    added: dict[int, str] = {}
    last = -1
    for place, new in zip(aligned([old.value for old in node.items], value), value, strict=True):
        inner = None if place is None else _inside(text, node.items[place], new)
        if place is None or inner is None:
            added[last] = added.get(last, "") + item(new, node.column)
        else:
            found += inner
            kept.add(place)
            last = place
    gone = [old for place, old in enumerate(node.items) if place not in kept]
    if (gone or -1 in added) and not all(_has_its_line(text, old) for old in (*gone, node.items[0])):
        return None
    found += [(_line_start(text, old.start), line_end(text, max(old.end, old.start)), "") for old in gone]
    for after, lines in added.items():
        found += _appended(text, node.items[after], lines) if after >= 0 else [(at := _above(text, node.items[0]), at, lines)]
    return found


def _has_its_line(text: str, old: Node) -> bool:
    return text[_line_start(text, old.start) : old.start].strip() == "-"


def _above(text: str, first: Node) -> int:
    """Where the first item begins, with the lines of comment right above, which are about it."""
    at = _line_start(text, first.start)
    while at and text[_line_start(text, at - 1) : at].lstrip().startswith("#"):
        at = _line_start(text, at - 1)
    return at


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
        if isinstance(old.value, list) and isinstance(new, list) and new:
            return _of_flow_list(text, old, new)
        shown = "\n" if isinstance(new, dict | list) and new else inline_or_lines(new, 0)
        return None if "\n" in shown else [(old.start, old.end, shown)]
    return changes(text, old, new)


def _of_flow_list(text: str, old: Node, new: list[JSON]) -> list[Splice] | None:
    """A list in brackets stays one, unless it was empty and nobody said why, or has something within that has a line of its own."""
    inner = text[old.start : old.end]
    rest = text[old.end : line_end(text, old.end)].strip()
    if any(isinstance(one, dict | list) for one in new) or ("\n" in inner and "#" in inner) or not (old.items or rest):
        return None
    shown = []
    for place, value in zip(aligned([one.value for one in old.items], new), new, strict=True):
        one = None if place is None else old.items[place]
        shown.append(text[one.start : one.end] if one and one.inline and same(one.value, value) else flow_scalar(value))
    return [(old.start, old.end, f"[{', '.join(shown)}]")]


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
