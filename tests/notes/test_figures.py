"""What each picture shows, and that it can be read at any size, by anybody, whatever the names are."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from math import cos, radians, sin
from pathlib import Path
from shutil import which
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.errors import InvalidValue, MissingId, NotFound, Unsupported
from infoint.model import events
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight, Party, Referral, ReferralOutcome, Valence
from infoint.model.events import Event, HistoryEntry
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.notes import (
    Document,
    Figure,
    Picture,
    Section,
    Wordings,
    draw_coverage,
    draw_peaks,
    draw_pipeline,
    draw_preview,
    draw_referrals,
    draw_timeline,
    render,
    shipped_wordings,
    wording_fields,
)
from infoint.notes.figures.sayings import Sayings
from infoint.notes.lettering import width
from infoint.practice import default_policy, read_labels
from infoint.practice.languages import read_shipped

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
T0 = datetime(2026, 9, 7, 15, tzinfo=UTC)
TODAY = date(2026, 10, 20)
UX = Exploration(id=derive_id("ux"), subject="UX research")
NAMES = (
    "Ana Ruiz",
    "Ben Okafor",
    "Chiara Lind-Montefiori",
    "李 明",
    "Eva Nováková",
    "Sam Ito",
    "محمد الأمين",
    "Wolfgang Amadeus Überschwänglich-Hohenzollern",
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"]; n9[x] --> n1["`md`',
    "</title></svg><svg onload=x>",
    "\u202egpj.exe",
    "A" * 900,
    "漢字" * 300,
    "&amp; ]]> <!-- --",
    "a" + "\u0301" * 90,
    "end subgraph \\N \\n %%{init: {}}%%",
    "#quot; #35; javascript:alert(1)",
    "W" * 80,
)
BANK = tuple(default_policy().bank)[:60:4]
TOPICS = tuple(dict.fromkeys(question.topic for question in BANK))
DRAWN: tuple[Callable[[Exploration, Campaign], Picture], ...] = (
    draw_coverage,
    draw_preview,
    draw_peaks,
    draw_pipeline,
    lambda exploration, campaign: draw_timeline(exploration, campaign, on=TODAY),
    lambda _, campaign: draw_referrals(None, campaign),
)
EACH = pytest.mark.parametrize("draw", DRAWN, ids=("coverage", "preview", "peaks", "pipeline", "timeline", "referrals"))


# ── invented campaigns ───────────────────────────────────────────────────────────────────────────
def crowd(people: int, names: tuple[str, ...] = NAMES, subject: str = UX.subject) -> Campaign:
    """So many people and talks in every state, with follow-ups and referrals."""
    campaign = Campaign(
        profile=Profile(
            zone=ZoneInfo("Europe/Madrid"),
            strengths=(
                Strength("Seven years of listening to pupils, every day of the week", Peaks.EXPERIENCE),
                *(Strength(names[0], Peaks.PERSONAL) for _ in range(3)),
            ),
        )
    )
    everybody: list[Contact] = []
    for n in range(people):
        by = everybody[n * 7 // 11].id if n % 4 else None
        name = names[n % len(names)] + (f" {n}" if n >= len(names) else "")
        everybody.append(Contact(id=derive_id("person", n), name=name[:1000], referred_by=by))
    talks = [talk(n, person) for n, person in enumerate(everybody)]
    owed = [one for n, one_talk in enumerate(talks) if n % 7 < 5 for one in follow_ups(n, one_talk)]
    return campaign.including(evolve(UX, subject=subject), *everybody, *talks, *owed)


def talk(n: int, person: Contact) -> Interview:
    start = T0 + timedelta(days=2 * n + 8)
    history: list[tuple[datetime, Event]] = [(start - timedelta(days=7), events.Requested())]
    if n % 7 == 5:
        history.append((start - timedelta(days=5), events.Declined()))
    else:
        history.append((start - timedelta(days=6), events.Scheduled(Meeting(start=start, format=MeetingFormat.VIDEO))))
    if n % 14 == 6:
        history.append((start - timedelta(days=1), events.Cancelled(by=Party.THEM)))
    if n % 7 < 5:
        history.append((start + timedelta(hours=1), events.Held()))
    if n % 7 < 4:
        history.append((start + timedelta(hours=3), events.Debriefed(learned(n, person))))
    return Interview(
        id=derive_id("talk", n),
        contact_ids=(person.id,),
        exploration_id=UX.id,
        agenda=tuple(AgendaItem(BANK[(n + more) % len(BANK)]) for more in range(5)),
        history=tuple(HistoryEntry(at, event) for at, event in history),
    )


def learned(n: int, person: Contact) -> Debrief:
    valences, letters = tuple(Valence), tuple(Peaks)
    return Debrief(
        insights=tuple(
            Insight(f"Thing {more}", TOPICS[(n * 3 + more**2) % len(TOPICS)], valences[(n + more) % 3], letters[(n + more) % 4])
            for more in range(4)
        ),
        answers=tuple(Answer(BANK[(n + more) % len(BANK)].id, "So.") for more in range(3)),
        referrals=(Referral(f"Friend of {person.name}"[:900], outcome=tuple(ReferralOutcome)[n % 5]),) if n % 3 == 0 else (),
    )


def follow_ups(n: int, talk: Interview) -> Iterator[FollowUp]:
    assert talk.meeting
    day = talk.meeting.start.date()
    yield FollowUp(
        id=derive_id("thanks", n),
        kind=FollowUpKind.THANK_YOU,
        due=day + timedelta(days=1),
        interview_id=talk.id,
        status=FollowUpStatus.DONE,
        settled_at=talk.meeting.end,
    )
    yield FollowUp(
        id=derive_id("later", n), kind=FollowUpKind.KEEP_IN_TOUCH, due=day + timedelta(days=21), contact_id=talk.contact_ids[0]
    )


def speaking(language: str, campaign: Campaign) -> Campaign:
    return evolve(campaign, profile=evolve(campaign.profile, language=language))


# ── reading a picture ────────────────────────────────────────────────────────────────────────────
def parsed(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.svg)  # noqa: S314 - our own text


def bare(tag: str) -> str:
    return tag.removeprefix("{http://www.w3.org/2000/svg}")


def texts(picture: Picture) -> list[str]:
    return [one.text or "" for one in parsed(picture).iter() if bare(one.tag) == "text"]


def tooltips(picture: Picture) -> list[str]:
    return [one.text or "" for one in parsed(picture).iter() if bare(one.tag) == "title"][1:]


Corners = tuple[tuple[float, float], ...]


def corners(text: ET.Element) -> Corners:
    """Of the box of a line of text, turned as it is."""
    x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
    long = width(text.text or "", size, bold=text.get("font-weight") == "700")
    left = x - long * {"middle": 0.5, "end": 1}.get(text.get("text-anchor", ""), 0)
    found = ((left, y - size * 0.95), (left + long, y - size * 0.95), (left + long, y + size * 0.25), (left, y + size * 0.25))
    turned = re.match(r"rotate\((\S+) ", text.get("transform", ""))
    turn = radians(float(turned[1])) if turned else 0
    return tuple(
        (x + (a - x) * cos(turn) - (b - y) * sin(turn), y + (a - x) * sin(turn) + (b - y) * cos(turn)) for a, b in found
    )


def overlap(one: Corners, other: Corners) -> bool:
    """Whether no line can be drawn between two boxes."""
    for box in (one, other):
        for (a, b), (c, d) in zip(box, box[1:] + box[:1], strict=True):
            normal = (b - d, c - a)
            here, there = ([x * normal[0] + y * normal[1] for x, y in each] for each in (one, other))
            if max(here) <= min(there) + 0.01 or max(there) <= min(here) + 0.01:
                return False
    return True


def crowded(picture: Picture) -> list[str]:
    """Lines of text that leave the picture, and pairs that overlap."""
    root = parsed(picture)
    wide, high = float(root.get("width", "0")), float(root.get("height", "0"))
    boxes = [(one.text or "", corners(one)) for one in root.iter() if bare(one.tag) == "text"]
    out = [text for text, box in boxes if any(not (0 <= x <= wide and 0 <= y <= high) for x, y in box)]
    both = [f"{a} | {b}" for (a, one), (b, other) in combinations(boxes, 2) if overlap(one, other)]
    return out + both


# ── every picture ────────────────────────────────────────────────────────────────────────────────
@EACH
@pytest.mark.parametrize("people", [0, 1, 2, 10, 30, 31, 100])
def test_no_text_overlaps_or_leaves_the_picture(draw: Callable[..., Picture], people: int) -> None:
    """Names would be printed over one another, or cut off at the edge."""
    assert crowded(draw(UX, crowd(people))) == []


@EACH
@pytest.mark.parametrize("people", [0, 3, 30, 100])
def test_spanish_texts_find_room_too(draw: Callable[..., Picture], people: int) -> None:
    """Texts were measured in English, and others are longer: they would be printed over one another."""
    campaign = speaking("es", crowd(people))
    assert crowded(draw(UX, campaign)) == []


@EACH
@pytest.mark.parametrize("people", [1, 11, 40])
def test_hostile_names_take_no_more_room(draw: Callable[..., Picture], people: int) -> None:
    """One long name would push the rest out of the picture."""
    campaign = crowd(people, HOSTILE, "W" * 1000)
    assert crowded(draw(campaign.explorations[0], campaign)) == []


ALLOWED = {
    "svg": {"class", "direction", "width", "height", "viewBox", "role", "aria-labelledby", "font-family"},
    "title": {"id"},
    "desc": {"id"},
    "style": set[str](),
    "g": set[str](),
    "rect": {"x", "y", "width", "height", "rx"},
    "circle": {"cx", "cy", "r"},
    "line": {"x1", "y1", "x2", "y2"},
    "path": {"d"},
    "text": {"x", "y", "font-size", "font-weight", "text-anchor", "transform"},
}
PAINT = {"class", "fill", "stroke", "stroke-width", "stroke-dasharray"}


@EACH
def test_only_shapes_and_text(draw: Callable[..., Picture]) -> None:
    """A name could bring a script, or have something loaded from elsewhere."""
    campaign = crowd(40, HOSTILE, HOSTILE[0])
    picture = draw(campaign.explorations[0], campaign)
    for one in parsed(picture).iter():
        assert set(one.attrib) <= ALLOWED[bare(one.tag)] | (PAINT if bare(one.tag) not in {"title", "desc", "style"} else set())
    style = next(one.text or "" for one in parsed(picture).iter() if bare(one.tag) == "style")
    assert not re.search(r"url|import|http|@font", style)
    assert style == next(one.text for one in parsed(draw(UX, crowd(1))).iter() if bare(one.tag) == "style")


@EACH
def test_same_facts_same_bytes(draw: Callable[..., Picture]) -> None:
    """A picture kept under version control would change for nothing."""
    campaign = crowd(12)
    shuffled = Campaign(profile=campaign.profile).including(
        *reversed((*campaign.explorations, *campaign.contacts, *campaign.interviews, *campaign.follow_ups))
    )
    once = draw(UX, campaign)
    assert draw(UX, campaign) == once
    assert draw(UX, shuffled).svg == once.svg


@EACH
def test_a_picture_stands_in_a_document(draw: Callable[..., Picture]) -> None:
    """Pictures could be looked at, and not put into a report."""
    picture = draw(UX, crowd(3))
    figure = picture.figure()
    assert (figure.svg, figure.title) == (picture.svg, picture.title)
    document = Document(name="report", title="Report", sections=(Section(key="a", title="A", blocks=(figure,)),))
    page = render(document, "html").text
    assert page.count("<text") == picture.svg.count("<text") > 0
    assert page.count("<title") == picture.svg.count("<title") + 1
    assert picture.title in render(document, "text").text
    assert picture._repr_svg_() == picture._repr_html_() == picture.svg
    assert picture._repr_markdown_() == figure._repr_markdown_()
    assert picture.title in picture._repr_markdown_()
    assert ("```mermaid\n" in picture._repr_markdown_()) is bool(picture.mermaid_text)
    assert "<svg" not in repr(picture)


@EACH
def test_nothing_known_is_said_so(draw: Callable[..., Picture]) -> None:
    """Somebody who has just begun would see an empty frame, or an error."""
    picture = draw(UX, crowd(0))
    assert picture.description
    assert re.search(r"No talk|Nothing|Nobody", " ".join(texts(picture)))


@EACH
def test_descriptions_end(draw: Callable[..., Picture]) -> None:
    """Somebody who has it read out would listen for an hour."""
    picture = draw(UX, crowd(300))
    assert len(picture.description) <= 4000
    description = next(one.text for one in parsed(picture).iter() if bare(one.tag) == "desc")
    assert description == picture.description


@EACH
def test_colour_never_says_it_alone(draw: Callable[..., Picture]) -> None:
    """Colour-blind readers, and whoever prints in black, could not tell two marks of the legend apart."""
    elements = list(parsed(draw(UX, crowd(10))))
    rule = max(place for place, one in enumerate(elements) if bare(one.tag) == "line" and one.get("x1") == "24")
    marks = [one for one in elements[rule + 1 :] if bare(one.tag) != "text"]
    looks = [
        (
            bare(one.tag),
            one.get("fill") in {"none", "#ffffff"},
            one.get("stroke-dasharray"),
            "wash" in one.get("class", ""),
            one.get("d", "").count("L"),
        )
        for one in marks
    ]
    assert len(marks) > 1
    assert len(set(looks)) == len(looks)


# ── in whose words ───────────────────────────────────────────────────────────────────────────────
def everything(picture: Picture) -> str:
    """All that it says anywhere, as somebody may read or hear it."""
    graphs = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), picture.mermaid_text + picture.dot_text)
    return " ".join([picture.title, picture.summary, picture.description, *texts(picture), *tooltips(picture), graphs])


WORD = re.compile(r"[^\W\d_]{3,}")
OF_THE_GRAPHS = set(
    WORD.findall(
        """flowchart accTitle classDef dashed stroke dasharray class timeline section title digraph infoint graph rankdir label
        labelloc fontname Helvetica charset UTF node shape box style rounded edge fontsize""".casefold()
    )
)
"""What Mermaid and DOT are written in."""
MUTE = Wordings(
    name="en:mute",
    texts={key: " ".join(["§", *(f"{{{name}}}" for name in sorted(fields))]) for key, fields in wording_fields().items()},
)
"""Says nothing of its own: what is read all the same does not come from the wordings."""


def draw_all(campaign: Campaign, wordings: Wordings | None = None) -> Iterator[Picture]:
    yield draw_coverage(UX, campaign, wordings=wordings)
    yield draw_preview(UX, campaign, wordings=wordings)
    yield draw_peaks(UX, campaign, wordings=wordings)
    for about in (UX, None):
        yield draw_pipeline(about, campaign, wordings=wordings)
        yield draw_timeline(about, campaign, on=TODAY, wordings=wordings)
    for giver in (None, campaign.contacts[0] if campaign.contacts else None):
        yield draw_referrals(giver, campaign, wordings=wordings)


@pytest.mark.parametrize("people", [0, 1, 3, 12, 40, 100])
def test_every_word_comes_from_the_wordings(people: int) -> None:
    """Some text of a picture would still stand in Python: nobody could word it otherwise, and every language would have it in English."""
    campaign = crowd(people)
    named = " ".join(
        text for names in read_labels(read_shipped("labels.en.toml"), "en").kinds.values() for text in names.values()
    )
    facts = " ".join(map(repr, (campaign.profile, UX, *campaign.contacts, *campaign.interviews)))
    known = OF_THE_GRAPHS | set(WORD.findall(f"{facts} {named}".casefold()))
    said = {word for picture in draw_all(campaign, MUTE) for word in WORD.findall(everything(picture).casefold())}
    assert {word for word in said - known if not any(one.startswith(word) for one in known)} == set()


def test_pictures_speak_the_explorer_s_language() -> None:
    """A Spanish report would hold English pictures; or a picture of Spanish words say how many in the American way."""
    campaign = speaking("es-MX", crowd(40))
    drawn = {picture.name: everything(picture) for picture in draw_all(campaign)}
    assert "Temas tratados: UX research" in drawn["coverage"]
    assert "lo difícil" in drawn["preview"]
    assert "Conocimientos" in drawn["peaks"]
    assert "40 conversaciones: ya celebradas, 30" in drawn["pipeline"]
    assert "oct, hoy" in drawn["timeline"]
    assert "(hecho)" in drawn["timeline"]
    assert "hoy, mar 20 oct 2026" in everything(draw_timeline(UX, speaking("es", crowd(12)), on=TODAY))
    assert "Ana Ruiz empieza una cadena" in drawn["referrals"]
    assert Sayings(shipped_wordings("es"), "figure.pipeline").talks(1234) == "1.234 conversaciones"
    assert draw_pipeline(UX, campaign, wordings=shipped_wordings("en")) == draw_pipeline(UX, crowd(40))


# ── coverage ─────────────────────────────────────────────────────────────────────────────────────
def test_coverage_shows_who_spoke_of_what() -> None:
    """One would ask a question a third time, or never."""
    campaign = crowd(2)
    shown = tooltips(draw_coverage(UX, campaign))
    assert "Rewards, Ana Ruiz: something was heard" in shown
    assert "Typical day, Ben Okafor: not spoken of" in shown
    assert any(one.endswith("asked, nothing noted") for one in tooltips(draw_coverage(UX, crowd(10))))
    assert "Useful experience" in texts(draw_coverage(UX, campaign))


def test_coverage_counts_a_crowd() -> None:
    """A hundred columns would be too narrow to read."""
    picture = draw_coverage(UX, crowd(100))
    assert "Ana Ruiz" not in " ".join(texts(picture))
    assert any(re.fullmatch(r"\d+ of 72", one) for one in texts(picture))
    assert any("and" in one and one.endswith("more") for one in tooltips(picture))
    assert "heard from" in picture.description


def test_an_answer_counts_before_a_question() -> None:
    """A topic heard in one talk and only asked about in another would look open."""
    campaign = crowd(1)
    again = evolve(talk(4, campaign.contacts[0]), agenda=campaign.interviews[0].agenda)
    shown = tooltips(draw_coverage(UX, campaign.including(again)))
    before = tooltips(draw_coverage(UX, campaign))
    heard = [one for one in before if one.endswith("something was heard")]
    assert heard
    assert set(heard) <= set(shown)


def test_what_is_about_nothing_known_has_a_row() -> None:
    """An answer to a question of a plugin that has gone would be lost."""
    campaign = crowd(1)
    one = campaign.interviews[0]
    debriefed = HistoryEntry(T0 + timedelta(days=20), events.Debriefed(Debrief(answers=(Answer("acme:gone", "So."),))))
    picture = draw_coverage(UX, campaign.including(evolve(one, history=(*one.history, debriefed))))
    assert "Topic not noted, Ana Ruiz: something was heard" in tooltips(picture)


# ── both sides ───────────────────────────────────────────────────────────────────────────────────
def heard(*insights: Insight) -> Campaign:
    campaign = crowd(1)
    one = campaign.interviews[0]
    debriefed = HistoryEntry(T0 + timedelta(days=20), events.Debriefed(Debrief(insights=insights)))
    return campaign.including(evolve(one, agenda=(), history=(*one.history, debriefed)))


def test_one_sided_is_said() -> None:
    """One would take praise for the whole truth."""
    praise = draw_preview(UX, heard(Insight("Fine", Topic.REWARDS, Valence.POSITIVE)))
    assert "One-sided so far: all that was noted is on the good side." in praise.description
    assert "Nobody was asked what is hard." in praise.description
    complaint = draw_preview(UX, heard(Insight("Hard", Topic.CHALLENGES, Valence.NEGATIVE)))
    assert "all that was noted is on the hard side" in complaint.description
    assert "One-sided" not in draw_preview(UX, crowd(10)).description


def test_one_person_may_say_both() -> None:
    """Who contradicts themselves would be counted on one side only."""
    both = draw_preview(UX, heard(Insight("+", Topic.DEMAND, Valence.POSITIVE), Insight("-", Topic.DEMAND, Valence.NEGATIVE)))
    assert "Demand, the good side: 1 (Ana Ruiz)" in tooltips(both)
    assert "Demand, the hard side: 1 (Ana Ruiz)" in tooltips(both)


def test_who_was_asked_about_which_side() -> None:
    """One would go on asking about the side one knows."""
    shown = tooltips(draw_preview(UX, crowd(10)))
    assert any(one.startswith("People asked about it, the hard side: 7 (Ana Ruiz") for one in shown)
    assert any(one.startswith("People asked about it, the good side: 3 (") for one in shown)


def test_asked_and_not_heard() -> None:
    """With nothing noted the topics would be headed and empty."""
    campaign = crowd(5)
    picture = draw_preview(UX, campaign.including(*(evolve(one, history=one.history[:3]) for one in campaign.interviews)))
    assert "People asked about it" in texts(picture)
    assert not any("by topic" in one for one in texts(picture))


# ── PEAKS ────────────────────────────────────────────────────────────────────────────────────────
def test_gaps_are_named() -> None:
    """One would not see what to work on."""
    picture = draw_peaks(UX, crowd(10))
    assert "2 gaps: Accomplishments, Knowledge." in picture.description
    assert texts(picture).count("a gap") == 2
    assert "and 2 more" in texts(picture)


def test_people_of_one_chain_are_one_source() -> None:
    """Three friends of one another would look like three witnesses."""
    campaign = crowd(3)
    assert [one.referred_by is None for one in campaign.contacts] == [True, False, False]
    assert any("3 people, 1 independent source:" in one for one in tooltips(draw_peaks(UX, campaign)))
    assert "1/3" in texts(draw_peaks(UX, campaign))


def test_no_gap_is_said() -> None:
    """Whoever has all that is asked for would be left to guess."""
    campaign = crowd(4)
    able = evolve(campaign.profile, strengths=(Strength("All of it", ~Peaks(0)),))
    assert "No gap" in draw_peaks(UX, evolve(campaign, profile=able)).description


# ── pipeline ─────────────────────────────────────────────────────────────────────────────────────
def test_pipeline_counts_every_talk_once() -> None:
    """A talk would be lost, or counted twice."""
    picture = draw_pipeline(UX, crowd(100))
    assert picture.description.startswith("100 talks: 72 took place, 7 to come, 0 not agreed yet, 21 came to nothing.")
    assert sum(int(number) for number in re.findall(r": (\d+)[;.]", picture.description)) == 100


def test_only_what_is_agreed_is_to_come() -> None:
    """Somebody who was asked and has not answered would be counted as a talk to come here, and not on the timeline beside it."""
    ana, bo, cy = (Contact(id=derive_id("somebody", n), name=name) for n, name in enumerate(("Ana Ruiz", "Bo Li", "Cy Dee")))
    at = [HistoryEntry(T0, events.Requested()), HistoryEntry(T0, events.Accepted())]
    asked = [
        Interview(id=derive_id("asked", n), contact_ids=(one.id,), exploration_id=UX.id, history=tuple(at[:n]))
        for n, one in enumerate((ana, bo, cy))
    ]
    meeting = Meeting(start=T0 + timedelta(days=3), format=MeetingFormat.VIDEO)
    agreed = HistoryEntry(T0, events.Scheduled(meeting))
    booked = evolve(asked[0], id=derive_id("agreed"), history=(*at, agreed))
    campaign = Campaign(profile=Profile(zone=ZoneInfo("Europe/Madrid"))).including(UX, ana, bo, cy, booked, *asked)
    assert draw_pipeline(UX, campaign).description.startswith("4 talks: 0 took place, 1 to come, 3 not agreed yet, 0 came to")
    assert "0 talks took place, 1 to come" in draw_timeline(UX, campaign, on=T0.date()).description


@pytest.mark.parametrize("people", [2, 10, 40, 51, 52, 53, 54, 100, 1000])
def test_talks_are_told_apart_by_shape_however_many(people: int) -> None:
    """Crowded squares would all look filled, those to come too, and crossed strokes be a heap of red: colour alone would tell."""
    shapes = list(parsed(draw_pipeline(UX, crowd(people))).iter())
    hollow = [one for one in shapes if one.get("stroke") == "#0072b2"]
    assert hollow or people < 40
    assert all(one.get("fill") == "none" and float(one.get("width", "")) - 1.5 >= 2 for one in hollow)
    ways = [one.get("d", "") for one in shapes if bare(one.tag) == "path" and one.get("stroke") == "#c04d00"][
        :-1
    ]  # the legend's
    points = [[(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", way)] for way in ways]
    strokes = [(other[0] - one[0], other[1] - one[1]) for way in points for one, other in pairwise(way)]
    assert all(abs(across) >= 4.5 for across, _ in strokes)
    assert {across * down > 0 for across, down in strokes} == ({True, False} if people > 2 else set())


def test_a_pipeline_of_thousands_is_no_heavier() -> None:
    """A page with it would be slow to open: one shape for each talk."""
    assert len(draw_pipeline(UX, crowd(1000)).svg) < 1.1 * len(draw_pipeline(UX, crowd(100)).svg)


@pytest.mark.parametrize("people", [10, 1000])
def test_pointing_at_a_row_of_talks_tells_how_many(people: int) -> None:
    """A bar would say nothing to a screen reader."""
    shown = tooltips(draw_pipeline(UX, crowd(people)))
    assert ("Written up: 572" in shown) is (people == 1000)
    assert ("Ana Ruiz: Written up" in shown) is (people == 10)


def test_pipeline_as_a_graph() -> None:
    """The text would tell another story than the picture."""
    picture = draw_pipeline(UX, crowd(10))
    assert 'n7["Written up#58; 7 #40;Ana Ruiz, ' in picture.mermaid
    assert "n7 --> n8" in picture.mermaid
    assert "n2 -.-> n9" in picture.mermaid
    assert "n2 -> n9" in picture.dot
    assert "and 55 more" in draw_pipeline(UX, crowd(100)).mermaid


def test_all_talks_of_the_campaign() -> None:
    """Talks of no exploration could not be drawn."""
    campaign = crowd(3)
    loose = evolve(campaign.interviews[0], exploration_id=None)
    assert "3 talks" in draw_pipeline(None, campaign.including(loose)).description
    assert "2 talks" in draw_pipeline(UX, campaign.including(loose)).description
    assert draw_pipeline(None, campaign).title == "Where the talks stand: the whole campaign"


# ── timeline ─────────────────────────────────────────────────────────────────────────────────────
def test_timeline_has_days_of_the_explorers_zone() -> None:
    """A talk late in the evening would stand on the wrong day."""
    campaign = crowd(1)
    late = Meeting(start=datetime(2026, 9, 15, 23, 30, tzinfo=UTC), format=MeetingFormat.PHONE)
    history = (HistoryEntry(T0, events.Requested()), HistoryEntry(T0, events.Scheduled(late)))
    moved = campaign.including(evolve(campaign.interviews[0], history=history))
    assert any("Wed 16 Sep 2026: talk, scheduled" in one for one in tooltips(draw_timeline(UX, moved)))


def test_timeline_tells_what_is_open() -> None:
    """One would forget somebody."""
    shown = tooltips(draw_timeline(UX, crowd(1), on=TODAY))
    assert "Ana Ruiz. Wed 16 Sep 2026: Thank you (done)" in shown
    assert "Ana Ruiz. Tue 6 Oct 2026: Keep in touch (open)" in shown
    assert "today, Tue 20 Oct 2026" in shown
    campaign = crowd(1)
    more = FollowUp(id=derive_id("more"), kind=FollowUpKind.NUDGE, due=TODAY, interview_id=campaign.interviews[0].id)
    assert "2 follow-ups open, 1 settled." in draw_timeline(UX, campaign.including(more)).description
    assert "today" in texts(draw_timeline(UX, crowd(1), on=TODAY))
    assert "today" not in texts(draw_timeline(UX, crowd(1)))


def test_timeline_counts_many() -> None:
    """A hundred rows would not fit a page."""
    picture = draw_timeline(None, crowd(100), on=TODAY)
    assert "Follow-ups due" in texts(picture)
    assert any(one.endswith(", today") for one in texts(picture))
    assert sum(int(one) for one in texts(picture) if one.isdigit()) == 100 + 144


def test_what_fell_through_has_its_day() -> None:
    """A refusal would be nowhere, since there was no meeting."""
    campaign = crowd(7)
    picture = draw_timeline(UX, campaign)
    assert any(one.startswith("Sam Ito. ") and one.endswith("declined") for one in tooltips(picture))
    assert any("talk, cancelled" in one for one in tooltips(picture))


def test_a_talk_held_without_a_time() -> None:
    """It took place, and would not be on the line of time."""
    campaign = crowd(1)
    history = (HistoryEntry(T0, events.Requested()), HistoryEntry(T0 + timedelta(days=1), events.Held()))
    bare_talk = evolve(campaign.interviews[0], history=history)
    assert any("held" in one for one in tooltips(draw_timeline(UX, campaign.including(bare_talk))))


def test_things_owed_outside_stay_outside() -> None:
    """What is owed for another exploration's talks, or no longer, would be on this one's line."""
    campaign = crowd(1)
    other = FollowUp(id=derive_id("o"), kind=FollowUpKind.NUDGE, due=TODAY, interview_id=derive_id("elsewhere"))
    stranger = FollowUp(id=derive_id("s"), kind=FollowUpKind.NUDGE, due=TODAY, contact_id=derive_id("stranger"))
    gone = evolve(other, id=derive_id("g"), interview_id=campaign.interviews[0].id, status=FollowUpStatus.OBSOLETE)
    assert draw_timeline(UX, campaign.including(other, stranger, gone)).svg == draw_timeline(UX, campaign).svg


@pytest.mark.parametrize("on", [datetime(2026, 9, 7), date(9999, 12, 31), "2026-09-07"])
def test_no_day(on: date) -> None:
    """A slip would come back as an error of arithmetic."""
    with pytest.raises(InvalidValue, match=r"draw_timeline\.on"):
        draw_timeline(UX, crowd(1), on=on)


def test_years_apart() -> None:
    """Talks two hundred years apart would take minutes, or run into one another."""
    campaign = crowd(2)
    far = tuple(
        FollowUp(
            id=derive_id("far", year), kind=FollowUpKind.NUDGE, due=date(year, 6, 1), interview_id=campaign.interviews[0].id
        )
        for year in (1900, 2200)
    )
    assert crowded(draw_timeline(UX, campaign.including(*far))) == []
    assert crowded(draw_timeline(UX, crowd(40).including(*far))) == []


def test_timeline_as_mermaid() -> None:
    """Wikis could not draw it, or a name would end its line."""
    lines = draw_timeline(UX, crowd(11, HOSTILE)).mermaid.splitlines()
    label = r"(?:[A-Za-z0-9 .,-]|#[0-9]+;)+"
    line = re.compile(rf"timeline|  title {label}|  section {label}|    \d{{4}}-\d\d-\d\d(?: : {label})+")
    assert [one for one in lines if not line.fullmatch(one)] == []
    with pytest.raises(Unsupported, match="timeline"):
        draw_timeline(UX, crowd(1)).dot
    with pytest.raises(Unsupported, match="Mermaid"):
        draw_coverage(UX, crowd(1)).mermaid


# ── who introduced whom ──────────────────────────────────────────────────────────────────────────
def test_everybody_introduced_is_in_the_tree() -> None:
    """Somebody who opened a door would be forgotten."""
    picture = draw_referrals(None, crowd(10))
    assert "Ana Ruiz begins a chain" in tooltips(picture)
    assert "Ana Ruiz named Ben Okafor: Met" in tooltips(picture)
    assert 'n1 -->|"Met"| n2' in picture.mermaid
    assert 'n1 -> n2 [label="Met"];' in picture.dot
    assert picture.mermaid.count('["Ana Ruiz"]') == 1


def test_below_one_person() -> None:
    """One could not thank somebody with a picture of what their names led to."""
    campaign = crowd(10)
    picture = draw_referrals(campaign.contacts[3], campaign)
    assert picture.title == "Who introduced whom: 李 明"
    assert "Ana Ruiz begins a chain" not in tooltips(picture)
    assert "李 明 begins a chain" in tooltips(picture)
    assert "Nobody has been introduced yet." in texts(draw_referrals(crowd(2).contacts[1], crowd(2)))


def ring(people: int) -> Campaign:
    """Each was named by the one before, and the first by the last."""
    everybody = [
        Contact(id=derive_id("r", n), name=f"Person {n}", referred_by=derive_id("r", (n - 1) % people)) for n in range(people)
    ]
    return Campaign(profile=Profile(zone=ZoneInfo("UTC"))).including(*everybody)


def test_a_ring_of_introductions_ends() -> None:
    """Contradictory notes would be drawn for ever."""
    picture = draw_referrals(None, ring(3))
    assert len([one for one in tooltips(picture) if " named " in one]) == 3
    below = draw_referrals(ring(3).contacts[1], ring(3))
    assert len([one for one in tooltips(below) if " named " in one]) == 3


def test_a_long_chain_stays_in_the_picture() -> None:
    """Every generation would stand further right, and the last ones outside."""
    picture = draw_referrals(None, ring(200))
    assert crowded(picture) == []
    assert any(one.startswith("(150) ") for one in texts(picture))
    assert float(parsed(picture).get("width", "")) < 1100


def test_a_giver_who_is_not_listed() -> None:
    """A referral by somebody deleted would be an error."""
    lone = Contact(id=derive_id("x"), name="Cy Dee", referred_by=derive_id("gone"))
    picture = draw_referrals(None, Campaign(profile=Profile(zone=ZoneInfo("UTC"))).including(lone))
    assert "somebody not listed here named Cy Dee: Nothing yet" in tooltips(picture)


# ── what is no subject ───────────────────────────────────────────────────────────────────────────
def test_slips_are_refused() -> None:
    """A slip would fail deep inside, with a word about an attribute."""
    campaign = crowd(1)
    for draw in (draw_pipeline, draw_timeline, draw_referrals):
        with pytest.raises(InvalidValue, match="needs"):
            draw("UX", campaign)  # type: ignore[arg-type] # the slip
    for draw_one in DRAWN[:5]:
        with pytest.raises(MissingId):
            draw_one(Exploration(subject="UX"), campaign)
    alone = Campaign(profile=campaign.profile).including(UX, *campaign.interviews)
    for draw_one in DRAWN[:5]:
        with pytest.raises(NotFound):
            draw_one(UX, alone)


# ── as looked at ─────────────────────────────────────────────────────────────────────────────────
def looked_at() -> dict[str, str]:
    """By file name: those that the page on drawing shows."""
    exploration, campaign = UX, crowd(10)
    drawn = [
        *(draw(exploration, campaign) for draw in (draw_coverage, draw_preview, draw_peaks, draw_pipeline)),
        draw_timeline(exploration, campaign, on=TODAY),
        draw_referrals(None, campaign),
    ]
    return {f"{picture.name}.svg": picture.svg for picture in drawn}


@pytest.mark.parametrize("name", ["coverage", "preview", "peaks", "pipeline", "timeline", "referrals"])
def test_pictures_are_as_somebody_looked_at_them(name: str) -> None:
    """A picture would change without anybody having looked at it (`INFOINT_REGENERATE_GOLDEN=1` writes it anew)."""
    place = PICTURES / f"{name}.svg"
    drawn = looked_at()[place.name]
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        place.write_text(drawn, encoding="utf-8")
    assert drawn == place.read_text(encoding="utf-8")


# ── programs that draw ───────────────────────────────────────────────────────────────────────────
@pytest.mark.slow
@pytest.mark.skipif(which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("people", [0, 1, 11, 100])
def test_graphviz_reads_it(people: int) -> None:
    """The DOT text would be DOT by our own word only."""
    for picture in (draw_pipeline(UX, crowd(people, HOSTILE)), draw_referrals(None, crowd(people, HOSTILE))):
        drawn = subprocess.run(["dot", "-Tsvg"], input=picture.dot.encode(), capture_output=True, check=True, timeout=60)  # noqa: S607
        assert drawn.stderr.decode() == ""
        root = ET.fromstring(drawn.stdout)  # noqa: S314 - what Graphviz made of our own text
        assert not {bare(one.tag) for one in root.iter()} & {"script", "image", "a"}
        shown = {one.text for one in root.iter() if bare(one.tag) == "text"}
        assert people < 11 or HOSTILE[0] in " ".join(filter(None, shown))


MEASURE = """<script>
const found = [];
for (const svg of document.querySelectorAll('svg')) {
  const [, , wide, high] = svg.getAttribute('viewBox').split(' ').map(Number), back = svg.getCTM().inverse();
  const boxes = [...svg.querySelectorAll('text')].filter(t => t.getBBox().width).map(t => {
    const b = t.getBBox(), m = back.multiply(t.getCTM());
    return [t.textContent, [[b.x, b.y], [b.x + b.width, b.y], [b.x + b.width, b.y + b.height], [b.x, b.y + b.height]].map(
      ([x, y]) => { const p = new DOMPoint(x, y).matrixTransform(m); return [p.x, p.y] })];
  });
  const apart = (one, other) => [one, other].some(box => box.some(([a, b], i) => {
    const [c, d] = box[(i + 1) % 4], on = ps => ps.map(([x, y]) => x * (b - d) + y * (c - a));
    return Math.max(...on(one)) <= Math.min(...on(other)) || Math.max(...on(other)) <= Math.min(...on(one));
  }));
  boxes.forEach(([text, box], i) => {
    if (box.some(([x, y]) => x < 0 || y < 0 || x > wide || y > high)) found.push('outside: ' + text);
    boxes.slice(0, i).forEach(([other, there]) => { if (!apart(box, there)) found.push(other + ' | ' + text) });
  });
}
document.body.textContent = 'measured: ' + found.length + ' ' + found.slice(0, 20).join('; ');
</script>"""


@pytest.mark.slow
@pytest.mark.skipif(which("chromium") is None, reason="Chromium is not installed")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_browser_finds_no_overlap(direction: str, tmp_path: Path) -> None:
    """Our estimate of how wide a letter is would be right by our own word only; or in a page that runs from right to left every label
    would grow to the left, over its neighbours and out of the picture.
    """
    drawn = [draw(UX, crowd(people, names)).svg for people in (1, 10, 30, 100) for names in (NAMES, HOSTILE) for draw in DRAWN]
    assert "measured: 0 " in measured(f'<body dir="{direction}">{"".join(drawn)}', tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(which("chromium") is None, reason="Chromium is not installed")
def test_pictures_of_others_stand_in_pages_from_right_to_left(tmp_path: Path) -> None:
    """Pictures that somebody else drew would be ruined in them: few say which way they run, for by themselves they run to the right."""
    of_others = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 50"><text x="10" y="20">Asked in vain</text></svg>'
    block = Figure(of_others, "T", "D")
    document = Document(name="x", title="X", language="ar", sections=(Section(key="a", title="", blocks=(block,)),))
    for page in (render(document, "html").text, f'<body dir="rtl">{document._repr_html_()}'):
        assert "measured: 0 " in measured(re.sub("</body>|</html>|default-src 'none'; ", "", page), tmp_path)


def measured(page: str, folder: Path) -> str:
    """How many labels a browser sees outside of their picture or over others, and the first of them."""
    file = folder / "page.html"
    file.write_text(f'<meta charset="utf-8">{page}{MEASURE}', encoding="utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=30000",
        "--dump-dom",
        file.as_uri(),
    ]
    seen = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True).stdout
    return seen[seen.rindex("measured: ") :][:2000]
