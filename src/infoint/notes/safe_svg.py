"""Pictures as they may stand in a page: of an SVG only what draws, by a list of what is allowed. What drew it does not matter here.

Nothing is left that could run, load, link or reach out of the picture: no script, handler, foreign content, animation, address, or `use`, by which a small file may draw a thousand million shapes.
Ids and style rules get a prefix, so that two pictures on a page do not mix.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_DEEPEST: Final = 50
_ELEMENTS: Final = _words(
    """g defs title desc path rect circle ellipse line polyline polygon text tspan
    linearGradient radialGradient stop clipPath mask pattern marker style"""
)
_PROPERTIES: Final = _words(
    """clip-path clip-rule color direction display dominant-baseline fill fill-opacity fill-rule font-family font-size font-style
    font-variant-numeric font-weight letter-spacing marker-end marker-mid marker-start mask opacity paint-order shape-rendering
    stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width text-anchor text-decoration text-rendering vector-effect visibility writing-mode"""
)
"""Said by an attribute of that name or in a style."""
_ATTRIBUTES: Final = _PROPERTIES | _words(
    """x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height viewBox preserveAspectRatio transform offset rotate
    textLength lengthAdjust gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits patternUnits
    patternContentUnits patternTransform markerWidth markerHeight markerUnits refX refY orient pathLength class id lang role
    aria-label aria-hidden"""
)
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_REFERENCE: Final = re.compile(r"""url\(\s*["']?#([\w.-]+)["']?\s*\)""", re.ASCII)
_FORBIDDEN_VALUE: Final = re.compile(
    r"[\\{}<>@;]|/\*|(?:url|image|image-set|src|attr|expression|element)\s*\((?!#)", re.IGNORECASE
)
_VIEW_WIDTH: Final = re.compile(r'<svg[^>]* viewBox="\s*[^\s,">]+[\s,]+[^\s,">]+[\s,]+([^\s,">]+)')
# Rules of one or more simple selectors, bare or inside a question for dark, light or paper; anything else is left out.
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"\s*([^{}@;]+)\{([^{}]*)\}")
_MEDIA: Final = re.compile(r"\s*@media\s*(\(\s*prefers-color-scheme\s*:\s*(?:dark|light)\s*\)|print|screen)\s*\{")
_SELECTOR: Final = re.compile(
    r"(?:svg|:root)|(?:svg\s+|:root\s+)?[.#]?[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*(?:\s*[ >]\s*[.#]?[A-Za-z][\w-]*)*", re.ASCII
)


def safe_svg(source: str, *, prefix: str, title: str, description: str) -> str:
    """The picture with this title and description for those who cannot see it, or "" where `source` is no SVG that can be read.

    `prefix` goes before every id: letters, digits and hyphens, another for each picture of a page.
    """
    root = _parsed(source)
    if root is None:
        return ""
    label, told = f"{prefix}-title", f"{prefix}-desc"
    names = [("xmlns", _NAMESPACE[1:-1]), ("id", prefix), ("role", "img"), ("aria-labelledby", f"{label} {told}")]
    # By itself a picture runs to the right; in a page that does not, its labels would grow from the wrong end.
    attributes = {"direction": "ltr"} | {name: value for name, value in _attributes(root, prefix) if name not in dict(names)}
    inner = (child for child in root if _tag(child) not in {"title", "desc"})
    return "".join(
        (
            f"<svg{_written([*attributes.items(), *names])}>",
            f'<title id="{label}">{escape(title)}</title><desc id="{told}">{escape(description)}</desc>',
            *(piece for child in inner for piece in _pieces(child, prefix)),
            "</svg>",
        )
    )


def adapts_to_dark(source: str) -> bool:
    """Whether the picture has colours of its own for a dark page."""
    return "prefers-color-scheme" in source


def natural_width(picture: str) -> float:
    """In pixels, by the view box of what `safe_svg` gave; 0 where it has none that can be read."""
    found = _VIEW_WIDTH.match(picture)
    try:
        return float(found[1]) if found else 0.0
    except ValueError:
        return 0.0


def _parsed(source: str) -> Element | None:
    if "<!DOCTYPE" in source or "<!ENTITY" in source:  # entities may grow without end
        return None
    try:
        root = fromstring(source.strip())  # noqa: S314  # without a DOCTYPE there are no entities, and its depth is checked
    except (ParseError, ValueError):
        return None
    return root if _tag(root) == "svg" and not _is_deep(root) else None


def _is_deep(root: Element) -> bool:
    level = [root]
    for _ in range(_DEEPEST):
        level = [inner for element in level for inner in element]
    return bool(level)


def _tag(element: Element) -> str:
    """Its name, where it is one of SVG; "" for comments, instructions and what is of another language."""
    name = element.tag if isinstance(element.tag, str) else ""
    return name.removeprefix(_NAMESPACE) if name.startswith(_NAMESPACE) or not name.startswith("{") else ""


def _pieces(element: Element, prefix: str) -> Iterator[str]:
    tag = _tag(element)
    if tag == "style":
        yield f"<style>{escape(_style_sheet(''.join(element.itertext()), prefix), quote=False)}</style>"
    elif tag in _ELEMENTS:
        yield f"<{tag}{_written(_attributes(element, prefix))}>{escape(element.text or '', quote=False)}"
        for child in element:
            yield from _pieces(child, prefix)
            yield escape(child.tail or "", quote=False)
        yield f"</{tag}>"


def _written(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _attributes(element: Element, prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "id":
            if _NAME.fullmatch(value):
                yield "id", f"{prefix}-{value}"
        elif name == "style":
            if declared := _declarations(value, prefix):
                yield "style", declared
        elif name in _ATTRIBUTES and (safe := _value(value, prefix)):
            yield name, safe


def _value(value: str, prefix: str) -> str:
    """With references to ids of the picture itself, or "" where it could say more than how to draw."""
    value = _REFERENCE.sub(rf"url(#{prefix}-\1)", value)
    return "" if _FORBIDDEN_VALUE.search(value) else value


def _declarations(source: str, prefix: str) -> str:
    kept = []
    for declaration in source.split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        known = name in _PROPERTIES or re.fullmatch(r"--[\w-]+", name, re.ASCII)
        if colon and known and (safe := _value(value, prefix)):
            kept.append(f"{name}: {safe}")
    return "; ".join(kept)


# ── style sheets ─────────────────────────────────────────────────────────────────────────────────
def _style_sheet(source: str, prefix: str) -> str:
    source, at, written = _COMMENT.sub("", source), 0, []
    while at < len(source):
        if media := _MEDIA.match(source, at):
            rules, at = _rules(source, media.end(), prefix)
            written.append(f"@media {media[1]} {{ {rules} }}")
            closed = re.compile(r"\s*\}").match(source, at)
            if not closed:
                break
            at = closed.end()
        else:
            rules, after = _rules(source, at, prefix)
            written.append(rules)
            if after == at:
                break  # what comes now is not understood, and neither would be what follows it
            at = after
    return " ".join(filter(None, written))


def _rules(source: str, at: int, prefix: str) -> tuple[str, int]:
    written = []
    while rule := _RULE.match(source, at):
        at = rule.end()
        selectors = [selector.strip() for selector in rule[1].split(",")]
        declared = _declarations(rule[2], prefix)
        if declared and all(map(_SELECTOR.fullmatch, selectors)):
            written.append(f"{', '.join(_scoped(selector, prefix) for selector in selectors)} {{ {declared} }}")
    return " ".join(written), at


def _scoped(selector: str, prefix: str) -> str:
    """Inside this picture only."""
    inner = re.sub(r"^(?:svg|:root)(?=\s|$)\s*>?\s*", "", selector)
    inner = re.sub(r"#([A-Za-z])", rf"#{prefix}-\1", inner)
    return f"#{prefix} {inner}".rstrip()
