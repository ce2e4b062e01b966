"""How Sphinx builds the documentation. Fetches nothing; what is wrong in a docstring is put right there and not here."""  # noqa: INP001  # read by Sphinx

import builtins
import sys
from datetime import time, timedelta
from enum import Enum
from importlib.metadata import version as installed_version
from inspect import getdoc, isclass
from types import UnionType
from typing import TYPE_CHECKING, Any

from attrs import NOTHING, Attribute, fields, has
from docutils import nodes
from sphinx import addnodes
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import restify, stringify_annotation

from infoint import model, notes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "infoint"
author = "the infoint authors"
project_copyright = author
version = release = installed_version("infoint")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
default_role = "code"  # in docstrings `this` is code, as in the pages
nitpicky = True
nitpick_ignore_regex = [
    # Python's own and other libraries' names are not linked: their pages would have to be fetched.
    (r"py:.*", r"(?!infoint\.).*"),
    (r"py:class", r"infoint\.([a-z_]+\.)+[A-Z](_contra)?"),  # type variables
    (r"py:class", r"infoint\.calendar\.(drafts\.(Draft|Window)|entry_cache\.Piece)"),  # what drafts and cache are made of
    (
        r"py:class",
        r"infoint\.(notes\.wordings\.TextFile|notes\.documents\.time_offer\.TimeOffer|hooks\.registry\.NameShape)",
    ),  # what callers pass on
    (r"py:class", r"infoint\.model\.story\.Story"),  # how an interview reads its own history
]

html_theme = "furo"
html_title = f"infoint {version}"
html_static_path = ["_static"]
html_css_files = ["reference.css"]
html_copy_source = False
html_show_sphinx = False

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]

add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": True}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 200
toc_object_entries_show_parents = "hide"

IN_EVERY_VALUE = {"id", "extra", "custom", "edited_at", "version"}
"""What a caller hardly ever gives; it is listed under Value and Entity."""

ALIASES = {
    "infoint.model.Event": stringify_annotation(model.Event, "smart"),
    "infoint.model.Fact": stringify_annotation(model.Fact, "smart"),
    "infoint.notes.Subject": stringify_annotation(notes.Subject, "smart"),
}
"""A name for several types → what autodoc writes in its place."""


def signature(
    _app: "Sphinx", _what: str, _name: str, thing: object, _options: object, given: str | None, returned: str | None
) -> tuple[str | None, str | None] | None:
    """A value's fields are listed with their types below, so its signature says what has to be given; enumerations need none."""
    if not isclass(thing):
        return _by_alias(given), _by_alias(returned)
    if issubclass(thing, Enum | str) or _is_protocol(thing) or (getdoc(thing.__init__) or "").startswith("Made by"):
        return "", ""
    return (_fields_of(thing), "") if has(thing) else None


def _by_alias(told: str | None) -> str | None:
    """Python spells out what a name for several types stands for: fourteen events where `Event` was written."""
    for name, types in ALIASES.items():
        told = told and told.replace(types, f"~{name}")
    return told


def _fields_of(kind: type) -> str:
    taken = [one for one in fields(kind) if one.init and one.name not in IN_EVERY_VALUE]
    said = [one for one in taken if not _is_empty(one)]
    positional = [_parameter(one) for one in said if not one.kw_only]
    by_name = [_parameter(one) for one in said if one.kw_only]
    elided = ["…"] if len(said) < len(taken) else []
    return f"({', '.join([*positional, *(['*', *by_name] if by_name else []), *elided])})"


def _is_empty(one: "Attribute[Any]") -> bool:
    """Whether leaving it out leaves it empty: not worth a reader's time."""
    return one.default in (None, False, "", 0, (), frozenset())


def _parameter(one: "Attribute[Any]") -> str:
    if one.default is NOTHING:
        return one.alias
    match one.default:
        case Enum(name=str(name)):
            return f"{one.alias}={name}"
        case timedelta() as length:
            return f"{one.alias}={length // timedelta(minutes=1)} min"
        case str() | int() | time() as value:
            return f"{one.alias}={value}"
        case _:  # made anew, or of many parts
            return f"{one.alias}=…"


def _is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _said_of_making(kind: type) -> str | None:
    """What is written under `__init__`; attrs writes those of values itself, and they say nothing."""
    return None if has(kind) or _is_protocol(kind) or "__init__" not in vars(kind) else getdoc(kind.__init__)


def making(_app: "Sphinx", _what: str, _name: str, thing: object, _options: object, lines: list[str]) -> None:
    """What a class is made of stands below what it is."""
    if isclass(thing) and (said := _said_of_making(thing)):
        lines += ["", *said.splitlines(), ""]


def where_it_is_made(_app: "Sphinx", what: str, name: str, thing: object, _options: object, lines: list[str]) -> None:
    """Of a name for a value, what is written below it where it is made, and for several types which they are; autodoc looks where
    it is imported from, and then falls back on what is said of the value's type.
    """
    if what == "data":
        lines[:] = [*_written_below(name.rpartition(".")[2], thing), ""]
        lines += [f"One of {restify(thing, 'smart')}.", ""] if isinstance(thing, UnionType) else []


def _written_below(name: str, thing: object) -> list[str]:
    homes = [home for home, module in sys.modules.items() if home.startswith("infoint") and vars(module).get(name) is thing]
    told = (ModuleAnalyzer.for_module(home).find_attr_docs().get(("", name)) for home in sorted(homes))
    return next(filter(None, told), [])


def examples(_app: "Sphinx", _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """In a docstring an indented paragraph is an example, as in Markdown; reStructuredText would take it for a quotation."""
    made: list[str] = []
    for number, line in enumerate(lines):
        begins = line.startswith("    ") and (number == 0 or not lines[number - 1].strip())
        if begins and not _within_example(made):
            made += [".. code-block:: python", ""]
        made.append(line)
    lines[:] = made


def _within_example(made: list[str]) -> bool:
    written = [line for line in made if line.strip()]
    return bool(written) and (written[-1].startswith((" ", ".. ", "- ")) or written[-1].endswith("::"))


def constants(_app: "Sphinx", doctree: nodes.document) -> None:
    """A class's own constants are said as an enumeration's members are: `THANK_YOU = 'thank-you'`."""
    for written in doctree.findall(addnodes.desc_signature):
        annotations = list(written.findall(addnodes.desc_annotation))
        if len(annotations) == 2 and annotations[0].astext().startswith(": ClassVar["):
            kind = annotations[0].astext().removeprefix(": ClassVar[").removesuffix("]")
            value = annotations[1].astext()
            written.remove(annotations[0])
            annotations[1].children = [nodes.Text(value.replace(f"{kind}(", "").removesuffix(")") if kind in value else value)]


def builtin_types(_app: "Sphinx", doctree: nodes.document) -> None:
    """`type` is Python's own, and not the field of ours that happens to be called so."""
    for reference in list(doctree.findall(addnodes.pending_xref)):
        if reference["refdomain"] == "py" and hasattr(builtins, reference["reftarget"]):
            reference.replace_self(nodes.Text(reference["reftarget"]))


def setup(app: "Sphinx") -> None:
    """Called by Sphinx."""
    app.connect("doctree-read", constants)
    app.connect("doctree-read", builtin_types)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", where_it_is_made)
    app.connect("autodoc-process-docstring", making)
    app.connect("autodoc-process-docstring", examples)
