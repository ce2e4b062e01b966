"""What writing documents costs, in one run and in turns: a thousand debrief records as Markdown against an f-string that escapes the
same texts, as HTML against Markdown, comparisons of five thousand answers against those of five hundred, and one text of a megabyte
against ten of a tenth. The bars: three times the f-string, twice the Markdown, and per answer or letter no more than a third above.

    python tests/benchmarks/rendering.py

Ends with 1 where a bar is missed.
"""

import gc
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from attrs import evolve

from infoint import (
    Answer,
    Campaign,
    Contact,
    Debrief,
    Exploration,
    Insight,
    Interview,
    Meeting,
    MeetingFormat,
    Peaks,
    Profile,
    Promise,
    Referral,
    Topic,
    Valence,
)
from infoint.model import HistoryEntry, Party, derive_id
from infoint.model.events import Debriefed, Held, Requested, Scheduled
from infoint.model.interview import AgendaItem
from infoint.notes import (
    Block,
    Bullets,
    Checklist,
    Document,
    Fields,
    Figure,
    HtmlRenderer,
    Link,
    Markdown,
    MarkdownRenderer,
    Paragraph,
    Section,
    Strong,
    TextRenderer,
    comparison,
    debrief_record,
)
from infoint.practice import default_policy

RECORDS, ANSWERS, LETTERS = 1_000, 5_000, 1_000_000
TIMES_F_STRING, TIMES_MARKDOWN, GROWTH = 3.0, 2.0, 1.33
ROUNDS = 7
T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUESTIONS = list(default_policy().bank)
UX = Exploration(id=derive_id("ux"), subject="UX research")
SAID = (
    "Half of the week is with people who use the thing, the other half is writing up what they said.",
    "It took her three years & two small firms until anybody read a report; *nobody* tells you that.",
    "He would ask for the budget first (~20 k a year), then for a quiet room <with a door>.",
    "What I did not expect: how much of it is waiting, and how much of it is talking to finance.",
)  # fmt: skip


def person_of(number: int) -> Contact:
    return Contact(
        id=derive_id("person", number), name=f"Ana Ruiz {number}", title="UX lead", organization=f"Oak Labs {number % 40}"
    )


def talk_with(person: Contact, number: int, answers: int) -> Interview:
    """With as many answers, six insights, two referrals and two promises."""
    asked = [QUESTIONS[(number + place) % len(QUESTIONS)] for place in range(answers)]
    learned = Debrief(
        answers=tuple(Answer(question.id, f"{SAID[(number + place) % 4]} {SAID[place % 4]}") for place, question in enumerate(asked)),
        insights=tuple(
            Insight(f"{SAID[place % 4]} {number}", Topic.known[(number + place) % len(Topic.known)], list(Valence)[place % 3], Peaks.SKILLS)
            for place in range(6)
        ),
        referrals=(Referral("Bo Li", how_to_reach="bo@elm.example"), Referral("Cy Dee")),
        promises=(Promise("Send the draft"), Promise("Ask the team", Party.THEM)),
        surprises=SAID[3],
        my_talk_share=30,
        my_introduction=4,
    )  # fmt: skip
    meeting = Meeting(start=T0 + timedelta(hours=number), format=MeetingFormat.VIDEO, place="https://oak.example/room?a=1&b=2")
    told = (Requested(), Scheduled(meeting), Held(), Debriefed(learned))
    return Interview(
        id=derive_id("talk", number),
        contact_ids=(person.id,),
        exploration_id=UX.id,
        agenda=tuple(map(AgendaItem, asked)),
        history=tuple(HistoryEntry(meeting.start, event) for event in told),
        notes="- the *map*\n- a second talk",
    )


def record(number: int) -> Document:
    person = person_of(number)
    talk = talk_with(person, number, 5)
    return debrief_record(talk, Campaign(profile=Profile(zone="Europe/Madrid")).including(UX, person, talk))


def compared(answers: int) -> Document:
    """A comparison of as many answers, fifty of each person, without its picture: that shows ten people one by one and counts a
    hundred, so its cost would hide how that of the tables grows.
    """
    document = pictured(answers)
    return evolve(document, sections=tuple(evolve(one, blocks=_unpictured(one.blocks)) for one in document.sections))


def _unpictured(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not isinstance(block, Figure))


def pictured(answers: int) -> Document:
    """The same as it is."""
    people = [person_of(number) for number in range(answers // 50)]
    talks = [talk_with(person, number * len(QUESTIONS), 50) for number, person in enumerate(people)]  # all the same fifty
    return comparison(UX, Campaign(profile=Profile(zone="Europe/Madrid")).including(UX, *people, *talks))


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&])")
_STARTS = re.compile(r"^([-+]|\d+[.)])(?=\s)", re.MULTILINE)


def long_text(letters: int) -> Document:
    text = " ".join(SAID)
    section = Section(key="notes", title="", blocks=(Paragraph((text * (letters // len(text) + 1))[:letters]),))
    return Document(name="notes", title="Notes", sections=(section,))


def escaped(text: str) -> str:
    """What a careful hand does: every sign of Markdown, what begins a list, and line breaks that stay."""
    return _STARTS.sub(r"\\\1", _SIGNS.sub(r"\\\1", text)).replace("\n", "\\\n")


def words(text: Iterable[str | Strong | Link]) -> str:
    parts = []
    for part in text:
        if isinstance(part, str):
            parts.append(escaped(part))
        elif isinstance(part, Strong):
            parts.append(f"**{escaped(part.text)}**")
        else:
            parts.append(f"[{escaped(part.text)}]({part.url.replace('(', '%28').replace(')', '%29')})")
    return "".join(parts)


def by_hand(document: Document) -> bytes:
    return f"# {escaped(document.title)}\n\n{''.join(f'{piece(section, 2)}' for section in document.sections)}".encode()


def piece(block: Block, level: int) -> str:
    """The kinds of blocks there are in a debrief record."""
    match block:
        case Section(title=title, blocks=blocks):
            return f"{'#' * level} {escaped(title)}\n\n{''.join(piece(inner, level + 1) for inner in blocks)}"
        case Paragraph(text):
            return f"{words(text)}\n\n"
        case Bullets(items):
            return "".join(f"- {words(item)}\n" for item in items) + "\n"
        case Checklist(items):
            return "".join(f"- [{'x' if done else ' '}] {escaped(text)}\n" for done, text in items) + "\n"
        case Fields(pairs):
            return "".join(f"- **{escaped(label)}:** {words(value)}\n" for label, value in pairs) + "\n"
        case Markdown(source):
            return "".join(f"> {line}\n" for line in source.split("\n")) + "\n"
    raise TypeError(f"a debrief record holds a {type(block).__name__}, which the f-string does not know")


# ── in turns ─────────────────────────────────────────────────────────────────────────────────────
def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    records = [record(number) for number in range(RECORDS)]
    few, many = [compared(ANSWERS // 10) for _ in range(10)], [compared(ANSWERS)]
    markdown, html, text = MarkdownRenderer(), HtmlRenderer(), TextRenderer()
    short, long = [long_text(LETTERS // 10) for _ in range(10)], [long_text(LETTERS)]
    gc.freeze()
    works: dict[str, Callable[[], object]] = {
        "f-string": lambda: [by_hand(document) for document in records],
        "Markdown": lambda: [markdown.render(document) for document in records],
        "HTML": lambda: [html.render(document) for document in records],
        "text": lambda: [text.render(document) for document in records],
        **{
            f"{name} of {what}": lambda renderer=renderer, documents=documents: [  # type: ignore[misc]  # bound now
                renderer.render(document) for document in documents
            ]
            for name, renderer in (("Markdown", markdown), ("HTML", html), ("text", text))
            for what, documents in (
                ("ten comparisons", few),
                ("one comparison", many),
                ("ten texts", short),
                ("one text", long),
            )
        },
    }
    rounds = [{name: seconds(work) for name, work in works.items()} for _ in range(ROUNDS)]

    def ratio(one: str, other: str) -> float:
        return median(times[one] / times[other] for times in rounds)

    for name in ("f-string", "Markdown", "HTML", "text"):
        print(f"{RECORDS:,} debrief records, {name:<9}{min(times[name] for times in rounds) * 1e6 / RECORDS:6.0f} µs each")
    by_hand_ratio, html_ratio = ratio("Markdown", "f-string"), ratio("HTML", "Markdown")
    print(
        f"Markdown {by_hand_ratio:.2f} × the f-string (bar {TIMES_F_STRING}), HTML {html_ratio:.2f} × Markdown (bar {TIMES_MARKDOWN})"
    )
    growths = {
        f"{amount} in one {what}, {name:<9}": ratio(f"{name} of one {what}", f"{name} of ten {what}s")
        for amount, what in ((f"{ANSWERS:,} answers", "comparison"), (f"{LETTERS:,} letters", "text"))
        for name in ("Markdown", "HTML", "text")
    }
    for told, growth in growths.items():
        print(f"{told}{growth:.2f} × as much as in ten (bar {GROWTH})")
    page = pictured(ANSWERS // 10)
    with_picture = min(seconds(lambda: html.render(page)) for _ in range(ROUNDS))
    print(f"a page of {ANSWERS // 10:,} answers with its picture, HTML      {with_picture * 1e3:6.1f} ms")
    missed = by_hand_ratio > TIMES_F_STRING or html_ratio > TIMES_MARKDOWN or max(growths.values()) > GROWTH
    print("over the bar" if missed else "within the bars")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
