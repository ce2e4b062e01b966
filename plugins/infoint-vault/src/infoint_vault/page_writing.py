"""A record written as `page` reads it: anew, or over a file that is there, of which only what differs is changed."""

import json
import re
from typing import Final

from attrs import evolve, frozen

from infoint.plain import JSON
from infoint_vault.page import (
    MARKER,
    MARKER_LINE,
    MERGE_MARK,
    NAME,
    OURS,
    PROSE,
    Page,
    Sheet,
    prose_of,
    read_page,
    sum_of,
    unescaped,
)
from infoint_vault.splices import Splice, changes, same, spliced
from infoint_vault.yaml_text import NotReadable, block, can_be_key, can_be_yaml, flow, pair

LARGEST: Final = 1_000_000
"""Characters of a list or mapping that is laid out for people; what is larger is compact JSON."""
_NOT_PROSE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@frozen
class _Layout:
    """What stands where."""

    front: dict[str, JSON]
    prose: str | None
    parts: dict[str, JSON]


def write_page(sheet: Sheet, over: Page | None = None) -> bytes:
    """The file for what `sheet` says. Over a page that is there only what differs is changed."""
    if over is not None:
        content = _bytes(_changed(over, sheet), over)
        if _says(content, sheet):
            return content
    return _bytes(_anew(sheet), over)


def _says(content: bytes, sheet: Sheet) -> bool:
    try:
        found = read_page(content).sheet
    except NotReadable:
        return False
    return same(found.data, sheet.data) and evolve(found, data={}, prose="", untouched=True) == evolve(
        sheet, data={}, prose="", untouched=True
    )


def _bytes(text: str, over: Page | None) -> bytes:
    if over and over.crlf:
        text = text.replace("\n", "\r\n")
    return ((over.mark if over else "") + text).encode()


def _anew(sheet: Sheet) -> str:
    layout = _laid_out(sheet)
    own = layout.front.pop(OURS)
    assert isinstance(own, dict)  # noqa: S101  # narrows the type
    front = "".join(pair(key, value) for key, value in layout.front.items()) + f"{OURS}: {flow(own)}\n"
    body = f"\n{layout.prose}\n" if layout.prose else ""
    if layout.parts:
        body = f"{body or chr(10)}{'' if not body else chr(10)}{MARKER}\n" + "".join(
            _part(name, value) for name, value in layout.parts.items()
        )
    return f"---\n{front}---\n{body}"


def _part(name: str, value: JSON) -> str:
    return f"\n## {name.replace('_', ' ').replace('-', ' ').capitalize()}\n\n{_fenced(name, value)}"


def _fenced(name: str, value: JSON) -> str:
    huge = _is_huge(value)
    if name != OURS and isinstance(value, dict | list) and value and can_be_yaml(value, 1) and not huge:
        lang, inner = "yaml", block(value)
    else:
        lang, inner = "json", json.dumps(value, ensure_ascii=False, indent=None if huge else 1) + "\n"
        inner = inner.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    return f"{fence}{lang} {name}\n{inner}{fence}\n"


def _laid_out(sheet: Sheet, over: Page | None = None) -> _Layout:
    kept = {part.name for part in over.parts} if over else set()
    in_front = {unescaped(key) for key, _, _ in over.front.pairs} if over and over.front else set()
    prose_key = _prose_key(sheet, over)
    front: dict[str, JSON] = {}
    parts: dict[str, JSON] = {}
    rest: dict[str, JSON] = {}
    for key, value in sheet.data.items():
        if prose_key and key == prose_key:
            continue
        nameable = bool(NAME.fullmatch(key)) and key != OURS
        readable = can_be_key(key) and can_be_yaml(value, 2) and not _is_huge(value)
        if nameable and (not readable or ((_is_large(value) or (key in kept and _is_full(value))) and key not in in_front)):
            parts[key] = value
        elif readable:
            front[_escaped(key)] = value
        else:
            rest[key] = value
    extras: dict[str, JSON] = {"data": rest} if rest else {}
    if sheet.index is not None:
        extras["index"] = {key: list(values) for key, values in sheet.index.items()}
    if sheet.text is not None:
        extras["text"] = sheet.text
    if extras:
        parts[OURS] = extras
    prose = sheet.data.get(prose_key) if prose_key else None
    front[OURS] = _own(sheet, prose_key, prose, list(parts), over)
    return _Layout(front, prose.replace("\r\n", "\n") if isinstance(prose, str) else None, parts)


def _escaped(key: str) -> str:
    return f"{key}_" if re.fullmatch(f"{OURS}_*", key) else key


def _is_full(value: JSON) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _is_huge(value: JSON) -> bool:
    return _is_full(value) and len(json.dumps(value)) > LARGEST


def _is_large(value: JSON) -> bool:
    """Whether it would make front matter long: a mapping, or a list of more than scalars."""
    return _is_full(value) and (
        isinstance(value, dict) or (isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value))
    )


def _prose_key(sheet: Sheet, over: Page | None) -> str:
    wanted = (over.sheet.prose, *PROSE) if over and over.sheet.prose else PROSE
    return next((key for key in wanted if isinstance(text := sheet.data.get(key), str) and _is_prose(text)), "")


def _is_prose(text: str) -> bool:
    if "\r" in text:
        text = text.replace("\r\n", "\r").replace("\n", "\x00").replace("\r", "\n")
    return not any(form.search(text) for form in (_NOT_PROSE, MARKER_LINE, MERGE_MARK))


def _own(sheet: Sheet, prose_key: str, prose: JSON, parts: list[str], over: Page | None) -> dict[str, JSON]:
    before = over.front.value.get(OURS) if over and over.front and isinstance(over.front.value, dict) else None
    own: dict[str, JSON] = {"kind": sheet.kind}
    if sheet.data.get("id") != str(sheet.id):
        own["id"] = str(sheet.id)
    own["version"] = sheet.version
    own["schema"] = ".".join(map(str, sheet.schema or (1, 0)))
    if sheet.saved:
        own["saved"] = sheet.saved.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if prose_key:
        own["body"] = prose_key
    if isinstance(prose, str) and "\r\n" in prose:
        own["breaks"] = "crlf"
    if parts:
        own["parts"] = " ".join(parts)
    if sheet.deleted:
        own["deleted"] = True
    if sheet.erased:
        own["erased"] = True
    own["sum"] = sum_of(sheet.data)
    known = {"kind", "id", "version", "schema", "saved", "body", "breaks", "deleted", "erased", "sum", "parts"}
    unknown = {key: value for key, value in before.items() if key not in known} if isinstance(before, dict) else {}
    return own | unknown


# ── over what is there ───────────────────────────────────────────────────────────────────────────
def _changed(over: Page, sheet: Sheet) -> str:
    layout = _laid_out(sheet, over)
    splices: list[Splice] = [
        *_front_splices(over, layout.front),
        *_prose_splices(over, layout),
        *_part_splices(over, layout.parts),
    ]
    return spliced(over.text, splices)


def _front_splices(over: Page, front: dict[str, JSON]) -> list[Splice]:
    own = front[OURS]
    assert isinstance(own, dict)  # noqa: S101  # narrows the type
    if over.front is None:
        lines = "".join(pair(key, value) for key, value in front.items() if key != OURS) + f"{OURS}: {flow(own)}\n"
        at = over.front_at[1]
        return [(at, at, lines if over.body_at else f"---\n{lines}---\n")]
    at, end = over.front_at
    text = over.text[at:end]
    if not isinstance(over.front.value, dict) or OURS not in over.front.value:
        # A line of our own is added as one line; what a block would be is only kept where somebody's editor has made it one.
        rest = {key: value for key, value in front.items() if key != OURS}
        found = changes(text, over.front, rest) if rest else []
        found = None if found is None else [*found, (len(text), len(text), f"{OURS}: {flow(own)}\n")]
    else:
        found = changes(text, over.front, front)
    if found is None:
        lines = "".join(pair(key, value) for key, value in front.items() if key != OURS) + f"{OURS}: {flow(own)}\n"
        return [(at, end, lines)]
    return [(at + start, at + stop, new) for start, stop, new in found]


def _prose_splices(over: Page, layout: _Layout) -> list[Splice]:
    end = over.marker.start() if over.marker else len(over.text)
    had = prose_of(over)
    prose = layout.prose or ""
    add_marker = "" if over.marker or not layout.parts else f"{MARKER}\n"
    if had == prose and not add_marker:
        return []
    if had == prose and over.text[:end].endswith("\n"):
        return [(end, end, f"\n{add_marker}")]
    text = (f"\n{prose}\n" if prose else "") + ("\n" if over.marker or add_marker else "")
    return [(over.body_at, end, text + add_marker)]


def _part_splices(over: Page, parts: dict[str, JSON]) -> list[Splice]:
    found: list[Splice] = []
    for part in over.parts:
        if part.name not in parts:
            heading = _part(part.name, 0)
            heading = heading[: heading.index("`")]
            begin = part.start - len(heading) if over.text[: part.start].endswith(heading) else part.start
            found.append((begin, part.end, ""))
        elif not same(part.value, parts[part.name]):
            inner = changes(over.text[slice(*part.inner)], part.node, parts[part.name]) if part.node else None
            if inner is None or any("```" in new for _, _, new in inner):
                found.append((part.start, part.end, _fenced(part.name, parts[part.name])))
            else:
                found += [(part.inner[0] + start, part.inner[0] + stop, new) for start, stop, new in inner]
    there = {part.name for part in over.parts}
    added = "".join(_part(name, value) for name, value in parts.items() if name not in there)
    if added:
        found.append((len(over.text), len(over.text), added if over.text.endswith("\n") or not over.text else "\n" + added))
    return found
