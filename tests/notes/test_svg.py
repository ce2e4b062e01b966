"""The writer of SVG, the width of its lines, and graphs as text."""

import json
import re
import subprocess
from datetime import date
from html import unescape
from itertools import pairwise
from shutil import which
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from infoint.notes.figures.graph_text import Arc, Node, dot, dot_label, mermaid, mermaid_label
from infoint.notes.figures.periods import periods
from infoint.notes.figures.sayings import Sayings
from infoint.notes.lettering import LONGEST, lines_of, one_line, shortened, width
from infoint.notes.svg import Shape, box, drawing, number, told, words
from infoint.notes.wordings import shipped_wordings
from infoint.testing import HOSTILE_TEXTS

HOSTILE = (
    "<script>alert(1)</script>",
    '"]; n9[x] --> n1; %%{init: {}}%% `md`',
    "</title><svg onload=x> ]]> <!-- --> &amp;",
    "\u202egpj.exe",
    "half \ud83d, \x00\x07\x1b[31m, \ufffe\uffff",
    'C:\\new \\G \\N "quoted\\"',
    "two\nlines\u2028and\ttabs",
    "#quot; #35; &#x3c; &lt;",
    "漢字" * 300,
    "e" + "\u0301" * 200,
)


def parsed(*shapes: Shape, title: str = "T", description: str = "D") -> ET.Element:
    return ET.fromstring(drawing("x", title, description, shapes, wide=100, high=50))  # noqa: S314 - our own text


def bare(tag: str) -> str:
    return tag.removeprefix("{http://www.w3.org/2000/svg}")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────
@given(st.text(), st.floats(0, 300), st.floats(6, 30))
def test_what_is_shortened_fits(text: str, room: float, size: float) -> None:
    """Names would run into what stands beside them."""
    assert width(shortened(text, room, size), size) <= room + 1e-6 or shortened(text, room, size) == ""
    assert "\n" not in shortened(text, room, size)


@given(st.text(), st.integers(1, 4))
def test_lines_fit_and_are_no_more_than_allowed(text: str, most: int) -> None:
    """A title would run out of its picture, or down into it."""
    lines = lines_of(text, 120, 12, most=most)
    assert len(lines) <= most
    assert all(width(line, 12) <= 120 for line in lines)


def test_what_fits_is_left_alone() -> None:
    """Short names would lose letters, and cut ones would not show it."""
    assert shortened("Ana Ruiz", 200, 12) == "Ana Ruiz"
    assert shortened("Ana  Ruiz\n", 200, 12) == "Ana Ruiz"
    assert shortened("Wolfgang Amadeus", 60, 12).endswith("…")
    assert shortened("Wolfgang", 2, 12) == ""
    assert lines_of("one two three", 1000, 12, most=2) == ["one two three"]
    assert lines_of("one two three four", 60, 12, most=2)[0].startswith("one")
    assert lines_of("", 60, 12, most=2) == []


def test_wide_letters_count_as_wide() -> None:
    """Chinese names would overlap, and accents written as marks would be counted as letters."""
    assert width("李明", 10) >= 20
    assert width("e\u0301", 10) == width("e", 10)
    assert width("👩", 10) >= 12
    assert width("ana", 10, bold=True) > width("ana", 10)
    assert width("ABCDEFGH", 1) >= 5.57  # DejaVu Sans, which is among the widest
    assert width("Ana Ruiz", 1) >= 4.38


def test_a_line_is_short_and_calm() -> None:
    """A note of a million letters would make a picture nobody can open; a heap of accents would grow over its neighbours."""
    assert len(one_line("a" * 1_000_000)) == LONGEST
    assert one_line("e" + "\u0301" * 500) == "e" + "\u0301" * 4
    assert one_line("\u202eevil") == "evil"
    assert one_line("a\ufffe") == "a\ufffd"
    assert one_line("\ud83d\ude00") == "😀"


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────
@given(st.text())
def test_any_text_is_only_text(text: str) -> None:
    """A name could be markup, and with it a script."""
    root = parsed(told(text, words(text, 1, 2)), title=text, description=text)
    assert {bare(one.tag) for one in root.iter()} == {"svg", "title", "desc", "style", "rect", "g", "text"}
    shown = next(one for one in root.iter() if bare(one.tag) == "text")
    assert (shown.text or "") == one_line(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    """As above, for texts made to break out."""
    root = parsed(told(text, words(text, 1, 2)), title=text, description=text)
    assert [one.text for one in root.iter() if bare(one.tag) == "title"] == [one_line(text)] * 2
    assert all(not name.lower().startswith("on") for one in root.iter() for name in one.attrib)


def test_attributes_are_escaped() -> None:
    """A value could end its attribute and begin another."""
    root = parsed(Shape("g", (("class", '"><script x="<&'),)))
    assert root[-1].attrib == {"class": '"><script x="<&'}


def test_screen_readers_are_told() -> None:
    """Somebody who cannot see the picture would not even hear what it is."""
    root = parsed(title="Who", description="Ana named Bo.")
    assert root.get("role") == "img"
    ids = (root.get("aria-labelledby") or "").split()
    assert [one.text for id in ids for one in root.iter() if one.get("id") == id] == ["Who", "Ana named Bo."]


def test_pictures_run_from_left_to_right() -> None:
    """In a page that runs the other way every label would grow to the left: `text-anchor` goes by the direction, and that is inherited."""
    assert parsed().get("direction") == "ltr"


def test_ids_tell_pictures_of_one_page_apart() -> None:
    """Two pictures in one page would be read out under the first one's title."""
    ids = {parsed(title=title).get("aria-labelledby") for title in ("A", "B", "A")}
    assert len(ids) == 2


def test_programs_without_style_sheets_see_colours() -> None:
    """A picture in a PDF would be all black: what turns it into PDF knows no variables."""
    root = parsed(box(0, 0, 1, 1, "blue", edge="ink"))
    assert (root[-1].get("fill"), root[-1].get("stroke")) == ("#0072b2", "#1c1e21")
    style = next(one.text or "" for one in root.iter() if bare(one.tag) == "style")
    before, _, within = style.partition("@media (prefers-color-scheme:dark)")
    assert "#" not in before
    assert "var(" not in style
    assert ".infoint-f-blue{fill:#56b4e9}" in within


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(dark: bool) -> None:
    """Some could not read the words or tell the marks from the page (WCAG 2.2 §1.4.3, §1.4.11)."""
    style = next(one.text or "" for one in parsed().iter() if bare(one.tag) == "style")
    tones = dict(re.findall(r"\.infoint-f-(\w+)\{fill:(#\w+)", style))
    if not dark:
        tones = {name: parsed(box(0, 0, 1, 1, name))[-1].get("fill", "") for name in tones}

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(tones[one]), luminance(tones[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert all(contrast(tone, ground) >= 4.5 for tone in ("ink", "soft", "red") for ground in ("paper",))
    assert contrast("ink", "wash") >= 4.5
    assert all(contrast(tone, "paper") >= 3 for tone in ("blue", "orange", "green", "red", "purple"))


def test_numbers_are_short() -> None:
    """Files would be long and differ from machine to machine."""
    assert [number(value) for value in (12, 12.04, 12.26, -0.01, -3.5)] == ["12", "12", "12.3", "0", "-3.5"]


# ── graphs as text ───────────────────────────────────────────────────────────────────────────────
MERMAID_LABEL = r"(?:[A-Za-z0-9 .,-]|#[0-9]+;)+"
MERMAID_LINE = re.compile(
    rf'flowchart LR|  accTitle: {MERMAID_LABEL}|  n\d+\["{MERMAID_LABEL}"\]|  n\d+ (?:-->|-\.->)(?:\|"{MERMAID_LABEL}"\|)? n\d+'
    r"|  classDef dashed stroke-dasharray: 4 3|  class n\d+(?:,n\d+)* dashed"
)


@given(st.text())
def test_mermaid_labels_are_plain(text: str) -> None:
    """A name could be Mermaid."""
    label = mermaid_label(text)
    assert re.fullmatch(MERMAID_LABEL, label)
    shown = re.sub(r"#([0-9]+);", lambda match: chr(int(match[1])), label)
    assert shown == (one_line(text, 160) or "–")


@given(st.text())
def test_dot_labels_end_where_they_should(text: str) -> None:
    """A name could be DOT."""
    assert re.fullmatch(r'"(?:[^"\\]|\\")*"', dot_label(text))


def test_every_line_is_of_the_grammar() -> None:
    """A graph would not be drawn at all for one name in it."""
    nodes = [Node(text, dashed=place % 2 == 0) for place, text in enumerate(HOSTILE)]
    arcs = [Arc(0, place, text, dashed=place % 2 == 0) for place, text in enumerate(HOSTILE)] + [Arc(1, 2)]
    lines = mermaid(HOSTILE[0], nodes, arcs).splitlines()
    assert [line for line in lines if not MERMAID_LINE.fullmatch(line)] == []
    drawn = dot(HOSTILE[0], nodes, arcs)
    statement = r'  (?:graph|node|edge|n\d+|n\d+ -> n\d+) \[(?:[a-zA-Z]+=(?:\w+|"(?:[^"\\]|\\")*")(?:, )?)+\];'
    assert [line for line in drawn.splitlines()[1:-1] if not re.fullmatch(statement, line)] == []


NODE = {"_gvid", "name", "label", "shape", "style", "fontname"}
EDGE = {"_gvid", "tail", "head", "label", "fontname", "fontsize"}


@pytest.mark.skipif(which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_finds_each_label_and_nothing_else() -> None:
    """A name would be an attribute, a link or a graph of its own to the program that reads DOT, whatever our grammar says."""
    texts = (*HOSTILE, *HOSTILE_TEXTS)
    nodes, arcs = [Node(text) for text in texts], [Arc(0, place, text) for place, text in enumerate(texts)]
    command = ["dot", "-Tdot_json"]
    read = subprocess.run(command, input=dot(texts[0], nodes, arcs).encode(), capture_output=True, check=True, timeout=60)
    assert read.stderr == b""
    graph = json.loads(read.stdout)
    assert set(graph) <= {
        "name",
        "directed",
        "strict",
        "_subgraph_cnt",
        "label",
        "labelloc",
        "rankdir",
        "fontname",
        "charset",
        "objects",
        "edges",
    }
    assert graph["_subgraph_cnt"] == 0
    for found, attributes in ((graph["objects"], NODE), (graph["edges"], EDGE)):
        assert all(set(one) <= attributes for one in found)
        assert [unescape(one["label"]).replace('\\"', '"') for one in found] == [
            (one_line(text, 160) or "–").replace("\\", "") for text in texts
        ]


# ── days ─────────────────────────────────────────────────────────────────────────────────────────
SAYS = Sayings(shipped_wordings(), "figure.timeline")
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(DAYS, DAYS, st.integers(4, 24), st.sampled_from([1, 7]))
def test_periods_cover_all_days(one: date, other: date, most: int, least: int) -> None:
    """Something would stand beside the axis, be counted twice or not at all."""
    first, last = sorted((one, other))
    found = periods(first, last, SAYS, most=most, least_days=least)
    assert 1 <= len(found) <= most
    assert found[0].start <= first
    assert last < found[-1].end
    assert all(before.end == after.start for before, after in pairwise(found))


def test_periods_begin_where_calendars_do() -> None:
    """A column would hold half of one week and half of the next, or two months of three."""
    weeks = periods(date(2026, 9, 9), date(2026, 11, 9), SAYS, most=24, least_days=7)
    assert (weeks[0].start, weeks[0].label) == (date(2026, 9, 7), "7 Sep")
    assert [one.label for one in periods(date(2026, 2, 10), date(2026, 12, 1), SAYS, most=4)] == [
        "Jan 2026",
        "Apr 2026",
        "Jul 2026",
        "Oct 2026",
    ]
    spanish = Sayings(shipped_wordings("es"), "figure.timeline")
    assert periods(date(2026, 9, 9), date(2026, 11, 9), spanish, most=24, least_days=7)[0].label == "7 de sept"
    assert periods(date(2026, 2, 10), date(2026, 12, 1), spanish, most=4)[0].label == "ene de 2026"
    assert [one.label for one in periods(date(1901, 2, 10), date(2026, 12, 1), SAYS, most=4)] == ["1900", "1950", "2000"]
