"""HTML: one accessible page that nothing can break out of."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from infoint.errors import InvalidValue
from infoint.notes.cleaning import clean
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
from infoint.notes.html import HtmlRenderer

ALLOWED = {
    "html": {"lang", "dir"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": {"id"}, "style": set(),
    "body": set(), "main": set(), "section": {"id"}, "h1": set(), "h2": set(), "h3": set(), "h4": set(), "h5": set(), "h6": set(),
    "p": set(), "br": set(), "strong": set(), "a": {"class", "href"}, "ul": {"class"}, "ol": set(), "li": set(), "label": set(),
    "input": {"type", "checked"}, "span": set(), "div": {"class", "tabindex", "role", "aria-label", "aria-hidden"}, "table": set(),
    "caption": set(), "thead": set(), "tbody": set(), "tr": set(), "th": {"scope"}, "td": set(), "dl": {"class"}, "dt": set(), "dd": set(),
    "blockquote": set(), "footer": set(), "figure": set(), "figcaption": set(),
    "svg": {"xmlns", "id", "role", "aria-labelledby", "viewbox", "lang", "direction"}, "desc": {"id"}, "rect": {"width", "height", "fill"},
}  # fmt: skip
EMPTY = {"meta", "br", "input"}
HOSTILE = ["<script>alert(1)</script>", "</style>", "</title>", "<!--", "]]>", "<", ">", "&", "&lt;", "&#60;", "'", '"', '" onload="x', "<b", "</p>",
           "javascript:", "\n", "\x00", "\ud800", "\u2028", "<svg onload=x>", "é", "\u202e"]  # fmt: skip
any_text = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=5), max_size=8).map("".join)


class Page(HTMLParser):
    """What is on the page; refuses what no page of ours holds."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], (tag, attrs)
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            self.style += data
        else:
            self.text += data

    def values(self, tag: str, name: str) -> list[str]:
        return [value for found, attribute, value in self.attributes if (found, attribute) == (tag, name)]


def rendered(*blocks: Block, paper: str = "A4", title: str = "Sheet", **head: str) -> str:
    whole = Document(name="sheet", title=title, sections=(Section(key="part", title="", blocks=blocks),), **head)
    return HtmlRenderer(paper=paper).render(whole).decode()


def body(*blocks: Block) -> str:
    start, end = '<section id="part">\n', "</section>\n</main>"
    source = rendered(*blocks)
    return source[source.index(start) + len(start) : source.index(end)].rstrip("\n")


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


@pytest.mark.parametrize(
    ("block", "source"),
    [
        (
            Paragraph(("a\n<b> ", Strong("c & d"), Link("map", "https://oak.example/?a=1&b='"))),
            '<p>a<br>&lt;b&gt; <strong>c &amp; d</strong><a href="https://oak.example/?a=1&amp;b=&#x27;">map</a></p>',
        ),
        (Paragraph(Link("", "tel:+34")), '<p><a class="told" href="tel:+34">tel:+34</a></p>'),
        (Paragraph(Link("click", "javascript:alert(1)")), "<p>click (javascript:alert(1))</p>"),
        (Paragraph(Link("", "data:x")), "<p>data:x</p>"),
        (Paragraph(Link("x", "")), "<p>x</p>"),
        (Bullets(("a", ("b", Strong("c")))), "<ul>\n<li>a</li>\n<li>b<strong>c</strong></li>\n</ul>"),
        (Bullets(("a",), numbered=True), "<ol>\n<li>a</li>\n</ol>"),
        (Bullets(()), ""),
        (
            Checklist(((True, "a"), (False, "b"))),
            (
                '<ul class="checklist">\n<li><label><input type="checkbox" checked><span>a</span></label></li>\n'
                '<li><label><input type="checkbox"><span>b</span></label></li>\n</ul>'
            ),
        ),
        (
            Table(("a", "b"), (("c", "d\ne"),), caption='Who "said" it'),
            (
                '<div class="table" tabindex="0" role="region" aria-label="Who &quot;said&quot; it">\n<table>\n'
                "<caption>Who &quot;said&quot; it</caption>\n"
                '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>\n'
                '<tbody>\n<tr><th scope="row">c</th><td>d<br>e</td></tr>\n</tbody>\n</table>\n</div>'
            ),
        ),
        (
            Table(("a",), ()),
            '<div class="table" tabindex="0">\n<table>\n<thead><tr><th scope="col">a</th></tr></thead>\n<tbody>\n</tbody>\n</table>\n</div>',
        ),
        (Fields((("a", "b"),)), '<dl class="fields">\n<div><dt>a</dt><dd>b</dd></div>\n</dl>'),
        (Quote("a\nb", by="Ana"), "<blockquote><p>a<br>b</p><footer>— Ana</footer></blockquote>"),
        (Quote("a"), "<blockquote><p>a</p></blockquote>"),
        (WritingSpace(2), '<div class="lines" aria-hidden="true"><div></div><div></div></div>'),
        (Figure(" ", "Title", "Two\nbars"), "<figure>\n<p>Two<br>bars</p>\n<figcaption>Title</figcaption>\n</figure>"),
        (Markdown("# a\n<b>"), '<div class="notes"># a\n&lt;b&gt;</div>'),
        (Section(key="acme:a-b", title="A\nb", blocks=()), '<section id="acme--a-b">\n<h2>A b</h2>\n</section>'),
    ],
)
def test_blocks(block: Block, source: str) -> None:
    """A block would look other than documented."""
    assert body(block) == source
    Page(rendered(block))


def test_pictures_are_told_in_words_too() -> None:
    """A picture would be nothing to a screen reader, or two pictures on a page would answer to one name."""
    picture = Figure('<svg viewBox="0 0 4 2"><rect width="4" height="2" fill="#7a9"/></svg>', "Ti<tle", "What it\nshows")
    source = body(picture, picture)
    assert source.startswith(
        '<figure>\n<div class="picture card" tabindex="0"><svg direction="ltr" viewBox="0 0 4 2" xmlns="http://www.w3.org/2000/svg" id="figure---part-1" role="img" '
        'aria-labelledby="figure---part-1-title figure---part-1-desc"><title id="figure---part-1-title">Ti&lt;tle</title>'
        '<desc id="figure---part-1-desc">What it shows</desc><rect width="4" height="2" fill="#7a9"></rect></svg></div>\n'
        "<figcaption>Ti&lt;tle</figcaption>\n</figure>"
    )
    assert len(set(Page(rendered(picture, picture)).values("svg", "id"))) == 2


def test_a_title_that_the_picture_shows_is_no_caption_too() -> None:
    """The same line would stand above the picture's bars and below them; or nowhere, where the picture cannot be drawn."""
    drawn = "<svg xmlns='http://www.w3.org/2000/svg'><text>Who</text></svg>"
    assert "<figcaption>" not in body(Figure(drawn, "Who", "Two bars", titled=True))
    assert "<figcaption>Who</figcaption>" in body(Figure(drawn, "Who", "Two bars"))
    assert "<figcaption>Who</figcaption>" in body(Figure("<svg><p", "Who", "Two bars", titled=True))


def test_pictures_that_cannot_be_read_are_told_in_words() -> None:
    """A broken picture would leave a hole, or break the page."""
    assert (
        body(Figure("<svg><p", "Title", "Two bars")) == "<figure>\n<p>Two bars</p>\n<figcaption>Title</figcaption>\n</figure>"
    )


def test_pictures_for_paper_stay_on_paper() -> None:
    """Black lines would vanish on a dark page, or a picture with colours for the dark glare there."""
    dark = "<svg><style>@media (prefers-color-scheme: dark) { .a { fill: #fff } }</style></svg>"
    assert 'class="picture card"' in body(Figure("<svg/>", "a", "b"))
    assert 'class="picture" ' in body(Figure(dark, "a", "b"))


@pytest.mark.parametrize(
    ("size", "wide"),
    [
        ('viewBox="0 0 720 9"', False),
        ('viewBox="0 0 720.5 9"', True),
        ('viewBox="-5,0,1e3,9"', True),
        ('viewBox="0 0"', False),
        ('viewBox="a b c d"', False),
        ('width="1100" height="9"', False),
        ("", False),
    ],
)
def test_wide_pictures_are_not_made_too_small_to_read(size: str, wide: bool) -> None:
    """On a telephone somebody would see the fifty people of a picture as dots; or a picture of odd size break the page."""
    assert ('class="picture wide card"' in body(Figure(f"<svg {size}/>", "a", "b"))) is wide


def test_fragments_stand_in_pages_of_others() -> None:
    """A web application or a notebook would get a page in a page, or a style sheet that changes its own."""
    whole = Document(name="a", title="A <b>", sections=(Section(key="b", title="B", blocks=(Paragraph("c"),)),), language="ar")
    source = '<div class="infoint-document" lang="ar" dir="rtl">\n<h1>A &lt;b&gt;</h1>\n<section id="b">\n<h2>B</h2>\n<p>c</p>\n</section>\n</div>\n'
    assert HtmlRenderer().fragment(whole) == source
    assert HtmlRenderer().fragment(whole, prefix="talk-2") == source.replace('id="b"', 'id="talk-2-b"')


@pytest.mark.parametrize("prefix", ["a b", '"><script>', "2", "-a", None, "ä"])
def test_prefixes_that_could_be_no_ids_are_refused(prefix: str) -> None:
    """A slip would break the page, or its links lead nowhere."""
    with pytest.raises(InvalidValue, match=r"HtmlRenderer\.fragment\.prefix"):
        HtmlRenderer().fragment(Document(name="a", title="A", sections=()), prefix=prefix)


def test_two_documents_of_a_notebook_share_no_ids() -> None:
    """A link into the second would lead into the first, and its pictures be read out under the first one's titles."""
    figure = Figure("<svg/>", "Title", "What it shows")
    inner = Section(key="inner", title="", blocks=(figure,))
    pages = [
        Document(
            name="acme:prep_sheet", title=title, sections=(Section(key="b", title="B", blocks=(figure, inner)),)
        )._repr_html_()
        for title in ("One", "Two", "One")
    ]
    first, second, _ = (re.findall(r' id="([^"]*)"', page) for page in pages)
    assert len({*first, *second}) == len(first) + len(second) == 2 * (2 + 2 * 3)
    assert all(re.fullmatch(r"[\w-]+", id, re.ASCII) for id in first)
    assert pages[0] == pages[2]


def test_page_needs_nothing_else() -> None:
    """The page would load from elsewhere, run something, or be read in the wrong letters and size."""
    page = Page(rendered())
    assert page.values("meta", "charset") == ["utf-8"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.values("meta", "content")
    assert "width=device-width, initial-scale=1" in page.values("meta", "content")
    assert "url(" not in page.style
    assert "@import" not in page.style
    assert rendered().startswith("<!DOCTYPE html>\n")
    assert rendered().endswith("</html>\n")


@pytest.mark.parametrize(
    ("language", "direction"), [("en", []), ("pt-BR", []), ("ar", ["rtl"]), ("HE-il", ["rtl"]), ("arn", [])]
)
def test_language_and_direction_are_told(language: str, direction: list[str]) -> None:
    """A screen reader would read in the wrong voice, a page in Arabic run the wrong way."""
    page = Page(rendered(language=language))
    assert page.values("html", "lang") == [language]
    assert page.values("html", "dir") == direction


@pytest.mark.parametrize(("paper", "size"), [("A4", "size: A4;"), ("Letter", "size: letter;")])
def test_paper_can_be_chosen(paper: str, size: str) -> None:
    """The print would be cut off on the other paper."""
    assert size in Page(rendered(paper=paper)).style


@pytest.mark.parametrize("paper", ["a4", "A3", "", None, "A4; } body { display: none"])
def test_other_papers_are_refused(paper: str) -> None:
    """A mistyped paper would be ignored by the printer."""
    with pytest.raises(InvalidValue, match=r"HtmlRenderer\.paper"):
        HtmlRenderer(paper=paper)


def test_light_dark_and_print_are_styled() -> None:
    """Notes would glare at night, headings be left alone at the foot of a page, ruled lines vanish on paper."""
    style = Page(rendered()).style
    for rule in ("prefers-color-scheme: dark", "@media print", "break-after: avoid", "break-inside: avoid", "border-bottom"):
        assert rule in style
    assert style.count("{") == style.count("}")


def colours(style: str, start: int) -> dict[str, tuple[float, ...]]:
    """Those of the `:root` rule there, as red, green and blue from 0 to 1."""
    rule = style[style.index(":root {", start) : style.index("}", style.index(":root {", start))]
    hexes = {name: value * (2 if len(value) == 3 else 1) for name, value in re.findall(r"--(\w+): #(\w+)", rule)}
    return {name: tuple(int(value[at : at + 2], 16) / 255 for at in (0, 2, 4)) for name, value in hexes.items()}


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: tuple[float, ...]) -> float:
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mark", [":root {", "prefers-color-scheme: dark", "@media print"])
def test_colours_can_be_read_by_everybody(mark: str) -> None:
    """Pale words could not be read in the sun, at night, or with weak eyes (WCAG 2.2, 1.4.3 AA: 4.5 to 1)."""
    style = Page(rendered()).style
    found = colours(style, style.index(mark))
    assert found.keys() >= {"ink", "soft", "wash", "paper", "link"}
    assert all(
        contrast(found[words], found[ground]) >= 4.5 for words in ("ink", "soft", "link") for ground in ("paper", "wash")
    )
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


def test_marks_stand_under_upright_names() -> None:
    """A question would be squeezed into a column of two words, and the last people run off the paper."""
    marks = Table(("Question", "Ana", "Bo", "Cy"), (("How did you begin?", "●", "○", ""), ("Why?", "●", "", "–")))
    assert '<table class="matrix">' in body(marks)
    assert '<th scope="col"><span>Ana</span></th>' in body(marks)
    for other in (Table(("a", "b", "c"), (("x", "●", "●"),)), Table(("a", "b", "c", "d"), (("x", "●", "yes", "●"),))):
        assert "matrix" not in body(other)


def test_headings_have_no_gap() -> None:
    """The outline would jump a level where a section has no title."""
    block: Block = Paragraph("x")
    for key, title in (("d", "D"), ("c", ""), ("b", "B"), ("a", "")):
        block = Section(key=key, title=title, blocks=(block,))
    assert [tag for tag in Page(rendered(block)).tags if tag[0] == "h" and tag[1:].isdigit()] == ["h1", "h2", "h3"]


def test_notes_are_rendered_by_whom_one_gives() -> None:
    """A renderer of Markdown would not be asked, or would not know which headings its notes stand below."""
    inner = Section(key="inner", title="Inner", blocks=(Markdown("*two*"),))
    made = Document(name="x", title="T", sections=(Section(key="outer", title="Outer", blocks=(Markdown("*one*"), inner)),))
    page = HtmlRenderer(markdown=lambda source, level: f"<h{level}>{source}</h{level}>").render(made).decode()
    assert "<h3>*one*</h3>" in page
    assert "<h4>*two*</h4>" in page
    assert 'class="notes"' not in page


def test_letters_begin_with_their_head() -> None:
    """A draft would not say whom it goes to."""
    source = rendered(to="Ana <ana@oak.example>", subject="Thanks")
    assert "<div><dt>To</dt><dd>Ana &lt;ana@oak.example&gt;</dd></div>\n<div><dt>Subject</dt><dd>Thanks</dd></div>" in source


PLACES: dict[str, Callable[[str], Block]] = {
    "paragraph": Paragraph,
    "strong": lambda text: Paragraph((Strong(text),)),
    "link": lambda text: Paragraph(Link(text, "https://oak.example")),
    "unsafe link": lambda text: Paragraph(Link(text, f"x{text}")),
    "bullets": lambda text: Bullets((text,)),
    "numbers": lambda text: Bullets((text,), numbered=True),
    "checklist": lambda text: Checklist(((True, text),)),
    "header": lambda text: Table((text,), ()),
    "cell": lambda text: Table(("",), ((text,),)),
    "caption": lambda text: Table(("",), (), caption=text),
    "label": lambda text: Fields(((text, ""),)),
    "value": lambda text: Fields((("", text),)),
    "quote": Quote,
    "by": lambda text: Quote("", by=text),
    "figure title": lambda text: Figure("", text, ""),
    "figure description": lambda text: Figure("", "", text),
    "picture title": lambda text: Figure("<svg/>", text, ""),
    "picture description": lambda text: Figure("<svg/>", "", text),
    "markdown": Markdown,
    "section": lambda text: Section(key="a", title=text, blocks=()),
}


@pytest.mark.parametrize("place", PLACES)
@given(text=any_text)
def test_any_text_in_any_place_is_text(place: str, text: str) -> None:
    """Some text would become an element or an attribute, or lose letters."""
    page = Page(rendered(PLACES[place](text), Paragraph("nextdoor")))
    assert squeezed(text) in squeezed(page.text)
    assert squeezed(page.text).endswith("nextdoor")


@given(any_text.filter(squeezed), any_text, any_text)
def test_any_text_in_the_head_is_text(title: str, subject: str, to: str) -> None:
    """A person's name could change the page."""
    page = Page(rendered(title=title, subject=subject, to=to))
    assert squeezed(page.text).count(squeezed(title)) >= 2, "once in the tab, once on the page"
    assert squeezed(subject) in squeezed(page.text)
    assert squeezed(to) in squeezed(page.text)


@given(any_text, any_text)
def test_any_attribute_keeps_to_itself(text: str, url: str) -> None:
    """Some text would end the attribute it stands in and begin another, or an address lead somewhere harmful."""
    link, other = Link("a", f"https://oak.example/{url}"), Link("b", url)
    figure = Figure('<svg><rect fill="red"/></svg>', text, text)
    page = Page(rendered(Table(("a",), (), caption=text), figure, Paragraph((link, other))))
    assert page.values("a", "href")[0].startswith("https://oak.example/")
    assert all(target.isascii() and " " not in target for target in page.values("a", "href"))
