"""One record as a file, read: front matter, prose, and parts in fences. How it is written is `page_writing`'s, what a kind of record
means `entities`', where files lie the storage's.

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
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from attrs import evolve, field, frozen

from infoint.plain import JSON
from infoint_vault.disk import MAX_BYTES, TooLarge
from infoint_vault.splices import line_end
from infoint_vault.yaml_text import Node, NotReadable, read_yaml

OURS: Final = "infoint"
"""The key of the storage's own line, and the part for what has no other place."""
PROSE: Final = ("notes", "note", "draft", "introduction")
"""Keys whose text stands as prose below the front matter; the first of them that a record has."""

MERGE_MARK: Final = re.compile(r"^(?:<{7}|>{7})(?: [^\n]*)?\r?$", re.MULTILINE)
"""As git leaves them. Not `=======`, which underlines a heading."""
MARKER: Final = "<!-- infoint: data follows. Change its values, keep its form. -->"
"""Between prose and parts."""
MARKER_LINE: Final = re.compile(r"^<!-- infoint\b[^\n]*-->[ \t\r]*$", re.MULTILINE)
_FENCE: Final = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_OPENING: Final = re.compile(r"^(`{3,})(yaml|json) ([A-Za-z_][A-Za-z0-9_-]{0,63})[ \t\r]*$", re.MULTILINE)
_OUR_LINE: Final = re.compile(r"(?:^|[\r\n])\W{0,3}infoint:[ \t]*(?:\{|[\r\n]{1,2})[ \t]*kind:[ \t]")
"""The storage's own line, wherever it has come to stand."""
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


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
    erased: bool = False
    """Deleted for good: no older state of it counts any more."""
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


def read_page(content: bytes, *, prose: str = PROSE[0]) -> Page:
    """Raises NotReadable. `prose`: the key of the prose where the file does not tell."""
    if len(content) > MAX_BYTES:
        raise NotReadable(TooLarge.problem)
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
    if MERGE_MARK.search(text):
        raise NotReadable("has marks of a merge (<<<<<<< or >>>>>>>): take over what is right, and delete them")
    front_at, body_at = _front(text)
    front = read_yaml(text[front_at[0] : front_at[1]])
    if front is not None and not isinstance(front.value, dict):
        raise NotReadable("has front matter that is no mapping")
    marker = MARKER_LINE.search(text, body_at)
    parts = _parts(text, marker.end()) if marker else ()
    page = Page(text, mark, crlf, Sheet(data={}), front, front_at, body_at, marker, parts)
    _check_front(page)
    return evolve(page, sheet=_sheet(page, prose))


def _check_front(page: Page) -> None:
    """What stands above it, or other line ends, would make a text of it, and of the record one that says nothing."""
    own = page.front is not None and isinstance(page.front.value, dict) and OURS in page.front.value
    if not own and _OUR_LINE.search(page.text):
        raise NotReadable("does not begin with its front matter: take away what stands above the first '---', or before it")


def _check_parts(page: Page, own: dict[str, JSON], said: Collection[str]) -> None:
    names = own.get("parts")
    there = {*(part.name for part in page.parts), *said}
    for name in names.split() if isinstance(names, str) else ():
        if name not in there:
            shown = f", {name}" if NAME.fullmatch(name) else ""
            raise NotReadable(
                f"has lost a part{shown}: its fence, or the line '<!-- infoint: … -->' above, is not as it was written"
            )


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
    data: dict[str, JSON] = {unescaped(key): value for key, value in said.items()}
    _check_parts(page, own, data)
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
    text = prose_of(page)
    key = written if isinstance(written, str) else prose if text.strip() else ""
    if key in said and NAME.fullmatch(key):
        below = "and below it: put both below" if text.strip() else "as a property: write it below"
        raise NotReadable(f"has {key} in its front matter {below} the second '---'")
    if key:
        _add(data, key, text.replace("\n", "\r\n") if own.get("breaks") == "crlf" else text)
    return _with_facts(Sheet(data=data, prose=key), own, extras)


def _add(data: dict[str, JSON], key: str, value: JSON) -> None:
    if key in data:
        raise NotReadable(f"says a key twice: {key}" if NAME.fullmatch(key) else "says a key twice")
    data[key] = value


def prose_of(page: Page) -> str:
    """The text that stands as prose, with LF."""
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
        erased=deleted and own.get("erased") is True,
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


def unescaped(key: str) -> str:
    """The key of the data that a key of front matter stands for."""
    return key.removesuffix("_") if re.fullmatch(f"{OURS}_+", key) else key
