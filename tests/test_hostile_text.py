"""Hostile text in every field that can be shown, in every document, format and calendar, read back by parsers that are not ours.

A text shows *as itself*: read back, each file is the one an innocent twin gives (the same campaign with a plain word for each
text), with the text in the place of the word and nothing else changed: no element, attribute, property, line more or less.

The text is the one the model keeps (`kept`): every line end is LF, other control characters but the tab and U+FFFE, U+FFFF are
gone, halves of characters are U+FFFD; in fields of one line, runs of white space are one space. Of that, files leave out only
marks that turn the direction of what stands around the text (`is_straight`), and only where they do not pair up within a line.
White space is compared as readers show it: a run of it is one space. The explorer's own notes are markup to Markdown; there they
have to stay in their quote.
"""

import inspect
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias, get_type_hints
from urllib.parse import unquote
from uuid import UUID

import pytest
from attrs import evolve, fields as attrs_fields, has
from hypothesis import given, settings, strategies as st
from rich.console import Console
from rich.text import Text

from infoint import (
    Answer,
    Belief,
    Campaign,
    Contact,
    Decision,
    Engine,
    Exploration,
    ExternalId,
    FollowUp,
    FollowUpKind,
    Insight,
    Interview,
    MeetingFormat,
    Outcome,
    Party,
    Profile,
    Promise,
    Question,
    Referral,
    Topic,
    TouchKind,
    Workspace,
    notes,
)
from infoint.calendar import CalendarHead, CalendarOptions, FollowUpsAs
from infoint.errors import InvalidValue
from infoint.model import AgendaItem, Domain, Peaks, Purpose, QuestionCategory, ReferralKind, Strength, Valence, fields
from infoint.notes import Block, Document, Markdown, Paragraph, Section

HOSTILE = {
    # HTML
    "script": '<script>alert(1)</script> <svg/onload=alert(1)><style>@import"//oak.example"</style>',
    "attribute": "\" onmouseover=\"alert(1)\" x='y' autofocus onfocus=alert`1`><img src=x onerror=alert(1)>",
    "end of what it stands in": "</title></style></p></td></main></body><h1>Gone</h1> --> ]]> ?>",
    "unfinished tags": "<b <!-- <![CDATA[ <?php <!DOCTYPE x <a href='",
    "tags in lines": "<div>\n\n<pre>\n</pre>\n<br>\n<!-- shown? -->",
    "entities": "&lt;b&gt; &#x41; &#65; &amp;amp; &copy &notin; &NewLine; &#0; R&D",
    # Markdown
    "heading": "# Heading #",
    "headings in lines": "## one\n## two ##\nthree\n===\nfour\n---\n####### seven",
    "only marks": "#",
    "list": "- a\n+ b\n* c\n1. d\n2) e\n-\n    - f",
    "rules and front matter": "---\ntitle: forged\n---\n***\n___\n- - -\n===",
    "table": "a | b\n--- | ---\nc | d\n|:-:|\n\\| \\\\|",
    "code": "    four spaces\n\ttab\n```python\nfence\n~~~\n`one` ``two``",
    "open fence": "```",
    "quote": "> quoted\n>> twice\n>",
    "links": "[a](https://oak.example) ![b](https://oak.example/c.png) [d][e] [e]",
    "definition": "[note]: https://oak.example 'title'\n[^1]: note\n[note] [^1]",
    "autolinks": "<https://oak.example> <ana@oak.example> https://oak.example/_a_ www.oak.example http://a.example/<b>",
    "emphasis": "*a* **b** ***c*** _d_ __e__ snake_case _f* *g_ a**b**c ~~gone~~ ~one~ ~20",
    "task boxes": "[ ] open\n[x] done\n- [ ] listed",
    "backslashes": "\\ \\\\ \\* \\[ \\` \\<b> C:\\New \\",
    # addresses
    "address": "https://oak.example/?a=1&b=2#<script>",
    "address with brackets": 'https://oak.example/)](x "y") <z> [w',
    "javascript": "javascript://%0aalert(1)",
    "data": "data:text/html;base64,PHNjcmlwdD4= JaVaScRiPt:alert(1) vbscript:x file:///etc/passwd java\tscript://x\x01",
    # calendars
    "calendar lines": "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged\r\nATTENDEE:mailto:eve@elm.example\r\n END:VCALENDAR",
    "other line ends": "a\nBEGIN:VALARM\rEND:VALARM\x85X-A:1\u2028X-B:2\u2029X-C:3\x0bX-D:4\x0cX-E:5",
    "calendar escapes": "\\n \\N \\; \\, \\\\n \\\\N C:\\new\\N ; , : = ^n ^' ^^ \"quoted\" 'single'",
    "parameters": ';TZID="x":y;VALUE=DATE:z',
    "folding": "x" * 73 + "é" * 31 + "日" * 30 + "🌳" * 40 + "e\u0301" * 20,
    # direction
    "right to left": "مرحبا، 12 (آنا) שלום, \u200fx\u200e!",
    "override": "Ana \u202egpj.exe\u202c \u202dx",
    "unclosed": "Ana \u202b\u2067\u202a\u2066 Ruiz",
    "closed too often": "Ana \u202c\u2069 Ruiz \u2069\u202cx",
    "crossed": "a \u202bb \u2067c \u202cd \u2069e",
    "closed": "a \u202bשלום \u2067b\u2069\u202c c \u2068d\u2069",
    "closed far away": f"\u2067{'a word ' * 15}\u2069b",
    "closed in another line": "a \u2067b\nc\u2069 d",
    # letters and what is none
    "joined": "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 🇪🇸 1\ufe0f\u20e3 Z\u0351\u036b\u0343a\u0322 g\u0336o \u1112\u1161\u11ab \u0301alone",
    "invisible": "\u200b\u200d\u2060 a\u200bb\u2060c\ufeffd\u00ade\u034ff\u180eg\u061ch \u2061i\u3164j\U000e0041k",
    "no text at all": "a\x00b\ufffec\uffffd\x7fe\x80f\x9fg \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08",
    "halves of characters": "a\ud800b \udc00 \ud83d\ude00 \udfff \U00020000 \U0010ffff \ue000 \ufdd0 \U0001fffe",
    "white space": "  \t a \u00a0 b\u3000\u2009c \u1680 d\t ",
    "blank lines": "\n\n a \n\n\n b \n \n",
    "signs": "a!(b) —“c”— ‘d’ «e» … ？ ：",
    "question": "Why?",
    "colon": "Note:",
    "a long word": "longword" * 28,
    "a long word without letters": "*_" * 100,
    # other readers
    "templates": "$x$ $$y$$ \\(z\\) {{ a }} {% b %} ${jndi:ldap://oak.example} {0} {name} {} %s %(a)s %n #{c} $(d) `e`",
    "paths": "../../etc/passwd C:\\..\\x \\\\oak\\x /dev/null con NUL.txt ~ .hidden a/b",
    "Mermaid": 'a"]; click n1 "javascript:alert(1)"; %%{init: {"securityLevel": "loose"}}%% end subgraph x --> y["z"]',
    "DOT": 'a"]; n1 [URL="javascript:alert(1)", label=<<b>x</b>>]; } digraph { // \\N \\G /* c */ {x|y}',
    "typst": '#eval("1+1") #read("/etc/passwd") #import "@preview/cetz:0.3.1" *b* $x$ `r` <l> @r // c',
    "rich": "[red]a[/red] [link=javascript:alert(1)]b[/link] [bold [/] :smile: \\[x]",
    "mail headers": "a\r\nBcc: eve@elm.example\r\nContent-Type: text/html\r\n\r\n<b>b</b>\r\n.\r\n=?utf-8?q?=0D=0ABcc:_eve?=",
    "word fields": 'MERGEFIELD "x" \\* MERGEFORMAT { IF 1 = 1 "a" } </w:t></w:r><w:instrText>',
    "spreadsheet": '=HYPERLINK("https://oak.example") +1 -1 @SUM(A1) a |',
    "fields and headings": "When: now\nTo: eve@elm.example\nSubject: forged\n\nForged\n======\n\nForged too\n----------",
}  # fmt: skip
"""Texts that some format or reader takes for more than letters."""


# ── what the model keeps, in other words than it says it ─────────────────────────────────────────
def kept(text: str) -> str:
    """In a field of several lines."""
    text = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    return "".join("\ufffd" if unicodedata.category(mark) == "Cs" else mark for mark in text if not is_no_text(mark))


def is_no_text(mark: str) -> bool:
    return mark in "\ufffe\uffff" or (unicodedata.category(mark) == "Cc" and mark not in "\t\n")


def kept_line(text: str) -> str:
    """In a field of one line."""
    return " ".join(kept(text).split())


MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""They turn the direction of what follows (UAX 9)."""


def is_straight(text: str) -> bool:
    """Whether in each line every mark is ended where it began, and none forces a direction on letters."""
    for line in text.split("\n"):
        rest, before = "".join(MARKS.findall(line)), ""
        while rest != before:
            before, rest = rest, re.sub("[\u202a\u202b]\u202c|[\u2066-\u2068]\u2069", "", rest)
        if rest:
            return False
    return True


# ── a campaign with a text in every field ────────────────────────────────────────────────────────
LONG = "I teach, and want to know what else there is. " * 10
"""Letters leave a long introduction out, whatever it begins with."""
MONDAY = datetime(2026, 11, 2, 15, tzinfo=UTC)


class Words(NamedTuple):
    """What stands in the fields of a campaign."""

    line: str
    text: str
    place: str


def campaign_of(words: Words) -> Workspace:
    """A workspace with the words in all fields that take any: names, questions, notes, reasons … in a talk that was held, one to
    come and one called off. Clock and ids are the same in every run.
    """
    line, text = words.line, words.text
    clock, ids = iter(range(10_000)), iter(range(1, 10_000))
    engine = Engine(
        "memory:",
        clock=lambda: MONDAY + timedelta(days=20, seconds=next(clock)),
        new_id=lambda _: UUID(int=next(ids)),
    )
    ws = engine.workspace("hostile", zone="America/Chicago")
    ws.set_profile(
        Profile(
            name=line,
            email="kim@oak.example",
            zone="America/Chicago",
            introduction=f"{text}\n{LONG}",
            strengths=(Strength(line, Peaks(1)),),
        )
    )
    ana = ws.contacts.add(
        Contact(
            name=line, organization=line, title=line, emails=("ana@oak.example",), phones=(line,), addresses=(line,), location=line,
            links=(f"https://oak.example/{kept_line(line)}",), interests=(line,), tags=frozenset({line}), notes=text, zone="Europe/Madrid",
            external_ids=(ExternalId(line, line),),
        )
    )  # fmt: skip
    bo = ws.contacts.add(Contact(name=line, organization=line, phones=(line,), referred_by=ana.id, notes=text))
    ws.contacts.log_touch(ana, TouchKind.MESSAGE, note=text, at=MONDAY)
    study = ws.explorations.add(Exploration(subject=line, beliefs=(Belief(line, line), Belief(f"{line} again", line))))
    study = ws.explorations.lean(study, 1, note=text, at=MONDAY)
    question = Question(
        id="my:hostile", text=line, probes=(line, line), category=QuestionCategory.PATH, topic=Topic.DEMAND, domain=Domain.FIELD
    )
    agenda = [AgendaItem(question, line), AgendaItem(question)]

    def planned(*people: Contact) -> Interview:
        return ws.interviews.plan(*people, exploration=study, agenda=agenda, notes=text)

    def day(number: int) -> datetime:
        return MONDAY + timedelta(days=number)

    held = ws.interviews.request(planned(ana), at=day(0))
    held = ws.interviews.schedule(held, day(5), format=MeetingFormat.IN_PERSON, place=words.place, at=day(1))
    held = ws.interviews.hold(held, at=day(6))
    held = ws.interviews.debrief(
        held,
        insights=[
            Insight(text, Topic.REWARDS, Valence.POSITIVE, supports=line),
            Insight(text, Topic.CHALLENGES, Valence.NEGATIVE, rebuts=f"{line} again", said_by=ana.id),
            Insight(text, Topic.DEMAND),
        ],
        referrals=[Referral(line, how_to_reach=line), Referral(line, ReferralKind.INTRODUCTION, given_by=ana.id), line],
        answers=[Answer("my:hostile", text), Answer("my:other", text)],
        promises=[Promise(line), Promise(line, Party.THEM), Promise(line, due=date(2026, 12, 1))],
        my_talk_share=30,
        my_introduction=4,
        surprises=text,
        at=day(6),
    )
    coming = ws.interviews.request(planned(bo, ana), at=day(15))
    ws.interviews.schedule(coming, day(30), format=MeetingFormat.VIDEO, place=words.place, at=day(16))
    off = ws.interviews.request(planned(bo), at=day(0))
    off = ws.interviews.schedule(off, day(40), format=MeetingFormat.PHONE, place=words.place, at=day(1))
    ws.interviews.cancel(off, by=Party.THEM, reason=line, at=day(2))
    planned(bo)  # still to be asked
    ws.interviews.plan(ana, exploration=study, purpose=Purpose.EMPLOYMENT)
    ws.explorations.decide(study, Decision(outcome=Outcome.PURSUE, at=day(19), evidence=(held.id,), because=text))
    other = ws.explorations.add(Exploration(subject=line))
    ws.explorations.decide(other, Decision(outcome=Outcome.RULE_OUT, at=day(19), evidence=(held.id,), because=text))
    own = FollowUp(
        kind=FollowUpKind.SHARE_ARTICLE, due=date(2026, 11, 20), contact_id=ana.id, summary=line, draft=kept_line(line)
    )
    ws.follow_ups.add(own)
    ws.follow_ups.waive(ws.follow_ups.add(own), line)
    return ws


OF_A_FORM = {
    "Campaign.remedy",
    "Profile.language",
    "Question.language",
    "Question.id",
    "Answer.question_id",
    "Profile.email",
    "Contact.emails",
}
"""Tags, ids and addresses, which hold no text of a person's."""


def texts_in(value: object) -> Iterator[tuple[str, str]]:
    """Every text field of a value and of all in it, by class and name, and what it says."""
    if isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from texts_in(item)
    elif has(type(value)):
        for field in attrs_fields(type(value)):
            told = getattr(value, field.name)
            for item in told if isinstance(told, tuple | frozenset) else (told,):
                if type(item) is str:
                    yield f"{type(value).__name__}.{field.name}", item
                else:
                    yield from texts_in(item)


def test_every_text_field_is_covered() -> None:
    """A text field that comes tomorrow would not be tested."""
    told = list(texts_in(twin_of("x").campaign()))
    filled = {field for field, text in told if re.search("qline|qtext|qplace", text)}
    assert {field for field, _ in told} - filled == OF_A_FORM


@cache
def twin(place: str, ending: str) -> Workspace:
    """The same campaign with plain words."""
    return campaign_of(Words(f"qline qrest{ending}", f"qtext{ending}", place))


def twin_of(text: str) -> Workspace:
    """The innocent twin. Its place is an address where the text is one."""
    place = kept_line(text)
    return twin("https://qplace" if is_link(place) else "https://qplace qmore" if is_address(place) else "qplace", ending(text))


def ending(text: str) -> str:
    """What closes a sentence: some labels get a colon, some lines a full stop, unless there is one."""
    last = kept(text).rstrip()[-1]
    return last if last in ":?!.…" else ""


def is_address(place: str) -> bool:
    """Whether notes may lead there."""
    return bool(re.match(r"https?://\S|(mailto|tel):\S.*://", place, re.IGNORECASE))


def is_link(place: str) -> bool:
    """Whether a calendar may have it as URL."""
    return bool(re.match("https?://(?!$)", place, re.IGNORECASE)) and place.isprintable() and not re.search(" |//$", place)


def filling(text: str) -> Callable[[str], str]:
    """What the twin shows, with the text in the place of its words."""
    end, line, several = re.escape(ending(text)), kept_line(text), kept(text)
    instead = (line, line.split()[0], several, line)
    word = re.compile(f"([Qq]line qrest{end})|([Qq]line)|([Qq]text{end})|(https://qplace qmore|https://qplace|qplace)")

    def put_in(found: re.Match[str]) -> str:
        told = instead[(found.lastindex or 0) - 1]
        return told[:1].upper() + told[1:] if found[0][0] == "Q" else told  # a heading begins with a capital

    def filled(shown: str) -> str:
        told = word.sub(put_in, shown)
        return unquote(told) if shown.startswith("href=") else told

    return filled


def tidy(shown: str) -> str:
    """A text without what files may change of it: white space, and marks of direction."""
    return " ".join(MARKS.sub("", shown).split())


# ── the documents there are ──────────────────────────────────────────────────────────────────────
Builder: TypeAlias = Callable[[Any, Campaign], Document]


def builders() -> dict[str, Builder]:
    """Every public function of `infoint.notes` that gives a document: one that comes tomorrow is tested tomorrow."""
    functions = {name: getattr(notes, name) for name in dir(notes) if inspect.isfunction(getattr(notes, name))}
    hints = {name: get_type_hints(made) for name, made in functions.items()}
    return {name: functions[name] for name, hint in hints.items() if hint["return"] is Document and Campaign in hint.values()}


BUILDERS = builders()


def subjects(builder: Builder, campaign: Campaign) -> tuple[Any, ...]:
    """What the builder can be about; of follow-ups one of each kind."""
    kind = next(iter(get_type_hints(builder).values()))
    if kind is date:
        return (date(2026, 11, 20),)
    in_order = sorted(campaign.follow_ups, key=lambda one: (one.kind, one.due, str(one.interview_id), str(one.contact_id)))
    one_of_each = {one.kind: one for one in in_order}
    return {
        Interview: campaign.interviews,
        Contact: campaign.contacts,
        Exploration: campaign.explorations,
        FollowUp: tuple(one_of_each.values()),
    }[kind]


def documents(ws: Workspace) -> list[Document]:
    """All there are: of each builder, about all it is made for."""
    campaign, found = ws.campaign(), []
    for builder in BUILDERS.values():
        for subject in subjects(builder, campaign):
            with suppress(InvalidValue):  # not every follow-up asks for a letter
                found.append(builder(subject, campaign))
    return found


def test_every_document_is_covered() -> None:
    """A document would not be tested at all, because it is not found or nothing is there that it could be about."""
    assert {"prep_sheet", "due_list"} <= set(BUILDERS)
    assert len({document.name for document in documents(twin_of("x"))}) == len(BUILDERS)


def as_words(block: Block) -> Block:
    """The explorer's own Markdown as a text like others."""
    match block:
        case Section(blocks=blocks):
            return evolve(block, blocks=tuple(map(as_words, blocks)))
        case Markdown(source):
            return Paragraph(source)
    return block


# ── readers: each gives a flat list of what a file holds ─────────────────────────────────────────
Piece: TypeAlias = tuple[str, ...]
"""("text", what it says), or what it is with all that belongs to it."""


def reader(name: str) -> Any:
    return pytest.importorskip(name)


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Texts side by side are one text, and an empty one is none."""
    found: list[Piece] = []
    for is_text, group in groupby(pieces, key=lambda piece: piece[0] == "text"):
        if not is_text:
            found += group
        else:
            text = "".join(told for _, told in group)
            assert is_straight(text)
            found += [("text", tidy(text))] if tidy(text) else []
    return found


ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "h4", "h5", "h6", "p", "strong", "a",
    "ul", "ol", "li", "label", "input", "span", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd",
    "blockquote", "footer", "figure", "figcaption", "br",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "dir", "charset", "http-equiv", "content", "name", "id", "href", "class", "type", "checked", "tabindex", "role", "scope",
    "aria-label", "aria-hidden",
}  # fmt: skip


@cache
def style_sheet() -> bytes:
    empty = notes.render(Document(name="empty", title="Empty", sections=()), "html").content
    return empty[empty.index(b"<style>") + len(b"<style>") : empty.index(b"</style>")]


def read_html(content: bytes) -> list[Piece]:
    """As browsers read it, by the algorithm of the HTML standard. Nothing on it could run, or fetch anything."""
    parser = reader("html5lib").HTMLParser(namespaceHTMLElements=False)
    assert style_sheet() in content
    root = parser.parse(content.replace(style_sheet(), b""))  # it takes longer to read than the page
    assert {code for _, code, _ in parser.errors} <= {"invalid-codepoint"}, parser.errors  # U+FDD0 and the like are text still
    for picture in root.iter(f"{SVG}svg"):
        only_draws(picture)
        picture.clear()  # how much of a name fits, and where it stands, hangs on how long it is
    for element in root.iter():
        if element.tag == f"{SVG}svg":
            continue
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert re.match("https?://|mailto:|tel:", element.get("href", "tel:"), re.IGNORECASE)
    return merged(pieces_of(root))


SVG = "{http://www.w3.org/2000/svg}"
DRAWS = {f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "g", "rect", "circle", "line", "path", "text")}


def only_draws(picture: Any) -> None:
    """A picture holds shapes and text, nothing that runs, loads or leads anywhere."""
    for element in picture.iter():
        assert element.tag in DRAWS
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
        assert not any("url(" in value for value in element.attrib.values())
        assert element.tag != f"{SVG}style" or not re.search(r"url|@import|@font|//", element.text or "")


def pieces_of(element: Any) -> Iterator[Piece]:
    if element.tag == "br":
        yield "text", "\n"
    elif element.tag != "style":
        attributes = sorted(element.items())
        yield element.tag, *(f"{name}={tidy(unquote(value) if name == 'href' else value)}" for name, value in attributes)
        yield "text", element.text or ""
        for child in element:
            yield from pieces_of(child)
            yield "text", child.tail or ""
        yield (f"/{element.tag}",)


@cache
def markdown_parser(dialect: str) -> Any:
    return reader("markdown_it").MarkdownIt(dialect)


def read_markdown(content: bytes) -> list[Piece]:
    """CommonMark with tables and strikethrough; raw HTML is let in."""
    return merged(pieces_of_tokens(markdown_parser("commonmark").enable(["table", "strikethrough"]).parse(content.decode())))


def read_markdown_without_html(content: bytes) -> list[Piece]:
    """The dialect of many web applications. Texts are left out: line breaks in tables, which are HTML, would be among them."""
    tokens = markdown_parser("js-default").parse(content.decode())
    return [piece for piece in merged(pieces_of_tokens(tokens)) if piece[0] != "text"]


def pieces_of_tokens(tokens: list[Any]) -> Iterator[Piece]:
    for token in tokens:
        if token.type == "inline":
            yield from pieces_of_tokens(token.children)
        elif token.type == "text":
            yield "text", token.content
        elif token.type in {"hardbreak", "softbreak"} or (token.type, token.content) == ("html_inline", "<br>"):
            yield "text", "\n"
        else:
            tight = "tight" if token.hidden else ""
            yield token.type, token.tag, tight, token.content, f"href={tidy(unquote(str(token.attrGet('href'))))}"


def read_github_markdown(content: bytes) -> list[Piece]:
    """GitHub's own parser: bare addresses are live, footnotes and raw HTML are let in. It makes links of mail addresses, whatever
    is done to prevent it; they show as they are, and so are words here.
    """
    options = reader("cmarkgfm.cmark").Options
    page = reader("cmarkgfm").github_flavored_markdown_to_html(
        content.decode(), options=options.CMARK_OPT_UNSAFE | options.CMARK_OPT_FOOTNOTES
    )
    page = re.sub('<a href="((?:mailto|xmpp):)([^"]*)">((?:\\1)?\\2)</a>', r"\3", page)
    return merged(pieces_of(reader("html5lib").parse(page, namespaceHTMLElements=False)))


def read_json(content: bytes) -> list[Piece]:
    """The tree, by Python's own reader, which takes escapes for what they mean; and no sign in it that a page would take for a tag."""
    assert b"<" not in content
    return list(pieces_of_tree(json.loads(content)))


def pieces_of_tree(tree: object) -> Iterator[Piece]:
    match tree:
        case {"type": "link", "text": str(text), "url": str(url)} if text == url and not is_address(url):
            yield from pieces_of_tree(text)  # nobody is led there
        case {"type": "figure", "svg": str(svg), **others}:
            only_draws(reader("html5lib").parse(svg, namespaceHTMLElements=False).find(f"body/{SVG}svg"))
            yield from pieces_of_tree(others)
        case dict():
            for name, inner in tree.items():
                # A file's name has only letters of what it is called after.
                yield from [] if name == "filename" else [("key", name), *pieces_of_tree(inner)]
        case list():
            yield ("list",)
            for inner in tree:
                yield from pieces_of_tree(inner)
            yield ("/list",)
        case str():
            assert is_straight(tree)
            assert not any(is_no_text(mark) for mark in tree)
            yield "text", tidy(tree)
        case _:
            yield "value", repr(tree)


READERS: dict[str, tuple[str, Callable[[bytes], list[Piece]]]] = {
    "html5lib": ("html", read_html),
    "markdown-it": ("markdown", read_markdown),
    "markdown-it without HTML": ("markdown", read_markdown_without_html),
    "cmark-gfm": ("markdown", read_github_markdown),
    "JSON": ("json", read_json),
}


def read_by_icalendar(content: bytes) -> list[Piece]:
    """The library whose value types the writer uses."""
    calendar = reader("icalendar").Calendar.from_ical(content)
    assert not calendar.errors
    return [
        told(part.name, name, value.params, text_of(value))
        for part in calendar.walk()
        for name, value in part.property_items(recursive=False)
        if name not in {"BEGIN", "END"}
    ]


def text_of(value: Any) -> str:
    if not isinstance(value, str):
        written = value.to_ical()
        return written.decode() if isinstance(written, bytes) else str(written)
    return "" if type(value).__name__ == "vUnknown" else str(value)  # NAME: some releases decode it, some do not; vobject does


def read_by_vobject(content: bytes) -> list[Piece]:
    """Radicale's reader."""
    calendar = reader("vobject").readOne(content.decode())
    entries = list(calendar.components())
    return [
        told(part.name, line.name, line.params, str(line.value))
        for part in (calendar, *entries, *(inner for entry in entries for inner in entry.components()))
        for line in part.lines()
    ]


def told(part: str, name: str, parameters: Mapping[str, object], value: str) -> Piece:
    """A property. The ids of what is planned are left out, since they derive from the names it is about."""
    if name in {"UID", "RELATED-TO"}:
        value = ""
    return part, name, str(sorted(parameters.items())), f"href={unquote(value)}" if name in {"URL", "CONFERENCE"} else value


def read_by_ical(content: bytes) -> list[Piece]:
    """Home Assistant's reader, a strict one. What it does not know it calls extra; there is none."""
    calendar = reader("ical.calendar_stream").IcsCalendarStream.calendar_from_ics(content.decode())
    pieces: list[Piece] = []
    for entry in (*calendar.events, *calendar.todos):
        assert not entry.extras
        alarms = [str(alarm.description) for alarm in getattr(entry, "alarm", ())]
        texts = [text or "" for text in (entry.summary, entry.description, entry.location, *entry.contacts)]
        pieces.append((type(entry).__name__, f"href={unquote(str(entry.url))}", *texts, *alarms))
    return pieces


CALENDAR_READERS = {"icalendar": read_by_icalendar, "vobject": read_by_vobject, "ical": read_by_ical}


# ── the laws ─────────────────────────────────────────────────────────────────────────────────────
class Case:
    """A campaign with a hostile text in every field, and its twin."""

    def __init__(self, text: str) -> None:
        self.text, self.filled, self.twin = text, filling(text), twin_of(text)
        self.workspace = campaign_of(Words(text, text, text))
        self.documents = documents(self.workspace)
        self._pages: dict[str, list[bytes]] = {}

    @cached_property
    def calendar(self) -> bytes:
        return calendar(self.workspace, kept_line(self.text), kept(self.text))

    def pages(self, format: str) -> list[bytes]:
        if format not in self._pages:
            self._pages[format] = pages(self.documents, format)
        return self._pages[format]

    def expected(self, twins: list[Piece]) -> list[Piece]:
        return [tuple(tidy(self.filled(part)) for part in piece) for piece in twins]


def pages(documents: Iterable[Document], format: str) -> list[bytes]:
    """The explorer's own notes are Markdown to Markdown alone, in which they are words like others here."""
    if format == "markdown":
        documents = (evolve(document, sections=tuple(map(as_words, document.sections))) for document in documents)
    return [notes.render(document, format).content for document in documents]


@cache
def innocent_pages(twin: Workspace, name: str) -> list[list[Piece]]:
    format, read = READERS[name]
    return [read(page) for page in pages(documents(twin), format)]


def shows_in_documents(case: Case, name: str) -> None:
    format, read = READERS[name]
    for page, twins in zip(case.pages(format), innocent_pages(case.twin, name), strict=True):
        assert read(page) == case.expected(twins)


def shows_in_plain_text(case: Case) -> None:
    """All that Markdown says, nothing a terminal would obey, no line that turns the direction of another."""
    for content, twins in zip(case.pages("text"), innocent_pages(case.twin, "markdown-it"), strict=True):
        page = content.decode()
        assert not any(is_no_text(mark) or mark == "\t" for mark in page)
        assert is_straight(page)
        shown = squeezed(page) + squeezed(re.sub("^> ?", "", page, flags=re.MULTILINE))
        above = ""
        for what, *texts in case.expected(twins):
            if what == "text":
                # Cells stand side by side, so the lines of one do not follow one another.
                parts = texts[0].split() if above in {"td_open", "th_open"} else texts
                assert all(squeezed(part) in shown for part in parts)
            above = what


def squeezed(text: str) -> str:
    return "".join(MARKS.sub("", text).split())


def calendar(ws: Workspace, name: str, description: str) -> bytes:
    options = CalendarOptions(include_notes=True, follow_ups=FollowUpsAs.BOTH)
    return ws.calendar(options).to_bytes(head=CalendarHead(name=name, description=description))


@cache
def innocent_calendar(twin: Workspace, end: str, name: str) -> list[Piece]:
    return CALENDAR_READERS[name](calendar(twin, f"qline qrest{end}", f"qtext{end}"))


def shows_in_calendar(case: Case, name: str) -> None:
    found = CALENDAR_READERS[name](case.calendar)
    assert all(is_straight(part) for piece in found for part in piece)
    expected = [
        tuple(MARKS.sub("", case.filled(part)) for part in piece)
        for piece in innocent_calendar(case.twin, ending(case.text), name)
    ]
    assert sorted(tuple(MARKS.sub("", part) for part in piece) for piece in found) == sorted(expected)


# Some of each kind in every run, all of them where all suites run.
EACH = [name if place % 3 == 0 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(HOSTILE)]


@pytest.fixture(scope="module", params=EACH)
def case(request: pytest.FixtureRequest) -> Case:
    return Case(HOSTILE[request.param])


@pytest.mark.parametrize("name", READERS)
def test_hostile_text_shows_as_itself_in_documents(case: Case, name: str) -> None:
    """A person's words would become markup, a live address, a picture or a script, or lose letters."""
    shows_in_documents(case, name)


def test_hostile_text_comes_back_from_json(case: Case) -> None:
    """A document that was kept as JSON would be another one when it is read."""
    for document, page in zip(case.documents, case.pages("json"), strict=True):
        assert notes.load_document(page) == document


def test_hostile_text_shows_as_itself_in_plain_text(case: Case) -> None:
    """A person's words would drive the terminal, turn round what stands beside them, or lose letters."""
    shows_in_plain_text(case)


def test_rich_prints_plain_text_as_it_is(case: Case) -> None:
    """What the page on hostile text tells apps with a terminal to do would lose a person's brackets, or colour or link them."""
    for content in case.pages("text"):
        page = content.decode()
        terminal = Console(file=StringIO(), force_terminal=True, color_system="truecolor", width=80)
        terminal.print(Text(page), end="", soft_wrap=True)
        assert terminal.file.getvalue() == page  # type: ignore[attr-defined]  # the one given above


@pytest.mark.parametrize("name", CALENDAR_READERS)
def test_hostile_text_shows_as_itself_in_calendars(case: Case, name: str) -> None:
    """A person's words would forge a property, an alarm or an event, or lose letters."""
    shows_in_calendar(case, name)


def test_hostile_names_give_safe_file_names(case: Case) -> None:
    """A file would land in another folder, under a name some system refuses, or hide."""
    for document in case.documents:
        assert re.fullmatch(r"[a-z]+(-([a-z0-9]|[^\x00-\x7f])+)+", document.filename)
        assert {unicodedata.category(mark)[0] for mark in document.filename.replace("-", "")} <= set("LMN")
        assert len(document.filename.encode()) <= 120


pieces = st.sampled_from(
    [*(text[:200] for text in HOSTILE.values()), *"#*_`~[]()<>&\\|-+=.:!\n\t ", "a", "1", "é", "\u202e", "\u2067"]
)
any_text = st.lists(pieces | st.text(st.characters(), max_size=6), max_size=6).map(lambda parts: "".join(parts)[:200])


@given(text=any_text.filter(lambda text: tidy(kept(text))))
@settings(max_examples=6)
def test_any_text_shows_as_itself(text: str) -> None:
    """Some text nobody thought of would become more than letters."""
    case = Case(text)
    for name in READERS:
        shows_in_documents(case, name)
    shows_in_plain_text(case)
    for name in CALENDAR_READERS:
        shows_in_calendar(case, name)


# ── the explorer's own notes, which are markup to Markdown ───────────────────────────────────────
@pytest.mark.parametrize("name", ["markdown-it", "cmark-gfm"])
def test_own_notes_stay_in_their_quote(case: Case, name: str) -> None:
    """Notes that were pasted or imported would change the sheet around them, run a script or fetch a picture."""
    found = sheet_with_notes(case.documents, name)
    assert outside_quotes(found) == case.expected(outside_quotes(innocent_notes(case.twin, name)))
    assert {piece[0].removeprefix("/") for piece in found}.isdisjoint({"html_inline", "html_block", "image", "img", "script"})


def sheet_with_notes(documents: Iterable[Document], name: str) -> list[Piece]:
    return READERS[name][1](notes.render(next(filter(has_notes, documents))).content)


@cache
def innocent_notes(twin: Workspace, name: str) -> list[Piece]:
    return sheet_with_notes(documents(twin), name)


def has_notes(block: Document | Block) -> bool:
    inner = getattr(block, "sections", getattr(block, "blocks", ()))
    return isinstance(block, Markdown) or any(map(has_notes, inner))


def outside_quotes(found: list[Piece]) -> list[Piece]:
    """What is not quoted. GitHub puts footnotes into a section at the end, wherever they were."""
    depth, outside = 0, []
    for piece in found:
        depth -= piece[0] in {"blockquote_close", "/blockquote", "/section"}
        outside += [] if depth or piece[0] in {"section", "/section"} else [piece]
        depth += piece[0] in {"blockquote_open", "blockquote", "section"}
    return outside


# ── length ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("piece", ["<*a [_`~&#1|", "\\", "\n- ", "\u2067"])
def test_the_longest_texts_are_written(piece: str) -> None:
    """A text as long as the model allows would break a format, or lose its end."""
    line, text = (f"{piece * limit}"[: limit - 3] + "end" for limit in (fields.LINE_LIMIT, fields.TEXT_LIMIT))
    person = Contact(id=UUID(int=1), name=line, organization=line, notes=text)
    talk = Interview(id=UUID(int=2), contact_ids=(person.id,), notes=text)
    campaign = Campaign(profile=Profile(zone="UTC", introduction=text)).including(person, talk)
    for format in ("html", "json", "markdown", "text"):
        written = str(notes.render(notes.prep_sheet(talk, campaign), format))
        assert written.count("end") >= 5, format


@pytest.mark.parametrize("field", ["name", "notes"])
def test_longer_texts_are_refused(field: str) -> None:
    """A pasted book would be cut somewhere, unseen."""
    with pytest.raises(InvalidValue, match=f"Contact.{field}"):
        Contact(**{"name": "Ana", field: "x" * 1_000_000})
