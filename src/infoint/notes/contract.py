"""The document tree, and what a renderer is. No practice, no format. The block union is closed: a renderer that handles it
all is complete, and `assert_never` proves it; plugins extend a document with sections made of these blocks.

Every text is cleaned when a block is made: LF is the only line end, no control characters but the tab, no lone surrogates,
no marks that would turn the direction of what stands around the text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from attrs import Attribute, evolve, field, frozen

from infoint.errors import InvalidValue, NameClash, Unsupported
from infoint.notes.cleaning import clean
from infoint.plugin import Registrar

CONTRACT: Final = 1
"""Each kind of block that is added makes it one more (`infoint.notes.newer_blocks`)."""
MAX_DEPTH: Final = 5
"""How deep sections may stand in one another: with the title above them they fill the six levels of headings there are."""
MAX_LINES: Final = 200
"""The most ruled lines of one WritingSpace."""

T = TypeVar("T")

_SLUG = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
_NAME = re.compile(rf"{_SLUG}(?::{_SLUG})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(?:;.*)?")
_NOT_IN_FILENAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


# ── checks shared by the values below ────────────────────────────────────────────────────────────
def _refuse(instance: object, attribute: "Attribute[Any]", problem: str, value: object) -> InvalidValue:
    return InvalidValue(type(instance).__name__, attribute.name, problem, value=value)


def _is_text(instance: object, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str):
        raise _refuse(instance, attribute, "needs a str", value)


def _is_flag(instance: object, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, bool):
        raise _refuse(instance, attribute, "needs True or False", value)


def _is_name(instance: object, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _refuse(instance, attribute, "needs a slug such as 'agenda', or 'owner:name'", value)


def _is_filename(value: str) -> bool:
    # 120 characters of three bytes each would be more than the 255 bytes a file system gives a name.
    return (
        len(value) <= 120
        and len(value.encode("utf-8", "replace")) <= 200
        and not _NOT_IN_FILENAMES.search(value)
        and not _DEVICES.fullmatch(value)
        and value == value.strip().strip(".")
    )


def _cleaned(value: str) -> str:
    if not isinstance(value, str):
        return value  # the validator says where
    return clean(value)


def _as_tuple(value: tuple[T, ...] | list[T]) -> tuple[T, ...]:
    return tuple(value) if isinstance(value, list) else value


# ── inside a line ────────────────────────────────────────────────────────────────────────────────
@frozen
class Link:
    """A place to go to. Renderers make http, https, mailto and tel live and show any other address as text."""

    text: str = field(converter=_cleaned, validator=_is_text)
    url: str = field(converter=_cleaned, validator=_is_text)


@frozen
class Strong:
    """Words that matter."""

    text: str = field(converter=_cleaned, validator=_is_text)


Inline: TypeAlias = str | Link | Strong
Text: TypeAlias = tuple[Inline, ...]


def as_text(value: Inline | tuple[Inline, ...] | list[Inline]) -> Text:
    """A lone str, Link or Strong becomes a tuple of one, so renderers see tuples only."""
    if isinstance(value, str | Link | Strong):
        value = (value,)
    if not isinstance(value, tuple | list):
        return value  # the validator says where
    return tuple(_cleaned(part) if isinstance(part, str) else part for part in value)


def as_lines(value: tuple[Inline | Text, ...] | list[Inline | Text]) -> tuple[Text, ...]:
    """Each item as `as_text` has it."""
    if not isinstance(value, tuple | list):
        return value  # the validator says where
    return tuple(as_text(item) for item in value)


def as_pairs(value: tuple[tuple[str, Inline | Text], ...] | list[tuple[str, Inline | Text]]) -> tuple[tuple[str, Text], ...]:
    """Each value as `as_text` has it."""
    if not isinstance(value, tuple | list):
        return value  # the validator says where
    return tuple(_as_pair(pair) for pair in value)


def _as_pair(pair: tuple[str, Inline | Text]) -> tuple[str, Text]:
    if not _is_pair(pair):
        return pair  # type: ignore[return-value] # the validator says where
    return (_cleaned(pair[0]), as_text(pair[1]))


def _as_checks(value: tuple[tuple[bool, str], ...] | list[tuple[bool, str]]) -> tuple[tuple[bool, str], ...]:
    if not isinstance(value, tuple | list):
        return value  # the validator says where
    return tuple((item[0], _cleaned(item[1])) if _is_pair(item) else item for item in value)


def _as_row(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    if not isinstance(value, tuple | list):
        return value  # the validator says where
    return tuple(_cleaned(cell) for cell in value)


def _as_rows(value: Sequence[tuple[str, ...] | list[str]]) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, tuple | list):
        return value  # type: ignore[return-value] # the validator says where
    return tuple(_as_row(row) for row in value)


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _is_inline(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(part, str | Link | Strong) for part in value)


def _is_row(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(cell, str) for cell in value)


def _holds_text(instance: object, attribute: "Attribute[Any]", value: Any) -> None:
    if not _is_inline(value):
        raise _refuse(instance, attribute, "needs a str, Link or Strong, or a tuple of them", value)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────
@frozen
class Paragraph:
    """Running text. A newline in it is a line break."""

    text: Text = field(converter=as_text, validator=_holds_text)


@frozen
class Bullets:
    """A list; `numbered` where the order counts."""

    items: tuple[Text, ...] = field(converter=as_lines)
    numbered: bool = field(default=False, validator=_is_flag)

    @items.validator
    def _check_items(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(_is_inline(item) for item in value):
            raise _refuse(self, attribute, "needs a tuple of lines, each a str, Link or Strong, or a tuple of them", value)


@frozen
class Checklist:
    """Things to tick off: whether it is done, and what it is."""

    items: tuple[tuple[bool, str], ...] = field(converter=_as_checks)

    @items.validator
    def _check_items(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(
            _is_pair(item) and isinstance(item[0], bool) and isinstance(item[1], str) for item in value
        ):
            raise _refuse(self, attribute, "needs a tuple of pairs (done, text)", value)


@frozen
class Table:
    """Every row is as wide as the header; its first cell names it."""

    header: tuple[str, ...] = field(converter=_as_row)
    rows: tuple[tuple[str, ...], ...] = field(converter=_as_rows)
    caption: str = field(default="", converter=_cleaned, validator=_is_text)

    @header.validator
    def _check_header(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not _is_row(value) or not value:
            raise _refuse(self, attribute, "needs a tuple of one str or more", value)

    @rows.validator
    def _check_rows(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(_is_row(row) for row in value):
            raise _refuse(self, attribute, "needs a tuple of rows, each a tuple of str", value)
        for number, row in enumerate(value, 1):
            if len(row) != len(self.header):
                raise _refuse(self, attribute, f"row {number} has {len(row)} cells, the header {len(self.header)}", value)


@frozen
class Fields:
    """Label and value."""

    pairs: tuple[tuple[str, Text], ...] = field(converter=as_pairs)

    @pairs.validator
    def _check_pairs(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(
            _is_pair(pair) and isinstance(pair[0], str) and _is_inline(pair[1]) for pair in value
        ):
            raise _refuse(self, attribute, "needs a tuple of pairs (label, value)", value)


@frozen
class Quote:
    """Somebody's words, and whose they are."""

    text: str = field(converter=_cleaned, validator=_is_text)
    by: str = field(default="", converter=_cleaned, validator=_is_text)


@frozen
class WritingSpace:
    """Ruled lines to write on: 1 to 200."""

    lines: int = field()

    @lines.validator
    def _check_lines(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_LINES:
            raise _refuse(self, attribute, f"needs a whole number from 1 to {MAX_LINES}", value)


def _mark(content: bytes) -> str:
    """Eight digits that tell contents apart, for ids."""
    from hashlib import sha256

    return sha256(content).hexdigest()[:8]


@frozen
class Figure:
    """A picture, and in `description` what it shows, for those who cannot see it. Renderers do not trust the SVG."""

    svg: str = field(converter=_cleaned, validator=_is_text)
    title: str = field(converter=_cleaned, validator=_is_text)
    description: str = field(converter=_cleaned, validator=_is_text)
    mermaid: str = field(default="", kw_only=True, converter=_cleaned, validator=_is_text)
    """The same as Mermaid text, for formats whose readers draw that; "" for what is no graph."""
    titled: bool = field(default=False, kw_only=True, validator=_is_flag)
    """Whether the picture itself shows its title: who draws it need not write the title beside it."""

    def _repr_html_(self) -> str:
        """As notebooks show it."""
        from infoint.notes.html import figure_html

        return figure_html(self, id=self._id)

    def _repr_markdown_(self) -> str:
        """As notebooks show it where they take no HTML."""
        from infoint.notes.markdown import figure_markdown

        return figure_markdown(self)

    def _repr_svg_(self) -> str | None:
        """The picture alone, of it what only draws; None where the SVG cannot be read."""
        from infoint.notes.safe_svg import safe_svg

        return safe_svg(self.svg, prefix=self._id, title=self.title, description=self.description) or None

    @property
    def _id(self) -> str:
        """Of what it holds, for all that a notebook shows is one page."""
        return f"figure-{_mark(f'{self.title} {self.description} {self.svg}'.encode())}"


@frozen
class Markdown:
    """The explorer's own notes; the only place where a renderer may read markup."""

    source: str = field(converter=_cleaned, validator=_is_text)


def _as_blocks(value: "tuple[Block, ...] | list[Block]") -> "tuple[Block, ...]":
    return _as_tuple(value)


@frozen(kw_only=True)
class Section:
    """A titled part. An empty title gives no heading, as in the body of a letter."""

    key: str = field(validator=_is_name)
    """Stable slug other sections can follow: "agenda"; a plugin's: "acme:parking"."""
    title: str = field(converter=_cleaned, validator=_is_text)
    blocks: "tuple[Block, ...]" = field(converter=_as_blocks)
    after: str = field(default="")
    """Key of the section it goes behind when inserted; "" or an unknown key = at the end."""

    @blocks.validator
    def _check_blocks(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple):
            raise _refuse(self, attribute, f"needs a tuple of blocks, not {type(value).__name__}", value)
        for block in value:
            if not isinstance(block, Block):
                raise _refuse(self, attribute, f"holds {type(block).__name__}, which is no block", value)
        if _depth(self) > MAX_DEPTH:
            raise _refuse(self, attribute, f"holds sections more than {MAX_DEPTH} deep", value)

    @after.validator
    def _check_after(self, attribute: "Attribute[Any]", value: Any) -> None:
        if value != "":
            _is_name(self, attribute, value)


Block: TypeAlias = Paragraph | Bullets | Checklist | Table | Fields | Quote | WritingSpace | Figure | Markdown | Section


def _depth(section: Section) -> int:
    return 1 + max((_depth(block) for block in section.blocks if isinstance(block, Section)), default=0)


def _keys(section: Section) -> Iterator[str]:
    yield section.key
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _keys(block)


def _as_sections(value: tuple[Section, ...] | list[Section]) -> tuple[Section, ...]:
    return _as_tuple(value)


# ── the whole ────────────────────────────────────────────────────────────────────────────────────
@frozen(kw_only=True)
class Document:
    """What a builder gives and a renderer takes."""

    name: str = field(validator=_is_name)
    """What it is: "prep-sheet"."""
    title: str = field(converter=_cleaned, validator=_is_text)
    sections: tuple[Section, ...] = field(converter=_as_sections)
    language: str = field(default="en")
    subject: str = field(default="", converter=_cleaned, validator=_is_text)
    """Subject line, where it is a letter."""
    to: str = field(default="", converter=_cleaned, validator=_is_text)
    filename: str = field(default="", validator=_is_text)
    """Safe stem without suffix: "prep-sheet-ana-ruiz-2026-12-01". Where it is "", the name serves."""

    @title.validator
    def _check_title(self, attribute: "Attribute[Any]", value: str) -> None:
        if not value.strip():
            raise _refuse(self, attribute, "needs a text to head the document with", value)

    @sections.validator
    def _check_sections(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(isinstance(section, Section) for section in value):
            raise _refuse(self, attribute, "needs a tuple of sections; other blocks go into a section", value)
        seen: set[str] = set()
        for section in value:
            for key in _keys(section):
                if key in seen:
                    raise _refuse(self, attribute, f"the key {key!r} is used twice", value)
                seen.add(key)

    @language.validator
    def _check_language(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
            raise _refuse(self, attribute, "needs a language tag such as 'en' or 'pt-BR' (BCP 47)", value)

    @filename.validator
    def _check_filename(self, attribute: "Attribute[Any]", value: str) -> None:
        if not _is_filename(value):
            raise _refuse(self, attribute, "needs a file name without folder or suffix, of 120 characters at most", value)

    def insert(self, *sections: Section) -> "Document":
        """Each behind the section its `after` names, at the top level; those with the same `after` keep their order.

        A later one may follow an earlier one. A key that is there already is a NameClash.
        """
        placed = list(self.sections)
        owner_of = {key: f"the document {self.name}" for section in placed for key in _keys(section)}
        for section in sections:
            owner = _owner(section)
            for key in _keys(section):
                if key in owner_of:
                    raise NameClash(key, (owner_of[key], owner))
            owner_of |= dict.fromkeys(_keys(section), owner)
            placed.insert(_place(section, placed), section)
        return evolve(self, sections=tuple(placed))

    def section(self, key: str) -> Section | None:
        """The one at the top level with this key."""
        return next((section for section in self.sections if section.key == key), None)

    def _repr_html_(self) -> str:
        """As notebooks show it: for a page that has a style sheet of its own, and may show other documents."""
        from infoint.notes.document_json import JsonRenderer
        from infoint.notes.html import HtmlRenderer

        name = f"document-{self.name.replace(':', '--')}"
        return HtmlRenderer().fragment(self, prefix=f"{name}-{_mark(JsonRenderer().render(self))}")

    def _repr_markdown_(self) -> str:
        """As notebooks show it where they take no HTML."""
        from infoint.notes.markdown import MarkdownRenderer

        return MarkdownRenderer().render(self).decode()


def _owner(section: Section) -> str:
    owner, colon, _ = section.key.partition(":")
    return f"an inserted section of {owner}" if colon else "an inserted section"


def _place(section: Section, placed: Sequence[Section]) -> int:
    """Behind the section it names and behind what has been put there before it."""
    keys = [other.key for other in placed]
    if section.after not in keys:
        return len(placed)
    place = keys.index(section.after) + 1
    followers = {section.after}
    while place < len(placed) and placed[place].after in followers:
        followers.add(keys[place])
        place += 1
    return place


@frozen
class Rendered:
    """`str(rendered)` is the text; `rendered.content` the bytes."""

    content: bytes = field(repr=lambda content: f"<{len(content)} bytes>")  # notes are private: no repr in a log shows them
    media_type: str = field()
    filename: str = field(validator=_is_text)

    @content.validator
    def _check_content(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, bytes):
            raise _refuse(self, attribute, "needs bytes", value)

    @media_type.validator
    def _check_media_type(self, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, str) or not _MEDIA_TYPE.fullmatch(value):
            raise _refuse(self, attribute, "needs a media type such as 'text/plain'", value)

    @filename.validator
    def _check_filename(self, attribute: "Attribute[Any]", value: str) -> None:
        # The stem was checked with its document; the suffix makes it longer.
        if not value or len(value) > 160 or _NOT_IN_FILENAMES.search(value) or value in {".", ".."}:
            raise _refuse(self, attribute, "needs a file name without folder", value)

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str | None:
        """As notebooks show it, where it is Markdown."""
        return self.text if self._kind == "text/markdown" else None

    def _repr_html_(self) -> str | None:
        """As notebooks show it, where it is HTML: in a frame, so that neither page changes the other."""
        if self._kind != "text/html":
            return None
        from html import escape

        name = f'title="{escape(self.filename)}" srcdoc="{escape(self.text)}"'
        return f'<iframe sandbox {name} style="width: 100%; height: 40em; border: 0"></iframe>'

    @property
    def _kind(self) -> str:
        return self.media_type.partition(";")[0].strip()

    @property
    def text(self) -> str:
        """Raises Unsupported for formats that are not text."""
        kind = self._kind
        if kind.startswith(("text/", "message/")) or kind.endswith(("json", "xml")):
            try:
                return self.content.decode()
            except UnicodeDecodeError as error:
                raise Unsupported(f"this {kind} is not text in UTF-8; take the bytes of `content`") from error
        raise Unsupported(f"{kind} is not text; take the bytes of `content`")

    def write(self, path: str | PathLike[str]) -> bool:
        """Whole or not at all, missing folders made; where the bytes are equal nothing is touched (False). Raises CannotWrite."""
        from infoint.files import write_atomically

        return write_atomically(path, self.content)

    def write_into(self, folder: str | PathLike[str]) -> Path:
        """Under `filename`. Returns where it is. Raises CannotWrite."""
        place = Path(folder) / self.filename
        self.write(place)
        return place


class NoteRenderer(Protocol):
    """One format. Escapes everything itself; same document, same bytes.

    A renderer may have an attribute `contract`, the number of the `CONTRACT` it was written for; without one it is 1. It is given
    no kind of block that came later: `infoint.notes.render` puts older ones in its place.
    """

    media_type: str
    suffix: str
    """With its dot: ".md"."""

    def render(self, document: Document) -> bytes:
        """The whole file, in UTF-8 where it is text."""
        ...


RendererFactory: TypeAlias = Callable[[], NoteRenderer]
RendererRegistrar: TypeAlias = Registrar[RendererFactory]
