"""Plain text: wrapped at the width, aligned, nothing lost."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, strategies as st

from infoint.errors import InvalidValue
from infoint.notes.cleaning import clean, holds_address
from infoint.notes.contract import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    Link,
    Markdown,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    WritingSpace,
)
from infoint.notes.text import TextRenderer, display_width

any_text = st.lists(
    st.text(st.characters(), max_size=30) | st.sampled_from([" ", "\n", "a" * 50, "漢字" * 20, "\t", "\u0301", "\u200b"])
).map("".join)


def rendered(*blocks: Block, width: int = 30, title: str = "Sheet", **head: str) -> str:
    whole = Document(name="sheet", title=title, sections=(Section(key="part", title="", blocks=blocks),), **head)
    return TextRenderer(width=width).render(whole).decode()


def body(*blocks: Block, width: int = 30) -> str:
    return rendered(*blocks, width=width).removeprefix("Sheet\n=====").strip("\n")


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("漢字", 4), ("ｱ", 1), ("Ａ", 2), ("한국", 4), ("\u1112\u1161\u11ab", 2), ("🧭", 2),
     ("\u200b\u2060", 0), ("👩\u200d👩\u200d👧\u200d👦", 2), ("🏳\ufe0f\u200d🌈", 2), ("👍🏽", 2), ("☝🏽", 2), ("🇪🇸", 2), ("🇪🇸🇫🇷🇩", 5),
     ("1\ufe0f\u20e3", 2), ("❤\ufe0f\u200d🔥", 2), ("☎\ufe0f", 2), ("☎", 1), ("a\ufe0f", 1), ("ℹ\ufe0f", 2), ("👩\u200da", 3), ("क\u200dष", 2),
     ("🏴\U000e0067\U000e0062\U000e007f", 2), ("🏽", 2), ("a🏽", 3), ("a\u20dd", 1), ("\u00ad", 0), ("€", 1)],
)  # fmt: skip
def test_width_is_what_a_terminal_shows(text: str, width: int) -> None:
    """Columns would not line up where a name has accents or East Asian letters."""
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (
            Paragraph(("By the harbour there is a ", Strong("lighthouse"), " with a keeper.\nAnd a boat.")),
            "By the harbour there is a\nlighthouse with a keeper.\nAnd a boat.",
        ),
        (Paragraph("\n a\n\n  b \n"), "a\n\nb"),
        (Paragraph("a" * 65), f"{'a' * 30}\n{'a' * 30}\n{'a' * 5}"),
        (Paragraph("漢字" * 10 + "x"), f"{'漢字' * 7}漢\n字漢字漢字x"),
        (Paragraph("👩\u200d👧" * 16), "👩\u200d👧" * 15 + "\n👩\u200d👧"),
        (Paragraph("🇪🇸" * 16), "🇪🇸" * 15 + "\n🇪🇸"),
        (Paragraph("e\u0301" * 31), "e\u0301" * 30 + "\ne\u0301"),
        (Paragraph(("See ", Link("the map", "https://oak.example/a"))), "See the map\n<https://oak.example/a>"),
        (Paragraph((Link("", "https://oak.example/a"), " ", Link("x:y", "x:y"), " ", Link("z", ""))), "https://oak.example/a x:y z"),
        (Bullets(("a", "b " * 20)), f"- a\n- {'b ' * 13}b\n  b b b b b b"),
        (
            Bullets(("a", "bb\ncc", *"cdefghij"), numbered=True),
            " 1. a\n 2. bb\n    cc\n" + "".join(f"{number:2}. {letter}\n" for number, letter in enumerate("cdefghij", 3)).rstrip(),
        ),
        (Bullets(()), ""),
        (Checklist(((True, "done"), (False, "open " * 7))), "[x] done\n[ ] open open open open open\n    open open"),
        (
            Fields((("When", "now"), ("Where?", "at the harbour of the old town"), ("漢字", "x"), ("", "y"))),
            "When:  now\nWhere? at the harbour of the\n       old town\n漢字:  x\n       y",
        ),
        (
            Fields((("A", "b"), ("A label that is far too long for a column", "value"), ("Another long one", ""))),
            "A: b\nA label that is far too long\nfor a column:\n   value\nAnother long one:",
        ),
        (Fields((("A label of some length", "value"),)), "A label of some length:\n    value"),
        (Quote("By the harbour there is a lighthouse.", by="Ana"), "> By the harbour there is a\n> lighthouse.\n> — Ana"),
        (Quote("a"), "> a"),
        (WritingSpace(2), f"{'_' * 30}\n\n{'_' * 30}"),
        (Figure("<svg/>", "Coverage", "Two bars"), "[Coverage]\nTwo bars"),
        (Figure("<svg/>", "", "Two bars"), "Two bars"),
        (Markdown("# Notes\n\n  - item  with two spaces and more than fits\n\tx\n"),
         "# Notes\n\n  - item with two spaces and\n  more than fits\n    x"),
        (Markdown(" \n "), ""),
        (Section(key="a", title="Inner 漢字", blocks=(Paragraph("x"),)), "Inner 漢字\n----------\n\nx"),
    ],
)  # fmt: skip
def test_blocks(block: Block, text: str) -> None:
    """A block would look other than documented."""
    assert body(block) == text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (Table(("a", "Topic"), (("漢字", "x"), ("", "yy")), caption="Who said it"),
         "Who said it\na    | Topic\n-----+------\n漢字 | x\n     | yy"),
        (
            Table(("Topic", "Said"), (("typical day", "half in the field, half at the desk"),)),
            "Topic       | Said\n------------+-----------------\ntypical day | half in the\n            | field, half at\n            | the desk",
        ),
        (
            Table(("Topic", "First person", "Second"), (("environmental", "hydrological", "x"), ("pay", "", "yes, every year"))),
            ("Topic:  environmental\nFirst person:\n        hydrological\nSecond: x\n\n"
            "Topic:  pay\nFirst person:\nSecond: yes, every year"),
        ),
        (
            Table(("Question", "Bartholomew", "漢字 太郎 of the lake", "Ana"), (("How did it begin?", "●", "○", "–"), ("Why?", "", "●", "●"))),
            ("1 = Bartholomew\n2 = 漢字 太郎 of the lake\n3 = Ana\n\nQuestion          | 1 | 2 | 3\n------------------+---+---+--\n"
            "How did it begin? | ● | ○ | –\nWhy?              |   | ● | ●"),
        ),
        (Table(("environmental", "hydrological", "x"), ()), "environmental:\nhydrological:\nx:"),
        (Table(("", ""), (("a", "b\nc"),)), "  |\n--+--\na | b\n  | c"),
        (Table(("a",), (("b",),)), "a\n-\nb"),
    ],
)  # fmt: skip
def test_tables(table: Table, text: str) -> None:
    """Columns would not line up, words be cut, or a narrow page lose cells."""
    assert body(table) == text


def test_headings_are_underlined_by_level() -> None:
    """The reader would not see what belongs under what."""
    block: Block = Paragraph("x")
    for title in ("Four", "Three", "Two", "One"):
        block = Section(key=title.lower(), title=title, blocks=(block,))
    assert body(block) == "One\n---\n\nTwo\n~~~\n\nThree\n.....\n\nFour\n....\n\nx"


def test_no_line_turns_round_what_stands_beside_it() -> None:
    """A cell whose second line ends what its first began would show the columns beside it in another order."""
    turned = f"\u2067{'a ' * 12}b\u2069"
    assert body(Paragraph(turned), Paragraph("\u2067a\u2069")) == f"{turned}\n\n\u2067a\u2069"
    source = body(Table(("x", "y"), ((turned, "12 (z)"),)))
    assert not {"\u2067", "\u2069"} & set(source)


def test_long_titles_wrap() -> None:
    """A title would run out of the page."""
    assert rendered(title="Talk with\nAna Ruiz, hydrologist at Oak Water").startswith(
        "Talk with Ana Ruiz,\nhydrologist at Oak Water\n========================\n"
    )


def test_letters_begin_with_their_head() -> None:
    """A draft would not say whom it goes to."""
    assert (
        rendered(Paragraph("x"), to="Ana Ruiz", subject="Thanks") == "Sheet\n=====\n\nTo:      Ana Ruiz\nSubject: Thanks\n\nx\n"
    )


@pytest.mark.parametrize("width", [19, 201, 80.0, "80", True, None])
def test_widths_out_of_range_are_refused(width: object) -> None:
    """Layout would fall apart far from the mistake."""
    with pytest.raises(InvalidValue, match=r"TextRenderer\.width"):
        TextRenderer(width=width)  # type: ignore[arg-type] # the mistake under test


@pytest.mark.parametrize("wrapped", ["no", 0, None])
def test_wrapped_is_a_flag(wrapped: object) -> None:
    """A word for no would be taken for a yes."""
    with pytest.raises(InvalidValue, match=r"TextRenderer\.wrapped"):
        TextRenderer(wrapped=wrapped)  # type: ignore[arg-type] # the mistake under test


def test_unwrapped_paragraphs_are_one_line_each() -> None:
    """A mail program would wrap what is wrapped already; a table or a rule that goes on and on could not be read at all."""
    long, rule = "By the harbour there is a lighthouse with a keeper.", "_" * 30
    blocks: tuple[Block, ...] = (
        Paragraph(f"{long}\nAnd a boat."),
        Bullets((long,)),
        Checklist(((True, long),)),
        Quote(long, by=long),
        Fields((("Where", long), ("What else there is to see", long))),
        Figure("", long, long),
        Markdown(f"  - {long}"),
        WritingSpace(1),
        Table(("Topic", "Said"), (("Sea", long),), caption=long),
    )
    whole = Document(name="sheet", title="Sheet", sections=(Section(key="part", title="", blocks=blocks),))
    assert TextRenderer(width=30, wrapped=False).render(whole).decode().split("\n")[3:] == [
        long, "And a boat.", "", f"- {long}", "", f"[x] {long}", "", f"> {long}", f"> — {long}", "",
        f"Where: {long}", "What else there is to see:", f"       {long}", "", f"[{long}]", long, "", f"  - {long}", "", rule, "",
        long, "Topic | Said", "------+-----------------------", "Sea   | By the harbour there", "      | is a lighthouse with a",
        "      | keeper.", "",
    ]  # fmt: skip


def test_usual_width_is_80() -> None:
    """A terminal of 80 columns would break lines."""
    whole = Document(name="a", title="A", sections=(Section(key="a", title="", blocks=(WritingSpace(1),)),))
    assert "_" * 80 + "\n" in TextRenderer().render(whole).decode()
    assert "_" * 81 not in TextRenderer().render(whole).decode()


PLACES: dict[str, Callable[[str], Block]] = {
    "paragraph": lambda text: Paragraph((text, Strong(text), Link(text, text))),
    "bullets": lambda text: Bullets((text, text)),
    "numbers": lambda text: Bullets((text,) * 12, numbered=True),
    "checklist": lambda text: Checklist(((True, text),)),
    "table": lambda text: Table(("a", text, "b"), ((text, "c", text),), caption=text),
    "label": lambda text: Fields(((text, "value"), ("b", text))),
    "quote": lambda text: Quote(text, by=text),
    "figure": lambda text: Figure(text, text, text),
    "markdown": Markdown,
    "heading": lambda text: Section(key="a", title=text, blocks=()),
}


@pytest.mark.parametrize("place", PLACES)
@given(text=any_text, width=st.integers(20, 200))
@example(text="漢" * 30, width=20)
@example(text="a" * 30, width=21)
def test_any_text_fits_the_width(place: str, text: str, width: int) -> None:
    """Some text would break the renderer or run out of the page."""
    source = rendered(PLACES[place](text), Paragraph("nextdoor"), width=width)
    lines = source.split("\n")
    assert max((display_width(line) for line in lines if not holds_address(line)), default=0) <= width
    assert all(line == line.rstrip(" ") for line in lines)
    assert source.endswith("nextdoor\n")


ROOM = "https://us06web.zoom.us/j/81234567890?pwd=AbCdEfGhIjKlMnOpQrStUvWxYz0123.1"
ADDRESSES = [ROOM, ROOM.removeprefix("https://"), ROOM.replace("https", "HTTP"), f"mailto:{'a' * 60}@oak.example",
             f"{'a' * 60}@oak.example", f"tel:{'5' * 60}"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("width", [20, 72])
def test_addresses_are_never_broken(place: str, address: str, width: int) -> None:
    """Whoever was sent it could not get into the meeting: the second half would stand on a line of its own."""
    for said in (address, f"By video: <{address}>.", f"([there]({address}))"):
        assert address in rendered(PLACES[place](said), width=width)
    assert address in rendered(Fields((("By video", Link("the room", address)),)), width=width)


def test_an_address_too_long_for_the_line_has_one_of_its_own() -> None:
    """The words around it would stand far outside of the page."""
    assert body(Paragraph(f"We meet at {ROOM} on Tuesday.")) == f"We meet at\n{ROOM}\non Tuesday."
    assert body(Paragraph("hotel:" + "a" * 30)) == f"hotel:{'a' * 24}\n{'a' * 6}"


@given(any_text, st.integers(20, 200))
def test_any_text_is_shown_whole(text: str, width: int) -> None:
    """Some text would lose letters."""
    for block in (
        Paragraph(text),
        Bullets((text,)),
        Checklist(((True, text),)),
        Fields((("b", text),)),
        Figure("", "", text),
        Markdown(text),
    ):
        assert squeezed(text) in squeezed(rendered(block, width=width))
    quoted = re.sub(r"^> ?", "", rendered(Quote(text), width=width), flags=re.MULTILINE)
    assert squeezed(text) in squeezed(quoted)


@given(any_text, any_text, st.integers(20, 200))
def test_any_cell_keeps_its_words(one: str, two: str, width: int) -> None:
    """A table would lose words where it wraps them."""
    source = squeezed(rendered(Table(("left", "right"), ((one, two),)), width=width))
    for cell in (one, two):
        assert not squeezed(cell) or all(squeezed(word) in source for word in re.split(r"[ \t\n]+", clean(cell)))
