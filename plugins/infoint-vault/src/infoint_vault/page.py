"""One record as a file: front matter, prose, and parts in fences. What a kind of record means is `entities`' affair, where files lie
the storage's.

    ---
    name: Ana Ruiz                      the record's data, but for what follows
    infoint: {kind: contact, …}         the storage's own line
    ---

    Met at the fair.                    one long text of the data, as it is

    <!-- infoint: … -->

    ## Agenda

    ```yaml agenda                      lists and mappings that are more than a line
    - …
    ```
"""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.plain import JSON
from infoint_vault.splices import Splice, changes, line_end, same, spliced
from infoint_vault.yaml_text import Node, NotReadable, block, can_be_key, can_be_yaml, flow, pair, read_yaml

OURS: Final = "infoint"
"""The key of the storage's own line, and the part for what has no other place."""
PROSE: Final = ("notes", "note", "draft", "introduction")
"""Keys whose text stands as prose below the front matter; the first of them that a record has."""
MAX_BYTES: Final = 64 * 1024 * 1024

MARKER: Final = "<!-- infoint: data follows. Change its values, keep its form. -->"
_MARKER: Final = re.compile(r"^<!-- infoint\b[^\n]*-->[ \t\r]*$", re.MULTILINE)
_FENCE: Final = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_OPENING: Final = re.compile(r"^(`{3,})(yaml|json) ([A-Za-z_][A-Za-z0-9_-]{0,63})[ \t\r]*$", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_NOT_PROSE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@frozen(kw_only=True)
class Sheet:
    """What a file says."""

    data: dict[str, JSON]
    kind: str = ""
    id: UUID | None = None
    version: int = 0
    schema: tuple[int, int] | None = None
    saved: datetime | None = None
    """`updated_at` of the save that wrote it."""
    deleted: bool = False
    prose: str = ""
    """The key of the data that stands as prose; "" where none does."""
    index: dict[str, list[JSON]] | None = None
    """Where it is not what can be made of the data."""
    text: str | None = None
    """As `index`."""
    untouched: bool = True
    """Whether the data is what was saved: nobody has edited it since."""


@frozen(eq=False)
class Part:
    """A fence: from the line that opens it to the one that closes it."""

    name: str
    lang: str
    start: int
    end: int
    inner: tuple[int, int]
    value: JSON
    node: Node | None


@frozen(eq=False)
class Page:
    """A file as it was read, with the places of everything."""

    text: str
    mark: str
    """A byte order mark, or nothing."""
    crlf: bool
    sheet: Sheet
    front: Node | None
    front_at: tuple[int, int]
    body_at: int
    marker: "re.Match[str] | None" = None
    parts: tuple[Part, ...] = field(default=())


def sum_of(data: dict[str, JSON]) -> str:
    """By which an edit by hand is seen, whatever happened to the bytes around the data."""
    shown = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:10]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read_page(content: bytes, *, prose: str = PROSE[0]) -> Page:
    """Raises NotReadable. `prose`: the key of the prose where the file does not tell."""
    if len(content) > MAX_BYTES:
        raise NotReadable(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise NotReadable("is not UTF-8") from None
    if "\x00" in text:
        raise NotReadable("holds a NUL character")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    crlf = "\r\n" in text and text.count("\n") == text.count("\r\n")
    if crlf:
        text = text.replace("\r\n", "\n")
    front_at, body_at = _front(text)
    front = read_yaml(text[front_at[0] : front_at[1]])
    if front is not None and not isinstance(front.value, dict):
        raise NotReadable("has front matter that is no mapping")
    marker = _MARKER.search(text, body_at)
    parts = _parts(text, marker.end()) if marker else ()
    page = Page(text, mark, crlf, Sheet(data={}), front, front_at, body_at, marker, parts)
    return evolve(page, sheet=_sheet(page, prose))


def _front(text: str) -> tuple[tuple[int, int], int]:
    opening = _FENCE.match(text)
    if not opening:
        return (0, 0), 0
    start = line_end(text, opening.end())
    closing = _FENCE.search(text, start)
    if not closing:
        raise NotReadable("has front matter without an end: '---' on a line of its own")
    return (start, closing.start()), line_end(text, closing.end())


def _parts(text: str, at: int) -> tuple[Part, ...]:
    found: list[Part] = []
    while opening := _OPENING.search(text, at):
        fence, lang, name = opening.groups()
        start = line_end(text, opening.end())
        closing = re.compile(rf"^{fence}`*[ \t\r]*$", re.MULTILINE).search(text, start)
        if not closing:
            raise NotReadable(f"has a fence without an end, {name}")
        at = line_end(text, closing.end())
        value, node = _part_value(text[start : closing.start()], lang, name)
        found.append(Part(name, lang, opening.start(), at, (start, closing.start()), value, node))
    return tuple(found)


def _part_value(inner: str, lang: str, name: str) -> tuple[JSON, Node | None]:
    if lang == "yaml":
        node = read_yaml(inner)
        return (node.value if node else None), node
    try:
        return json.loads(inner, parse_constant=_refuse_constant), None
    except (ValueError, RecursionError):
        raise NotReadable(f"has a part that is no JSON, {name}") from None


def _refuse_constant(_: str) -> JSON:
    raise ValueError


def _sheet(page: Page, prose: str) -> Sheet:
    said = dict(page.front.value) if page.front and isinstance(page.front.value, dict) else {}
    own = said.pop(OURS, {})
    if not isinstance(own, dict):
        raise NotReadable("has an infoint: that is no mapping")
    data: dict[str, JSON] = {_unescaped(key): value for key, value in said.items()}
    extras: dict[str, Any] = {}
    for part in page.parts:
        if part.name == OURS and isinstance(part.value, dict):
            extras = part.value
        else:
            _add(data, part.name, part.value)
    rest = extras.get("data", {})
    for key, value in (rest if isinstance(rest, dict) else {}).items():
        _add(data, key, value)
    written = own.get("body")
    text = _prose_of(page)
    key = written if isinstance(written, str) else prose if text.strip() else ""
    if key:
        _add(data, key, text.replace("\n", "\r\n") if own.get("breaks") == "crlf" else text)
    return _with_facts(Sheet(data=data, prose=key), own, extras)


def _add(data: dict[str, JSON], key: str, value: JSON) -> None:
    if key in data:
        raise NotReadable(f"says a key twice: {key}" if _NAME.fullmatch(key) else "says a key twice")
    data[key] = value


def _prose_of(page: Page) -> str:
    end = page.marker.start() if page.marker else len(page.text)
    text = page.text[page.body_at : end].removeprefix("\n").removesuffix("\n")
    return text.removesuffix("\n") if page.marker else text


def _with_facts(sheet: Sheet, own: dict[str, Any], extras: dict[str, Any]) -> Sheet:
    kind, version, sum = own.get("kind", ""), own.get("version", 0), own.get("sum")
    if not isinstance(kind, str) or not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 2**31 - 1:
        raise NotReadable("has a kind or version in its infoint: that is none")
    deleted = own.get("deleted") is True
    index, text = extras.get("index"), extras.get("text")
    return evolve(
        sheet,
        kind=kind,
        id=_id(own.get("id", sheet.data.get("id"))),
        version=version,
        schema=_schema(own.get("schema")),
        saved=_moment(own.get("saved")),
        deleted=deleted,
        index=index if isinstance(index, dict) and all(isinstance(values, list) for values in index.values()) else None,
        text=text if isinstance(text, str) else None,
        untouched=version > 0 and str(sum) == sum_of(sheet.data),
    )


def _id(value: object) -> UUID | None:
    if value is None or value == "":
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise NotReadable("has an id that is none") from None


def _schema(value: object) -> tuple[int, int] | None:
    found = re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})", str(value))
    return (int(found[1]), int(found[2])) if found else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _unescaped(key: str) -> str:
    return key.removesuffix("_") if re.fullmatch(f"{OURS}_+", key) else key


def _escaped(key: str) -> str:
    return f"{key}_" if re.fullmatch(f"{OURS}_*", key) else key


# ── writing ──────────────────────────────────────────────────────────────────────────────────────
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
    if name != OURS and isinstance(value, dict | list) and value and can_be_yaml(value, 1):
        lang, inner = "yaml", block(value)
    else:
        lang, inner = "json", json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        inner = inner.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    return f"{fence}{lang} {name}\n{inner}{fence}\n"


def _laid_out(sheet: Sheet, over: Page | None = None) -> _Layout:
    kept = {part.name for part in over.parts} if over else set()
    in_front = {_unescaped(key) for key, _, _ in over.front.pairs} if over and over.front else set()
    prose_key = _prose_key(sheet, over)
    front: dict[str, JSON] = {}
    parts: dict[str, JSON] = {}
    rest: dict[str, JSON] = {}
    for key, value in sheet.data.items():
        if prose_key and key == prose_key:
            continue
        nameable = bool(_NAME.fullmatch(key)) and key != OURS
        readable = can_be_key(key) and can_be_yaml(value, 2)
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
    front[OURS] = _own(sheet, prose_key, prose, over)
    return _Layout(front, prose.replace("\r\n", "\n") if isinstance(prose, str) else None, parts)


def _is_full(value: JSON) -> bool:
    return isinstance(value, dict | list) and bool(value)


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
    return not _NOT_PROSE.search(text) and not _MARKER.search(text)


def _own(sheet: Sheet, prose_key: str, prose: JSON, over: Page | None) -> dict[str, JSON]:
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
    if sheet.deleted:
        own["deleted"] = True
    own["sum"] = sum_of(sheet.data)
    known = {"kind", "id", "version", "schema", "saved", "body", "breaks", "deleted", "sum"}
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
    had = _prose_of(over)
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
