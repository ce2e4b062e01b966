"""Of a picture only what draws comes in."""

import re
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, strategies as st

from infoint.notes.contract import Figure
from infoint.notes.safe_svg import safe_svg

HARMFUL = [
    "<script>alert(1)</script>", '<g onload="alert(1)"/>', "<foreignObject><p>harm</p></foreignObject>", '<a href="javascript:alert(1)"><rect/></a>',
    '<image href="https://oak.example/x.png"/>', '<use href="https://oak.example/x.svg#a"/>', '<use href="#a"/>', "<animate/>", "<set/>",
    '<rect fill="url(https://oak.example/x)"/>', '<rect style="fill: url(//oak.example)"/>', '<rect style="background: red; position: fixed"/>',
    "<style>@import url(//oak.example);</style>", "<style>rect { fill: url(//oak.example) }</style>", "<style>@font-face { src: url(x) }</style>",
    "<style>body { visibility: hidden }</style>", "<style>:root, body * { display: none }</style>", r"<style>rect { fill: u\72l(//oak.example) }</style>",
    "<style>rect { --a: url(//oak.example) } </style>", '<rect href="#a"/>', '<rect xlink:href="x"/>', "<?harm x?>", "<!-- harm -->",
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>', '<rect h:onclick="alert(1)" xmlns:h="http://www.w3.org/1999/xhtml"/>',
    "<style>&lt;/style>&lt;script>alert(1)&lt;/script></style>", "<style><![CDATA[</style><script>alert(1)</script>]]></style>",
]  # fmt: skip
ALLOWED = {
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", "style",
}  # fmt: skip


def safe(inner: str, *, opening: str = "<svg xmlns:xlink='http://www.w3.org/1999/xlink'>") -> str:
    return safe_svg(f"{opening}{inner}</svg>", prefix="pic", title="Title", description="What it shows")


def drawn(inner: str) -> str:
    """What of it is left, without what is always there."""
    return safe(inner).partition("</desc>")[2].removesuffix("</svg>")


@pytest.mark.parametrize("harm", HARMFUL)
def test_nothing_is_left_that_could_do_harm(harm: str) -> None:
    """A plugin's picture would run a script, fetch something, or change the page around it."""
    left = safe(f'{harm}<circle r="1"/>')
    assert '<circle r="1"></circle>' in left
    assert not re.search(
        r"script>|alert|javascript|oak\.example|url\(|href|@import|@font|harm|position|onload", left, re.IGNORECASE
    )
    for element in fromstring(left).iter():  # noqa: S314  # our own words
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in ALLOWED
    for selector in re.findall(r"([^{}<>]+)\{", left):
        assert all(one.strip().startswith(("#pic", "@media")) for one in selector.split(","))


@pytest.mark.parametrize(
    ("inner", "left"),
    [
        ('<g id="a" class="b c"><rect x="1" fill="url(#d)"/> x &lt; y </g>', '<g id="pic-a" class="b c"><rect x="1" fill="url(#pic-d)"></rect> x &lt; y </g>'),
        ('<text x="1"><tspan dy="1em">A &amp; B</tspan></text>', '<text x="1"><tspan dy="1em">A &amp; B</tspan></text>'),
        ("<rect><title>tip</title></rect>", "<rect><title>tip</title></rect>"),
        ('<rect style="fill: var(--ink); position: fixed;stroke:red"/>', '<rect style="fill: var(--ink); stroke: red"></rect>'),
        ("<style>/* x */ .a, svg { fill: red } svg .b > text { color: blue } text.c { opacity: .5 }</style>",
         "<style>#pic .a, #pic { fill: red } #pic .b &gt; text { color: blue } #pic text.c { opacity: .5 }</style>"),
        ("<style>@media (prefers-color-scheme: dark) { svg { --ink: #eee } #d { fill: red } } .e { fill: blue }</style>",
         "<style>@media (prefers-color-scheme: dark) { #pic { --ink: #eee } #pic #pic-d { fill: red } } #pic .e { fill: blue }</style>"),
        ("<style>.a { fill: red } @supports (x) { .b { fill: red } }</style>", "<style>#pic .a { fill: red }</style>"),
        ("<style>@media print { .a { fill: red }</style>", "<style>@media print { #pic .a { fill: red } }</style>"),
        ("<style>a:hover { fill: red } .a { behavior: x }</style>", "<style></style>"),
        ("<title>old</title><desc>old</desc>", ""),
    ],
)  # fmt: skip
def test_what_draws_stays(inner: str, left: str) -> None:
    """A picture would lose its colours, its words, or its answer to a dark page."""
    assert drawn(inner) == left


def test_it_is_told_in_words() -> None:
    """A screen reader would say "image", or what whoever drew it forgot to change."""
    svg = safe("", opening='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" role="none" id="x" aria-labelledby="y">')
    assert svg == (
        '<svg direction="ltr" viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg" id="pic" role="img" aria-labelledby="pic-title pic-desc">'
        '<title id="pic-title">Title</title><desc id="pic-desc">What it shows</desc></svg>'
    )


@pytest.mark.parametrize(("said", "left"), [("", "ltr"), ('direction="rtl"', "rtl"), ('direction="url(x)"', "ltr")])
def test_it_runs_as_it_would_by_itself(said: str, left: str) -> None:
    """A picture would run as the page around it does, its labels from the wrong end; or not as whoever drew it says."""
    root = fromstring(safe("", opening=f'<svg xmlns="http://www.w3.org/2000/svg" {said}>'))  # noqa: S314  # our own words
    assert root.get("direction") == left
    assert (
        drawn('<text direction="rtl" style="direction: rtl">x</text>')
        == '<text direction="rtl" style="direction: rtl">x</text>'
    )


@pytest.mark.parametrize(
    "source",
    ["", "words", "<svg", "<p/>", '<x:svg xmlns:x="http://oak.example"/>', "<svg></svg><svg></svg>", "<g>" * 10_000 + "</g>" * 10_000, f"<svg>{'<g>' * 60}{'</g>' * 60}</svg>",
     '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "<svg>&nbsp;</svg>", "<svg>\ufffe</svg>"],
    ids=lambda source: source[:12],
)  # fmt: skip
def test_what_cannot_be_read_is_no_picture(source: str) -> None:
    """Half a picture would break the page, or entities that grow would take the memory."""
    assert safe_svg(source, prefix="pic", title="", description="") == ""


@given(st.text(st.sampled_from("<>svg/=\"' &;{}@#()url:.-x\n"), max_size=40))
def test_any_style_stays_in_its_picture(style: str) -> None:
    """Some style sheet would reach the page, or end its element."""
    left = safe(f"<style><![CDATA[{style.replace(']]>', '')}]]></style>")
    assert fromstring(left) is not None  # noqa: S314  # our own words
    for selector in re.findall(r"([^{}<>]+)\{", left):
        assert selector.strip().startswith("#pic")


def test_notebooks_show_it() -> None:
    """A figure would show as its source in a notebook, or run what is in it."""
    figure = Figure("<svg><script>alert(1)</script></svg>", "Title", "What it shows")
    shown = figure._repr_svg_() or ""
    (prefix,) = re.findall(r' id="(figure-[0-9a-f]{8})"', shown)
    assert shown == safe_svg("<svg/>", prefix=prefix, title="Title", description="What it shows")
    assert figure._repr_html_().startswith('<figure>\n<div class="picture card" tabindex="0"><svg ')
    assert shown in figure._repr_html_()
    assert figure._repr_markdown_() == "**Title**\n\nWhat it shows\n"
    assert Figure("", "Title", "In words")._repr_svg_() is None


def test_two_in_a_notebook_are_two() -> None:
    """A screen reader would read the first one's title for each of them: all that a notebook shows is one page."""
    figures = (
        Figure("<svg/>", "A", "D"),
        Figure("<svg/>", "B", "D"),
        Figure("<svg/>", "A", "E"),
        Figure("<svg><g/></svg>", "A", "D"),
    )
    for shown in ([one._repr_html_() for one in figures], [one._repr_svg_() or "" for one in figures]):
        ids = [id for one in shown for id in re.findall(r' id="([^"]+)"', one)]
        assert len(ids) == len(set(ids)) == 3 * len(figures)
    assert figures[0]._repr_html_() == Figure("<svg/>", "A", "D")._repr_html_()
