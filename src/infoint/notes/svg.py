"""Our writer of SVG: a few shapes, and the whole picture around them. It escapes every text, writes the same bytes for the same
shapes, and knows nothing of what is drawn.

Colours are presentation attributes in their light form, so that programs that know no more than SVG 1.1 show them right; a style sheet
changes them where the reader wants dark, and a page's own may too, by the classes. No colour says anything alone: each comes with a
shape or a word.
"""

from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Final, TypeAlias

from attrs import frozen

from infoint.notes.lettering import one_line

# Okabe and Ito's colours, told apart by colour-blind readers, deepened on white and lightened on black where the contrast asks for it
# (WCAG 2.2 §1.4.11: 3 to 1 for graphics, §1.4.3: 4.5 to 1 for text).
_TONES: Final = {
    "paper": ("#ffffff", "#15181c"),
    "ink": ("#1c1e21", "#eceae6"),
    "soft": ("#595e66", "#a9afb8"),
    "line": ("#d7dade", "#3a4048"),
    "wash": ("#f1f3f5", "#22272d"),
    "blue": ("#0072b2", "#56b4e9"),
    "orange": ("#b86e00", "#e69f00"),
    "green": ("#00805c", "#2fc49a"),
    "red": ("#c04d00", "#ff8a4c"),
    "purple": ("#a5487d", "#dd93bb"),
    "none": ("none", "none"),
}
"""Name → in light, in dark."""
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"

SAID: Final = 4000
"""Characters of a description: some minutes when read aloud."""
Number: TypeAlias = float | int


@frozen
class Shape:
    """One element, its attributes escaped when it is written."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    inside: "tuple[Shape, ...]" = ()

    def lines(self) -> Iterable[str]:
        """As markup, one element a line."""
        opening = "".join([f"<{self.tag}", *(f' {name}="{escape(value)}"' for name, value in self.attributes)])
        if self.inside:
            yield f"{opening}>"
            for shape in self.inside:
                yield from shape.lines()
            yield f"</{self.tag}>"
        elif self.text:
            yield f"{opening}>{escape(self.text, quote=False)}</{self.tag}>"
        else:
            yield f"{opening}/>"


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────
def words(
    text: str,
    x: Number,
    y: Number,
    *,
    size: Number = 12,
    tone: str = "ink",
    anchor: str = "start",
    bold: bool = False,
    turn: Number = 0,
) -> Shape:
    """A line of text, its baseline at `y`. `anchor`: "start", "middle" or "end"; `turn`: degrees around (x, y)."""
    return Shape(
        "text",
        (
            ("x", number(x)),
            ("y", number(y)),
            ("font-size", number(size)),
            *((("text-anchor", anchor),) if anchor != "start" else ()),
            *((("font-weight", "700"),) if bold else ()),
            *((("transform", f"rotate({number(turn)} {number(x)} {number(y)})"),) if turn else ()),
            *_filled(tone),
        ),
        one_line(text),
    )


def box(
    x: Number, y: Number, wide: Number, high: Number, fill: str, *, edge: str = "", dashed: bool = False, corner: Number = 0
) -> Shape:
    """A rectangle. `edge`: the tone of its outline, drawn dashed where it stands for what is missing."""
    return Shape(
        "rect",
        (
            ("x", number(x)),
            ("y", number(y)),
            ("width", number(wide)),
            ("height", number(high)),
            *((("rx", number(corner)),) if corner else ()),
            *_filled(fill, edge, dashed=dashed),
        ),
    )


def disc(x: Number, y: Number, radius: Number, fill: str, *, edge: str = "", dashed: bool = False) -> Shape:
    """A circle; fill "none" for a ring."""
    place = (("cx", number(x)), ("cy", number(y)), ("r", number(radius)))
    return Shape("circle", (*place, *_filled(fill, edge, dashed=dashed)))


def line(x: Number, y: Number, to_x: Number, to_y: Number, tone: str, *, thick: Number = 1, dashed: bool = False) -> Shape:
    """A straight line."""
    place = (("x1", number(x)), ("y1", number(y)), ("x2", number(to_x)), ("y2", number(to_y)))
    return Shape("line", (*place, *_filled("", tone, thick=thick, dashed=dashed)))


def path(points: Iterable[tuple[Number, Number]], fill: str, *, edge: str = "", closed: bool = True) -> Shape:
    """Straight lines from point to point."""
    way = " ".join(f"{'L' if place else 'M'}{number(x)} {number(y)}" for place, (x, y) in enumerate(points))
    return Shape("path", (("d", f"{way}Z" if closed else way), *_filled(fill, edge)))


def told(tooltip: str, *shapes: Shape) -> Shape:
    """Shapes that together mean something, which shows when one points at them, and which a screen reader says."""
    return Shape("g", inside=(Shape("title", text=one_line(tooltip) or "–"), *shapes))


def _filled(fill: str, edge: str = "", *, thick: Number = 1.5, dashed: bool = False) -> Iterable[tuple[str, str]]:
    names = [*([f"infoint-f-{fill}"] if fill != "none" and fill else []), *([f"infoint-s-{edge}"] if edge else [])]
    yield "class", " ".join(names)
    if fill:
        yield "fill", _TONES[fill][0]
    if edge:
        yield "stroke", _TONES[edge][0]
        yield "stroke-width", number(thick)
    if dashed:
        yield "stroke-dasharray", "3 2"


def number(value: Number) -> str:
    """To a tenth of a pixel: "12", "12.5", "0"."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")  # + 0: there is a minus zero


# ── the whole ────────────────────────────────────────────────────────────────────────────────────
def drawing(name: str, title: str, description: str, shapes: Iterable[Shape], *, wide: Number, high: Number) -> str:
    """A whole SVG file, `wide` by `high` pixels, that shrinks with what holds it.

    Ids are made of the name and of what is drawn, so that several pictures stand in one page. Whatever the page's direction, it runs
    to the right: every `text-anchor` counts on it.
    """
    body = [text for shape in shapes for text in shape.lines()]
    said = one_line(title), one_line(description, SAID)
    mark = f"{name}-{sha256(chr(10).join([*said, *body]).encode()).hexdigest()[:8]}"
    size = f'width="{number(wide)}" height="{number(high)}" viewBox="0 0 {number(wide)} {number(high)}"'
    said_by = f'role="img" aria-labelledby="{mark}-title {mark}-desc"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="infoint-picture" direction="ltr" {size} {said_by} font-family="{_FONT}">',
            f'<title id="{mark}-title">{escape(said[0], quote=False)}</title>',
            f'<desc id="{mark}-desc">{escape(said[1], quote=False)}</desc>',
            f"<style>{_STYLE}</style>",
            *box(0, 0, wide, high, "paper", corner=6).lines(),
            *body,
            "</svg>",
            "",
        ]
    )


def _dark() -> str:
    named = [(name, shades[1]) for name, shades in _TONES.items() if name != "none"]
    return "".join(
        f".infoint-{letter}-{name}{{{what}:{shade}}}"
        for letter, what in (("f", "fill"), ("s", "stroke"))
        for name, shade in named
    )


# All colours of it within the question for dark: what reads style sheets but knows no media would draw dark on white, and what knows
# no variables everything black.
_STYLE: Final = f".infoint-picture{{max-width:100%;height:auto}}@media (prefers-color-scheme:dark){{{_dark()}}}"
