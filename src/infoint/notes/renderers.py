"""The shipped formats by name, and the one way from a document to a file. What a format looks like is in its own module."""

import re
from collections.abc import Container
from importlib import import_module
from pathlib import PurePath
from typing import Final

from attrs import evolve

from infoint.errors import InvalidValue, NoProvider
from infoint.notes.contract import Document, NoteRenderer, Rendered
from infoint.notes.newer_blocks import known_to

_SHIPPED: Final = {
    "eml": ("infoint.notes.eml", "EmlRenderer"),
    "html": ("infoint.notes.html", "HtmlRenderer"),
    "json": ("infoint.notes.document_json", "JsonRenderer"),
    "markdown": ("infoint.notes.markdown", "MarkdownRenderer"),
    "text": ("infoint.notes.text", "TextRenderer"),
}
_VARIANT: Final = re.compile(r"(?P<plain>[a-z0-9.]+)[+-](?P<variant>.+)")


def render(document: Document, format: str | NoteRenderer = "markdown") -> Rendered:
    """A shipped format by name ("markdown", "text", "html", "json", "eml"), or any renderer.

    Raises NoProvider, which lists the names, for a name that is not shipped, and InvalidValue for a renderer that gives
    something else than bytes. What a renderer of yours raises comes through.
    """
    renderer = _shipped(format) if isinstance(format, str) else format
    if isinstance(renderer, type):
        raise InvalidValue("render", "format", f"is the class {renderer.__name__}: give an instance of it", value=format)
    stem = document.filename or document.name.replace(":", "-")
    known = known_to(document, getattr(renderer, "contract", 1))
    return Rendered(renderer.render(known), renderer.media_type, stem + renderer.suffix)


def told_apart(made: Rendered, name: str, names: Container[str]) -> Rendered:
    """Of formats that are variants of another by their names, "pdf-letter" of "pdf", a file called otherwise than that one's: both lie
    in one folder.
    """
    found = _VARIANT.fullmatch(name)
    if not found or found["plain"] not in names:
        return made
    file = PurePath(made.filename)
    return evolve(made, filename=f"{file.stem}-{found['variant']}{file.suffix}")


def _shipped(name: str) -> NoteRenderer:
    if name not in _SHIPPED:
        raise NoProvider(name, sorted(_SHIPPED), kind="note renderer")
    module, renderer = _SHIPPED[name]
    made: NoteRenderer = getattr(import_module(module), renderer)()
    return made
